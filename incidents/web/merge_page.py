"""What the page of a merge shows: who goes on, where they differ, and what the merge does."""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.text import Truncator

from incidents.models import (
    Action,
    FollowUp,
    Incident,
    IncidentAttachment,
    IncidentStatus,
    IncidentUpdate,
    Severity,
)
from incidents.services.merge_values import may_take, read_properties
from incidents.web.sentence import creator_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from incidents.models import Actor, Configuration
    from incidents.services.merge_values import Held, Property
    from incidents.web.forms.merge import Selection


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An incident that could go on."""

    incident: Incident
    status: IncidentStatus | None
    severity: Severity | None
    creator_name: str
    facts: str
    is_survivor: bool
    is_suggested: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one incident holds in a property; `is_choice` where the survivor can take it."""

    reference: str
    label: str
    is_choice: bool
    is_chosen: bool
    moment: datetime.datetime | None = None
    severity: Severity | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A property in which the incidents differ: a choice, or a list whose values are joined."""

    key: str
    name: str
    cells: tuple[Cell, ...] = ()
    joined: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MergePage:
    """Everything on the page but the problems."""

    survivor: Incident
    sources: tuple[Incident, ...]
    candidates: tuple[Candidate, ...]
    rows: tuple[Row, ...]
    updates: int
    tasks: int
    attachments: int
    led_on: int

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """All of them, the one that goes on first, as the table names them."""
        return (self.survivor, *self.sources)

    @property
    def source_words(self) -> str:
        """The references of those that are merged, in words; the first few of many."""
        references = [one.reference for one in self.sources]
        if len(references) > _MOST_NAMED:
            return f"the other {len(references)}"
        return " and ".join(filter(None, [", ".join(references[:-1]), references[-1]]))

    @property
    def goes_private(self) -> tuple[Incident, ...]:
        """Those that everybody sees, where the one that goes on is private."""
        return tuple(one for one in self.sources if not one.is_private) if self.survivor.is_private else ()

    @property
    def ends_work(self) -> tuple[Incident, ...]:
        """Those that are open, where the one that goes on is not."""
        return () if self.survivor.is_open else tuple(one for one in self.sources if one.is_open)


_MOST_NAMED = 3
_LONGEST_LABEL = 90
_NOUNS = (("update", "updates"), ("task", "tasks"), ("attachment", "attachments"), ("merged", "merged"))


def read_merge_page(
    selection: Selection,
    survivor: Incident,
    choices: Mapping[str, str],
    actor: Actor,
    configuration: Configuration,
) -> MergePage:
    """Read the page; nine queries however many incidents there are."""
    sources = selection.others(survivor)
    properties = read_properties([survivor, *sources], configuration)
    counts = _counts(selection.incidents, actor)
    of_sources = [counts[source.pk] for source in sources]
    totals = [sum(numbers) for numbers in zip(*of_sources, strict=True)]
    return MergePage(
        survivor=survivor,
        sources=sources,
        candidates=tuple(
            _candidate(one, counts[one.pk], configuration, selection, is_survivor=one is survivor)
            for one in selection.incidents
        ),
        rows=tuple(
            _row(differing, (survivor, *sources), choices, configuration)
            for differing in properties
            if differing.differs(survivor)
        ),
        updates=totals[0],
        tasks=totals[1],
        attachments=totals[2],
        led_on=totals[3],
    )


def _counts(incidents: Sequence[Incident], actor: Actor) -> dict[str, tuple[int, int, int, int]]:
    """Return how much hangs on each: updates, tasks, attachments, merged incidents; five queries."""
    ids = [incident.pk for incident in incidents]
    updates = _by_incident(IncidentUpdate.objects.filter(incident__in=ids))
    tasks = Counter(_by_incident(Action.objects.listed().filter(incident__in=ids)))
    tasks.update(_by_incident(FollowUp.objects.listed().filter(incident__in=ids)))
    attachments = _by_incident(IncidentAttachment.objects.filter(incident__in=ids))
    led_on = Incident.objects.visible_to(actor).filter(merged_into_incident__in=ids).order_by()
    merged = dict(led_on.values_list("merged_into_incident").annotate(number=Count("pk")))
    return {
        pk: (updates.get(pk, 0), tasks.get(pk, 0), attachments.get(pk, 0), merged.get(pk, 0)) for pk in ids
    }


def _by_incident(
    rows: QuerySet[IncidentUpdate] | QuerySet[Action] | QuerySet[FollowUp] | QuerySet[IncidentAttachment],
) -> dict[str, int]:
    return dict(rows.order_by().values_list("incident").annotate(number=Count("pk")))


def _candidate(
    incident: Incident,
    counts: Sequence[int],
    configuration: Configuration,
    selection: Selection,
    *,
    is_survivor: bool,
) -> Candidate:
    told = [
        f"{number} {one if number == 1 else many}"
        for number, (one, many) in zip(counts, _NOUNS, strict=True)
        if number
    ]
    return Candidate(
        incident=incident,
        status=configuration.incident_statuses.by_id.get(incident.incident_status_id),
        severity=configuration.severities.by_id.get(incident.severity_id or ""),
        creator_name=creator_words(incident),
        facts=", ".join(told),
        is_survivor=is_survivor,
        is_suggested=incident is selection.suggested,
    )


def _row(
    differing: Property,
    incidents: Sequence[Incident],
    choices: Mapping[str, str],
    configuration: Configuration,
) -> Row:
    survivor = incidents[0]
    if differing.is_list:
        joined = differing.joined(survivor)
        return Row(key=differing.key, name=differing.name, joined=tuple(joined.values()))
    chosen = choices.get(differing.key, survivor.pk)
    if not _can_take(differing, chosen, survivor, configuration):
        chosen = survivor.pk
    return Row(
        key=differing.key,
        name=differing.name,
        cells=tuple(
            _cell(
                differing,
                one,
                configuration,
                is_choice=one is survivor or _can_take(differing, one.pk, survivor, configuration),
                is_chosen=one.pk == chosen,
            )
            for one in incidents
        ),
    )


def _can_take(differing: Property, pk: str, survivor: Incident, configuration: Configuration) -> bool:
    held = differing.held.get(pk)
    return held is not None and may_take(differing, held, survivor, configuration)


def _cell(
    differing: Property, incident: Incident, configuration: Configuration, *, is_choice: bool, is_chosen: bool
) -> Cell:
    held: Held | None = differing.held.get(incident.pk)
    severities = configuration.severities.by_id
    return Cell(
        reference=incident.reference,
        label=Truncator(", ".join(held.labels)).chars(_LONGEST_LABEL) if held else "",
        is_choice=is_choice,
        is_chosen=is_chosen,
        moment=held.raw if held and differing.part == "timestamp" else None,
        severity=severities.get(held.raw) if held and differing.part == "severity" else None,
    )

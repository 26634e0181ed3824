"""What somebody wants to merge: the incidents that an address or a form names, and the choices among them."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from incidents import text
from incidents.models import Incident
from incidents.models.incident import REFERENCE_PREFIX
from incidents.models.incident_queryset import IncidentQuerySet
from incidents.services.merging import MOST_SOURCES, MergeDraft, refusals_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import QueryDict

    from incidents.models import Actor

REFERENCE_LENGTH = 30
_APART = re.compile(r"[\s,;]+")
_CHOICE = re.compile(r"choice\.(.{1,200})\Z")
_NUMBER = re.compile(r"\d{1,18}\Z", re.ASCII)
_VERSION = re.compile(r"(INC-\d{1,18}):(\d{1,9})\Z", re.ASCII)


@dataclasses.dataclass(frozen=True, slots=True)
class Selection:
    """The incidents that were named, the oldest first, and what is wrong with the names."""

    incidents: tuple[Incident, ...]
    problems: tuple[str, ...]
    typed: str

    @property
    def can_be_shown(self) -> bool:
        """Whether there is something to merge."""
        return len(self.incidents) > 1 and not self.problems

    @property
    def suggested(self) -> Incident:
        """The one that should go on: the oldest that is open, among those into which all others can be merged."""
        fit = [one for one in self.incidents if not refusals_of(one, self.others(one))]
        candidates = fit or self.incidents
        return next((one for one in candidates if one.is_open), candidates[0])

    def find(self, reference: str) -> Incident | None:
        """Return the one of this reference."""
        return next((one for one in self.incidents if one.reference == reference), None)

    def others(self, survivor: Incident) -> tuple[Incident, ...]:
        """Return those that would be merged."""
        return tuple(one for one in self.incidents if one is not survivor)


def read_selection(data: QueryDict, actor: Actor) -> Selection:
    """Read the incidents that `id` and `into` name, each as often as one likes; one query."""
    typed = [*data.getlist("id"), *data.getlist("into")]
    named = list(dict.fromkeys(filter(None, _APART.split(" ".join(typed)))))
    if len(named) > MOST_SOURCES + 1:
        return Selection((), (f"Merge at most {MOST_SOURCES} incidents into one at once.",), "")
    visible: IncidentQuerySet = Incident.objects.visible_to(actor).by_references(named)
    found = tuple(visible.for_detail().order_by("pk")) if named else ()
    known = {key for one in found for key in (one.reference, one.pk)}
    missing = [reference for reference in named if _canonical(reference) not in known]
    problems = tuple(_missing_words(reference) for reference in missing)
    return Selection(found, problems, " ".join(one.reference for one in found))


def read_survivor(data: QueryDict, selection: Selection) -> Incident:
    """Return the one that goes on: the one that was chosen, the one of `into`, or the one that is suggested."""
    for name in ("survivor", "into"):
        if chosen := selection.find(_canonical(data.get(name, ""))):
            return chosen
    return selection.suggested


def read_draft(data: QueryDict, selection: Selection, survivor: Incident) -> MergeDraft:
    """Return the merge that the form asks for, with the versions that the person saw."""
    choices = {
        match[1]: chosen.pk
        for name in data
        if (match := _CHOICE.match(name)) and (chosen := selection.find(data.get(name, "")))
    }
    return MergeDraft(
        survivor_id=survivor.pk,
        source_ids=tuple(one.pk for one in selection.others(survivor)),
        choices=choices,
        versions=_versions(data, selection),
        note=data.get("note", ""),
    )


def changed_since(data: QueryDict, selection: Selection) -> list[Incident]:
    """Return the incidents that are not at the version that the person saw."""
    seen = _versions(data, selection)
    return [one for one in selection.incidents if seen.get(one.pk) != one.version]


def refusals(selection: Selection, survivor: Incident) -> list[str]:
    """Return why these may not be merged."""
    return refusals_of(survivor, selection.others(survivor))


def is_merged_already(selection: Selection, survivor: Incident) -> bool:
    """Tell whether this very merge has happened: the button was pressed twice."""
    others: Sequence[Incident] = selection.others(survivor)
    return all(one.merged_into_incident_id == survivor.pk for one in others)


def _versions(data: QueryDict, selection: Selection) -> dict[str, int]:
    versions = {}
    for written in data.getlist("version")[: MOST_SOURCES + 1]:
        match = _VERSION.match(written)
        if match and (incident := selection.find(match[1])):
            versions[incident.pk] = int(match[2])
    return versions


def _canonical(reference: str) -> str:
    """Return a name as incidents write theirs: inc-007 and 7 are INC-7."""
    written = reference.strip().upper()
    number = written.removeprefix(REFERENCE_PREFIX)
    return f"{REFERENCE_PREFIX}{int(number)}" if _NUMBER.match(number) else written


def _missing_words(reference: str) -> str:
    try:
        shown = text.clean_line(reference, limit=REFERENCE_LENGTH)
    except text.TextError:
        return "There is no incident of one of these names. Write references such as INC-12."
    return f"There is no incident “{shown}”. Write references such as INC-12."

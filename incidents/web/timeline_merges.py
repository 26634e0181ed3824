"""Merges in the timeline: how they are told, and what of a merged incident is told where it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from incidents.models import IncidentEvent, StatusCategory
from incidents.web.sentence import Part, link, name, quoted, shortened, words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from incidents.models import Incident

    Others = Mapping[str, Incident]

_Kind = IncidentEvent.Kind
MERGE_KINDS = (_Kind.MERGED, _Kind.MERGE_UNDONE, _Kind.SPLIT_OFF)
# What is told of a merged incident alone, not where it goes on: the merge, looking, and ties of its own.
_NOT_TOLD_ON = (
    *MERGE_KINDS,
    _Kind.PRIVATE_VIEWED,
    _Kind.RELATED,
    _Kind.UNRELATED,
    _Kind.DECLARED_SEPARATELY,
)


def merged(event: IncidentEvent, others: Others) -> list[Part]:
    """Tell of a merge, on either side; nothing to those who may not see the other incident."""
    other, is_survivor = _other(event, others)
    if other is None:
        return []
    note = event.details.get("note")
    because = [words("with the note"), name(quoted(shortened(note)))] if note else []
    if is_survivor:
        return [words("merged"), link(other), words("into this incident"), *because]
    return [words("merged this incident into"), link(other), *because]


def merge_undone(event: IncidentEvent, others: Others) -> list[Part]:
    """Tell that a merge was taken back."""
    other, is_survivor = _other(event, others)
    if other is None:
        return []
    if is_survivor:
        return [words("undid the merge of"), link(other), words("into this incident")]
    return [words("undid the merge of this incident into"), link(other)]


def split_off(event: IncidentEvent, others: Others) -> list[Part]:
    """Tell that an incident goes on by itself again."""
    other, is_survivor = _other(event, others)
    if other is None:
        return []
    if is_survivor:
        return [words("split off"), link(other), words("from this incident")]
    return [words("split this incident off from"), link(other)]


def events_told(incident_id: str, own: Q, merged_ids: Collection[str]) -> Q:
    """Return the condition for the events of an incident, and those of what was merged into it."""
    own = Q(incident=incident_id) & own
    if not merged_ids:
        return own
    # Named together once more: the database finds them by this, and judges them by what follows.
    together = Q(incident__in=[incident_id, *merged_ids])
    return together & (own | (Q(incident__in=merged_ids) & ~Q(kind__in=_NOT_TOLD_ON)))


def is_told_by_survivor(event: IncidentEvent, origins: Others) -> bool:
    """Tell whether the survivor says the same in its own words: that the incident became merged."""
    is_status = event.kind == _Kind.STATUS_CHANGED and event.incident_id in origins
    return is_status and event.details.get("to_category") == StatusCategory.MERGED


def _other(event: IncidentEvent, others: Others) -> tuple[Incident | None, bool]:
    """Return the incident at the other end, and whether the event is the survivor's."""
    survivor_id = event.details.get("merged_into_incident_id")
    other_id = survivor_id or event.details.get("merged_incident_id")
    return others.get(str(other_id)), not survivor_id

"""The events of a timeline: which a reader may be told, and how many make a page."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from incidents.models import Incident, IncidentEvent, IncidentMembership
from incidents.models.ulid import is_ulid
from incidents.web.timeline_merges import events_told
from incidents.web.timeline_telling import other_incident_ids

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from django.db.models import QuerySet

    from incidents.models import Actor

_Kind = IncidentEvent.Kind
PAGE_SIZE = 50
KINDS = {"": "Everything", "updates": "Updates", "changes": "Changes"}
CARD_KINDS = (_Kind.UPDATE_SHARED, _Kind.REPORT_ADDED)
# An update is one event for the words and one for each of status and severity: they stay on one page.
_LARGEST_CARD = 3
_ALONG = ("incident_update", "creator_user", "creator_api_key", "creator_alert", "creator_workflow")


@dataclasses.dataclass(frozen=True, slots=True)
class TimelineEvents:
    """The events of one page, and the other incidents that they name as far as the reader may see them."""

    events: tuple[IncidentEvent, ...]
    last_seen: IncidentEvent | None
    has_older: bool
    others: dict[str, Incident]


def events_about(
    incident: Incident, actor: Actor, merged_ids: Collection[str], *, kinds: str
) -> QuerySet[IncidentEvent]:
    """Keep what the actor may be told about the incident and those merged into it, of the kinds asked for."""
    told = events_told(incident.pk, _may_be_told(incident, actor), list(merged_ids))
    events = IncidentEvent.objects.select_related(*_ALONG).filter(told)
    if kinds == "updates":
        return events.filter(incident_update__isnull=False)
    if kinds == "changes":
        return events.exclude(kind__in=CARD_KINDS)
    return events


def read_events(events: QuerySet[IncidentEvent], actor: Actor, *, before: str) -> TimelineEvents:
    """Read a page of events, newest first; two queries at most."""
    if before:
        # The event of the cursor is read once more, to know which day is on the page already.
        events = events.filter(id__lte=before)
    rows = list(events.order_by("-id")[: PAGE_SIZE + _LARGEST_CARD + 1])
    last_seen = rows.pop(0) if rows and rows[0].pk == before else None
    page = tuple(_whole_cards(rows))
    return TimelineEvents(page, last_seen, len(rows) > len(page), incidents_named(page, actor))


def incidents_named(events: Iterable[IncidentEvent], actor: Actor) -> dict[str, Incident]:
    """Return the incidents that events name and the actor may see, by id; one query, none where none is named."""
    ids = {pk for event in events for pk in other_incident_ids(event) if is_ulid(pk)}
    if not ids:
        return {}
    found = Incident.objects.visible_to(actor).filter(id__in=ids).only("id", "number", "name")
    return {incident.pk: incident for incident in found}


def _may_be_told(incident: Incident, actor: Actor) -> Q:
    """Who looked at a private incident stays among members and administrators once it is public."""
    if incident.is_private or actor.sees_every_incident:
        return Q()
    members = IncidentMembership.objects.filter(incident=OuterRef("incident"), user=actor.user)
    return ~Q(kind=_Kind.PRIVATE_VIEWED) | Q(Exists(members))


def _whole_cards(rows: list[IncidentEvent]) -> Iterator[IncidentEvent]:
    """Yield the events of a page, and of the last card also those beyond its end."""
    for place, event in enumerate(rows):
        is_cut = event.incident_update_id is None or event.incident_update_id != _update_before(rows, place)
        if place >= PAGE_SIZE and is_cut:
            return
        yield event


def _update_before(rows: list[IncidentEvent], place: int) -> str | None:
    return rows[place - 1].incident_update_id if place else None

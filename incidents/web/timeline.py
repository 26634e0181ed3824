"""One page of an incident's timeline, newest first: updates as cards, and facts as lines between them."""

from __future__ import annotations

import dataclasses
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils import timezone

from incidents.models import Incident, IncidentEvent, User
from incidents.models.ulid import is_ulid
from incidents.web.timeline_events import (
    CARD_KINDS,
    KINDS,
    PAGE_SIZE,
    events_about,
    incidents_named,
    read_events,
)
from incidents.web.timeline_merges import MERGE_KINDS, is_told_by_survivor
from incidents.web.timeline_telling import Telling, author_name, tell, tell_change

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from incidents.models import Actor, Configuration, IncidentUpdate
    from incidents.web.sentence import Part

_Kind = IncidentEvent.Kind
_CHANGES_IN_CARDS = (_Kind.STATUS_CHANGED, _Kind.SEVERITY_CHANGED)


@dataclasses.dataclass(frozen=True, slots=True)
class Card:
    """An update or a report, with the changes that came with it."""

    author: User | None
    author_name: str
    verb: str
    message: str
    changes: tuple[tuple[Part, ...], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """A card, or a fact in parts of a sentence; `day` is set where a new day begins above it.

    `origin` is the incident it happened to, where that was merged into the one that is shown.
    """

    icon: str
    moment: datetime.datetime
    card: Card | None = None
    parts: tuple[Part, ...] = ()
    day: datetime.date | None = None
    origin: Incident | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Tab:
    """One choice of the filter by kind."""

    name: str
    query: str
    is_current: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Timeline:
    """What the timeline shows; `older` is the cursor of what comes below, empty at the end."""

    entries: tuple[Entry, ...]
    kinds: str
    before: str
    older: str
    today: datetime.date
    newest: str = ""
    seen_day: datetime.date | None = None

    @property
    def news_query(self) -> str:
        """The query that asks what happened since; empty where the page does not begin with the newest event."""
        if self.before:
            return ""
        return f"?kinds={self.kinds}&since={self.newest}" if self.kinds else f"?since={self.newest}"

    @property
    def tabs(self) -> list[Tab]:
        """The filter by kind."""
        return [Tab(name, f"?kinds={key}" if key else "", key == self.kinds) for key, name in KINDS.items()]

    @property
    def older_query(self) -> str:
        """The query of the page below."""
        kinds = f"kinds={self.kinds}&" if self.kinds else ""
        return f"?{kinds}before={self.older}"


def read_timeline(
    incident: Incident,
    actor: Actor,
    configuration: Configuration,
    *,
    merged: Collection[Incident] = (),
    kinds: str = "",
    before: str = "",
) -> Timeline:
    """Return the events older than the cursor, 50 or a few more; two queries at most.

    What happened to the incidents that were merged into it stands among them, marked with its origin. A cursor that
    is none, and a kind that there is not, stand for the first page of everything.
    """
    kinds = kinds if kinds in KINDS else ""
    before = before.upper() if is_ulid(before.upper()) else ""
    origins = {one.pk: one for one in merged}
    page = read_events(events_about(incident, actor, origins, kinds=kinds), actor, before=before)
    telling = Telling(configuration, page.others)
    seen_day = _day(page.last_seen.created_at) if page.last_seen else None
    return Timeline(
        entries=tuple(_with_days(_entries(page.events, telling, origins), seen_day)),
        kinds=kinds,
        before=before,
        older=page.events[-1].pk if page.has_older else "",
        today=timezone.localdate(),
        newest=page.events[0].pk if page.events else "",
    )


def read_news(
    incident: Incident,
    actor: Actor,
    configuration: Configuration,
    *,
    merged: Collection[Incident] = (),
    kinds: str,
    since: str,
) -> Timeline | None:
    """Return the events after the newest that was seen, None while there are none; one query, two with news.

    Where more came than fits on a page, or nothing was seen before, `seen_day` is None: the timeline is drawn anew.
    """
    kinds = kinds if kinds in KINDS else ""
    origins = {one.pk: one for one in merged}
    events = events_about(incident, actor, origins, kinds=kinds)
    rows = list(events.filter(id__gte=since).order_by("-id")[: PAGE_SIZE + 1] if since else events[:1])
    last_seen = rows.pop() if rows and rows[-1].pk == since else None
    if not rows:
        return None
    if last_seen is None:
        return read_timeline(incident, actor, configuration, merged=merged, kinds=kinds)
    telling = Telling(configuration, incidents_named(rows, actor))
    return Timeline(
        entries=tuple(_with_days(_entries(rows, telling, origins), None)),
        kinds=kinds,
        before="",
        older="",
        today=timezone.localdate(),
        newest=rows[0].pk,
        seen_day=_day(last_seen.created_at),
    )


def _entries(
    events: Iterable[IncidentEvent], telling: Telling, origins: Mapping[str, Incident]
) -> Iterator[Entry]:
    for update_id, group in groupby(events, key=lambda event: event.incident_update_id):
        together = [event for event in group if not is_told_by_survivor(event, origins)]
        told = next((event for event in together if event.kind in CARD_KINDS), None)
        if update_id is not None and told is not None and told.incident_update is not None:
            changes = [event for event in together if event.kind in _CHANGES_IN_CARDS]
            card = _card(told, told.incident_update, changes, telling)
            yield dataclasses.replace(card, origin=origins.get(told.incident_id))
            together = [event for event in together if event is not told and event not in changes]
        for event in _without_repetition(together, telling):
            if parts := tell(event, telling):
                origin = origins.get(event.incident_id)
                yield Entry(_icon(event), event.created_at, parts=parts, origin=origin)


def _without_repetition(events: list[IncidentEvent], telling: Telling) -> list[IncidentEvent]:
    """Leave out the change of status that a merge tells of, unless the reader may not know of the merge."""
    if any(event.kind in MERGE_KINDS and tell(event, telling) for event in events):
        return [event for event in events if event.kind != _Kind.STATUS_CHANGED]
    return events


def _icon(event: IncidentEvent) -> str:
    completed = "status" in event.details.get("changed", ()) and event.details.get("status") == "completed"
    return "circle-check" if completed else _ICONS[_Kind(event.kind)]


def _card(
    event: IncidentEvent, update: IncidentUpdate, changes: list[IncidentEvent], telling: Telling
) -> Entry:
    card = Card(
        author=event.creator_user,
        author_name=author_name(event),
        verb="added a report" if event.kind == _Kind.REPORT_ADDED else "shared an update",
        message=update.message,
        changes=tuple(tell_change(change, telling) for change in sorted(changes, key=_place_in_card)),
    )
    return Entry(_ICONS[_Kind(event.kind)], event.created_at, card=card)


def _place_in_card(change: IncidentEvent) -> int:
    return _CHANGES_IN_CARDS.index(_Kind(change.kind))


def _with_days(entries: Iterable[Entry], seen_day: datetime.date | None) -> Iterator[Entry]:
    """Yield the entries, the first one of each day marked with it."""
    for entry in entries:
        day = _day(entry.moment)
        yield entry if day == seen_day else dataclasses.replace(entry, day=day)
        seen_day = day


def _day(moment: datetime.datetime) -> datetime.date:
    return timezone.localdate(moment)


_ICONS = {
    _Kind.DECLARED: "flag",
    _Kind.UPDATE_SHARED: "message-square",
    _Kind.REPORT_ADDED: "message-square",
    _Kind.STATUS_CHANGED: "activity",
    _Kind.SEVERITY_CHANGED: "shield-alert",
    _Kind.TYPE_CHANGED: "pencil",
    _Kind.NAME_CHANGED: "pencil",
    _Kind.SUMMARY_CHANGED: "pencil",
    _Kind.VISIBILITY_CHANGED: "eye",
    _Kind.ROLE_CHANGED: "user-plus",
    _Kind.FIELD_CHANGED: "pencil",
    _Kind.TIMESTAMP_CHANGED: "clock",
    _Kind.PROPERTY_CHANGED: "pencil",
    _Kind.MEMBER_ADDED: "user-plus",
    _Kind.MEMBER_REMOVED: "users",
    _Kind.ACTION_ADDED: "plus",
    _Kind.ACTION_CHANGED: "pencil",
    _Kind.FOLLOW_UP_ADDED: "plus",
    _Kind.FOLLOW_UP_CHANGED: "pencil",
    _Kind.ATTACHMENT_ADDED: "file-text",
    _Kind.ATTACHMENT_REMOVED: "file-text",
    _Kind.RELATED: "link",
    _Kind.VERDICT_GIVEN: "layers",
    _Kind.UNRELATED: "link",
    _Kind.DECLARED_SEPARATELY: "link",
    _Kind.ALERT_ATTACHED: "zap",
    _Kind.MERGED: "git-merge",
    _Kind.MERGE_UNDONE: "undo",
    _Kind.SPLIT_OFF: "split",
    _Kind.PRIVATE_VIEWED: "eye",
}

"""Two people changed the same: both values, and who was first, for the one who came second."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from incidents.models import IncidentEvent
from incidents.web.forms.answers import AnswerField
from incidents.web.timeline_telling import author_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incidents.models import Incident
    from incidents.web.forms.edit import EditForm

_Kind = IncidentEvent.Kind
_CREATORS = ("creator_user", "creator_api_key", "creator_alert", "creator_workflow")
# A conflict is about the last minutes; what lies further back than this is told without a name.
_EVENTS_READ = 100
_KINDS = {
    "name": _Kind.NAME_CHANGED,
    "summary": _Kind.SUMMARY_CHANGED,
    "severity": _Kind.SEVERITY_CHANGED,
    "incident_status": _Kind.STATUS_CHANGED,
    "incident_type": _Kind.TYPE_CHANGED,
    "visibility": _Kind.VISIBILITY_CHANGED,
}
_NOUN_KEYS = {
    _Kind.ROLE_CHANGED: "role",
    _Kind.FIELD_CHANGED: "field",
    _Kind.TIMESTAMP_CHANGED: "timestamp",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Clash:
    """One value that two people changed; `event` tells who was first, where that is known."""

    name: str
    label: str
    theirs: str
    mine: str
    event: IncidentEvent | None

    @property
    def who(self) -> str:
        """Who was first."""
        return "Somebody" if self.event is None else author_name(self.event)


def told_clashes(form: EditForm) -> list[Clash]:
    """Return what two people changed of an incident, by the fields of the edit form; one query."""
    events = last_events(form.incident)
    return [
        Clash(
            name=name,
            label=str(form.fields[name].label),
            theirs=form.label_of(name, form.now[name]),
            mine=form.label_of(name, form.mine[name]),
            event=_event_of(form, name, events),
        )
        for name in form.clashes
    ]


def last_events(incident: Incident) -> list[IncidentEvent]:
    """Return the newest events, newest first, with who did them; one query."""
    return list(incident.events.select_related(*_CREATORS).order_by("-id")[:_EVENTS_READ])


def last_change(
    events: Iterable[IncidentEvent], kind: IncidentEvent.Kind, *, noun_id: str = ""
) -> IncidentEvent | None:
    """Return the newest event of a kind; for roles, fields, timestamps and properties the one of that id."""
    return next((event for event in events if event.kind == kind and _is_about(event, noun_id)), None)


def _event_of(form: EditForm, name: str, events: Iterable[IncidentEvent]) -> IncidentEvent | None:
    if name in _KINDS:
        return last_change(events, _KINDS[name])
    field = form.fields[name]
    if isinstance(field, AnswerField):
        return last_change(events, _Kind.FIELD_CHANGED, noun_id=field.custom_field.pk)
    for nouns, prefix, kind in (
        (form.configuration.incident_roles, "incident_role", _Kind.ROLE_CHANGED),
        (form.configuration.incident_timestamps, "incident_timestamp", _Kind.TIMESTAMP_CHANGED),
    ):
        noun = next((noun for noun in nouns if name == f"{prefix}[{noun.slug}]"), None)
        if noun is not None:
            return last_change(events, kind, noun_id=noun.pk)
    return last_change(events, _Kind.PROPERTY_CHANGED, noun_id="teams" if name == "team" else name)


def _is_about(event: IncidentEvent, noun_id: str) -> bool:
    if not noun_id:
        return True
    if event.kind == _Kind.PROPERTY_CHANGED:
        return bool(event.details.get("property") == noun_id)
    noun = event.details.get(_NOUN_KEYS[_Kind(event.kind)]) or {}
    return bool(noun.get("id") == noun_id)

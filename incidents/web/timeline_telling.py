"""Tells what happened to an incident in plain sentences."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from incidents.models import Incident, IncidentEvent, StatusCategory
from incidents.models.incident_status import OPEN_CATEGORIES
from incidents.web.sentence import (
    Part,
    creator_words,
    from_to,
    link,
    listed,
    name,
    quoted,
    told_name,
    words,
    written_moment,
)
from incidents.web.timeline_around import (
    alert_attached,
    attached,
    came_again,
    detached,
    judged,
    related,
    task_added,
    task_changed,
    unrelated,
)
from incidents.web.timeline_merges import merge_undone, merged, split_off

if TYPE_CHECKING:
    from incidents.models import Configuration

_Kind = IncidentEvent.Kind
PROPERTY_NAMES = {
    "mode": "mode",
    "call_url": "call link",
    "postmortem_document_url": "post-mortem link",
    "slack_channel_name": "Slack channel",
    "teams": "teams",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Telling:
    """What sentences are told with: the configuration, and the other incidents that the reader may see, by id."""

    configuration: Configuration
    others: Mapping[str, Incident]


Details = Mapping[str, Any]


def tell(event: IncidentEvent, telling: Telling) -> tuple[Part, ...]:
    """Return the sentence without its time; nothing where the reader may not know what it is about."""
    sentence = _SENTENCES[_Kind(event.kind)](event, telling)
    return (name(author_name(event)), *sentence) if sentence else ()


def tell_change(event: IncidentEvent, telling: Telling) -> tuple[Part, ...]:
    """Return a change of status or severity as its two badges alone; one where there was nothing before."""
    badge = _status if event.kind == _Kind.STATUS_CHANGED else _severity
    parts = (badge(event, "from", telling), badge(event, "to", telling))
    return tuple(part for part in parts if part.text)


def other_incident_ids(event: IncidentEvent) -> tuple[str, ...]:
    """Return the ids of the incidents that the event is about besides its own."""
    keys = ("other_incident_id", "merged_into_incident_id", "merged_incident_id")
    return tuple(str(event.details[key]) for key in keys if event.details.get(key))


def author_name(event: IncidentEvent) -> str:
    """Return who did it, as people call them; needs the four creators selected along."""
    return creator_words(event)


def _declared(event: IncidentEvent, telling: Telling) -> list[Part]:
    mode = event.details.get("mode", Incident.Mode.STANDARD)
    if mode == Incident.Mode.STANDARD:
        return [words(f"declared this incident{came_again(event)}")]
    return [words(f"declared this incident as {_mode_name(mode).lower()}")]


def _update_shared(event: IncidentEvent, telling: Telling) -> list[Part]:
    return [words("shared an update")]


def _report_added(event: IncidentEvent, telling: Telling) -> list[Part]:
    return [words("added a report")]


def _status_changed(event: IncidentEvent, telling: Telling) -> list[Part]:
    before, after = event.details.get("from_category", ""), event.details.get("to_category", "")
    return [
        words(_verb_of_move(before, after)),
        _status(event, "from", telling),
        words("to"),
        _status(event, "to", telling),
    ]


def _verb_of_move(before: str, after: str) -> str:
    if before == StatusCategory.TRIAGE and after == StatusCategory.LIVE:
        return "accepted the incident:"
    if before not in OPEN_CATEGORIES and after in OPEN_CATEGORIES:
        return "reopened the incident:"
    if before != after and after in _VERBS_OF_ENDS:
        return f"{_VERBS_OF_ENDS[after]} the incident:"
    return "changed status from"


_VERBS_OF_ENDS: Mapping[str, str] = {
    StatusCategory.PAUSED: "paused",
    StatusCategory.LEARNING: "resolved",
    StatusCategory.CLOSED: "closed",
    StatusCategory.DECLINED: "declined",
    StatusCategory.CANCELED: "canceled",
    StatusCategory.MERGED: "merged",
}


def _severity_changed(event: IncidentEvent, telling: Telling) -> list[Part]:
    before, after = _severity(event, "from", telling), _severity(event, "to", telling)
    if not before.text:
        return [words("set severity to"), after]
    if not after.text:
        return [words("removed the severity"), before]
    is_worse = event.details.get("to_rank", 0) > event.details.get("from_rank", 0)
    return [
        words("raised severity from" if is_worse else "lowered severity from"),
        before,
        words("to"),
        after,
    ]


def _type_changed(event: IncidentEvent, telling: Telling) -> list[Part]:
    return from_to("the type", told_name(event.details, "from"), told_name(event.details, "to"))


def _name_changed(event: IncidentEvent, telling: Telling) -> list[Part]:
    return from_to("the name", quoted(event.details.get("from")), quoted(event.details.get("to")))


def _summary_changed(event: IncidentEvent, telling: Telling) -> list[Part]:
    if not event.details.get("from"):
        return [words("wrote the summary")]
    return [words("changed the summary" if event.details.get("to") else "removed the summary")]


def _visibility_changed(event: IncidentEvent, telling: Telling) -> list[Part]:
    if event.details.get("to") == Incident.Visibility.PRIVATE:
        return [words("made this incident private: only members see it")]
    return [words("made this incident visible to everyone")]


def _role_changed(event: IncidentEvent, telling: Telling) -> list[Part]:
    role, after = name(told_name(event.details, "role")), event.details.get("to")
    if not after:
        return [words("removed"), name(told_name(event.details, "from")), words("as"), role]
    if after.get("id") == event.creator_user_id:
        return [words("became"), role]
    return [words("made"), name(told_name(event.details, "to")), role]


def _field_changed(event: IncidentEvent, telling: Telling) -> list[Part]:
    return from_to(
        told_name(event.details, "field"),
        listed(event.details.get("from")),
        listed(event.details.get("to")),
    )


def _timestamp_changed(event: IncidentEvent, telling: Telling) -> list[Part]:
    timestamp = name(told_name(event.details, "timestamp"))
    before, after = written_moment(event.details.get("from")), written_moment(event.details.get("to"))
    if after is None:
        return [words("emptied"), timestamp]
    if before is None:
        return [words("set"), timestamp, words("to"), after]
    return [words("changed"), timestamp, words("from"), before, words("to"), after]


def _property_changed(event: IncidentEvent, telling: Telling) -> list[Part]:
    column = str(event.details.get("property", ""))
    before, after = event.details.get("from"), event.details.get("to")
    if column == "mode":
        return from_to("the mode", _mode_name(before), _mode_name(after))
    label = PROPERTY_NAMES.get(column, column.replace("_", " "))
    return from_to(f"the {label}", listed(before), listed(after))


def _member_added(event: IncidentEvent, telling: Telling) -> list[Part]:
    return [words("let"), name(told_name(event.details, "user")), words("see this incident")]


def _member_removed(event: IncidentEvent, telling: Telling) -> list[Part]:
    return [words("removed"), name(told_name(event.details, "user")), words("from the members")]


def _declared_separately(event: IncidentEvent, telling: Telling) -> list[Part]:
    other = telling.others.get(str(event.details.get("other_incident_id")))
    if other is None:
        return []
    reason = event.details.get("reason")
    because = [words(f"because “{reason}”")] if reason else []
    # Ids carry the time: the later one of the two is the one that was declared separately.
    if other.pk > str(event.incident_id):
        return [words("declared"), link(other), words("separately from this incident"), *because]
    return [words("declared this incident separately from"), link(other), *because]


def _private_viewed(event: IncidentEvent, telling: Telling) -> list[Part]:
    return [words("looked at this private incident as an administrator")]


_SENTENCES: Mapping[IncidentEvent.Kind, Callable[[IncidentEvent, Telling], list[Part]]] = {
    _Kind.DECLARED: _declared,
    _Kind.UPDATE_SHARED: _update_shared,
    _Kind.REPORT_ADDED: _report_added,
    _Kind.STATUS_CHANGED: _status_changed,
    _Kind.SEVERITY_CHANGED: _severity_changed,
    _Kind.TYPE_CHANGED: _type_changed,
    _Kind.NAME_CHANGED: _name_changed,
    _Kind.SUMMARY_CHANGED: _summary_changed,
    _Kind.VISIBILITY_CHANGED: _visibility_changed,
    _Kind.ROLE_CHANGED: _role_changed,
    _Kind.FIELD_CHANGED: _field_changed,
    _Kind.TIMESTAMP_CHANGED: _timestamp_changed,
    _Kind.PROPERTY_CHANGED: _property_changed,
    _Kind.MEMBER_ADDED: _member_added,
    _Kind.MEMBER_REMOVED: _member_removed,
    _Kind.ACTION_ADDED: lambda event, telling: task_added(event, "action"),
    _Kind.ACTION_CHANGED: lambda event, telling: task_changed(event, "action"),
    _Kind.FOLLOW_UP_ADDED: lambda event, telling: task_added(event, "follow-up"),
    _Kind.FOLLOW_UP_CHANGED: lambda event, telling: task_changed(event, "follow-up"),
    _Kind.ATTACHMENT_ADDED: lambda event, telling: attached(event),
    _Kind.ATTACHMENT_REMOVED: lambda event, telling: detached(event),
    _Kind.RELATED: lambda event, telling: related(event, telling.others),
    _Kind.UNRELATED: lambda event, telling: unrelated(event, telling.others),
    _Kind.VERDICT_GIVEN: lambda event, telling: judged(event, telling.others),
    _Kind.DECLARED_SEPARATELY: _declared_separately,
    _Kind.ALERT_ATTACHED: lambda event, telling: alert_attached(event),
    _Kind.MERGED: lambda event, telling: merged(event, telling.others),
    _Kind.MERGE_UNDONE: lambda event, telling: merge_undone(event, telling.others),
    _Kind.SPLIT_OFF: lambda event, telling: split_off(event, telling.others),
    _Kind.PRIVATE_VIEWED: _private_viewed,
}


def _status(event: IncidentEvent, side: str, telling: Telling) -> Part:
    category = event.details.get(f"{side}_category") or StatusCategory.CLOSED
    return Part("status", told_name(event.details, side), category=category)


def _severity(event: IncidentEvent, side: str, telling: Telling) -> Part:
    severity_id = (event.details.get(side) or {}).get("id")
    tone = telling.configuration.severity_tone(severity_id)
    return Part("severity", told_name(event.details, side), tone=tone)


def _mode_name(mode: str | None) -> str:
    return str(dict(Incident.Mode.choices).get(mode or "", mode or ""))

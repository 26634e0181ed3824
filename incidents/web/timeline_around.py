"""Tells what happened around an incident: to its actions and follow-ups, attachments and ties to others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from incidents.models import IncidentRelationship, SimilarityVerdict, TaskStatus
from incidents.services.attachments import ANY_LINK, RESOURCE_TYPES
from incidents.web.incident_side import safe_url
from incidents.web.sentence import Part, link, name, quoted, shortened, told_name, words

if TYPE_CHECKING:
    from incidents.models import Incident, IncidentEvent

    Others = Mapping[str, Incident]

_VERBS: Mapping[str, str] = {
    TaskStatus.OUTSTANDING: "reopened",
    TaskStatus.COMPLETED: "completed",
    TaskStatus.NOT_DOING: "decided against",
    TaskStatus.DELETED: "deleted",
}
# What stands between "this incident" and the other one, and the other way round.
_TIES: Mapping[str, tuple[str, str]] = {
    IncidentRelationship.Kind.RELATED: ("related", "to"),
    IncidentRelationship.Kind.CAUSED_BY: ("marked", "as caused by"),
    IncidentRelationship.Kind.PARENT: ("made", "part of"),
}
# What stands before and behind the other incident.
_VERDICTS: Mapping[str, tuple[str, str]] = {
    SimilarityVerdict.Verdict.SAME: ("says that", "is the same incident"),
    SimilarityVerdict.Verdict.RELATED: ("says that", "is related to this incident"),
    SimilarityVerdict.Verdict.DIFFERENT: ("says that", "is not related to this incident"),
    SimilarityVerdict.Verdict.UNSURE: ("is not sure whether", "is the same incident"),
}


def task_added(event: IncidentEvent, noun: str) -> list[Part]:
    """Tell of a new action or follow-up, and for whom it is."""
    added = [words(f"added the {noun}"), _task(event)]
    assignee = event.details.get("assignee") or {}
    if assignee and assignee.get("id") != event.creator_user_id:
        return [*added, words("for"), name(told_name(event.details, "assignee"))]
    return added


def task_changed(event: IncidentEvent, noun: str) -> list[Part]:
    """Tell what became of an action or a follow-up: the one thing that matters most of what changed."""
    changed = event.details.get("changed") or ()
    if "status" in changed:
        return [words(f"{_VERBS.get(event.details.get('status', ''), 'changed')} the {noun}"), _task(event)]
    if "issue_permalink" in changed:
        return [words(f"connected the {noun}"), _task(event), words("to an issue")]
    if "assignee_id" not in changed:
        return [words(f"changed the {noun}"), _task(event)]
    assignee = event.details.get("assignee") or {}
    if not assignee:
        return [words(f"unassigned the {noun}"), _task(event)]
    if assignee.get("id") == event.creator_user_id:
        return [words(f"took the {noun}"), _task(event)]
    return [words(f"gave the {noun}"), _task(event), words("to"), name(told_name(event.details, "assignee"))]


def attached(event: IncidentEvent) -> list[Part]:
    """Tell of a resource that was attached, with its link."""
    return [words(" ".join(filter(None, ("attached", _kind_of_resource(event))))), _resource(event)]


def detached(event: IncidentEvent) -> list[Part]:
    """Tell of a resource that was removed."""
    return [words(f"removed the {_kind_of_resource(event) or 'link'}"), _resource(event)]


def related(event: IncidentEvent, others: Others) -> list[Part]:
    """Tell how the incident was tied to another one; nothing to those who may not see that."""
    verb, tie = _TIES.get(event.details.get("relationship", ""), ("related", "to"))
    other = others.get(str(event.details.get("other_incident_id")))
    if other is None:
        return []
    if event.details.get("is_other_side"):
        return [words(verb), link(other), words(f"{tie} this incident")]
    return [words(f"{verb} this incident {tie}"), link(other)]


def unrelated(event: IncidentEvent, others: Others) -> list[Part]:
    """Tell that a tie was removed; nothing to those who may not see the other incident."""
    other = others.get(str(event.details.get("other_incident_id")))
    return [] if other is None else [words("removed the relation to"), link(other)]


def alert_attached(event: IncidentEvent) -> list[Part]:
    """Tell that another alert is about the incident, and how often it came by now."""
    return [words(f"attached{came_again(event)}")]


def came_again(event: IncidentEvent) -> str:
    """Return ", 12 times" for an alert that came as often by now; nothing for what came once, or is no alert."""
    alert = event.creator_alert
    return f", {alert.count:,} times" if alert is not None and alert.count > 1 else ""


def judged(event: IncidentEvent, others: Others) -> list[Part]:
    """Tell what somebody says two incidents are to each other; nothing to those who may not see the other one."""
    other = others.get(str(event.details.get("other_incident_id")))
    if other is None:
        return []
    before, after = _VERDICTS[event.details["verdict"]]
    return [words(before), link(other), words(after)]


def _task(event: IncidentEvent) -> Part:
    return name(quoted(shortened(told_name(event.details, "task"))))


def _kind_of_resource(event: IncidentEvent) -> str:
    resource_type = event.details.get("resource_type", ANY_LINK)
    return "" if resource_type == ANY_LINK else RESOURCE_TYPES.get(resource_type, "")


def _resource(event: IncidentEvent) -> Part:
    title = shortened(str(event.details.get("title", "")))
    address = safe_url(event.details.get("permalink", ""))
    return Part("address", title, url=address) if address else name(quoted(title))

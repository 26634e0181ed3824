"""Resources of other systems that are attached to an incident."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from incidents.models import Actor, Incident, IncidentAttachment, IncidentEvent
from incidents.services.changes import lock_incident
from incidents.services.errors import Problems, require_responder
from incidents.services.history import History
from incidents.services.tasks import touch_incident
from incidents.services.validation import clean_link

MOST_ATTACHMENTS = 500
EXTERNAL_ID_LENGTH = 500
ANY_LINK = "arbitrary_url"
# The types of the API (Incident Attachments V1), as people call them.
RESOURCE_TYPES: Mapping[str, str] = {
    ANY_LINK: "Link",
    "atlassian_statuspage_incident": "Statuspage incident",
    "datadog_monitor_alert": "Datadog alert",
    "github_pull_request": "GitHub pull request",
    "gitlab_merge_request": "GitLab merge request",
    "google_calendar_event": "Google Calendar event",
    "jira_issue": "Jira issue",
    "jsm_alert": "Jira Service Management alert",
    "opsgenie_alert": "Opsgenie alert",
    "outlook_calendar_event": "Outlook event",
    "pager_duty_incident": "PagerDuty incident",
    "pylon_issue": "Pylon issue",
    "salesforce_case": "Salesforce case",
    "scrubbed": "Removed resource",
    "sentry_issue": "Sentry issue",
    "slack_file": "Slack file",
    "statuspage_incident": "Status page incident",
    "zendesk_ticket": "Zendesk ticket",
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentDraft:
    """A resource that somebody wants to attach: either by its id in the other system or by a link. Text is raw."""

    resource_type: str
    external_id: str = ""
    url: str = ""
    title: str = ""


def attach_resource(incident_id: str, draft: AttachmentDraft, actor: Actor) -> IncidentAttachment:
    """Attach a resource to an incident; the same one again returns what is there.

    Raises:
        PermissionDenied: the actor may not change incidents.
        Incident.DoesNotExist: there is none that the actor may see.
        ValidationError: by the names of the fields on the wire, below `resource`.
    """
    require_responder(actor)
    attachment = _clean(draft)
    with transaction.atomic():
        incident = lock_incident(incident_id, actor, version=None)
        same = incident.attachments.filter(
            resource_type=attachment.resource_type,
            external_id=attachment.external_id,
            permalink=attachment.permalink,
        )
        if (present := same.first()) is not None:
            return present
        if incident.attachments.count() >= MOST_ATTACHMENTS:
            problems = Problems()
            problems.add(
                "incident_id", f"An incident has at most {MOST_ATTACHMENTS} attachments.", "too_many"
            )
            problems.raise_if_any()
        attachment.incident = incident
        attachment.save(force_insert=True)
        _tell(incident, attachment, IncidentEvent.Kind.ATTACHMENT_ADDED, actor)
    return attachment


def detach_resource(attachment: IncidentAttachment, actor: Actor) -> None:
    """Remove an attachment; nothing happens where it is gone already.

    Raises:
        PermissionDenied: the actor may not change incidents.
        Incident.DoesNotExist: the incident is not there for the actor.
    """
    require_responder(actor)
    with transaction.atomic():
        incident = lock_incident(attachment.incident_id, actor, version=None)
        removed, _ = IncidentAttachment.objects.filter(pk=attachment.pk).delete()
        if removed:
            _tell(incident, attachment, IncidentEvent.Kind.ATTACHMENT_REMOVED, actor)


def _clean(draft: AttachmentDraft) -> IncidentAttachment:
    problems = Problems()
    if draft.resource_type not in RESOURCE_TYPES:
        problems.add("resource.resource_type", "There is no such type of resource.", "unknown")
    external_id = problems.line("resource.external_id", draft.external_id, limit=EXTERNAL_ID_LENGTH)
    link = clean_link("resource.url", draft.url, problems)
    title = problems.line("resource.title", draft.title, limit=500)
    if bool(external_id) == bool(draft.url.strip()):
        code = "not_allowed" if external_id else "is_required"
        problems.add(
            "resource.url", "Give the address of the resource or its external_id, one of both.", code
        )
    problems.raise_if_any()
    return IncidentAttachment(
        resource_type=draft.resource_type,
        external_id=external_id or link[:EXTERNAL_ID_LENGTH],
        permalink=link,
        title=title,
    )


def _tell(incident: Incident, attachment: IncidentAttachment, kind: IncidentEvent.Kind, actor: Actor) -> None:
    now = timezone.now()
    history = History(incident.pk, actor, now)
    history.add(
        kind,
        title=attachment.title or attachment.permalink or attachment.external_id,
        permalink=attachment.permalink,
        resource_type=attachment.resource_type,
    )
    history.write()
    touch_incident(incident, now)

"""Incident attachments (IncidentAttachmentV1)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from incidents.api.wire.base import Id, Wire
from incidents.api.wire.incidents import Url

ResourceType = Literal[
    "arbitrary_url",
    "atlassian_statuspage_incident",
    "datadog_monitor_alert",
    "github_pull_request",
    "gitlab_merge_request",
    "google_calendar_event",
    "jira_issue",
    "jsm_alert",
    "opsgenie_alert",
    "outlook_calendar_event",
    "pager_duty_incident",
    "pylon_issue",
    "salesforce_case",
    "scrubbed",
    "sentry_issue",
    "slack_file",
    "statuspage_incident",
    "zendesk_ticket",
]
ExternalId = Annotated[str, Meta(max_length=500, description="The id in the other system.")]
Title = Annotated[str, Meta(max_length=500)]
Emoji = Annotated[str, Meta(max_length=100, description="Has no effect here.")]


class ExternalResource(Wire):
    """A resource of another system; its title is its address where it has none."""

    external_id: str
    permalink: str
    resource_type: ResourceType
    title: str


class IncidentAttachment(Wire):
    """A resource that is attached to an incident."""

    id: str
    incident_id: str
    resource: ExternalResource


class IncidentAttachmentsList(Wire):
    """The attachments of an incident or of a resource, oldest first."""

    incident_attachments: list[IncidentAttachment]


class IncidentAttachmentsShow(Wire):
    """One attachment."""

    incident_attachment: IncidentAttachment


class ResourcePayload(Wire):
    """A resource, either by its id in the other system or by its address."""

    resource_type: ResourceType
    external_id: ExternalId | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    title: Title | UnsetType = UNSET
    emoji: Emoji | UnsetType = UNSET


class IncidentAttachmentCreatePayload(Wire):
    """A resource to attach."""

    incident_id: Id
    resource: ResourcePayload

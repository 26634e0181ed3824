"""What is stored."""

from __future__ import annotations

from incidents.models.action import Action, TaskStatus
from incidents.models.actor import Actor
from incidents.models.api_key import ApiKey
from incidents.models.attachments import (
    Debrief,
    ExternalIssueReference,
    IncidentAttachment,
    PostmortemDocument,
)
from incidents.models.configuration import Configuration, ConfigurationVersion
from incidents.models.custom_field import (
    CatalogEntry,
    CatalogType,
    CustomField,
    CustomFieldEntry,
    CustomFieldOption,
)
from incidents.models.feed_token import FeedToken
from incidents.models.follow_up import FollowUp, FollowUpPriority
from incidents.models.idempotency_key import IdempotencyKey
from incidents.models.incident import Incident, IncidentSearchText, ReferenceCounter
from incidents.models.incident_event import IncidentEvent
from incidents.models.incident_role import IncidentRole, IncidentRoleAssignment
from incidents.models.incident_status import IncidentStatus, StatusCategory
from incidents.models.incident_timestamp import (
    DurationMetric,
    IncidentDurationMetric,
    IncidentTimestamp,
    IncidentTimestampValue,
)
from incidents.models.incident_token import IncidentToken
from incidents.models.incident_type import IncidentType
from incidents.models.incident_update import IncidentUpdate
from incidents.models.membership import IncidentMembership
from incidents.models.relationship import IncidentRelationship
from incidents.models.severity import Severity
from incidents.models.sources import Alert, Workflow
from incidents.models.team import Team
from incidents.models.user import User

__all__ = [
    "Action",
    "Actor",
    "Alert",
    "ApiKey",
    "CatalogEntry",
    "CatalogType",
    "Configuration",
    "ConfigurationVersion",
    "CustomField",
    "CustomFieldEntry",
    "CustomFieldOption",
    "Debrief",
    "DurationMetric",
    "ExternalIssueReference",
    "FeedToken",
    "FollowUp",
    "FollowUpPriority",
    "IdempotencyKey",
    "Incident",
    "IncidentAttachment",
    "IncidentDurationMetric",
    "IncidentEvent",
    "IncidentMembership",
    "IncidentRelationship",
    "IncidentRole",
    "IncidentRoleAssignment",
    "IncidentSearchText",
    "IncidentStatus",
    "IncidentTimestamp",
    "IncidentTimestampValue",
    "IncidentToken",
    "IncidentType",
    "IncidentUpdate",
    "PostmortemDocument",
    "ReferenceCounter",
    "Severity",
    "StatusCategory",
    "TaskStatus",
    "Team",
    "User",
    "Workflow",
]

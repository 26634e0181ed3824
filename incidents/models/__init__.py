"""What is stored."""

from __future__ import annotations

from incidents.models.action import Action, TaskStatus
from incidents.models.actor import Actor
from incidents.models.alert import Alert, AlertSource, IncidentAlert
from incidents.models.api_key import ApiKey
from incidents.models.attachments import (
    Debrief,
    ExternalIssueReference,
    IncidentAttachment,
    PostmortemDocument,
)
from incidents.models.bulk_change import BulkChange, BulkChangeRow
from incidents.models.configuration import Configuration, ConfigurationVersion
from incidents.models.custom_field import (
    CatalogEntry,
    CatalogType,
    CustomField,
    CustomFieldEntry,
    CustomFieldOption,
)
from incidents.models.declare_draft import DeclareDraft
from incidents.models.duplicate_settings import DuplicateSettings, DuplicateSettingsChange
from incidents.models.feed_token import FeedToken
from incidents.models.follow_up import FollowUp, FollowUpPriority
from incidents.models.idempotency_key import IdempotencyKey
from incidents.models.incident import Incident, IncidentSearchText, ReferenceCounter
from incidents.models.incident_event import IncidentEvent
from incidents.models.incident_import import Import, ImportedIncident, ImportRow
from incidents.models.incident_merge import IncidentBeforeMerge, IncidentMerge
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
from incidents.models.job import Job
from incidents.models.membership import IncidentMembership
from incidents.models.pairs import DuplicateCandidate, SimilarityVerdict
from incidents.models.relationship import IncidentRelationship
from incidents.models.saved_view import SavedView
from incidents.models.severity import Severity
from incidents.models.sources import Workflow
from incidents.models.synonym_group import SynonymGroup, TokenReading
from incidents.models.team import Team
from incidents.models.user import User

__all__ = [
    "Action",
    "Actor",
    "Alert",
    "AlertSource",
    "ApiKey",
    "BulkChange",
    "BulkChangeRow",
    "CatalogEntry",
    "CatalogType",
    "Configuration",
    "ConfigurationVersion",
    "CustomField",
    "CustomFieldEntry",
    "CustomFieldOption",
    "Debrief",
    "DeclareDraft",
    "DuplicateCandidate",
    "DuplicateSettings",
    "DuplicateSettingsChange",
    "DurationMetric",
    "ExternalIssueReference",
    "FeedToken",
    "FollowUp",
    "FollowUpPriority",
    "IdempotencyKey",
    "Import",
    "ImportRow",
    "ImportedIncident",
    "Incident",
    "IncidentAlert",
    "IncidentAttachment",
    "IncidentBeforeMerge",
    "IncidentDurationMetric",
    "IncidentEvent",
    "IncidentMembership",
    "IncidentMerge",
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
    "Job",
    "PostmortemDocument",
    "ReferenceCounter",
    "SavedView",
    "Severity",
    "SimilarityVerdict",
    "StatusCategory",
    "SynonymGroup",
    "TaskStatus",
    "Team",
    "TokenReading",
    "User",
    "Workflow",
]

"""The tables that incidents of the demo are written to, in the order of writing."""

from __future__ import annotations

from concurrent.futures import Executor

from incidents.management.seeding.bulk import Table
from incidents.management.seeding.search_texts import SearchTexts
from incidents.models import (
    Action,
    Alert,
    CustomFieldEntry,
    FollowUp,
    Incident,
    IncidentDurationMetric,
    IncidentEvent,
    IncidentMembership,
    IncidentRoleAssignment,
    IncidentTimestampValue,
    IncidentUpdate,
    SimilarityVerdict,
)

CREATOR_COLUMNS = ("creator_user_id", "creator_api_key_id", "creator_alert_id", "creator_workflow_id")


class Tables:
    """Rows that wait to be written together."""

    def __init__(self, word_reader: Executor | None = None) -> None:
        self.alerts = Table(Alert, "id", "title", "created_at", "last_seen_at")
        self.incidents = Table(
            Incident, "id", "number", "version", "name", "summary", "mode", "visibility", "incident_status_id",
            "severity_id", "incident_type_id", "merged_into_incident_id", "status_category", "severity_rank",
            "created_at", "updated_at", "last_activity_at", "call_url", "postmortem_document_url",
            "slack_channel_name", "workload_minutes_working", *CREATOR_COLUMNS,
        )  # fmt: skip
        self.teams = Table(Incident.teams.through, "incident_id", "team_id")
        self.roles = Table(IncidentRoleAssignment, "id", "incident_id", "incident_role_id", "assignee_id")
        self.members = Table(IncidentMembership, "id", "incident_id", "user_id", "created_at", "updated_at")
        self.field_entries = Table(
            CustomFieldEntry, "id", "incident_id", "custom_field_id", "position", "value_option_id",
            "value_catalog_entry_id", "value_link", "value_numeric",
        )  # fmt: skip
        self.timestamps = Table(IncidentTimestampValue, "id", "incident_id", "incident_timestamp_id", "value")
        self.durations = Table(
            IncidentDurationMetric, "id", "incident_id", "duration_metric_id", "status", "value_seconds"
        )
        self.actions = Table(
            Action, "id", "incident_id", "description", "status", "assignee_id", "created_at", "updated_at",
            "completed_at", *CREATOR_COLUMNS,
        )  # fmt: skip
        self.follow_ups = Table(
            FollowUp, "id", "incident_id", "title", "status", "assignee_id", "created_at", "updated_at",
            "completed_at", *CREATOR_COLUMNS, "priority_id", "assignee_team_id", "labels", "issue_provider",
            "issue_name", "issue_permalink",
        )  # fmt: skip
        self.updates = Table(
            IncidentUpdate, "id", "incident_id", "message", "new_incident_status_id", "new_severity_id",
            "merged_into_incident_id", "is_report", "created_at", *CREATOR_COLUMNS,
        )  # fmt: skip
        self.verdicts = Table(
            SimilarityVerdict, "id", "incident_id", "other_incident_id", "report_id", "verdict", "source", "score",
            "level", "reasons", "weights_version", "judged_at", *CREATOR_COLUMNS,
        )  # fmt: skip
        self.search_texts = SearchTexts(word_reader)
        self.events = Table(
            IncidentEvent, "id", "incident_id", "kind", "details", "incident_update_id", "created_at",
            *CREATOR_COLUMNS,
        )  # fmt: skip

    def write(self) -> None:
        """Store everything that was noted; fourteen statements, within the caller's transaction."""
        for table in vars(self).values():
            table.write()


def table_names() -> list[str]:
    """Return the names of the tables in the database."""
    return [table.name for table in vars(Tables()).values()]

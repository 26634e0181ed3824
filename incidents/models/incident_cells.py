"""What lists show of incidents in the columns that people choose: one query for each kind of column.

The ids come from a list that was read through `visible_to` already. Nothing is asked where there are none.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce

from incidents.models.custom_field import CustomFieldEntry
from incidents.models.incident import Incident
from incidents.models.incident_role import IncidentRoleAssignment
from incidents.models.incident_timestamp import IncidentDurationMetric, IncidentTimestampValue

Ids = Sequence[str]


def read_incident_cells(incident_ids: Ids) -> list[tuple[str, str | None, str, datetime.datetime, str, str]]:
    """Return id, id of the type, name of the creator, creation, mode and visibility."""
    creator = Coalesce(
        "creator_user__name", "creator_api_key__name", "creator_alert__title", "creator_workflow__name"
    )
    rows = Incident.objects.filter(pk__in=incident_ids).order_by().annotate(creator_name=creator)
    return list(
        rows.values_list("id", "incident_type_id", "creator_name", "created_at", "mode", "visibility")
    )


def read_team_cells(incident_ids: Ids) -> list[tuple[str, str]]:
    """Return id of the incident and id of the team."""
    rows = Incident.teams.through.objects.filter(incident_id__in=incident_ids)
    return list(rows.values_list("incident_id", "team_id"))


def read_role_cells(incident_ids: Ids, role_ids: Ids) -> list[tuple[str, str, str, str]]:
    """Return id of the incident, id of the role, id and name of the person."""
    rows = IncidentRoleAssignment.objects.filter(incident__in=incident_ids, incident_role__in=role_ids)
    return list(rows.values_list("incident_id", "incident_role_id", "assignee_id", "assignee__name"))


def read_field_cells(incident_ids: Ids, field_ids: Ids) -> list[tuple[Any, ...]]:
    """Return, by position: ids of incident, field and option, name of the catalog entry, number, text, link."""
    rows = CustomFieldEntry.objects.filter(incident__in=incident_ids, custom_field__in=field_ids)
    return list(
        rows.order_by("position", "id").values_list(
            "incident_id",
            "custom_field_id",
            "value_option_id",
            F("value_catalog_entry__name"),
            "value_numeric",
            "value_text",
            "value_link",
        )
    )


def read_timestamp_cells(incident_ids: Ids, timestamp_ids: Ids) -> list[tuple[str, str, datetime.datetime]]:
    """Return id of the incident, id of the timestamp and the moment."""
    rows = IncidentTimestampValue.objects.filter(
        incident__in=incident_ids, incident_timestamp__in=timestamp_ids
    )
    return list(rows.values_list("incident_id", "incident_timestamp_id", "value"))


def read_duration_cells(incident_ids: Ids, metric_ids: Ids) -> list[tuple[str, str, int | None]]:
    """Return id of the incident, id of the metric and the seconds."""
    rows = IncidentDurationMetric.objects.filter(incident__in=incident_ids, duration_metric__in=metric_ids)
    return list(rows.values_list("incident_id", "duration_metric_id", "value_seconds"))

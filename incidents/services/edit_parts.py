"""The parts of an edit that have rows of their own: roles, custom fields, timestamps, teams."""

from __future__ import annotations

from collections.abc import Iterable

from incidents.models import CustomField, CustomFieldEntry, Incident, IncidentEvent, IncidentRole, User
from incidents.services.changes import Changes
from incidents.services.custom_fields import (
    clean_custom_fields,
    require_custom_fields,
    write_custom_fields,
)
from incidents.services.drafts import UNSET, IncidentEdit
from incidents.services.history import told
from incidents.services.memberships import add_members
from incidents.services.metrics import moments_of, write_duration_metrics
from incidents.services.status_change import write_moments
from incidents.services.validation import check_roles, clean_people, clean_teams, clean_timestamps

_Kind = IncidentEvent.Kind


def apply_parts(changes: Changes, edit: IncidentEdit) -> None:
    """Note and store what the edit changes in roles, custom fields, timestamps and teams."""
    if edit.roles:
        _apply_roles(changes, edit)
    if edit.custom_fields:
        _apply_custom_fields(changes, edit)
    if edit.timestamps:
        _apply_timestamps(changes, edit)
    if edit.team_ids is not UNSET:
        _apply_teams(changes, edit.team_ids)


def _apply_roles(changes: Changes, edit: IncidentEdit) -> None:
    incident, roles = changes.incident, check_roles(edit.roles, changes.configuration, changes.problems)
    current = {
        assignment.incident_role_id: assignment.assignee
        for assignment in incident.role_assignments.select_related("assignee")
    }
    held_by = {role_id: person.pk for role_id, person in current.items()}
    different = {
        role_id: user_id for role_id, user_id in roles.items() if (user_id or None) != held_by.get(role_id)
    }
    people = clean_people({user_id for user_id in different.values() if user_id}, changes.problems)
    for role_id, user_id in different.items():
        role = changes.configuration.incident_roles.by_id[role_id]
        assignee = people.get(user_id) if user_id else None
        if role.role_type == IncidentRole.RoleType.REPORTER and current.get(role_id) is not None:
            changes.problems.add(
                "incident_role_assignments", "The reporter is who declared the incident.", "not_allowed"
            )
        elif not user_id or assignee is not None:
            _assign(changes, role, before=current.get(role_id), after=assignee)


def _assign(changes: Changes, role: IncidentRole, *, before: User | None, after: User | None) -> None:
    rows = changes.incident.role_assignments
    if after is None:
        rows.filter(incident_role=role).delete()
    else:
        rows.update_or_create(incident_role=role, defaults={"assignee": after})
        if changes.incident.is_private:
            add_members(changes.incident, changes.history, [after])
    changes.history.add(_Kind.ROLE_CHANGED, role=told(role), **{"from": told(before), "to": told(after)})


def _apply_custom_fields(changes: Changes, edit: IncidentEdit) -> None:
    incident, configuration = changes.incident, changes.configuration
    cleaned = clean_custom_fields(edit.custom_fields, configuration, changes.problems)
    always = [
        field
        for field in configuration.custom_fields
        if field.pk in cleaned and field.required == CustomField.Required.ALWAYS
    ]
    filled = [field_id for field_id, values in cleaned.items() if values]
    require_custom_fields(filled, always, changes.problems, when="to save")
    before = labels_by_field(incident)
    different = {
        field_id: values
        for field_id, values in cleaned.items()
        if [value.label for value in values] != before.get(field_id, [])
    }
    for field_id, values in different.items():
        field = configuration.custom_fields.by_id[field_id]
        changes.history.add(
            _Kind.FIELD_CHANGED,
            field=told(field),
            **{"from": before.get(field_id, []), "to": [value.label for value in values]},
        )
    write_custom_fields(incident.pk, different, is_new=False)


def labels_by_field(incident: Incident) -> dict[str, list[str]]:
    """Return the values of the incident's custom fields as people read them, by field id; one query."""
    entries = CustomFieldEntry.objects.filter(incident=incident).order_by("custom_field_id", "position")
    found: dict[str, list[str]] = {}
    for entry in entries.select_related("value_option", "value_catalog_entry"):
        found.setdefault(entry.custom_field_id, []).append(entry.label)
    return found


def _apply_timestamps(changes: Changes, edit: IncidentEdit) -> None:
    incident, configuration = changes.incident, changes.configuration
    cleaned = clean_timestamps(edit.timestamps, configuration, changes.problems)
    before = moments_of(incident.pk)
    different = {pk: moment for pk, moment in cleaned.items() if moment != before.get(pk)}
    if not different:
        return
    for timestamp_id, moment in different.items():
        changes.history.add(
            _Kind.TIMESTAMP_CHANGED,
            timestamp=told(configuration.incident_timestamps.by_id[timestamp_id]),
            **{"from": _iso(before.get(timestamp_id)), "to": _iso(moment)},
        )
    emptied = [pk for pk, moment in different.items() if moment is None]
    if emptied:
        incident.timestamp_values.filter(incident_timestamp_id__in=emptied).delete()
    written = {pk: moment for pk, moment in different.items() if moment is not None}
    write_moments(incident.pk, written)
    moments = {pk: moment for pk, moment in before.items() if pk not in emptied} | written
    write_duration_metrics(incident.pk, moments, is_open=incident.is_open, configuration=configuration)


def _apply_teams(changes: Changes, team_ids: Iterable[str]) -> None:
    wanted = clean_teams([*team_ids], changes.configuration, changes.problems)
    teams = changes.configuration.teams.by_id
    before = [*changes.incident.teams.order_by("name").values_list("pk", flat=True)]
    if set(wanted) == set(before) or any(pk not in teams for pk in wanted):
        return
    changes.incident.teams.set([teams[pk] for pk in wanted])
    changes.history.add(
        _Kind.PROPERTY_CHANGED,
        property="teams",
        **{"from": [teams[pk].name for pk in before if pk in teams], "to": [teams[pk].name for pk in wanted]},
    )


def _iso(moment: object) -> str | None:
    return moment.isoformat() if hasattr(moment, "isoformat") else None

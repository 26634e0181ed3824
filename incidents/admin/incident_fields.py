"""The fields of the incident form that depend on the configuration: roles and custom fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget

from incidents.admin.suggestions import SuggestedRow
from incidents.models import (
    CatalogEntry,
    Configuration,
    CustomField,
    CustomFieldEntry,
    Incident,
    IncidentRole,
    IncidentRoleAssignment,
    User,
)
from incidents.models.custom_field import plain_number

# Beyond this an entry is typed: its id, external id or alias.
MOST_ENTRIES_OFFERED = 500
_Required = CustomField.Required


def role_name(role_id: str) -> str:
    """Return the name of the field for a role."""
    return f"role_{role_id}"


def custom_field_name(field_id: str) -> str:
    """Return the name of the field for a custom field."""
    return f"custom_field_{field_id}"


def role_fields(configuration: Configuration) -> dict[str, forms.Field]:
    """Return a field for each role; the reporter is who declared."""
    return {
        role_name(role.pk): _person_field(role)
        for role in configuration.incident_roles
        if role.role_type != IncidentRole.RoleType.REPORTER
    }


def custom_fields(configuration: Configuration) -> dict[str, forms.Field]:
    """Return a form field for each custom field; one query for each catalog."""
    return {
        custom_field_name(field.pk): _custom_field(field, configuration)
        for field in configuration.custom_fields
    }


def stored_values(incident: Incident) -> dict[str, Any]:
    """Return what the incident has in roles and custom fields, by the names of the form's fields; two queries."""
    values: dict[str, Any] = {
        role_name(row.incident_role_id): row.assignee_id for row in incident.role_assignments.all()
    }
    for entry in incident.custom_field_entries.select_related("custom_field").order_by("position"):
        name, value = custom_field_name(entry.custom_field_id), _form_value(entry)
        if entry.custom_field.field_type == CustomField.FieldType.MULTI_SELECT:
            values.setdefault(name, []).append(value)
        else:
            values[name] = value
    return values


def chosen_roles(cleaned: Mapping[str, Any], configuration: Configuration) -> dict[str, str | None]:
    """Return the people by role id, as drafts and edits take them."""
    return {
        role.pk: None if cleaned[role_name(role.pk)] is None else cleaned[role_name(role.pk)].pk
        for role in configuration.incident_roles
        if role_name(role.pk) in cleaned
    }


def typed_values(cleaned: Mapping[str, Any], configuration: Configuration) -> dict[str, tuple[str, ...]]:
    """Return the values by custom field id, as drafts and edits take them."""
    typed: dict[str, tuple[str, ...]] = {}
    for field in configuration.custom_fields:
        name = custom_field_name(field.pk)
        if name in cleaned:
            value = cleaned[name]
            typed[field.pk] = tuple(value) if isinstance(value, list) else (value,) if value else ()
    return typed


def _person_field(role: IncidentRole) -> forms.Field:
    widget = SuggestedRow(IncidentRoleAssignment._meta.get_field("assignee"), admin.site)
    return forms.ModelChoiceField(
        User.objects.filter(is_active=True), required=False, widget=widget, label=role.name
    )


def _custom_field(field: CustomField, configuration: Configuration) -> forms.Field:
    details: dict[str, Any] = {
        "label": field.name,
        "help_text": field.description,
        # The service asks for it with a reason; here it is only marked.
        "required": field.required == _Required.ALWAYS,
    }
    choices = _choices(field, configuration) if field.is_select else None
    if choices is not None and field.field_type == CustomField.FieldType.MULTI_SELECT:
        return forms.MultipleChoiceField(choices=choices, **details)
    if choices is not None:
        return forms.ChoiceField(choices=[("", "–"), *choices], **details)
    is_long = field.field_type == CustomField.FieldType.TEXT
    widget = AdminTextareaWidget(attrs={"rows": 3}) if is_long else AdminTextInputWidget()
    return forms.CharField(widget=widget, **details)


def _choices(field: CustomField, configuration: Configuration) -> list[tuple[str, str]] | None:
    if field.catalog_type_id is None:
        return [(option.pk, option.value) for option in configuration.options[field.pk]]
    entries = CatalogEntry.objects.filter(catalog_type_id=field.catalog_type_id)
    offered = list(entries.values_list("pk", "name")[: MOST_ENTRIES_OFFERED + 1])
    return offered if len(offered) <= MOST_ENTRIES_OFFERED else None


def _form_value(entry: CustomFieldEntry) -> str:
    if entry.value_numeric is not None:
        return plain_number(entry.value_numeric)
    values = (entry.value_option_id, entry.value_catalog_entry_id, entry.value_text, entry.value_link)
    return next((value for value in values if value), "")

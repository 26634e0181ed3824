"""What a row of configuration is needed for, so that removing it can be refused with a reason."""

from __future__ import annotations

from django.db import models

from incidents.models import IncidentRole, IncidentStatus, Severity, StatusCategory, Team

# Incidents go without pauses and without a phase afterwards where nobody configured them; they begin and end in these.
_NEEDED_CATEGORIES = frozenset(StatusCategory) - {StatusCategory.PAUSED, StatusCategory.LEARNING}


def reason_to_stay(row: models.Model) -> str:
    """Return why a row cannot be removed, as a sentence, or "" where it can; queries as need_of and usage_of."""
    if reason := need_of(row):
        return reason
    users = usage_of(row)
    return f"“{row}” is in use by {', '.join(users)}. Take it from those first." if users else ""


def need_of(row: models.Model) -> str:
    """Return why a row stays though nothing refers to it, as a sentence, or "" where it may go; at most one query.

    These are the rows without which nobody can declare, end or lead an incident.
    """
    if isinstance(row, IncidentRole) and row.role_type != IncidentRole.RoleType.CUSTOM:
        return f"“{row}” is the role of the type {row.role_type}, and there has to be one."
    if isinstance(row, IncidentStatus) and row.category in _NEEDED_CATEGORIES:
        if IncidentStatus.objects.filter(category=row.category).exclude(pk=row.pk).exists():
            return ""
        label = StatusCategory(row.category).label
        return f"“{row}” is the last status of the category {label}. Add another one first."
    if isinstance(row, Severity) and not Severity.objects.exclude(pk=row.pk).exists():
        return f"“{row}” is the last severity. Add another one first."
    return ""


def usage_of(row: models.Model) -> tuple[str, ...]:
    """Return the kinds of rows that refer to this one, as people call them; one query for each kind, none counts.

    A removed team would silently leave its incidents: what hangs on incidents counts as well as what is protected.
    """
    found: dict[str, None] = {}
    for relation in row._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or not _keeps(relation):
            continue
        others = relation.related_model._base_manager.filter(**{relation.field.name: row})
        if others.exists():
            found[_plural(relation.related_model)] = None
    return tuple(found)


def _keeps(relation: models.ManyToOneRel) -> bool:
    if relation.related_model._meta.auto_created:
        return relation.model is Team
    return relation.on_delete is models.PROTECT


def _plural(model: type[models.Model]) -> str:
    owner = model._meta.auto_created or model
    assert not isinstance(owner, bool)  # noqa: S101 - Django stores the model that made the table
    return str(_IN_INCIDENTS.get(owner.__name__, owner._meta.verbose_name_plural))


# Rows that people know as part of an incident.
_IN_INCIDENTS = dict.fromkeys(
    (
        "CustomFieldEntry",
        "IncidentDurationMetric",
        "IncidentRoleAssignment",
        "IncidentTimestampValue",
        "IncidentUpdate",
    ),
    "incidents",
)

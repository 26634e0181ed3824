"""What refers to a row of configuration, so that removing it can be refused with a reason."""

from __future__ import annotations

from django.db import models

from incidents.models import Team


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

"""What the database holds, to be compared with what it holds later."""

from __future__ import annotations

from typing import Any

from django.apps import apps

# What is only ever added to: history, what was told, and the merges themselves.
TOLD = {"incidentevent", "incidentupdate", "incidentmerge", "incidentbeforemerge"}
# These go on whatever happens: a version never stands for two states, and who asks for changes must hear of each.
GOES_ON = {"version", "updated_at"}


def state_of_incidents() -> dict[str, Any]:
    """Return every row of every table of ours, but for what is only added to."""
    models = [
        model
        for model in apps.get_app_config("incidents").get_models(include_auto_created=True)
        if model._meta.model_name not in TOLD
    ]
    return {model._meta.label: sorted(map(str, map(_row, model._default_manager.all()))) for model in models}


def _row(row: Any) -> dict[str, Any]:
    return {
        field.attname: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if field.attname not in GOES_ON
    }

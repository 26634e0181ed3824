"""Custom fields as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from incidents import models
from incidents.api.errors import in_api_time
from incidents.api.reading.configuration import option_of
from incidents.api.wire import custom_fields as wire
from incidents.api.wire.base import or_unset

if TYPE_CHECKING:
    from incidents.api.wire.configuration import FieldType

# What the older version of the API calls the moment before which a field must be filled.
_REQUIRED_V1: Mapping[str, wire.RequiredV1] = {
    "never": "never",
    "before_resolution": "before_closure",
    "always": "always",
}


def field_of(row: models.CustomField) -> wire.CustomField:
    """Return a custom field."""
    return wire.CustomField(
        id=row.pk,
        name=row.name,
        description=row.description,
        field_type=cast("FieldType", row.field_type),
        created_at=in_api_time(row.created_at),
        updated_at=in_api_time(row.updated_at),
        catalog_type_id=or_unset(row.catalog_type_id),
    )


def field_v1_of(row: models.CustomField, configuration: models.Configuration) -> wire.CustomFieldV1:
    """Return a custom field with its options, none for one that was just made, and with when it is asked."""
    field = field_of(row)
    return wire.CustomFieldV1(
        **{name: getattr(field, name) for name in field.__struct_fields__},
        options=[option_of(option) for option in configuration.options.get(row.pk, ())],
        show_before_closure=row.show_before_closure,
        show_before_creation=row.show_before_creation,
        show_before_update=False,
        required=_REQUIRED_V1[row.required],
        required_v2=cast("wire.RequiredV2", row.required),
    )

"""Custom fields and their options: what is answered, and what may be sent."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from incidents.api.wire.base import Id, Moment, PaginationMeta, Wire
from incidents.api.wire.configuration import CustomFieldOption, Description, FieldType, Name

SortKey = Annotated[int, Meta(ge=-2_147_483_648, le=2_147_483_647)]
OptionValue = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        description="Without blanks at its ends, and without tabs and line ends.",
    ),
]
RequiredV1 = Literal["never", "before_closure", "always"]
RequiredV2 = Literal["never", "before_resolution", "always"]


class CustomFieldOptionCreatePayload(Wire):
    """An option to add to a field."""

    custom_field_id: Id
    value: OptionValue
    sort_key: SortKey = 1000


class CustomFieldOptionUpdatePayload(Wire):
    """An option to store."""

    value: OptionValue
    sort_key: SortKey


class CustomFieldOptionsList(Wire):
    """A page of the options of a field."""

    custom_field_options: list[CustomFieldOption]
    pagination_meta: PaginationMeta


class CustomFieldOptionsShow(Wire):
    """One option."""

    custom_field_option: CustomFieldOption


class CustomField(Wire):
    """A question that the company asks of each incident (CustomFieldV2)."""

    id: str
    name: str
    description: str
    field_type: FieldType
    created_at: Moment
    updated_at: Moment
    catalog_type_id: str | UnsetType = UNSET


class CustomFieldV1(CustomField, kw_only=True):
    """A question that the company asks of each incident, with its options and with when it is asked."""

    options: list[CustomFieldOption]
    show_before_closure: bool
    show_before_creation: bool
    show_before_update: bool
    required: RequiredV1 | UnsetType = UNSET
    required_v2: RequiredV2 | UnsetType = UNSET


class CatalogFilter(Wire):
    """Which catalog entries a field offers, by the value of another field."""

    catalog_attribute_id: Id
    custom_field_id: Id


class FixedCatalogFilter(Wire):
    """Which catalog entries a field offers, by their values."""

    catalog_attribute_id: Id
    values: Annotated[list[Id], Meta(max_length=200)]


class CustomFieldPayload(Wire):
    """A field to store."""

    name: Name
    description: Description


class CustomFieldUpdatePayload(CustomFieldPayload):
    """A field to store. Its type stays. Tocsin's catalog has no attributes, so that none can be named."""

    filter_by: CatalogFilter | UnsetType = UNSET
    fixed_filter: FixedCatalogFilter | UnsetType = UNSET
    group_by_catalog_attribute_id: Id | UnsetType = UNSET
    helptext_catalog_attribute_id: Id | UnsetType = UNSET


class CustomFieldCreatePayload(CustomFieldUpdatePayload, kw_only=True):
    """A field to add. With a catalog type, a select takes its values from there instead of from options."""

    field_type: FieldType
    catalog_type_id: Id | UnsetType = UNSET


class CustomFieldUpdatePayloadV1(CustomFieldPayload):
    """A field to store, with when it is asked. `required_v2` goes before `required`."""

    show_before_closure: bool
    show_before_creation: bool
    show_before_update: Annotated[bool, Meta(description="Not kept: updates ask for no fields.")]
    required: RequiredV1 | UnsetType = UNSET
    required_v2: RequiredV2 | UnsetType = UNSET


class CustomFieldCreatePayloadV1(CustomFieldUpdatePayloadV1, kw_only=True):
    """A field to add, with when it is asked."""

    field_type: FieldType


class CustomFieldsList(Wire):
    """Every field."""

    custom_fields: list[CustomField]


class CustomFieldsShow(Wire):
    """One field."""

    custom_field: CustomField


class CustomFieldsListV1(Wire):
    """Every field."""

    custom_fields: list[CustomFieldV1]


class CustomFieldsShowV1(Wire):
    """One field."""

    custom_field: CustomFieldV1

"""Custom Fields V2, and V1, which also tells the options and when a field is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, UnsetType

from incidents.api.errors import Problem, invalid
from incidents.api.nouns import named, next_rank, own_copy, remove_noun, store_noun
from incidents.api.reading.custom_fields import field_of, field_v1_of
from incidents.api.routes import Call, Nothing, Route
from incidents.api.wire import custom_fields as wire
from incidents.models import CatalogType, CustomField
from incidents.models.api_key_roles import Scope
from incidents.models.ulid import is_ulid

NOUN = "custom field"
_REQUIRED: Mapping[wire.RequiredV1, str] = {
    "never": CustomField.Required.NEVER,
    "before_closure": CustomField.Required.BEFORE_RESOLUTION,
    "always": CustomField.Required.ALWAYS,
}
_OF_ATTRIBUTES = (
    "filter_by",
    "fixed_filter",
    "group_by_catalog_attribute_id",
    "helptext_catalog_attribute_id",
)
_DELETED = "With its options. Only one in which no incident has a value."


def list_fields(call: Call[Nothing, Nothing]) -> wire.CustomFieldsList:
    return wire.CustomFieldsList(custom_fields=[field_of(row) for row in call.configuration.custom_fields])


def list_fields_v1(call: Call[Nothing, Nothing]) -> wire.CustomFieldsListV1:
    rows = call.configuration.custom_fields
    return wire.CustomFieldsListV1(custom_fields=[field_v1_of(row, call.configuration) for row in rows])


def show_field(call: Call[Nothing, Nothing]) -> wire.CustomFieldsShow:
    return wire.CustomFieldsShow(custom_field=field_of(_named(call)))


def show_field_v1(call: Call[Nothing, Nothing]) -> wire.CustomFieldsShowV1:
    return wire.CustomFieldsShowV1(custom_field=field_v1_of(_named(call), call.configuration))


def create_field(call: Call[Nothing, wire.CustomFieldCreatePayload]) -> wire.CustomFieldsShow:
    _refuse_attributes(call.body)
    row = _new(call.body.field_type, call)
    row.catalog_type = _catalog_type(call.body.catalog_type_id, row)
    return wire.CustomFieldsShow(custom_field=field_of(_stored(row, call)))


def create_field_v1(call: Call[Nothing, wire.CustomFieldCreatePayloadV1]) -> wire.CustomFieldsShowV1:
    return _answer_v1(_stored(_asked(_new(call.body.field_type, call), call.body), call), call)


def update_field(call: Call[Nothing, wire.CustomFieldUpdatePayload]) -> wire.CustomFieldsShow:
    row = own_copy(_named(call), NOUN)
    _refuse_attributes(call.body)
    return wire.CustomFieldsShow(custom_field=field_of(_stored(row, call)))


def update_field_v1(call: Call[Nothing, wire.CustomFieldUpdatePayloadV1]) -> wire.CustomFieldsShowV1:
    return _answer_v1(_stored(_asked(own_copy(_named(call), NOUN), call.body), call), call)


def delete_field(call: Call[Nothing, Nothing]) -> None:
    remove_noun(_named(call), call.actor)


def _named(call: Call[Any, Any]) -> CustomField:
    return named(call.configuration.custom_fields, call, NOUN)


def _new(field_type: str, call: Call[Any, Any]) -> CustomField:
    rank = next_rank(row.rank for row in call.configuration.custom_fields)
    return CustomField(field_type=field_type, rank=rank)


def _refuse_attributes(body: wire.CustomFieldUpdatePayload) -> None:
    """Refuse what names an attribute of the catalog: a field that ignored it would offer what it should not."""
    if sent := [name for name in _OF_ATTRIBUTES if getattr(body, name) is not UNSET]:
        raise invalid(
            *(Problem("unknown", "There is no such catalog attribute.", f"/{name}") for name in sent)
        )


def _catalog_type(catalog_type_id: str | UnsetType, row: CustomField) -> CatalogType | None:
    if catalog_type_id is UNSET:
        return None
    pointer = "/catalog_type_id"
    if not row.is_select:
        raise invalid(Problem("not_allowed", "Only a select takes its values from a catalog.", pointer))
    pk = catalog_type_id.upper()
    found = CatalogType.objects.filter(pk=pk).first() if is_ulid(pk) else None
    if found is None:
        raise invalid(Problem("unknown", "There is no such catalog type.", pointer))
    return found


def _asked(row: CustomField, body: wire.CustomFieldUpdatePayloadV1) -> CustomField:
    row.show_before_creation, row.show_before_closure = body.show_before_creation, body.show_before_closure
    if body.required_v2 is not UNSET:
        row.required = body.required_v2
    elif body.required is not UNSET:
        row.required = _REQUIRED[body.required]
    return row


def _stored(row: CustomField, call: Call[Any, Any]) -> CustomField:
    body: wire.CustomFieldPayload = call.body
    row.name, row.description = body.name, body.description
    store_noun(row, call.actor)
    return row


def _answer_v1(row: CustomField, call: Call[Any, Any]) -> wire.CustomFieldsShowV1:
    return wire.CustomFieldsShowV1(custom_field=field_v1_of(row, call.configuration))


ROUTES = (
    Route(
        method="GET",
        path="/v2/custom_fields",
        group="Custom fields",
        summary="List custom fields",
        handler=list_fields,
        scope=Scope.CUSTOM_FIELDS_VIEW,
        answer=wire.CustomFieldsList,
    ),
    Route(
        method="POST",
        path="/v2/custom_fields",
        group="Custom fields",
        summary="Create a custom field",
        description="A select without a catalog type is given its options one by one afterwards.",
        handler=create_field,
        scope=Scope.SETTINGS_UPDATE,
        body=wire.CustomFieldCreatePayload,
        answer=wire.CustomFieldsShow,
        status=201,
    ),
    Route(
        method="GET",
        path="/v2/custom_fields/{id}",
        group="Custom fields",
        summary="Show a custom field",
        handler=show_field,
        scope=Scope.CUSTOM_FIELDS_VIEW,
        answer=wire.CustomFieldsShow,
        refusals=(404,),
    ),
    Route(
        method="PUT",
        path="/v2/custom_fields/{id}",
        group="Custom fields",
        summary="Update a custom field",
        description="Its type and its catalog stay, and when it is asked.",
        handler=update_field,
        scope=Scope.SETTINGS_UPDATE,
        body=wire.CustomFieldUpdatePayload,
        answer=wire.CustomFieldsShow,
        refusals=(404,),
    ),
    Route(
        method="DELETE",
        path="/v2/custom_fields/{id}",
        group="Custom fields",
        summary="Delete a custom field",
        description=_DELETED,
        handler=delete_field,
        scope=Scope.SETTINGS_UPDATE,
        status=204,
        refusals=(404, 409),
    ),
    Route(
        method="GET",
        path="/v1/custom_fields",
        group="Custom fields",
        summary="List custom fields (V1)",
        handler=list_fields_v1,
        scope=Scope.CUSTOM_FIELDS_VIEW,
        answer=wire.CustomFieldsListV1,
        is_deprecated=True,
    ),
    Route(
        method="POST",
        path="/v1/custom_fields",
        group="Custom fields",
        summary="Create a custom field (V1)",
        description="What is always required has to be shown before creation.",
        handler=create_field_v1,
        scope=Scope.SETTINGS_UPDATE,
        body=wire.CustomFieldCreatePayloadV1,
        answer=wire.CustomFieldsShowV1,
        status=201,
        is_deprecated=True,
    ),
    Route(
        method="GET",
        path="/v1/custom_fields/{id}",
        group="Custom fields",
        summary="Show a custom field (V1)",
        handler=show_field_v1,
        scope=Scope.CUSTOM_FIELDS_VIEW,
        answer=wire.CustomFieldsShowV1,
        refusals=(404,),
        is_deprecated=True,
    ),
    Route(
        method="PUT",
        path="/v1/custom_fields/{id}",
        group="Custom fields",
        summary="Update a custom field (V1)",
        description="Its type and its catalog stay. What is always required has to be shown before creation.",
        handler=update_field_v1,
        scope=Scope.SETTINGS_UPDATE,
        body=wire.CustomFieldUpdatePayloadV1,
        answer=wire.CustomFieldsShowV1,
        refusals=(404,),
        is_deprecated=True,
    ),
    Route(
        method="DELETE",
        path="/v1/custom_fields/{id}",
        group="Custom fields",
        summary="Delete a custom field (V1)",
        description=_DELETED,
        handler=delete_field,
        scope=Scope.SETTINGS_UPDATE,
        status=204,
        refusals=(404, 409),
        is_deprecated=True,
    ),
)

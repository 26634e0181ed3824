"""Custom Field Options V1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from incidents.api.errors import Problem, invalid, not_found
from incidents.api.ids import id_sent
from incidents.api.nouns import own_copy, remove_noun, store_noun
from incidents.api.query import PageQuery
from incidents.api.reading.configuration import option_of
from incidents.api.reading.pages import page_of
from incidents.api.routes import Call, Nothing, Route
from incidents.api.wire import custom_fields as wire
from incidents.api.wire.base import Id
from incidents.models import CustomField, CustomFieldOption
from incidents.models.api_key_roles import Scope

NOUN = "custom field option"


class OptionsQuery(PageQuery, kw_only=True):
    """A part of the options of a field."""

    custom_field_id: Id


def list_options(call: Call[OptionsQuery, Nothing]) -> wire.CustomFieldOptionsList:
    field = _field(call.query.custom_field_id, call)
    if field is None:
        raise not_found("custom field")
    size = call.query.page_size
    rows = _rest(call.configuration.options[field.pk].rows, id_sent(call.query.after, "/after"))
    page, meta = page_of([option_of(row) for row in rows[: size + 1]], size)
    return wire.CustomFieldOptionsList(custom_field_options=page, pagination_meta=meta)


def show_option(call: Call[Nothing, Nothing]) -> wire.CustomFieldOptionsShow:
    return wire.CustomFieldOptionsShow(custom_field_option=option_of(_named(call)))


def create_option(
    call: Call[Nothing, wire.CustomFieldOptionCreatePayload],
) -> wire.CustomFieldOptionsShow:
    pointer = "/custom_field_id"
    field = _field(call.body.custom_field_id, call)
    if field is None:
        raise invalid(Problem("unknown", "There is no such custom field.", pointer))
    if not field.is_select or field.catalog_type_id is not None:
        message = "Only a select that takes no values from a catalog has options."
        raise invalid(Problem("not_allowed", message, pointer))
    return _store(CustomFieldOption(custom_field_id=field.pk), call)


def update_option(
    call: Call[Nothing, wire.CustomFieldOptionUpdatePayload],
) -> wire.CustomFieldOptionsShow:
    return _store(own_copy(_named(call), NOUN), call)


def delete_option(call: Call[Nothing, Nothing]) -> None:
    remove_noun(_named(call), call.actor)


def _field(field_id: str, call: Call[Any, Any]) -> CustomField | None:
    return call.configuration.custom_fields.by_id.get(field_id.upper())


def _named(call: Call[Any, Any]) -> CustomFieldOption:
    pk = call.path["id"].upper()
    for options in call.configuration.options.values():
        if pk in options.by_id:
            return options.by_id[pk]
    raise not_found(NOUN)


def _rest(rows: Sequence[CustomFieldOption], after: str | None) -> Sequence[CustomFieldOption]:
    if not after:
        return rows
    places = [place for place, row in enumerate(rows, 1) if row.pk == after]
    if not places:
        message = "This option is not in the field, or not any more. Begin with the first page again."
        raise invalid(Problem("unknown", message, "/after"))
    return rows[places[0] :]


def _store(
    row: CustomFieldOption,
    call: Call[Nothing, wire.CustomFieldOptionCreatePayload]
    | Call[Nothing, wire.CustomFieldOptionUpdatePayload],
) -> wire.CustomFieldOptionsShow:
    value = call.body.value
    if value != value.strip() or "\t" in value or len(value.splitlines()) > 1:
        message = "Send the value without blanks at its ends, and without tabs and line ends."
        raise invalid(Problem("invalid_value", message, "/value"))
    row.value, row.sort_key = value, call.body.sort_key
    store_noun(row, call.actor)
    return wire.CustomFieldOptionsShow(custom_field_option=option_of(row))


ROUTES = (
    Route(
        method="GET",
        path="/v1/custom_field_options",
        group="Custom field options",
        summary="List the options of a custom field",
        description="In the order of their sort keys.",
        handler=list_options,
        scope=Scope.CUSTOM_FIELDS_VIEW,
        query=OptionsQuery,
        answer=wire.CustomFieldOptionsList,
        refusals=(404,),
    ),
    Route(
        method="POST",
        path="/v1/custom_field_options",
        group="Custom field options",
        summary="Create a custom field option",
        handler=create_option,
        scope=Scope.SETTINGS_UPDATE,
        body=wire.CustomFieldOptionCreatePayload,
        answer=wire.CustomFieldOptionsShow,
        status=201,
    ),
    Route(
        method="GET",
        path="/v1/custom_field_options/{id}",
        group="Custom field options",
        summary="Show a custom field option",
        handler=show_option,
        scope=Scope.CUSTOM_FIELDS_VIEW,
        answer=wire.CustomFieldOptionsShow,
        refusals=(404,),
    ),
    Route(
        method="PUT",
        path="/v1/custom_field_options/{id}",
        group="Custom field options",
        summary="Update a custom field option",
        description="Incidents that have the option show its new value.",
        handler=update_option,
        scope=Scope.SETTINGS_UPDATE,
        body=wire.CustomFieldOptionUpdatePayload,
        answer=wire.CustomFieldOptionsShow,
        refusals=(404,),
    ),
    Route(
        method="DELETE",
        path="/v1/custom_field_options/{id}",
        group="Custom field options",
        summary="Delete a custom field option",
        description="Only one that no incident has.",
        handler=delete_option,
        scope=Scope.SETTINGS_UPDATE,
        status=204,
        refusals=(404, 409),
    ),
)

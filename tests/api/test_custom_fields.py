"""Custom Fields V2 and V1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from incident_io.models.custom_fields_list_result_v1 import CustomFieldsListResultV1
from incident_io.models.custom_fields_list_result_v2 import CustomFieldsListResultV2
from incident_io.models.custom_fields_show_result_v1 import CustomFieldsShowResultV1
from incident_io.models.custom_fields_show_result_v2 import CustomFieldsShowResultV2

from incidents.models import CatalogType, Configuration, CustomField
from incidents.services.configuration import save_noun
from tests.api.samples import MISSING_ID, UNKNOWN_IDS, count_queries
from tests.make import make_actor, make_custom_field, make_incident

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi

V1, V2 = "/v1/custom_fields", "/v2/custom_fields"
VERSIONS = (V1, V2)
REGION = {"name": "Region", "description": "Where it is felt.", "field_type": "single_select"}
ASKED = {"show_before_closure": True, "show_before_creation": True, "show_before_update": False}
SENT: dict[str, dict[str, Any]] = {V1: {**REGION, **ASKED}, V2: REGION}


def make_catalog(name: str = "Service") -> CatalogType:
    catalog_type = CatalogType(name=name)
    save_noun(catalog_type, make_actor(role="administrator"))
    return catalog_type


def test_listed_in_order(api: ApiClient) -> None:
    make_custom_field("Service", rank=2)
    note = make_custom_field("Note", field_type="text", rank=1, description="Anything else.")

    reply = api.get(V2)

    assert reply.status == 200
    assert [row["name"] for row in reply.body["custom_fields"]] == ["Note", "Service"]
    first = reply.body["custom_fields"][0]
    assert first.keys() == {"id", "name", "description", "field_type", "created_at", "updated_at"}
    assert (first["id"], first["field_type"]) == (note.pk, "text")
    assert len(CustomFieldsListResultV2.from_dict(reply.body).custom_fields) == 2


def test_the_older_version_lists_options_and_when_a_field_is_asked(api: ApiClient) -> None:
    make_custom_field("Service", options=("Checkout", "Search"), required="before_resolution")

    reply = api.get(V1)

    [field] = CustomFieldsListResultV1.from_dict(reply.body).custom_fields
    assert [option.value for option in field.options] == ["Checkout", "Search"]
    [row] = reply.body["custom_fields"]
    assert (row["required"], row["required_v2"]) == ("before_closure", "before_resolution")
    assert (row["show_before_creation"], row["show_before_closure"], row["show_before_update"]) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize("field_type", ["single_select", "multi_select", "text", "link", "numeric"])
@pytest.mark.parametrize("path", VERSIONS)
def test_created_last_and_shown(api: ApiClient, path: str, field_type: str) -> None:
    make_custom_field("Note", rank=7)

    created = api.post(path, {**SENT[path], "field_type": field_type})

    assert created.status == 201
    assert created.body["custom_field"].items() >= {**SENT[path], "field_type": field_type}.items()
    assert api.get(f"{path}/{created.body['custom_field']['id'].lower()}").body == created.body
    assert [(row.slug, row.rank) for row in Configuration.current().custom_fields][-1] == ("region", 8)


def test_each_version_is_what_its_client_reads(api: ApiClient) -> None:
    CustomFieldsShowResultV1.from_dict(api.post(V1, SENT[V1]).body)
    CustomFieldsShowResultV2.from_dict(api.post(V2, {**REGION, "name": "Zone"}).body)


@pytest.mark.parametrize("field_type", ["single_select", "multi_select"])
def test_a_select_takes_its_values_from_a_catalog(api: ApiClient, field_type: str) -> None:
    services = make_catalog()

    created = api.post(V2, {**REGION, "field_type": field_type, "catalog_type_id": services.pk.lower()})

    assert (created.status, created.body["custom_field"]["catalog_type_id"]) == (201, services.pk)
    assert CustomField.objects.get().catalog_type == services


def test_what_is_no_select_takes_nothing_from_a_catalog(api: ApiClient) -> None:
    body = {**REGION, "field_type": "text", "catalog_type_id": make_catalog().pk}

    reply = api.post(V2, body)

    assert (reply.status, reply.pointers) == (422, ["/catalog_type_id"])
    assert not CustomField.objects.exists()


@pytest.mark.parametrize(
    ("sent", "required"),
    [
        ({}, "never"),
        ({"required": "before_closure"}, "before_resolution"),
        ({"required": "always"}, "always"),
        ({"required_v2": "before_resolution"}, "before_resolution"),
        ({"required": "never", "required_v2": "always"}, "always"),
    ],
)
def test_the_older_version_says_when_a_field_is_required(
    api: ApiClient, sent: dict[str, str], required: str
) -> None:
    created = api.post(V1, {**SENT[V1], **sent})

    assert (created.status, created.body["custom_field"]["required_v2"]) == (201, required)
    assert CustomField.objects.get().required == required


def test_updated_without_its_type(api: ApiClient) -> None:
    field = make_custom_field("Region", required="always")

    reply = api.put(f"{V2}/{field.pk}", {"name": "Zone", "description": "", "field_type": "text"})

    assert reply.status == 200
    assert reply.body["custom_field"].items() >= {"name": "Zone", "field_type": "single_select"}.items()
    assert CustomField.objects.get().required == "always"


def test_the_older_version_changes_when_a_field_is_asked(api: ApiClient) -> None:
    field = make_custom_field("Region", options=("Europe",), required="before_resolution")
    hidden = {**SENT[V1], "show_before_creation": False}

    kept = api.put(f"{V1}/{field.pk}", hidden)
    freed = api.put(f"{V1}/{field.pk}", {**hidden, "required": "never"})

    shown = kept.body["custom_field"]
    assert (kept.status, shown["show_before_creation"], shown["show_before_closure"]) == (200, False, True)
    assert (shown["required_v2"], freed.body["custom_field"]["required_v2"]) == ("before_resolution", "never")
    assert [option["value"] for option in shown["options"]] == ["Europe"]


@pytest.mark.parametrize("path", VERSIONS)
def test_deleted_with_its_options_unless_incidents_have_values(api: ApiClient, path: str) -> None:
    used, unused = (
        make_custom_field("Service", options=("Checkout",)),
        make_custom_field("Zone", options=("A",)),
    )
    make_incident(custom_fields={used.pk: ("checkout",)})

    deleted = api.delete(f"{path}/{unused.pk}")

    assert (deleted.status, deleted.body) == (204, None)
    assert api.get(f"{path}/{unused.pk}").status == 404
    refused = api.delete(f"{path}/{used.pk}")
    assert (refused.status, refused.body["type"]) == (409, "conflict")
    assert refused.body["errors"][0]["message"].startswith("“Service” is in use by incidents.")
    assert [row.slug for row in Configuration.current().custom_fields] == ["service"]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"name": "x" * 51}, "/name"),
    ({"name": "Re\x00gion"}, "/name"),
    ({"name": "   "}, "/name"),
    ({"name": None}, "/name"),
    ({"name": 10**30}, "/name"),
    ({"name": "Note"}, "/name"),
    ({"description": "x" * 1_001}, "/description"),
    ({"description": "\x00"}, "/description"),
    ({"description": 4.5}, "/description"),
]
BAD_V1: list[tuple[dict[str, Any], str]] = [
    ({"show_before_creation": "yes"}, "/show_before_creation"),
    ({"show_before_creation": None}, "/show_before_creation"),
    ({"show_before_creation": False, "required_v2": "always"}, "/show_before_creation"),
    ({"show_before_closure": 1}, "/show_before_closure"),
    ({"show_before_update": {}}, "/show_before_update"),
    ({"required": "before_resolution"}, "/required"),
    ({"required": 10**30}, "/required"),
    ({"required_v2": "before_closure"}, "/required_v2"),
    ({"required_v2": None}, "/required_v2"),
]
BAD_V2: list[tuple[dict[str, Any], str]] = [
    ({"filter_by": {"catalog_attribute_id": MISSING_ID, "custom_field_id": MISSING_ID}}, "/filter_by"),
    ({"filter_by": {"catalog_attribute_id": MISSING_ID}}, "/filter_by/custom_field_id"),
    ({"fixed_filter": {"catalog_attribute_id": MISSING_ID, "values": []}}, "/fixed_filter"),
    ({"fixed_filter": {"catalog_attribute_id": MISSING_ID, "values": [10**30]}}, "/fixed_filter/values/0"),
    ({"group_by_catalog_attribute_id": MISSING_ID}, "/group_by_catalog_attribute_id"),
    ({"helptext_catalog_attribute_id": MISSING_ID}, "/helptext_catalog_attribute_id"),
]
BAD_NEW: list[tuple[dict[str, Any], str]] = [
    ({"field_type": "date"}, "/field_type"),
    ({"field_type": None}, "/field_type"),
    ({"field_type": 10**30}, "/field_type"),
]
BAD_CATALOG: list[tuple[dict[str, Any], str]] = [
    ({"catalog_type_id": MISSING_ID}, "/catalog_type_id"),
    ({"catalog_type_id": "Service"}, "/catalog_type_id"),
    ({"catalog_type_id": ""}, "/catalog_type_id"),
    ({"catalog_type_id": "\x00"}, "/catalog_type_id"),
    ({"catalog_type_id": "x" * 201}, "/catalog_type_id"),
    ({"catalog_type_id": None}, "/catalog_type_id"),
    ({"catalog_type_id": MISSING_ID, "field_type": "text"}, "/catalog_type_id"),
]


@pytest.mark.parametrize(
    ("path", "change", "pointer"),
    [
        *((path, *bad) for path in VERSIONS for bad in (*BAD, *BAD_NEW)),
        *((V1, *bad) for bad in BAD_V1),
        *((V2, *bad) for bad in (*BAD_V2, *BAD_CATALOG)),
    ],
)
def test_what_cannot_be_created_is_refused_where_it_stands(
    api: ApiClient, path: str, change: dict[str, Any], pointer: str
) -> None:
    make_custom_field("Note")

    reply = api.post(path, {**SENT[path], **change})

    assert (reply.status, reply.pointers) == (422, [pointer])
    assert CustomField.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "change", "pointer"),
    [
        *((path, *bad) for path in VERSIONS for bad in BAD),
        *((V1, *bad) for bad in BAD_V1),
        *((V2, *bad) for bad in BAD_V2),
    ],
)
def test_what_cannot_be_stored_is_refused_where_it_stands(
    api: ApiClient, path: str, change: dict[str, Any], pointer: str
) -> None:
    make_custom_field("Note")
    field = make_custom_field("Service")

    reply = api.put(f"{path}/{field.pk}", {**SENT[path], **change})

    assert (reply.status, reply.pointers) == (422, [pointer])
    assert CustomField.objects.get(pk=field.pk).name == "Service"


def test_everything_that_is_missing_is_named(api: ApiClient) -> None:
    when = ["/show_before_closure", "/show_before_creation", "/show_before_update"]

    assert sorted(api.post(V2).pointers) == ["/description", "/field_type", "/name"]
    assert sorted(api.post(V1).pointers) == ["/description", "/field_type", "/name", *when]


@pytest.mark.parametrize("path", VERSIONS)
@pytest.mark.parametrize("named", UNKNOWN_IDS)
def test_unknown_fields_are_missing(api: ApiClient, path: str, named: str) -> None:
    at = f"{path}/{named}"

    assert [api.get(at).status, api.put(at, SENT[path]).status, api.delete(at).status] == [404] * 3


@pytest.mark.parametrize("path", VERSIONS)
def test_a_key_that_only_reads_changes_nothing(make_api: MakeApi, path: str) -> None:
    reader, at = make_api("viewer"), f"{path}/{make_custom_field().pk}"

    assert [reader.get(path).status, reader.get(at).status] == [200, 200]
    refused = [reader.post(path, SENT[path]), reader.put(at, SENT[path]), reader.delete(at)]
    assert [reply.status for reply in refused] == [403] * 3
    assert make_api("manage_settings").get(path).status == 403


@pytest.mark.parametrize("path", VERSIONS)
def test_more_fields_and_options_cost_no_more_queries(api: ApiClient, path: str) -> None:
    make_custom_field("Field", options=("A",))
    few = count_queries(api, path)
    for number in range(10):
        make_custom_field(f"Field {number}", options=("A", "B", "C"))

    assert count_queries(api, path) == few
    assert len(api.get(path).body["custom_fields"]) == 11

"""Custom Field Options V1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from incident_io.models.custom_field_options_list_result_v1 import CustomFieldOptionsListResultV1
from incident_io.models.custom_field_options_show_result_v1 import CustomFieldOptionsShowResultV1

from incidents.models import CatalogType, CustomField, CustomFieldOption
from incidents.services.configuration import save_noun
from tests.api.samples import MISSING_ID, UNKNOWN_IDS, count_queries, read_pages
from tests.make import make_actor, make_custom_field, make_incident

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi

PATH = "/v1/custom_field_options"


@pytest.fixture
def field(db: None) -> CustomField:
    return make_custom_field("Service", options=("Checkout", "Search"))


def option(value: str) -> CustomFieldOption:
    return CustomFieldOption.objects.get(value=value)


def test_listed_in_the_order_of_their_sort_keys(api: ApiClient, field: CustomField) -> None:
    save_noun(
        CustomFieldOption(custom_field=field, value="Zebra", sort_key=-1), make_actor(role="administrator")
    )
    make_custom_field("Zone", options=("Elsewhere",))

    reply = api.get(f"{PATH}?custom_field_id={field.pk.lower()}")

    assert reply.status == 200
    rows = reply.body["custom_field_options"]
    assert [(row["value"], row["sort_key"]) for row in rows] == [
        ("Zebra", -1),
        ("Checkout", 1000),
        ("Search", 1000),
    ]
    assert {row["custom_field_id"] for row in rows} == {field.pk}
    assert reply.body["pagination_meta"] == {"page_size": 25}
    assert len(CustomFieldOptionsListResultV1.from_dict(reply.body).custom_field_options) == 3


def test_read_page_by_page(api: ApiClient) -> None:
    field = make_custom_field(options=tuple(f"Option {number}" for number in range(5)))

    pages = read_pages(api, f"{PATH}?custom_field_id={field.pk}&page_size=2", "custom_field_options")

    assert [[row["value"] for row in page] for page in pages] == [
        ["Option 0", "Option 1"],
        ["Option 2", "Option 3"],
        ["Option 4"],
    ]


def test_after_the_last_option_there_is_nothing(api: ApiClient, field: CustomField) -> None:
    reply = api.get(f"{PATH}?custom_field_id={field.pk}&after={option('Search').pk}")

    assert (reply.status, reply.body["custom_field_options"]) == (200, [])


def test_a_field_that_is_no_select_has_no_options(api: ApiClient) -> None:
    field = make_custom_field("Note", field_type="text")

    assert api.get(f"{PATH}?custom_field_id={field.pk}").body["custom_field_options"] == []


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("", "/custom_field_id"),
        ("custom_field_id={id}&page_size=0", "/page_size"),
        ("custom_field_id={id}&page_size=251", "/page_size"),
        ("custom_field_id={id}&page_size=many", "/page_size"),
        ("custom_field_id={id}&after=nonsense", "/after"),
        ("custom_field_id={id}&after=" + MISSING_ID, "/after"),
        ("custom_field_id=" + "x" * 201, "/custom_field_id"),
    ],
)
def test_what_cannot_be_asked_is_told(api: ApiClient, field: CustomField, query: str, pointer: str) -> None:
    reply = api.get(f"{PATH}?{query.format(id=field.pk)}")

    assert (reply.status, reply.pointers) == (422, [pointer])


@pytest.mark.parametrize("named", [MISSING_ID, "nonsense", ""])
def test_options_of_an_unknown_field_are_missing(api: ApiClient, named: str) -> None:
    assert api.get(f"{PATH}?custom_field_id={named}").status == 404


def test_created_and_shown(api: ApiClient, field: CustomField) -> None:
    created = api.post(PATH, {"custom_field_id": field.pk.lower(), "value": "Payouts", "sort_key": 10})

    assert created.status == 201
    CustomFieldOptionsShowResultV1.from_dict(created.body)
    assert created.body["custom_field_option"] == {
        "id": option("Payouts").pk,
        "custom_field_id": field.pk,
        "value": "Payouts",
        "sort_key": 10,
    }
    assert api.get(f"{PATH}/{option('Payouts').pk.lower()}").body == created.body


def test_created_without_a_sort_key(api: ApiClient, field: CustomField) -> None:
    created = api.post(PATH, {"custom_field_id": field.pk, "value": "Payouts"})

    assert created.body["custom_field_option"]["sort_key"] == 1000


def test_the_same_value_may_be_in_two_fields(api: ApiClient, field: CustomField) -> None:
    other = make_custom_field("Zone")

    assert api.post(PATH, {"custom_field_id": other.pk, "value": "Checkout"}).status == 201


def test_updated_and_seen_on_incidents(api: ApiClient, field: CustomField) -> None:
    incident = make_incident(custom_fields={field.pk: ("checkout",)})

    reply = api.put(f"{PATH}/{option('Checkout').pk}", {"value": "Basket", "sort_key": 7})

    assert reply.status == 200
    assert reply.body["custom_field_option"].items() >= {"value": "Basket", "sort_key": 7}.items()
    [entry] = api.get(f"/v2/incidents/{incident.pk}").body["incident"]["custom_field_entries"]
    assert entry["values"][0]["value_option"]["value"] == "Basket"


def test_deleted_unless_an_incident_has_it(api: ApiClient, field: CustomField) -> None:
    make_incident(custom_fields={field.pk: ("checkout",)})
    unused = option("Search").pk

    deleted = api.delete(f"{PATH}/{unused}")

    assert (deleted.status, deleted.body) == (204, None)
    assert api.get(f"{PATH}/{unused}").status == 404
    refused = api.delete(f"{PATH}/{option('Checkout').pk}")
    assert (refused.status, refused.body["type"]) == (409, "conflict")
    assert refused.body["errors"][0]["message"].startswith("“Checkout” is in use by incidents.")


BAD: list[tuple[dict[str, Any], str]] = [
    ({"value": "x" * 201}, "/value"),
    ({"value": "Pay\x00outs"}, "/value"),
    ({"value": ""}, "/value"),
    ({"value": "\u200b"}, "/value"),
    ({"value": " Payouts"}, "/value"),
    ({"value": "Payouts\u00a0"}, "/value"),
    ({"value": "Pay\touts"}, "/value"),
    ({"value": "Pay\nouts"}, "/value"),
    ({"value": "Pay\u2028outs"}, "/value"),
    ({"value": None}, "/value"),
    ({"value": 10**30}, "/value"),
    ({"value": "Search"}, "/value"),
    ({"sort_key": 10**30}, "/sort_key"),
    ({"sort_key": 2**31}, "/sort_key"),
    ({"sort_key": "first"}, "/sort_key"),
    ({"sort_key": None}, "/sort_key"),
]
BAD_NEW: list[tuple[dict[str, Any], str]] = [
    ({"custom_field_id": MISSING_ID}, "/custom_field_id"),
    ({"custom_field_id": "nonsense"}, "/custom_field_id"),
    ({"custom_field_id": "\x00"}, "/custom_field_id"),
    ({"custom_field_id": "x" * 201}, "/custom_field_id"),
    ({"custom_field_id": None}, "/custom_field_id"),
    ({"custom_field_id": 10**30}, "/custom_field_id"),
]


@pytest.mark.parametrize(("change", "pointer"), [*BAD, *BAD_NEW])
def test_what_cannot_be_created_is_refused_where_it_stands(
    api: ApiClient, field: CustomField, change: dict[str, Any], pointer: str
) -> None:
    reply = api.post(PATH, {"custom_field_id": field.pk, "value": "Payouts", "sort_key": 1, **change})

    assert (reply.status, reply.pointers) == (422, [pointer])
    assert CustomFieldOption.objects.count() == 2


@pytest.mark.parametrize(("change", "pointer"), BAD)
def test_what_cannot_be_stored_is_refused_where_it_stands(
    api: ApiClient, field: CustomField, change: dict[str, Any], pointer: str
) -> None:
    reply = api.put(f"{PATH}/{option('Checkout').pk}", {"value": "Payouts", "sort_key": 1, **change})

    assert (reply.status, reply.pointers) == (422, [pointer])
    assert option("Checkout").sort_key == 1000


def test_everything_that_is_missing_is_named(api: ApiClient, field: CustomField) -> None:
    assert sorted(api.post(PATH).pointers) == ["/custom_field_id", "/value"]
    assert sorted(api.put(f"{PATH}/{option('Checkout').pk}").pointers) == ["/sort_key", "/value"]


def test_only_a_select_with_options_of_its_own_is_given_one(api: ApiClient) -> None:
    services = CatalogType(name="Service")
    save_noun(services, make_actor(role="administrator"))
    fields = [
        make_custom_field("Note", field_type="text"),
        make_custom_field("Service", catalog_type=services),
    ]

    replies = [api.post(PATH, {"custom_field_id": field.pk, "value": "Payouts"}) for field in fields]

    assert [(reply.status, reply.pointers) for reply in replies] == [(422, ["/custom_field_id"])] * 2


@pytest.mark.parametrize("named", UNKNOWN_IDS)
def test_unknown_options_are_missing(api: ApiClient, field: CustomField, named: str) -> None:
    at = f"{PATH}/{named}"

    replies = [api.get(at), api.put(at, {"value": "Payouts", "sort_key": 1}), api.delete(at)]

    assert [reply.status for reply in replies] == [404] * 3


def test_a_key_that_only_reads_changes_nothing(make_api: MakeApi, field: CustomField) -> None:
    reader, at = make_api("viewer"), f"{PATH}/{option('Search').pk}"
    body = {"custom_field_id": field.pk, "value": "Payouts", "sort_key": 1}

    assert [reader.get(f"{PATH}?custom_field_id={field.pk}").status, reader.get(at).status] == [200, 200]
    refused = [reader.post(PATH, body), reader.put(at, body), reader.delete(at)]
    assert [reply.status for reply in refused] == [403] * 3
    assert make_api("manage_settings").get(f"{PATH}?custom_field_id={field.pk}").status == 403


def test_more_options_cost_no_more_queries(api: ApiClient, field: CustomField) -> None:
    path = f"{PATH}?custom_field_id={field.pk}&page_size=250"
    few = count_queries(api, path)
    for number in range(20):
        save_noun(
            CustomFieldOption(custom_field=field, value=f"Option {number}"), make_actor(role="administrator")
        )

    assert count_queries(api, path) == few
    assert len(api.get(path).body["custom_field_options"]) == 22

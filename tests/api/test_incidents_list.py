"""Listing incidents by API: filters, order, pages, and who sees what."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import time_machine

from incidents.models import CatalogEntry, CatalogType, Configuration, Incident
from tests.make import make_actor, make_custom_field, make_incident, make_user, move_incident

if TYPE_CHECKING:
    from pytest_django.fixtures import DjangoAssertNumQueries

    from tests.api.conftest import ApiClient, MakeApi

PATH = "/v2/incidents"
REQUIRED = {
    "id", "name", "reference", "created_at", "updated_at", "last_activity_at", "creator", "custom_field_entries",
    "incident_role_assignments", "incident_status", "mode", "visibility", "slack_channel_id", "slack_team_id",
    "team_ids",
}  # fmt: skip


def names(api: ApiClient, query: str) -> list[str]:
    reply = api.get(f"{PATH}?{query}")
    assert reply.status == 200, reply.body
    return [incident["name"] for incident in reply.body["incidents"]]


def test_newest_first_with_everything_that_clients_need(api: ApiClient) -> None:
    make_incident("First")
    make_incident("Second")

    reply = api.get(PATH)

    assert [incident["name"] for incident in reply.body["incidents"]] == ["Second", "First"]
    assert reply.body["incidents"][0].keys() >= REQUIRED
    assert reply.body["pagination_meta"] == {"page_size": 25, "total_record_count": 2}
    assert "null" not in str(reply.body)


def test_an_empty_installation_answers_an_empty_list(api: ApiClient) -> None:
    assert api.get(PATH).body == {"incidents": [], "pagination_meta": {"page_size": 25}}


def test_tests_and_tutorials_are_left_out_unless_asked_for(api: ApiClient) -> None:
    make_incident("Real")
    make_incident("Past", mode="retrospective")
    make_incident("Practice", mode="test")
    make_incident("Lesson", mode="tutorial")

    assert names(api, "") == ["Past", "Real"]
    assert names(api, "mode[one_of]=test&mode[one_of]=tutorial") == ["Lesson", "Practice"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status_category[one_of]=live", ["major", "minor"]),
        ("status_category[not_in]=live&status_category[not_in]=triage", ["closed"]),
        ("severity[gte]={major}", ["critical", "major"]),
        ("severity[lte]={major}", ["closed", "major", "minor"]),
        ("severity[one_of]={major}&severity[one_of]={critical}", ["critical", "major"]),
        ("severity[not_in]={minor}", ["critical", "major"]),
        ("status[one_of]={triage}", ["critical"]),
        ("status[not_in]={triage}", ["closed", "major", "minor"]),
        ("incident_type[one_of]={supplier}", ["minor"]),
        ("incident_type[not_in]={supplier}", ["closed", "critical", "major"]),
        ("severity[gte]={critical}&status_category[one_of]=live", []),
        (
            "filter_mode=any&severity[gte]={critical}&status_category[one_of]=live",
            ["critical", "major", "minor"],
        ),
    ],
)
def test_filters_by_id(api: ApiClient, query: str, found: list[str]) -> None:
    make_incident("minor", severity="minor", incident_type="supplier", status="fixing")
    make_incident("major", severity="major", status="investigating")
    make_incident("critical", severity="critical", status="triage")
    move_incident(make_incident("closed", severity="minor", status="fixing"), "closed")
    configuration = Configuration.current()
    ids = {
        slug: row.pk
        for nouns in (configuration.severities, configuration.incident_statuses, configuration.incident_types)
        for slug, row in nouns.by_slug.items()
    }

    assert sorted(names(api, query.format(**ids))) == found


def test_filters_percent_encoded_as_clients_send_them(api: ApiClient) -> None:
    make_incident("minor", severity="minor")
    make_incident("major", severity="major")
    major = Configuration.current().severities.by_slug["major"].pk

    assert names(
        api, f"{quote('severity[one_of]')}={major}&page_size=25&sort_by=created_at_newest_first"
    ) == ["major"]


def test_filters_by_role_and_custom_field(api: ApiClient) -> None:
    lead_role = Configuration.current().lead_role
    assert lead_role is not None
    priya = make_user("Priya Raman")
    service = make_custom_field("Service", options=("Payouts", "Ledger"))
    catalog = CatalogType.objects.create(name="Regions")
    entry = CatalogEntry.objects.create(catalog_type=catalog, name="Europe", slug="europe", external_id="eu")
    region = make_custom_field("Region", catalog_type=catalog)
    options = Configuration.current().options[service.pk].by_slug
    make_incident("Led", roles={lead_role.pk: priya.pk})
    make_incident("Hit", custom_fields={service.pk: (options["payouts"].pk,), region.pk: (entry.pk,)})
    make_incident("Other", custom_fields={service.pk: (options["ledger"].pk,)})

    assert names(api, f"incident_role[{lead_role.pk}][one_of]={priya.pk}") == ["Led"]
    assert names(api, f"incident_role[{lead_role.pk}][is_blank]=true") == ["Other", "Hit"]
    assert names(api, f"incident_role[{lead_role.pk}][is_set]=true") == ["Led"]
    assert names(api, f"custom_field[{service.pk}][one_of]={options['payouts'].pk}") == ["Hit"]
    assert names(api, f"custom_field[{service.pk}][not_in]={options['payouts'].pk}") == ["Other", "Led"]
    assert names(api, f"custom_field[{region.pk}][one_of]={entry.pk}") == ["Hit"]
    assert names(api, f"custom_field[{service.pk}][is_blank]=true") == ["Led"]


def test_days_begin_and_end_as_the_contract_says(api: ApiClient) -> None:
    for day in (1, 2, 3):
        noon = datetime.datetime(2026, 3, day, 12, tzinfo=datetime.UTC)
        with time_machine.travel(noon, tick=False):
            make_incident(f"On the {day}.", created_at=noon)

    assert names(api, "created_at[gte]=2026-03-02") == ["On the 3.", "On the 2."]
    assert names(api, "created_at[lte]=2026-03-02") == ["On the 1."]
    assert names(api, "created_at[lte]=2026-03-02T12:00:01Z") == ["On the 2.", "On the 1."]
    assert names(api, "created_at[date_range]=2026-03-01~2026-03-02") == ["On the 2.", "On the 1."]
    assert names(api, "updated_at[gte]=2026-03-03") == ["On the 3."]


def test_pages_lead_to_the_end_and_stop(api: ApiClient) -> None:
    made = [make_incident(f"Incident {number}").pk for number in range(5)]
    seen: list[str] = []
    after = ""
    for size in (2, 2, 1):
        reply = api.get(f"{PATH}?page_size=2&after={after}")
        seen += [incident["id"] for incident in reply.body["incidents"]]
        assert len(reply.body["incidents"]) == size
        after = reply.body["pagination_meta"].get("after", "")

    assert seen == made[::-1]
    assert after == ""
    beyond = api.get(f"{PATH}?page_size=2&after={seen[-1]}")
    assert (beyond.status, beyond.body["incidents"]) == (200, [])


def test_oldest_first_goes_the_other_way(api: ApiClient) -> None:
    for number in range(3):
        make_incident(f"Incident {number}")

    first = api.get(f"{PATH}?sort_by=created_at_oldest_first&page_size=2").body
    rest = api.get(
        f"{PATH}?sort_by=created_at_oldest_first&page_size=2&after={first['pagination_meta']['after']}"
    ).body

    assert [incident["name"] for incident in first["incidents"]] == ["Incident 0", "Incident 1"]
    assert [incident["name"] for incident in rest["incidents"]] == ["Incident 2"]


def test_a_walk_sees_every_incident_once_while_others_are_made(api: ApiClient) -> None:
    made = [make_incident(f"Incident {number}").pk for number in range(6)]
    seen: list[str] = []
    after = ""
    for _ in range(3):
        reply = api.get(f"{PATH}?page_size=2&after={after}").body
        seen += [incident["id"] for incident in reply["incidents"]]
        after = reply["pagination_meta"].get("after", "")
        make_incident("Meanwhile")

    assert seen == made[::-1]


def test_private_incidents_need_global_access(make_api: MakeApi) -> None:
    make_incident("Open to all")
    make_incident("Secret", visibility="private")

    reader, global_reader = make_api("viewer"), make_api("viewer", "global_access")

    assert names(reader, "") == ["Open to all"]
    assert reader.get(PATH).body["pagination_meta"]["total_record_count"] == 1
    assert names(global_reader, "") == ["Secret", "Open to all"]
    assert global_reader.get(PATH).body["pagination_meta"]["total_record_count"] == 2


def test_totals_follow_changes_of_mode_and_visibility(api: ApiClient, make_api: MakeApi) -> None:
    incident = make_incident("One")
    make_incident("Two")
    reader = make_api("viewer")

    api.post(
        f"{PATH}/{incident.pk}/actions/edit",
        {"incident": {"visibility": "private"}, "notify_incident_channel": False},
    )
    hidden = reader.get(PATH).body["pagination_meta"]["total_record_count"]
    api.post(
        f"{PATH}/{incident.pk}/actions/edit",
        {"incident": {"visibility": "public", "mode": "test"}, "notify_incident_channel": False},
    )

    assert hidden == 1
    assert api.get(PATH).body["pagination_meta"]["total_record_count"] == 1


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("page_size=0", "/page_size"),
        ("page_size=251", "/page_size"),
        ("page_size=many", "/page_size"),
        ("page_size=1e30", "/page_size"),
        ("after=nothing", "/after"),
        ("sort_by=name", "/sort_by"),
        ("filter_mode=some", "/filter_mode"),
        ("severity[gte]=nothing", "/severity[gte]"),
        ("severity[like]=x", "/severity[like]"),
        ("status={'one_of': ['x']}", "/status"),
        ("incident_role[nothing][one_of]=x", "/incident_role[nothing][one_of]"),
        ("custom_field[nothing][one_of]=x", "/custom_field[nothing][one_of]"),
        ("created_at[gte]=0000-00-00", "/created_at[gte]"),
        ("created_at[gte]=10000-01-01", "/created_at[gte]"),
        ("created_at[date_range]=2026-03-02", "/created_at[date_range]"),
    ],
)
def test_what_cannot_be_asked_is_refused_where_it_stands(api: ApiClient, query: str, pointer: str) -> None:
    reply = api.get(f"{PATH}?{query}")

    assert (reply.status, reply.pointers) == (422, [pointer])


def test_parameters_of_others_are_tolerated(api: ApiClient) -> None:
    make_incident("One")

    assert names(api, "team_id=5&search=nothing&_=1") == ["One"]


def test_queries_do_not_grow_with_the_page(
    api: ApiClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    service = make_custom_field("Service", options=("Payouts",))
    payouts = Configuration.current().options[service.pk].by_slug["payouts"]
    actor = make_actor()
    for number in range(30):
        make_incident(f"Incident {number}", actor=actor, custom_fields={service.pk: (payouts.pk,)})
    api.get(PATH)

    for size in (1, 25, 30):
        with django_assert_num_queries(7):
            assert len(api.get(f"{PATH}?page_size={size}").body["incidents"]) == size


def test_merged_incidents_are_listed_with_their_status(api: ApiClient) -> None:
    survivor, source = make_incident("Survivor"), make_incident("Source")
    merged = Configuration.current().incident_statuses.by_slug["merged"]
    Incident.objects.filter(pk=source.pk).update(
        incident_status=merged, status_category="merged", merged_into_incident=survivor
    )

    assert names(api, "status_category[one_of]=merged") == ["Source"]

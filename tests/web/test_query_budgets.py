"""How many queries each page may cost, however many rows it shows. Add a line for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incidents.models import Actor, CatalogEntry, CatalogType, Configuration, Incident
from tests.make import make_action, make_custom_field, make_follow_up, make_incident, make_user

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

ROWS = 105
# Session, user and version of the configuration are three of each.
BUDGETS = {
    "/docs/api/POST/v2/incidents": 4,
    # Two of groups, four of figures.
    "/duplicates/": 9,
    "/incidents/": 5,
    "/incidents/?page_size=50": 5,
    "/incidents/?page_size=100": 5,
    "/incidents/?group_by=none": 5,
    "/incidents/?status_category[one_of]=any&sort_by=updated_at_newest_first": 5,
    "/incidents/?severity[gte]=major&custom_field[service][one_of]=payouts&search=checkout": 6,
    "/incidents/?search=INC-7": 7,
    "/incidents/?incident_role[lead][one_of]=me": 5,
    "/incidents/?incident_role[lead][one_of]=colleague@example.com": 6,
    "/incidents/?search=nothing-of-the-kind": 5,
    "/incidents/?incident_role[scribe][one_of]=colleague@example.com": 6,
    "/incidents/INC-7/": 15,
    "/incidents/INC-7/actions/": 7,
    "/incidents/INC-7/edit/": 9,
    "/incidents/INC-7/relationships/": 4,
    "/incidents/INC-7/tasks/": 15,
    "/incidents/INC-7/timeline/?kinds=updates": 15,
    # The panel: five of the check with a field, the fields of the incident, and its verdicts.
    "/incidents/INC-7/related/": 11,
    "/incidents/kiosk/": 4,
    "/incidents/kiosk/?status_category[one_of]=any&search=checkout": 4,
    "/incidents/merge/?id=INC-7&id=INC-8": 13,
    f"/incidents/merge/?id={'+'.join(str(number) for number in range(1, 52))}": 13,
    "/incidents/new/": 5,
    "/incidents/new/?name=Checkout+7": 11,
    "/incidents/similar/?name=Checkout+7": 11,
    "/keyboard/": 2,
    "/palette/": 3,
    "/palette/?q=checkout": 4,
    "/palette/?q=INC-7": 4,
    "/settings/feeds/": 3,
}


@pytest.fixture
def many_incidents() -> None:
    service = make_custom_field("Service", options=("Payouts",), similarity="service")
    configuration = Configuration.current()
    assert configuration.lead_role is not None
    admin = Actor.of_user(make_user("Ada", role="administrator", email="colleague@example.com"))
    payouts = configuration.options[service.pk].by_slug["payouts"].pk
    for number in range(ROWS):
        make_incident(
            f"Checkout {number}",
            actor=admin,
            roles={configuration.lead_role.pk: admin.user_id},
            custom_fields={service.pk: (payouts,)},
        )
    seventh = Incident.objects.get(number=7)
    for _ in range(ROWS):
        make_action(seventh, assignee_id=admin.user_id)
        make_follow_up(seventh, assignee_id=make_user().pk)


@pytest.mark.usefixtures("many_incidents")
def test_budgets(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client.force_login(make_user("Rosa Lund"))
    client.get("/incidents/")

    for address, budget in BUDGETS.items():
        with django_assert_num_queries(budget, info=address):
            assert client.get(address).status_code == 200


@pytest.mark.usefixtures("many_incidents")
def test_people_and_catalog_entries_are_looked_up_together(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    catalog = CatalogType.objects.create(name="Services")
    CatalogEntry.objects.create(catalog_type=catalog, name="Wallet", slug="wallet")
    make_custom_field("Affected", catalog_type=catalog)
    client.force_login(make_user("Rosa Lund"))
    client.get("/incidents/")

    with django_assert_num_queries(6):
        client.get("/incidents/?creator[one_of]=colleague@example.com&custom_field[affected][not_in]=wallet")

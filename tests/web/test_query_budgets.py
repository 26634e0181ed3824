"""How many queries each page may cost, however many rows it shows. Add a line for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incidents.models import Actor, CatalogEntry, CatalogType, Configuration, Incident
from tests.make import (
    make_action,
    make_custom_field,
    make_follow_up,
    make_incident,
    make_saved_view,
    make_user,
)

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

ROWS = 105
EVERY_KIND = (
    "name,team,creator,role:reporter,role:scribe,field:service,timestamp:reported,timestamp:fixed,"
    "duration:time-to-detect,duration:time-to-accept"
)
# Session, user and version of the configuration are three of most pages; the list reads the saved views besides.
BUDGETS = {
    "/docs/api/POST/v2/incidents": 4,
    # Two of groups, four of figures.
    "/duplicates/": 9,
    "/incidents/": 6,
    "/incidents/?page_size=50": 6,
    "/incidents/?page_size=100": 6,
    "/incidents/?group_by=none": 6,
    "/incidents/?status_category[one_of]=any&sort_by=updated_at_newest_first": 6,
    "/incidents/?severity[gte]=major&custom_field[service][one_of]=payouts&search=checkout": 7,
    "/incidents/?search=INC-7": 8,
    "/incidents/?incident_role[lead][one_of]=me": 6,
    "/incidents/?incident_role[lead][one_of]=colleague@example.com": 7,
    "/incidents/?search=nothing-of-the-kind": 6,
    "/incidents/?incident_role[scribe][one_of]=colleague@example.com": 7,
    # One more for each kind of column, however many there are of it.
    "/incidents/?columns=name,incident_type,creator,created_at,mode,visibility": 7,
    "/incidents/?columns=name,field:service": 7,
    f"/incidents/?page_size=100&columns={EVERY_KIND}": 12,
    f"/incidents/?search=checkout&columns={EVERY_KIND}": 13,
    "/incidents/bulk/": 3,
    "/incidents/bulk/?id=INC-7&id=INC-8&kind=status": 4,
    # Two of what the choice finds at all incidents: their values, and what they still lack for the status.
    "/incidents/bulk/?all=&kind=status&chosen=status&incident_status=closed": 4,
    "/incidents/bulk/?all=&kind=severity&chosen=severity&severity=minor": 4,
    "/incidents/bulk/?all=&kind=lead&chosen=lead&assignee=colleague@example.com": 8,
    "/incidents/bulk/?all=&kind=custom_field&custom_field=service&chosen=service&custom_field[service]=payouts": 5,
    "/incidents/bulk/recent/": 3,
    "/incidents/columns/": 3,
    "/incidents/facets/": 4,
    "/incidents/facets/?severity[gte]=major&status_category[one_of]=any&incident_role[lead][one_of]=me": 4,
    "/incidents/INC-7/": 15,
    "/incidents/INC-7/actions/": 7,
    "/incidents/INC-7/edit/": 9,
    "/incidents/INC-7/relationships/": 4,
    "/incidents/INC-7/tasks/": 15,
    "/incidents/INC-7/timeline/?kinds=updates": 15,
    # The panel: five of the check with a field, the fields of the incident, and its verdicts.
    "/incidents/INC-7/related/": 12,
    "/incidents/kiosk/": 4,
    "/incidents/kiosk/?status_category[one_of]=any&search=checkout": 4,
    "/incidents/merge/?id=INC-7&id=INC-8": 13,
    f"/incidents/merge/?id={'+'.join(str(number) for number in range(1, 52))}": 13,
    "/incidents/new/": 5,
    "/incidents/new/?name=Checkout+7": 12,
    "/incidents/similar/?name=Checkout+7": 12,
    "/keyboard/": 2,
    "/search-help/": 3,
    "/palette/": 4,
    "/palette/?q=checkout": 5,
    "/palette/?q=INC-7": 5,
    "/settings/feeds/": 3,
    "/views/": 3,
    "/views/counts/": 5,
    "/views/new/?severity[gte]=major": 3,
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
    for number in range(30):
        make_saved_view(f"View {number}", actor=admin, is_shared=True)


@pytest.mark.usefixtures("many_incidents")
def test_budgets(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client.force_login(make_user("Rosa Lund"))
    # What the process keeps: the configuration, and how common words are.
    client.get("/incidents/?search=checkout")

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

    with django_assert_num_queries(7):
        client.get("/incidents/?creator[one_of]=colleague@example.com&custom_field[affected][not_in]=wallet")

"""Pages by id that begin with the rows that name incidents: they hold what the filter finds, in its order."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import connection

from incidents.models import Actor, Configuration, Incident
from incidents.models.incident_conditions import led_by_rows
from incidents.models.incident_order import NEWEST_FIRST, OLDEST_FIRST
from incidents.models.incident_selection import IncidentSelection, column_of, fetch_rows
from tests.bench.filters import sampled_filters
from tests.filters.asking import filtered
from tests.make import make_actor, make_custom_field, make_incident

if TYPE_CHECKING:
    from incidents.models.incident_order import IncidentOrder
    from incidents.models.incident_queryset import IncidentQuerySet

pytestmark = pytest.mark.django_db

INCIDENTS, SIZE = 300, 7


def page(
    incidents: IncidentQuerySet, order: IncidentOrder, place: str | None = None, *, is_backwards: bool = False
) -> list[str]:
    position = None if place is None else (place,)
    sql = IncidentSelection(incidents, ("id", "name")).page(
        order, size=SIZE, position=position, is_backwards=is_backwards
    )
    return [row[0] for row in fetch_rows(sql, (column_of(Incident, "id"), None))]


@pytest.fixture
def reader() -> Actor:
    call_command("seed_demo", incidents=INCIDENTS, stdout=io.StringIO())
    return make_actor("Rosa Lund")


def queries() -> list[str]:
    """Return every filter, and those that several values can be given."""
    singles = [f"{name}={value}" for name, value in sampled_filters(Configuration.current())]
    values: dict[str, list[str]] = {}
    for single in singles:
        values.setdefault(single.partition("=")[0], []).append(single)
    return singles + ["&".join(named) for named in values.values() if len(named) > 1]


def test_every_page_by_id_holds_what_the_filter_finds(reader: Actor) -> None:
    led = set()
    for query in queries():
        incidents = filtered(query, actor=reader).incidents
        newest = list(incidents.order_by("-id").values_list("id", flat=True))
        oldest = newest[::-1]
        if led_by_rows(incidents):
            led.add(query.partition("[")[0])

        assert fetch_rows(IncidentSelection(incidents, ("id",)).count(SIZE), (None,)) == [
            [min(len(newest), SIZE + 1)]
        ], query
        assert page(incidents, NEWEST_FIRST) == newest[:SIZE], query
        assert page(incidents, OLDEST_FIRST) == oldest[:SIZE], query
        if len(newest) > SIZE:
            assert page(incidents, NEWEST_FIRST, newest[2]) == newest[3 : 3 + SIZE], query
            assert page(incidents, NEWEST_FIRST, newest[2], is_backwards=True) == newest[1::-1], query
            assert page(incidents, OLDEST_FIRST, oldest[2]) == oldest[3 : 3 + SIZE], query

    assert led == {"incident_role", "custom_field", "team"}


def test_an_incident_that_several_rows_name_comes_once() -> None:
    field = make_custom_field("Region", field_type="multi_select", options=("North", "South"))
    both = [option.pk for option in Configuration.current().options[field.pk]]
    incident = make_incident(custom_fields={field.pk: both})

    for query in ("[one_of]=north&custom_field[region][one_of]=south", "[is_set]=true"):
        incidents = filtered(f"custom_field[region]{query}").incidents
        assert page(incidents, NEWEST_FIRST) == [incident.pk]


@pytest.mark.parametrize("other", ["severity[gte]=major", "team[one_of]=data", "mode[one_of]=test"])
def test_beside_another_filter_the_database_decides_where_to_begin(reader: Actor, other: str) -> None:
    alone = filtered("team[one_of]=payments", actor=reader).incidents

    assert led_by_rows(alone)
    assert led_by_rows(filtered(f"incident_role[lead][is_set]=true&{other}", actor=reader).incidents) is None


def test_only_postgresql_has_to_be_told_to_begin_with_the_rows(reader: Actor) -> None:
    incidents = filtered("team[one_of]=payments", actor=reader).incidents
    text = IncidentSelection(incidents, ("id",)).page(NEWEST_FIRST, size=SIZE).text

    assert ("LATERAL" in text) == (connection.vendor == "postgresql")

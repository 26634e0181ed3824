"""Ids."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from incidents.models import IncidentType, Severity
from incidents.models.ulid import (
    decode_ulid,
    encode_ulid,
    first_ulid_at,
    is_ulid,
    moment_of_ulid,
    new_ulid,
    ulid_at,
)
from tests.make import make_team

NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)

NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


def test_ids_of_one_process_grow() -> None:
    minted = [new_ulid() for _ in range(10_000)]

    assert minted == sorted(set(minted))


def test_ids_grow_while_the_clock_is_put_right() -> None:
    with time_machine.travel(NOON, tick=False):
        before = new_ulid()
    with time_machine.travel(NOON - datetime.timedelta(milliseconds=900), tick=False):
        assert new_ulid() > before


def test_a_clock_that_is_set_back_is_believed() -> None:
    with time_machine.travel(NOON + datetime.timedelta(minutes=30), tick=False):
        new_ulid()
    with time_machine.travel(NOON, tick=False):
        assert moment_of_ulid(new_ulid()) == NOON


@given(st.integers(min_value=0, max_value=2**128 - 1))
def test_an_id_is_read_back(number: int) -> None:
    assert decode_ulid(encode_ulid(number)) == number


def test_the_known_example_of_the_specification_decodes() -> None:
    moment = moment_of_ulid("01ARZ3NDEKTSV4RRFFQ69G5FAV")

    assert moment.isoformat(timespec="milliseconds") == "2016-07-30T23:54:10.259+00:00"


def test_an_id_carries_its_time() -> None:
    assert moment_of_ulid(ulid_at(NOON)) == NOON


def test_a_bound_is_not_after_any_id_of_its_time() -> None:
    assert first_ulid_at(NOON) <= ulid_at(NOON) < first_ulid_at(NOON + datetime.timedelta(milliseconds=1))


@pytest.mark.parametrize("year", [1, 9999])
def test_bounds_of_the_calendar_give_ids(year: int) -> None:
    assert is_ulid(first_ulid_at(datetime.datetime(year, 1, 1, tzinfo=datetime.UTC)))


@pytest.mark.parametrize(
    "text", ["", "01ARZ3NDEK", "81ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAU\n", "é" * 26]
)
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a ULID"):
        decode_ulid(text)


@pytest.mark.django_db
def test_a_lookup_by_what_is_no_id_is_a_validation_error() -> None:
    for named in ("nonsense", "0" * 32):
        with pytest.raises(ValidationError):
            Severity.objects.filter(pk=named).exists()


@pytest.mark.django_db
def test_an_id_comes_back_from_the_database_as_its_characters() -> None:
    severity = Severity.objects.first()

    assert severity is not None
    assert Severity.objects.values_list("pk", flat=True).get(pk=severity.pk.lower()) == severity.pk


@pytest.mark.django_db
def test_rows_on_both_sides_of_a_many_to_many_table_are_prefetched() -> None:
    team = make_team()
    IncidentType.objects.get(slug="security").owning_teams.add(team)

    security = IncidentType.objects.prefetch_related("owning_teams").get(slug="security")

    assert list(security.owning_teams.all()) == [team]

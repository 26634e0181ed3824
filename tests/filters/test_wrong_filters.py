"""What a filter says that cannot be read."""

from __future__ import annotations

import datetime

import pytest
from django.http import QueryDict

from incidents.filters import Grammar, IncidentFilter
from incidents.models import Configuration, Incident
from tests.make import make_actor, make_incident

pytestmark = pytest.mark.django_db


def filtered(data: QueryDict) -> IncidentFilter:
    actor = make_actor(role="administrator")
    return IncidentFilter(
        data,
        Incident.objects.visible_to(actor),
        actor=actor,
        configuration=Configuration.current(),
        grammar=Grammar(zone=datetime.UTC),
    )


def errors(query: str) -> dict[str, list[str]]:
    found = filtered(QueryDict(query))
    assert not found.qs.exists()
    return {name: list(messages) for name, messages in found.errors.items()}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("severity[one_of]=foo", "There is no severity “foo”."),
        ("severity[one_of]=major&severity[one_of]=foo", "There is no severity “foo”."),
        ("severity[gte]=minor&severity[gte]=major", "Give one value."),
        ("status_category[one_of]=burning", "There is no status category “burning”."),
        (
            "severity[roughly]=major",
            "“roughly” does not compare Severity. Use one of: one_of, not_in, gte, lte.",
        ),
        ("severity=major", "Say how to compare, as in severity[one_of]."),
        ("weather[one_of]=rain", "Incidents cannot be filtered by “weather”."),
        ("incident_role[boss][one_of]=me", "There is no incident role “boss”."),
        ("incident_role[lead][one_of]=nobody@example.com", "There is no person “nobody@example.com”."),
        ("incident_role[lead][is_blank]=perhaps", "Write true or false, not “perhaps”."),
        ("custom_field[colour][one_of]=red", "There is no custom field “colour”."),
        ("created_at[gte]=0000-01-01", "“0000-01-01” is not a date. Write it as 2026-11-23."),
        ("created_at[lte]=10000-01-01", "“10000-01-01” is not a date. Write it as 2026-11-23."),
        ("created_at[lte]=9999-12-31", "“9999-12-31” is not a date. Write it as 2026-11-23."),
        ("created_at[gte]=yesterday", "“yesterday” is not a date. Write it as 2026-11-23."),
        ("created_at[date_range]=2026-01-01", "Write a range as 2026-11-01~2026-11-23."),
        ("created_at[date_range]=2026-02-01~2026-01-01", "The range ends before it starts."),
        ("search=" + "x" * 201, "Search for 200 characters or fewer (these are 201)."),
        ("search=a%00b", "Remove the NUL character: it cannot be stored."),
        ("creator[one_of]=a%00b", "Remove the NUL character: it cannot be stored."),
    ],
)
def test_wrong_filter_says_what_is_wrong(query: str, message: str) -> None:
    make_incident()

    found = errors(query)

    assert list(found.values()) == [[message]]


def test_long_values_are_cut_in_the_message() -> None:
    (message,) = errors("severity[one_of]=" + "x" * 300)["severity[one_of]"]

    assert len(message) < 100


def test_too_many_values_are_refused() -> None:
    query = "&".join(f"severity[one_of]=s{number}" for number in range(51))

    assert errors(query) == {"severity[one_of]": ["Choose at most 50 values."]}


def test_too_many_filters_are_refused() -> None:
    query = "&".join(f"custom_field[f{number}][one_of]=x" for number in range(31))

    assert errors(query)["custom_field[f30][one_of]"] == ["Use at most 30 filters at a time."]


def test_lone_surrogate_is_refused() -> None:
    data = QueryDict(mutable=True)
    data["search"] = "a\ud800"

    found = filtered(data)

    assert "search" in found.errors

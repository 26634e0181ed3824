"""What terms of the search box mean as filters of the address."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents.filters import filter_fields
from incidents.filters.search_language import SearchTerm, read_search
from incidents.filters.term_meanings import Meaning, TermError, TermMeanings
from incidents.models import Configuration
from incidents.web.search_help import help_lines
from tests.make import make_custom_field

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.UTC)


@pytest.fixture
def meanings() -> TermMeanings:
    make_custom_field("Affected service", options=("Payouts", "Ledger"))
    make_custom_field("Customers", field_type="numeric")
    return TermMeanings(filter_fields(Configuration.current()), NOON, datetime.UTC)


def meaning_of(text: str, meanings: TermMeanings) -> Meaning:
    (term,) = read_search(text)
    assert isinstance(term, SearchTerm)
    return meanings.meaning(term)


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("status:live", "status_category[one_of]", ("live",)),
        ("status:live,paused", "status_category[one_of]", ("live", "paused")),
        ("status:fixing", "status[one_of]", ("fixing",)),
        ("-status:closed", "status_category[not_in]", ("closed",)),
        ("severity:>=major", "severity[gte]", ("major",)),
        ("severity:>major", "severity[gte]", ("critical",)),
        ("severity:<major", "severity[lte]", ("moderate",)),
        ("Severity:MAJOR", "severity[one_of]", ("major",)),
        ("lead:me", "incident_role[lead][one_of]", ("me",)),
        ("no:lead", "incident_role[lead][is_blank]", ("true",)),
        ("-no:lead", "incident_role[lead][is_set]", ("true",)),
        ("has:reporter", "incident_role[reporter][is_set]", ("true",)),
        ("type:production", "incident_type[one_of]", ("production",)),
        ("mode:test", "mode[one_of]", ("test",)),
        ("-mode:test", "mode[one_of]", ("standard", "retrospective", "tutorial")),
        ("is:private", "visibility[one_of]", ("private",)),
        ("is:open", "status_category[one_of]", ("open",)),
        ("created:>2026-11-01", "created_at[gte]", ("2026-11-02",)),
        ("created:>=2026-11-01", "created_at[gte]", ("2026-11-01",)),
        ("created:2026-11-01..2026-11-05", "created_at[date_range]", ("2026-11-01~2026-11-05",)),
        ("updated:<7d", "updated_at[gte]", ("2026-11-19",)),
        ("updated:>3h", "updated_at[lte]", ("2026-11-26T09:00",)),
        ("affected-service:payouts", "custom_field[affected-service][one_of]", ("payouts",)),
        ("-affected-service:payouts", "custom_field[affected-service][not_in]", ("payouts",)),
        ("customers:>=100", "custom_field[customers][gte]", ("100",)),
        ("customers:=100", "custom_field[customers][is]", ("100",)),
        ("declared-by:me", "creator[one_of]", ("me",)),
    ],
)
def test_a_term_is_a_filter(text: str, name: str, values: tuple[str, ...], meanings: TermMeanings) -> None:
    assert meaning_of(text, meanings) == Meaning(name, values)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sevrity:major", "There is no field “sevrity”. Did you mean severity?"),
        ("severity:majr", "There is no severity “majr”. Did you mean major?"),
        ("status:lve", "There is no status “lve”. Did you mean live?"),
        ("is:privat", "Incidents are never “privat”. Did you mean private?"),
        ("no:leed", "There is no field “leed”. Did you mean lead?"),
        ("no:severity", "Severity cannot be asked for as empty."),
        ("-lead:me", "Incident lead cannot be left out by a minus."),
        ("severity:>critical", "No severity is above Critical."),
        ("customers:>100", "Compare Customers with >=."),
        ("lead:>=me", "Incident lead cannot be compared as in “lead:>=me”."),
        ("created:a,b", "Created takes one date, without a minus."),
    ],
)
def test_what_cannot_be_understood_is_said(text: str, message: str, meanings: TermMeanings) -> None:
    with pytest.raises(TermError) as error:
        meaning_of(text, meanings)

    assert str(error.value) == message


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_term_is_understood_or_refused(meanings: TermMeanings, data: st.DataObject) -> None:
    term = SearchTerm(
        data.draw(st.sampled_from([*meanings.names, "is", "no", "has", "x"])),
        tuple(
            data.draw(
                st.lists(
                    st.text(max_size=12) | st.sampled_from(["9999h", "0d", "~", ".."]), min_size=1, max_size=3
                )
            )
        ),
        data.draw(st.sampled_from(["", "=", ">=", "<=", ">", "<"])),
        data.draw(st.booleans()),
    )
    try:
        assert meanings.meaning(term).values
    except TermError as error:
        assert str(error)  # noqa: PT017 - either of two outcomes is right


def test_every_example_of_the_help_is_understood(meanings: TermMeanings) -> None:
    examples = [example for line in help_lines(Configuration.current()) for example in line.examples]

    assert {"lead:me", "updated:<7d", "no:affected-service", "customers:>=100"} <= set(examples)
    for example in examples:
        assert meaning_of(example, meanings).values

"""The language of the search box: what of a text is a term, and what stays text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.filters.search_language import SearchTerm, read_search, write_search


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("payout api", ("payout", "api")),
        ("status:live", (SearchTerm("status", ("live",)),)),
        ("severity:>=major", (SearchTerm("severity", ("major",), ">="),)),
        ("-status:closed,merged", (SearchTerm("status", ("closed", "merged"), is_negative=True),)),
        ('lead:"Ada Okafor"', (SearchTerm("lead", ("Ada Okafor",)),)),
        (
            'type:security "payout: api" -timeout',
            (SearchTerm("type", ("security",)), '"payout: api"', "-timeout"),
        ),
        ("affected-service:payouts", (SearchTerm("affected-service", ("payouts",)),)),
        ("updated:<7d", (SearchTerm("updated", ("7d",), "<"),)),
    ],
)
def test_terms_are_told_from_words(text: str, parts: tuple[SearchTerm | str, ...]) -> None:
    assert read_search(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/a:b",
        "12:40",
        "Error:",
        "std::vector",
        ":live",
        "status:",
        'a:"b',
        '"status:live"',
    ],
)
def test_what_people_paste_stays_text(text: str) -> None:
    assert all(isinstance(part, str) for part in read_search(text))


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    parts = read_search(text)

    assert read_search(write_search(parts)) == parts
    assert "".join(write_search(parts).split()) == "".join(text.split()) or any(
        isinstance(part, SearchTerm) for part in parts
    )


KEYS = st.from_regex(r"[^\W\d_][\w-]{0,10}", fullmatch=True)
VALUES = st.text(
    st.characters(blacklist_characters='"', blacklist_categories=["Cs"]), min_size=1, max_size=20
)
TERMS = st.builds(
    SearchTerm,
    KEYS,
    st.lists(VALUES, min_size=1, max_size=3).map(tuple),
    st.sampled_from(["", "=", ">=", "<=", ">", "<"]),
    st.booleans(),
)


@given(st.lists(TERMS, min_size=1, max_size=5).map(tuple))
def test_a_printed_term_reads_as_itself(terms: tuple[SearchTerm, ...]) -> None:
    assert read_search(write_search(terms)) == terms

"""The text gate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents import text


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("a\x00b", "nul"),
        ("half \ud800 of one", "surrogate"),
        ("x" * 201, "too_long"),
        ("x" * 1_000_000, "too_long"),
    ],
)
def test_what_cannot_be_stored_is_refused(typed: str, code: str) -> None:
    with pytest.raises(text.TextError) as refused:
        text.clean_line(typed, limit=200)

    assert refused.value.code == code


def test_a_line_loses_controls_and_extra_blanks() -> None:
    assert text.clean_line("  Checkout\x07 \t API\r\n down\x1b[0m ", limit=200) == "Checkout API down[0m"


def test_a_text_keeps_its_lines() -> None:
    assert text.clean_text("one\r\ntwo\rthree\n", limit=200) == "one\ntwo\nthree"


def test_composed_and_decomposed_letters_become_the_same() -> None:
    assert text.clean_line("Cafe\u0301", limit=200) == text.clean_line("Caf\u00e9", limit=200)


def test_right_to_left_and_emoji_stay() -> None:
    assert text.clean_line("تعطل الدفع 🔥", limit=200) == "تعطل الدفع 🔥"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Impact started", "impact-started"),
        ("Été / Ouest", "été-ouest"),
        ("  --  ", ""),
        ("snake_case", "snake-case"),
    ],
)
def test_a_slug_is_readable(name: str, slug: str) -> None:
    assert text.slug(name) == slug


@given(st.text())
def test_cleaning_twice_changes_nothing_more(typed: str) -> None:
    try:
        once = text.clean_text(typed, limit=10_000)
    except text.TextError:
        return

    assert text.clean_text(once, limit=10_000) == once

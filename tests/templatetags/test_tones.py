"""How severities, statuses and people are coloured."""

from __future__ import annotations

import pytest

from incidents.models import Configuration, IncidentStatus, User
from incidents.templatetags import tones


@pytest.mark.django_db
def test_worst_severity_has_the_loudest_tone() -> None:
    configuration = Configuration.current()
    mildest, *_, worst = configuration.severities

    assert tones.tone(configuration, worst.pk) == 5
    assert tones.tone(configuration, mildest.pk) < 5
    assert tones.tone(configuration, None) == 0


def test_status_is_drawn_by_its_category() -> None:
    status = IncidentStatus(name="Fixing", category="live")

    assert tones.status_class(status) == "status-live"
    assert tones.status_class("closed") == "status-closed"
    assert tones.glyph_class(status) == "glyph-live"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Priya Raman", "PR"),
        ("Tomás de la Vidal", "TV"),
        ("madonna", "M"),
        ("ada.okafor@example.com", "AO"),
        ("Ødegård 東京", "Ø東"),
        ("", "?"),
        ("!!!", "?"),
    ],
)
def test_initials_are_those_of_first_and_last_name(name: str, letters: str) -> None:
    assert tones.initials(name) == letters


def test_person_keeps_the_colour() -> None:
    person = User(name="Priya Raman", email="priya@example.com")

    first = tones.avatar_class(person)
    person.name = "Priya Raman-Vidal"

    assert tones.avatar_class(person) == first

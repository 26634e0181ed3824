"""How the answer of the duplicate check is put into words."""

from __future__ import annotations

import pytest

from incidents.models import Configuration
from incidents.services.declaring import look_for_similar
from incidents.services.drafts import IncidentDraft
from incidents.web.suggestions import Panel, in_words, panel_of
from tests.make import make_actor, make_incident, move_incident

pytestmark = pytest.mark.django_db

NAME = "Checkout API returning 500s in eu-west-1"


def panel_for(name: str) -> Panel:
    configuration, draft = Configuration.current(), IncidentDraft(name=name)
    return panel_of(look_for_similar(draft, make_actor(), configuration), draft, configuration)


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        (NAME, "Identical"),
        ("checkout api 5xx eu-west-1", "Very likely the same"),
        ("Checkout", "Perhaps related"),
    ],
)
def test_each_level_has_its_words(name: str, verdict: str) -> None:
    make_incident(NAME)

    assert [suggestion.verdict for suggestion in panel_for(name).suggestions] == [verdict]


def test_what_is_over_happened_before() -> None:
    move_incident(make_incident(NAME), "closed")

    assert [suggestion.verdict for suggestion in panel_for("Checkout").suggestions] == ["Happened before"]


def test_points_carry_their_sign_and_add_up_to_the_score() -> None:
    make_incident(NAME)
    make_incident("Search is slow")

    suggestion = panel_for("checkout api 5xx eu-west-1").suggestions[0]

    points = [reason.points for reason in suggestion.reasons if reason.points]
    assert sum(int(one.replace("−", "-")) for one in points) == suggestion.match.score  # noqa: RUF001
    assert all(one[0] in "+−" for one in points)  # noqa: RUF001


def test_nothing_similar_is_said() -> None:
    make_incident(NAME)

    panel = panel_for("Printer on floor 3 is out of paper")

    assert panel.heading == "No similar recent incidents"
    assert panel.footnote.startswith("Compared with 1 incident that is open")


def test_an_empty_installation_is_no_error() -> None:
    assert panel_for(NAME).footnote == "There is nothing to compare with yet."


@pytest.mark.parametrize(
    ("names", "words"),
    [(["INC-1"], "INC-1"), (["INC-1", "INC-2"], "INC-1 and INC-2"), (["a", "b", "c"], "a, b and c")],
)
def test_names_are_joined_as_people_do(names: list[str], words: str) -> None:
    assert in_words(names) == words

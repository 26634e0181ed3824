"""What the panel beside the form shows of the duplicate check's answer."""

from __future__ import annotations

import dataclasses

import pytest

from incidents.models import Configuration
from incidents.services.declaring import look_for_similar
from incidents.services.drafts import IncidentDraft
from incidents.web.suggestions import panel_of
from tests.make import make_actor, make_incident

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("score", "shown"), [(0, 0), (1, 1)])
def test_what_scores_nothing_is_not_shown(score: int, shown: int) -> None:
    make_incident("Checkout API returning 500s in eu-west-1")
    draft = IncidentDraft(name="checkout api 5xx eu-west-1")
    found = look_for_similar(draft, make_actor(), configuration=Configuration.current())
    assert found is not None
    weak = dataclasses.replace(found.matches[0], score=score, level="related")

    panel = panel_of(dataclasses.replace(found, matches=(weak,)), draft, Configuration.current())

    assert len(panel.suggestions) == shown

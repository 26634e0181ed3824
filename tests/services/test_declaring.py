"""The duplicate check of the declare form, without its pages."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from incidents.models import Actor, Configuration, Incident
from incidents.services.creation import Created
from incidents.services.declaring import HeldBack, declare_incident, is_reason, look_for_similar
from incidents.services.drafts import IncidentDraft
from tests.make import make_actor, make_custom_field, make_incident, make_user, move_incident

pytestmark = pytest.mark.django_db

NAME = "Checkout API returning 500s in eu-west-1"


def draft(name: str = NAME, **changes: object) -> IncidentDraft:
    severity = Configuration.current().severities.by_slug["major"]
    return IncidentDraft(name=name, severity_id=severity.pk, **changes)  # type: ignore[arg-type]


def test_what_is_new_is_declared() -> None:
    outcome = declare_incident(draft(), make_actor())

    assert isinstance(outcome, Created)
    assert outcome.is_new


def test_what_exists_is_held_back_and_nothing_is_stored() -> None:
    known = make_incident(NAME)

    outcome = declare_incident(draft(), make_actor())

    assert isinstance(outcome, HeldBack)
    assert [(match.incident_id, match.level) for match in outcome.unanswered] == [(known.pk, "exact")]
    assert Incident.objects.get() == known


def test_every_warning_wants_its_own_answer() -> None:
    first, second = make_incident(NAME), make_incident("Checkout API returns 500s, eu-west-1")

    outcome = declare_incident(
        draft(separate_from=(first.pk,), separate_reason="Another cluster"), make_actor()
    )

    assert isinstance(outcome, HeldBack)
    assert [match.incident_id for match in outcome.unanswered] == [second.pk]


def test_what_is_closed_holds_back_no_new_one_of_its_name() -> None:
    move_incident(make_incident(NAME), "closed")

    outcome = declare_incident(draft(), make_actor())

    levels = [match.level for match in outcome.unanswered] if isinstance(outcome, HeldBack) else []
    assert "exact" not in levels


def test_a_service_that_differs_stops_nobody() -> None:
    field = make_custom_field("Service", options=("Checkout", "Ledger"), similarity="service")
    make_incident("Latency is high", custom_fields={field.pk: ("checkout",)})

    outcome = declare_incident(draft("Latency is high", custom_fields={field.pk: ("ledger",)}), make_actor())

    assert isinstance(outcome, Created)


def test_who_may_not_declare_is_told_nothing() -> None:
    make_incident(NAME)

    with pytest.raises(PermissionDenied):
        declare_incident(draft(), Actor(user=make_user()))


def test_looking_stores_nothing() -> None:
    make_incident(NAME)

    similar = look_for_similar(draft(), make_actor(), Configuration.current())

    assert similar is not None
    assert [match.level for match in similar.matches] == ["exact"]
    assert Incident.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [("other cluster", True), ("三つ目", True), ("", False), ("ab", False), ("1234 !", False)],
)
def test_a_reason_has_letters(text: str, *, expected: bool) -> None:
    assert is_reason(text) is expected

"""What administrators change about people."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError

from incidents.models import Actor, User
from incidents.services.people import save_person
from tests.make import make_actor, make_user

pytestmark = pytest.mark.django_db


def test_a_person_is_stored_with_a_lower_case_address() -> None:
    save_person(User(email="Ines@Example.com", name=" Inês  Carvalho "), make_actor(role="administrator"))

    assert User.objects.get(email="ines@example.com").name == "Inês Carvalho"


@pytest.mark.parametrize("change", [{"role": "responder"}, {"is_active": False}])
def test_the_last_administrator_stays(change: dict[str, object]) -> None:
    administrator = make_user(role="administrator")
    actor = Actor.of_user(make_user(role="administrator"))
    User.objects.filter(pk=str(actor.user_id)).update(is_active=False)
    for name, value in change.items():
        setattr(administrator, name, value)

    with pytest.raises(ValidationError) as refusal:
        save_person(administrator, actor)

    assert list(refusal.value.message_dict) == ["role"]


def test_one_of_two_administrators_may_step_down() -> None:
    administrator = make_user(role="administrator")
    administrator.role = "viewer"

    save_person(administrator, make_actor(role="administrator"))

    assert User.objects.get(pk=administrator.pk).role == "viewer"


def test_an_address_that_is_given_up_receives_no_more_links() -> None:
    person = make_user()
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    person.email = "new@example.com"

    save_person(person, make_actor(role="administrator"))

    assert not EmailAddress.objects.filter(user=person).exists()


def test_responders_may_not_change_people() -> None:
    with pytest.raises(PermissionDenied):
        save_person(make_user(), make_actor(role="responder"))

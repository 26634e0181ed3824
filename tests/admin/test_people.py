"""People in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from incidents.models import User
from tests.admin.conftest import errors_of, form_of
from tests.make import make_user

if TYPE_CHECKING:
    from typing import Any

pytestmark = pytest.mark.django_db

ADD = "/admin/incidents/user/add/"
NEW_PASSWORD = "a loud harbour at noon"


def change_of(person: User) -> str:
    return f"/admin/incidents/user/{person.pk}/change/"


def test_a_new_person_has_no_password_yet(admin: Client) -> None:
    response = admin.post(ADD, {"email": "Priya@Example.com", "name": "Priya Raman", "role": "responder"})

    assert response.status_code == 302, errors_of(response)
    person = User.objects.get(email="priya@example.com")
    assert (person.role, person.is_active, person.has_usable_password()) == ("responder", True, False)


def test_an_administrator_sets_a_password(admin: Client) -> None:
    person = make_user()
    typed = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "usable_password": "true"}

    response = admin.post(f"/admin/incidents/user/{person.pk}/password/", typed)

    assert response.status_code == 302
    assert Client().login(email=person.email, password=NEW_PASSWORD)


def test_a_weak_password_is_refused(admin: Client) -> None:
    person = make_user()
    typed = {"password1": "password", "password2": "password", "usable_password": "true"}

    response = admin.post(f"/admin/incidents/user/{person.pk}/password/", typed)

    assert response.status_code == 200
    assert not Client().login(email=person.email, password="password")


def test_no_page_shows_a_hash(admin: Client) -> None:
    person = make_user()

    page = admin.get(change_of(person)).content.decode()

    assert person.password not in page
    assert "md5" not in page.lower()
    assert "Set a password" in page


def test_role_activity_and_time_zone_are_changed(admin: Client) -> None:
    person = make_user(role="viewer")
    sent = form_of(admin, change_of(person), role="responder", time_zone="Europe/Lisbon")
    del sent["is_active"]

    admin.post(change_of(person), sent)

    person.refresh_from_db()
    assert (person.role, person.is_active, person.time_zone) == ("responder", False, "Europe/Lisbon")


def test_who_is_deactivated_is_out_at_once(admin: Client) -> None:
    person, theirs = make_user(), Client()
    theirs.force_login(person)
    sent = form_of(admin, change_of(person))
    del sent["is_active"]

    admin.post(change_of(person), sent)

    assert theirs.get("/preferences/").status_code == 302


def test_the_last_administrator_cannot_step_down(admin: Client, administrator: User) -> None:
    path = change_of(administrator)

    response = admin.post(path, form_of(admin, path, role="viewer"))

    assert errors_of(response) == {"role": ["This is the last administrator. Make somebody else one first."]}
    administrator.refresh_from_db()
    assert administrator.role == "administrator"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "nonsense"}, "email"),
        ({"email": "x" * 300 + "@example.com"}, "email"),
        ({"email": "a\x00b@example.com"}, "email"),
        ({"email": "TAKEN@example.com"}, "email"),
        ({"name": ""}, "name"),
        ({"name": "x" * 5_000}, "name"),
        ({"name": "\x07"}, "name"),
        ({"role": "owner"}, "role"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ],
)
def test_bad_input_is_told_by_the_field(admin: Client, typed: dict[str, Any], field: str) -> None:
    make_user(email="taken@example.com")

    response = admin.post(ADD, {"email": "priya@example.com", "name": "Priya", "role": "viewer", **typed})

    assert list(errors_of(response)) == [field]
    assert User.objects.count() == 2


def test_people_are_found_by_name_and_address(admin: Client) -> None:
    make_user("Priya Raman")
    make_user("Noah Lindqvist")

    for query in ("priya", "priya-raman"):
        found = admin.get(f"/admin/incidents/user/?q={query}").context["cl"].result_list
        assert [person.name for person in found] == ["Priya Raman"]


def test_nobody_is_removed(admin: Client) -> None:
    person = make_user()

    assert admin.post(f"/admin/incidents/user/{person.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=person.pk).exists()

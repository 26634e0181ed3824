"""Logging in and out, and passwords."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from incidents.models import User
from tests.make import PASSWORD, make_user

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
NEW_PASSWORD = "eleven wet umbrellas"
ELSEWHERE = [
    "//evil.example",
    "https://evil.example/",
    "http:evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "///evil.example",
    "https:///evil.example",
    "ftp://testserver/",
]


def test_e_mail_and_password_log_in(client: Client) -> None:
    user = make_user()

    response = client.post(LOGIN, {"login": user.email.upper(), "password": PASSWORD})

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == user.pk


def test_login_leads_to_the_page_asked_for(client: Client) -> None:
    user = make_user()

    response = client.post(LOGIN, {"login": user.email, "password": PASSWORD, "next": "/preferences/"})

    assert response.headers["Location"] == "/preferences/"


@pytest.mark.parametrize("address", ELSEWHERE)
def test_login_leads_nowhere_else(client: Client, address: str) -> None:
    user = make_user()

    response = client.post(LOGIN, {"login": user.email, "password": PASSWORD, "next": address})

    assert response.headers["Location"] == "/"


def test_unknown_person_and_wrong_password_get_the_same_answer(client: Client) -> None:
    user = make_user()

    wrong = client.post(LOGIN, {"login": user.email, "password": "wrong"})
    unknown = client.post(LOGIN, {"login": "nobody@example.com", "password": "wrong"})

    assert masked(wrong.text, user.email) == masked(unknown.text, "nobody@example.com")
    assert "E-mail or password is wrong." in wrong.text


def test_failed_login_keeps_the_e_mail_but_not_the_password(client: Client) -> None:
    response = client.post(LOGIN, {"login": "alice@example.com", "password": "a secret typed wrong"})

    assert 'value="alice@example.com"' in response.text
    assert "a secret typed wrong" not in response.text


def test_sixth_failure_within_five_minutes_has_to_wait(client: Client) -> None:
    user = make_user()
    for _ in range(5):
        client.post(LOGIN, {"login": user.email, "password": "wrong"})

    response = client.post(LOGIN, {"login": user.email, "password": PASSWORD})

    assert "_auth_user_id" not in client.session
    assert "Too many tries." in response.text


def test_who_waits_can_log_in_again(client: Client) -> None:
    user = make_user()
    with time_machine.travel("2026-03-01 12:00+00:00", tick=False):
        for _ in range(5):
            client.post(LOGIN, {"login": user.email, "password": "wrong"})

    with time_machine.travel("2026-03-01 12:06+00:00", tick=False):
        response = client.post(LOGIN, {"login": user.email, "password": PASSWORD})

    assert response.status_code == 302


def test_closed_account_cannot_log_in(client: Client) -> None:
    user = make_user(is_active=False)

    client.post(LOGIN, {"login": user.email, "password": PASSWORD})

    assert "_auth_user_id" not in client.session


def test_closing_an_account_ends_its_session(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)

    response = client.get("/preferences/")

    assert response.headers["Location"].startswith(LOGIN)


def test_logging_out_takes_a_post(client: Client) -> None:
    client.force_login(make_user())

    client.get("/accounts/logout/")
    still_in = "_auth_user_id" in client.session
    client.post("/accounts/logout/")

    assert still_in
    assert "_auth_user_id" not in client.session


def test_every_page_asks_for_a_login(client: Client) -> None:
    response = client.get("/preferences/")

    assert response.headers["Location"] == f"{LOGIN}?next=/preferences/"


def test_nobody_signs_up(client: Client) -> None:
    response = client.post("/accounts/signup/", {"email": "new@example.com", "password1": NEW_PASSWORD})

    assert response.status_code == 404
    assert not User.objects.exists()


def test_the_admin_sends_to_the_same_login(client: Client) -> None:
    response = client.get("/admin/", follow=True)

    assert response.request["PATH_INFO"] == LOGIN


def test_the_admin_refuses_a_responder(client: Client) -> None:
    client.force_login(make_user(role="responder"))

    response = client.get("/admin/", follow=True)

    assert response.status_code == 403


def test_the_admin_lets_an_administrator_in(client: Client) -> None:
    client.force_login(make_user(role="administrator"))

    assert client.get("/admin/").status_code == 200


def test_password_is_changed_with_the_old_one(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    passwords = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    response = client.post("/accounts/password/change/", passwords, follow=True)

    assert response.request["PATH_INFO"] == "/preferences/"
    assert "Password changed." in response.text
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)


def test_changing_the_password_logs_other_devices_out(client: Client) -> None:
    user = make_user()
    other_device = Client()
    for device in (client, other_device):
        device.force_login(user)
    passwords = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    client.post("/accounts/password/change/", passwords)

    assert client.get("/preferences/").status_code == 200
    assert other_device.get("/preferences/").status_code == 302


@pytest.mark.parametrize("password", ["short", "password123", "1234567890123"])
def test_weak_password_is_refused(client: Client, password: str) -> None:
    user = make_user()
    client.force_login(user)
    passwords = {"oldpassword": PASSWORD, "password1": password, "password2": password}

    response = client.post("/accounts/password/change/", passwords)

    assert 'id="id_password1_error"' in response.text
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_forgotten_password_is_chosen_again_by_e_mail(client: Client, settings) -> None:
    settings.BASE_URL = "https://tocsin.example.com"
    user = make_user()
    client.post("/accounts/password/reset/", {"email": user.email})
    link = re.search(r"https://tocsin\.example\.com(/\S+)", str(mail.outbox[0].body))
    assert link is not None

    page = client.get(link[1], follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)


def test_link_of_the_e_mail_works_for_one_hour(client: Client) -> None:
    user = make_user()
    with time_machine.travel("2026-03-01 12:00+00:00", tick=False):
        client.post("/accounts/password/reset/", {"email": user.email})
    link = re.search(r"http://[^/]+(/\S+)", str(mail.outbox[0].body))
    assert link is not None

    with time_machine.travel("2026-03-01 13:01+00:00", tick=False):
        page = client.get(link[1], follow=True)

    assert "This link does not work any more" in page.text


def test_reset_does_not_tell_who_has_an_account(client: Client) -> None:
    user = make_user()

    known = client.post("/accounts/password/reset/", {"email": user.email}, follow=True)
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.com"}, follow=True)

    assert masked(known.text, user.email) == masked(unknown.text, "nobody@example.com")
    assert [message.to for message in mail.outbox] == [[user.email]]


def test_demo_password_opens_nothing_in_production(settings) -> None:
    user = User.objects.create_user("admin@example.com", "tocsin-demo", name="Admin")

    before = authenticate(None, email=user.email, password="tocsin-demo")
    settings.PRODUCTION = True
    after = authenticate(None, email=user.email, password="tocsin-demo")

    assert (before, after) == (user, None)


def test_demo_password_cannot_be_chosen_in_production(settings) -> None:
    settings.PRODUCTION = True

    with pytest.raises(ValidationError, match="Everybody knows this password"):
        validate_password("tocsin-demo")


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_reset_password_done"])
def test_pages_before_the_login_open_without_one(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("text", ["\x00", "x" * 1_000_000, "‮evil", "😀" * 200, "a@b", "'; --"])
def test_any_text_in_the_login_form_is_answered(client: Client, text: str) -> None:
    response = client.post(LOGIN, {"login": text, "password": text})

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def masked(text: str, email: str) -> str:
    """Return the page without its token and without what was typed."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text).replace(email, "")

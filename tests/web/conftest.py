"""An administrator whose password was typed just now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.make import PASSWORD, make_user

if TYPE_CHECKING:
    from django.test import Client

    from incidents.models import User


@pytest.fixture
def administrator(db: None) -> User:
    return make_user("Priya Raman", role="administrator", time_zone="Europe/Zurich")


@pytest.fixture
def admin(client: Client, administrator: User) -> Client:
    """A browser in which the administrator logged in with the password."""
    client.post("/accounts/login/", {"login": administrator.email, "password": PASSWORD})
    return client

"""An administrator who is logged in, and what a form of the admin would send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.make import make_user

if TYPE_CHECKING:
    from django.test import Client

    from incidents.models import User


@pytest.fixture
def administrator(db: None) -> User:
    return make_user("Robin Ashdown", role="administrator")


@pytest.fixture
def admin(client: Client, administrator: User) -> Client:
    """A browser in which the administrator is logged in."""
    client.force_login(administrator)
    return client


def form_of(client: Client, path: str, **typed: Any) -> dict[str, Any]:
    """Return what the form on a page would send, with what is typed in place of what it shows."""
    response = client.get(path)
    assert response.status_code == 200, response
    data: dict[str, Any] = {}
    form = response.context["adminform"].form
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    for shown in [form, *(one for formset in formsets for one in (formset.management_form, *formset.forms))]:
        for bound in shown:
            value = bound.value()
            if value is True:
                data[bound.html_name] = "on"
            elif value is not None and value is not False:
                data[bound.html_name] = (
                    [str(getattr(one, "pk", one)) for one in value] if isinstance(value, list) else value
                )
    return {**data, **typed}


def errors_of(response: Any) -> dict[str, list[str]]:
    """Return what the page says is wrong, by field."""
    assert response.status_code == 200, response
    return {name: [*errors] for name, errors in response.context["adminform"].form.errors.items()}

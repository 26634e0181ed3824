"""Who may log in, and with which password."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.http import HttpRequest

    from incidents.models import User


class PasswordBackend(AuthenticationBackend):
    """E-mail and password. The published password of the demo opens nothing in production."""

    def authenticate(  # type: ignore[override]  # allauth names the credentials by the way to log in
        self, request: HttpRequest | None, **credentials: Any
    ) -> AbstractBaseUser | None:
        """Return the person, or nothing."""
        if is_refused_password(credentials.get("password")):
            return None
        return super().authenticate(request, **credentials)


class AccountAdapter(DefaultAccountAdapter):
    """An administrator makes accounts; nobody signs up by themselves."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "E-mail or password is wrong. Check both and try again.",
        "too_many_login_attempts": "Too many tries. Wait five minutes, or reset your password.",
        "incorrect_password": "This is not your password.",
        "password_mismatch": "Type the same password twice.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse everybody."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for the password again when it was last typed too long ago; a login counts as well."""
        records = get_authentication_records(context.request, context.request.user)
        return not records or time.time() - records[-1]["at"] >= app_settings.REAUTHENTICATION_TIMEOUT

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead back to where the change began, which shows that it worked."""
        return reverse("incidents:preferences")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Lead to the address of the installation, not to whatever host the request named."""
        return settings.BASE_URL + urlsplit(super().get_reset_password_from_key_url(key)).path


class DemoPasswordValidator:
    """In production nobody can choose the published password of the demo."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for the demo's password."""
        if is_refused_password(password):
            raise ValidationError("Everybody knows this password. Choose another one.", code="password_demo")

    def get_help_text(self) -> str:
        """Return nothing: nobody would choose it who has not read about it."""
        return ""


def is_refused_password(password: str | None) -> bool:
    """Say whether this is the demo's password in an installation that is in production."""
    return settings.PRODUCTION and password == settings.DEMO_PASSWORD

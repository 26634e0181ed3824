"""allauth's forms in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms

LABELS = {
    "email": "E-mail",
    "login": "E-mail",
    "oldpassword": "Current password",
    "password": "Password",
    "password1": "New password",
    "password2": "New password again",
    "remember": "Stay logged in on this device",
}


class PlainFormMixin(forms.BaseForm):
    """Labels instead of placeholders, and no hint that repeats a link of the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)


class LoginForm(PlainFormMixin, allauth_forms.LoginForm):
    """E-mail and password."""


class ReauthenticateForm(PlainFormMixin, allauth_forms.ReauthenticateForm):
    """The password once more."""


class ChangePasswordForm(PlainFormMixin, allauth_forms.ChangePasswordForm):
    """The old password, and the new one twice."""


class ResetPasswordForm(PlainFormMixin, allauth_forms.ResetPasswordForm):
    """The address to send a link to."""


class ResetPasswordKeyForm(PlainFormMixin, allauth_forms.ResetPasswordKeyForm):
    """The new password twice, by the link of an e-mail."""

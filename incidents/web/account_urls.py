"""The addresses of login and password. Nobody signs up by themselves, and an administrator keeps the e-mail."""

from __future__ import annotations

from allauth.account import views
from django.urls import path, re_path

from incidents.web.views.errors import page_not_found

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # allauth asks for these addresses by name, so they exist, and answer that there is nothing there.
    path("confirm-email/", page_not_found, name="account_email_verification_sent"),
    path("email/", page_not_found, name="account_email"),
    path("password/set/", page_not_found, name="account_set_password"),
    path("signup/", page_not_found, name="account_signup"),
]

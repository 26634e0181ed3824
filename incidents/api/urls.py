"""Where the API is: everything below a version goes through the table of routes."""

from __future__ import annotations

from django.urls import re_path

from incidents.api.dispatch import api

app_name = "api"

urlpatterns = [
    re_path(r"^(?P<path>v[123](?:/.*)?)\Z", api, name="api"),
]

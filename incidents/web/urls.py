"""The addresses of the pages, in alphabetical order."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from incidents.web.views import health, preferences

app_name = "incidents"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="incidents:list"), name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("preferences/", preferences.preferences_edit, name="preferences"),
    path("readyz", health.readyz, name="readyz"),
    path("theme/", preferences.theme_edit, name="theme"),
]

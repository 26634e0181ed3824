"""The addresses of the pages, in alphabetical order."""

from __future__ import annotations

from django.urls import path

from incidents.web.views import declare, health, incident_list, preferences

app_name = "incidents"

urlpatterns = [
    path("", incident_list.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("incidents/", incident_list.incident_list, name="list"),
    path("incidents/new/", declare.incident_new, name="new"),
    path("incidents/similar/", declare.incident_similar, name="similar"),
    path("incidents/<str:reference>/reports/", declare.incident_reports, name="reports"),
    path("preferences/", preferences.preferences_edit, name="preferences"),
    path("readyz", health.readyz, name="readyz"),
    path("theme/", preferences.theme_edit, name="theme"),
]

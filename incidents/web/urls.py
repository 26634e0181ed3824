"""The addresses of the pages, in alphabetical order."""

from __future__ import annotations

from django.urls import path

from incidents.web.views import (
    api_keys,
    declare,
    feed_settings,
    feeds,
    health,
    incident_changes,
    incident_detail,
    incident_edit,
    incident_list,
    incident_parts,
    incident_related,
    incident_tasks,
    kiosk,
    palette,
    preferences,
    settings,
)

app_name = "incidents"

urlpatterns = [
    path("", incident_list.home, name="home"),
    path("feeds/<str:token>/incidents.atom", feeds.incidents_atom, name="atom_feed"),
    path("feeds/<str:token>/incidents.ics", feeds.incidents_calendar, name="calendar_feed"),
    path("healthz", health.healthz, name="healthz"),
    path("incidents/", incident_list.incident_list, name="list"),
    path("incidents/changes/", incident_changes.incident_changes, name="changes"),
    path("incidents/kiosk/", kiosk.kiosk, name="kiosk"),
    path("incidents/new/", declare.incident_new, name="new"),
    path("incidents/similar/", declare.incident_similar, name="similar"),
    path("incidents/<str:reference>/", incident_detail.incident_detail, name="detail"),
    path("incidents/<str:reference>/actions/", incident_tasks.incident_actions, name="actions"),
    path("incidents/<str:reference>/actions/<str:action_id>/", incident_tasks.incident_action, name="action"),
    path("incidents/<str:reference>/edit/", incident_edit.incident_edit, name="edit"),
    path("incidents/<str:reference>/follow-ups/", incident_tasks.incident_follow_ups, name="follow_ups"),
    path(
        "incidents/<str:reference>/follow-ups/<str:follow_up_id>/",
        incident_tasks.incident_follow_up,
        name="follow_up",
    ),
    path("incidents/<str:reference>/lead/", incident_parts.incident_lead, name="lead"),
    path("incidents/<str:reference>/members/", incident_parts.incident_members, name="members"),
    path(
        "incidents/<str:reference>/members/<str:user_id>/remove/",
        incident_parts.incident_member_remove,
        name="member_remove",
    ),
    path("incidents/<str:reference>/related/", incident_related.incident_related, name="related"),
    path("incidents/<str:reference>/reports/", declare.incident_reports, name="reports"),
    path("incidents/<str:reference>/roles/<str:role>/", incident_parts.incident_role, name="role"),
    path("incidents/<str:reference>/severity/", incident_parts.incident_severity, name="severity"),
    path("incidents/<str:reference>/status/", incident_parts.incident_status, name="status"),
    path("incidents/<str:reference>/tasks/", incident_tasks.incident_tasks, name="tasks"),
    path("incidents/<str:reference>/timeline/", incident_detail.incident_timeline, name="timeline"),
    path("incidents/<str:reference>/updates/", incident_detail.incident_updates, name="updates"),
    path("keyboard/", palette.keyboard, name="keyboard"),
    path("palette/", palette.palette, name="palette"),
    path("preferences/", preferences.preferences_edit, name="preferences"),
    path("readyz", health.readyz, name="readyz"),
    path("settings/", settings.settings_home, name="settings"),
    path("settings/api-keys/", api_keys.api_key_list, name="api_keys"),
    path("settings/api-keys/new/", api_keys.api_key_new, name="api_key_new"),
    path("settings/api-keys/<str:api_key_id>/edit/", api_keys.api_key_edit, name="api_key_edit"),
    path("settings/api-keys/<str:api_key_id>/revoke/", api_keys.api_key_revoke, name="api_key_revoke"),
    path("settings/api-keys/<str:api_key_id>/rotate/", api_keys.api_key_rotate, name="api_key_rotate"),
    path("settings/feeds/", feed_settings.feed_settings, name="feeds"),
    path("settings/feeds/revoke/", feed_settings.feed_revoke, name="feed_revoke"),
    path("theme/", preferences.theme_edit, name="theme"),
]

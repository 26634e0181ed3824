"""The roles of API keys (incident.io API, API Keys V1), and what each lets a key do here."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping


class Scope(enum.StrEnum):
    """What a route of the API asks for, in the API's own words."""

    INCIDENTS_VIEW = "incidents.view"
    INCIDENTS_CREATE = "incidents.create"
    INCIDENTS_EDIT = "incidents.edit"
    SEVERITIES_VIEW = "severities.view"
    INCIDENT_STATUSES_VIEW = "incident_statuses.view"
    INCIDENT_TYPES_VIEW = "incident_types.view"
    INCIDENT_ROLES_VIEW = "incident_roles.view"
    CUSTOM_FIELDS_VIEW = "custom_fields.view"
    CATALOG_VIEW = "catalog.view"
    USERS_VIEW = "users.view"
    ACTIONS_VIEW = "actions.view"
    ACTIONS_CREATE = "actions.create"
    ACTIONS_UPDATE = "actions.update"
    ACTIONS_DESTROY = "actions.destroy"
    FOLLOW_UPS_CREATE = "follow_ups.create"
    FOLLOW_UPS_UPDATE = "follow_ups.update"
    FOLLOW_UPS_DESTROY = "follow_ups.destroy"
    FOLLOW_UPS_CONNECT = "follow_ups.connect_external_issue"
    ATTACHMENTS_VIEW = "attachments.view"
    ATTACHMENTS_CREATE = "attachments.create"
    ATTACHMENTS_DESTROY = "attachments.destroy"
    MEMBERSHIPS_GRANT = "incident_memberships.grant"
    MEMBERSHIPS_REVOKE = "incident_memberships.revoke"
    SETTINGS_UPDATE = "organisation_settings.update"
    LIFECYCLES_UPDATE = "incident_lifecycles.update"
    API_KEYS_MANAGE = "api_keys.manage"
    ALERT_EVENTS_CREATE = "alert_events.create"
    PRIVATE_VIEW = "private_incidents.view"


_READS = frozenset(scope for scope in Scope if scope.endswith(".view")) - {Scope.PRIVATE_VIEW}
_EDITS = frozenset(
    {
        Scope.INCIDENTS_EDIT,
        Scope.ACTIONS_CREATE,
        Scope.ACTIONS_UPDATE,
        Scope.ACTIONS_DESTROY,
        Scope.FOLLOW_UPS_CREATE,
        Scope.FOLLOW_UPS_UPDATE,
        Scope.FOLLOW_UPS_DESTROY,
        Scope.FOLLOW_UPS_CONNECT,
        Scope.ATTACHMENTS_CREATE,
        Scope.ATTACHMENTS_DESTROY,
    }
)
# What each role that means something here is for, and the scopes that it carries.
ROLES: Mapping[str, tuple[str, frozenset[Scope]]] = {
    "viewer": ("Reads everything that is not private", _READS),
    "incident_creator": (
        "Declares incidents, and sends alerts that do",
        frozenset({Scope.INCIDENTS_CREATE, Scope.ALERT_EVENTS_CREATE}),
    ),
    "incident_editor": ("Changes incidents, their updates, actions, follow-ups and attachments", _EDITS),
    "incident_memberships_editor": (
        "Grants and takes back the sight of private incidents",
        frozenset({Scope.MEMBERSHIPS_GRANT, Scope.MEMBERSHIPS_REVOKE}),
    ),
    "manage_settings": (
        "Changes severities, statuses, roles and custom fields",
        frozenset({Scope.SETTINGS_UPDATE, Scope.LIFECYCLES_UPDATE}),
    ),
    "global_access": ("Private incidents are included", frozenset({Scope.PRIVATE_VIEW})),
    "api_keys_manage": ("Makes, rotates and revokes API keys", frozenset({Scope.API_KEYS_MANAGE})),
}
# Roles of the API for things that Tocsin does not have: a key may carry them, so that what is written elsewhere works
# unchanged, and they open nothing.
ROLES_WITHOUT_EFFECT = tuple(
    """
    act_on_behalf_of_users call_transcripts_viewer catalog_editor catalog_viewer documents_viewer escalation_creator
    glossary_entries_manage heartbeats_ping incident_workload_private_viewer incident_workload_viewer
    investigation_download investigations_editor notification_methods_manage
    notification_methods_unredacted_viewer on_call_editor on_call_viewer pay_configs_editor pay_configs_viewer
    pay_reports_editor pay_reports_viewer policies_viewer policy_findings_manage post_incident_flow_opt_out
    postmortems_manage private_escalation_workflows_editor private_workflows_editor schedule_overrides_editor
    schedules_editor schedules_reader secrets_manage secrets_use security_settings_editor status_page_publisher
    status_page_viewer team_memberships_manage telemetry_data_source_update telemetry_query_restricted
    telemetry_viewer workflows_editor workflows_viewer
    """.split()
)
KNOWN_ROLES = frozenset({*ROLES, *ROLES_WITHOUT_EFFECT})
# Only people give this one: a key that makes keys could otherwise never be taken back for good.
NOT_GRANTED_BY_KEYS = "api_keys_manage"


def scopes_of(roles: Iterable[str]) -> frozenset[Scope]:
    """Return what keys with these roles may do."""
    return frozenset().union(*(ROLES[role][1] for role in roles if role in ROLES))


def role_description(role: str) -> str:
    """Return what a role is for."""
    return ROLES[role][0] if role in ROLES else "Has no effect here"

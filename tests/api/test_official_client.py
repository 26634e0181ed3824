"""The official client drives every resource that is served, over the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from incidents.models import Configuration
from tests.api.conftest import EVERY_ROLE
from tests.api.official import OfficialClient
from tests.make import make_incident, make_user

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.live_server_helper import LiveServer

    from incidents.models import User
    from tests.api.conftest import MakeApi

pytestmark = [
    pytest.mark.usefixtures("committed_db"),
    # The client says so of everything that has a newer version.
    pytest.mark.filterwarnings("ignore:.* is deprecated and will be removed:DeprecationWarning"),
]


@pytest.fixture
def official(make_api: MakeApi, live_server: LiveServer) -> Iterator[OfficialClient]:
    api = make_api(*EVERY_ROLE, "api_keys_manage")
    with OfficialClient(live_server.url, api.token) as client:
        yield client


@pytest.fixture
def priya() -> User:
    return make_user("Priya Raman")


def severity_id(slug: str = "major") -> str:
    return Configuration.current().severities.by_slug[slug].pk


def wanted(**changes: Any) -> dict[str, Any]:
    return {
        "idempotency_key": "first",
        "visibility": "public",
        "name": "Payout API returning 502",
        "severity_id": severity_id(),
        **changes,
    }


def test_incidents_are_created_retried_shown_and_edited(official: OfficialClient, priya: User) -> None:
    lead = Configuration.current().lead_role
    assert lead is not None
    assigned = [{"incident_role_id": lead.pk, "assignee": {"email": priya.email}}]

    created = official.call(
        "incidents_v2", "create", body=wanted(incident_role_assignments=assigned)
    ).incident
    retried = official.call(
        "incidents_v2", "create", body=wanted(incident_role_assignments=assigned)
    ).incident
    edited = official.call(
        "incidents_v2",
        "edit",
        id=created.id,
        body={"incident": {"name": "Payouts fail"}, "notify_incident_channel": False},
    ).incident
    shown = official.call("incidents_v2", "show", id=created.reference.removeprefix("INC-")).incident

    assert retried.id == created.id
    assert created.incident_role_assignments[0].assignee.email == priya.email
    assert (edited.name, shown.name) == ("Payouts fail", "Payouts fail")


def test_incidents_are_listed_with_filters_to_the_end(official: OfficialClient) -> None:
    for number in range(5):
        make_incident(f"Major {number}", severity="major")
    make_incident("Minor", severity="minor")
    seen: list[str] = []
    given: dict[str, Any] = {"severity": {"one_of": [severity_id()]}, "page_size": 2}

    for size in (2, 2, 1):
        page = official.call("incidents_v2", "list", **given)
        assert len(page.incidents) == size
        seen += [incident.name for incident in page.incidents]
        given["after"] = page.pagination_meta.after

    assert seen == [f"Major {number}" for number in (4, 3, 2, 1, 0)]
    assert not page.pagination_meta.after
    assert page.pagination_meta.total_record_count == 5
    every = official.call(
        "incidents_v2",
        "list",
        status_category={"one_of": ["live"]},
        created_at={"gte": ["2020-01-01"]},
        filter_mode="any",
        sort_by="created_at_oldest_first",
    )
    assert len(every.incidents) == 6


def test_errors_are_understood(official: OfficialClient, live_server: LiveServer) -> None:
    missing = official.refused("incidents_v2", "show", id="999")
    invalid = official.refused("incidents_v2", "create", body=wanted(severity_id="nothing"))
    with OfficialClient(live_server.url, "toc_nobody") as nobody:
        stranger = nobody.refused("incidents_v2", "list")

    assert missing.type_.value == "not_found"
    assert invalid.type_.value == "validation_error"
    assert invalid.to_dict()["errors"][0]["source"]["pointer"] == "/severity_id"
    assert stranger.type_.value == "authentication_error"


def test_incidents_of_the_first_version(official: OfficialClient) -> None:
    body = {**wanted(), "mode": "real", "status": "fixing"}

    created = official.call("incidents_v1", "create", body=body).incident

    assert created.status.value == "fixing"
    assert official.call("incidents_v1", "show", id=created.id).incident.name == created.name
    assert [one.id for one in official.call("incidents_v1", "list").incidents] == [created.id]


# Configuration: each is created, shown, changed, listed and deleted. The names of its lists follow from the group.
NOUNS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "severities_v1": ("severity", {"name": "Apocalypse", "description": ""}, {"rank": 9}),
    "incident_statuses_v1": (
        "incident_status",
        {"name": "Verifying", "description": "", "category": "live"},
        {"description": "Is it really gone?"},
    ),
    "incident_roles_v1": (
        "incident_role",
        {
            "name": "Liaison",
            "description": "Talks.",
            "instructions": "",
            "shortform": "talk",
            "required": True,
        },
        {"shortform": "liaison"},
    ),
    "incident_roles_v2": (
        "incident_role",
        {"name": "Liaison", "description": "Talks.", "instructions": "", "shortform": "talk"},
        {"shortform": "liaison"},
    ),
    "custom_fields_v1": (
        "custom_field",
        {
            "name": "Customers",
            "description": "",
            "field_type": "numeric",
            "required": "never",
            "show_before_closure": True,
            "show_before_creation": True,
            "show_before_update": False,
        },
        {"description": "How many."},
    ),
    "custom_fields_v2": (
        "custom_field",
        {"name": "Customers", "description": "", "field_type": "numeric"},
        {"description": "How many."},
    ),
}


@pytest.mark.parametrize("group", NOUNS)
def test_configuration_is_created_shown_changed_listed_and_deleted(
    official: OfficialClient, group: str
) -> None:
    noun, body, change = NOUNS[group]
    created = getattr(official.call(group, "create", body=body), noun)

    changed = getattr(official.call(group, "update", id=created.id, body={**body, **change}), noun)
    shown = getattr(official.call(group, "show", id=created.id), noun)
    listed = official.call(group, "list").to_dict()
    official.call(group, "delete", id=created.id)

    assert changed.to_dict() == shown.to_dict()
    assert change.items() <= changed.to_dict().items()
    (rows,) = (rows for rows in listed.values() if isinstance(rows, list))
    assert created.id in {row["id"] for row in rows}
    assert official.refused(group, "show", id=created.id).status == 404


def test_options_of_a_field(official: OfficialClient) -> None:
    field = official.call(
        "custom_fields_v2",
        "create",
        body={"name": "Region", "description": "", "field_type": "single_select"},
    ).custom_field
    group = "custom_field_options_v1"

    made = official.call(
        group, "create", body={"custom_field_id": field.id, "value": "EU"}
    ).custom_field_option
    official.call(group, "update", id=made.id, body={"value": "Europe", "sort_key": 5})
    listed = official.call(group, "list", custom_field_id=field.id).custom_field_options
    shown = official.call(group, "show", id=made.id).custom_field_option
    official.call(group, "delete", id=made.id)

    assert [option.value for option in listed] == ["Europe"] == [shown.value]
    assert official.call(group, "list", custom_field_id=field.id).custom_field_options == []


def test_types_and_timestamps_are_listed_and_shown(official: OfficialClient) -> None:
    types = official.call("incident_types_v1", "list").incident_types
    timestamps = official.call("incident_timestamps_v2", "list").incident_timestamps

    assert official.call("incident_types_v1", "show", id=types[0].id).incident_type == types[0]
    assert (
        official.call("incident_timestamps_v2", "show", id=timestamps[0].id).incident_timestamp
        == timestamps[0]
    )


def test_people_are_found_and_shown(official: OfficialClient, priya: User) -> None:
    found = official.call("users_v2", "list", email=priya.email).users

    assert [person.id for person in found] == [priya.pk]
    assert official.call("users_v2", "show", id=priya.pk).user.name == "Priya Raman"


def test_updates_are_shared_and_listed(official: OfficialClient) -> None:
    incident = make_incident()
    body = {
        "idempotency_key": "one",
        "incident_id": incident.pk,
        "message": "Rolled back.",
        "to_severity_id": severity_id("minor"),
    }

    made = official.call("incident_updates_v2", "create", body=body).incident_update
    again = official.call("incident_updates_v2", "create", body=body).incident_update
    listed = official.call("incident_updates_v2", "list", incident_id=incident.pk).incident_updates

    assert made.id == again.id == listed[0].id
    assert (made.message, made.new_severity.name) == ("Rolled back.", "Minor")


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_actions(official: OfficialClient, priya: User, version: str) -> None:
    group = f"actions_{version}"
    incident = make_incident()

    made = official.call(
        group, "create", body={"incident_id": incident.pk, "description": "Drain zone C"}
    ).action
    official.call(
        group,
        "update",
        id=made.id,
        body={"description": "Drain zone C", "status": "completed", "assignee_id": priya.pk},
    )
    shown = official.call(group, "show", id=made.id).action
    listed = official.call(group, "list", incident_id=incident.pk).actions
    first_version = official.call("actions_v1", "list", incident_id=incident.pk).actions
    official.call(group, "delete", id=made.id)

    assert (shown.status.value, shown.assignee.name) == ("completed", "Priya Raman")
    assert [one.id for one in listed] == [one.id for one in first_version] == [made.id]
    assert official.call("actions_v1", "list", incident_id=incident.pk).actions == []


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_follow_ups(official: OfficialClient, version: str) -> None:
    group = f"follow_ups_{version}"
    incident = make_incident()

    made = official.call(
        group, "create", body={"incident_id": incident.pk, "title": "Alert at 80%"}
    ).follow_up
    official.call(group, "update", id=made.id, body={"title": "Alert at 70%", "status": "outstanding"})
    official.call(
        group,
        "connect_external_issue",
        id=made.id,
        body={"provider": "jira", "url": "https://jira.example.com/browse/PAY-1932"},
    )
    shown = official.call(group, "show", id=made.id).follow_up
    listed = official.call(group, "list", incident_id=incident.pk).follow_ups
    official.call(group, "delete", id=made.id)

    assert (shown.title, shown.external_issue_reference.issue_name) == ("Alert at 70%", "PAY-1932")
    assert [one.id for one in listed] == [made.id]


def test_what_hangs_on_an_incident(official: OfficialClient, priya: User) -> None:
    incident, other = make_incident(), make_incident("Another one", visibility="private")
    resource = {"resource_type": "arbitrary_url", "url": "https://example.com/runbook", "title": "Runbook"}

    attached = official.call(
        "incident_attachments_v1", "create", body={"incident_id": incident.pk, "resource": resource}
    ).incident_attachment
    listed = official.call("incident_attachments_v1", "list", incident_id=incident.pk).incident_attachments
    official.call("incident_attachments_v1", "delete", id=attached.id)
    member = {"incident_id": other.pk, "user_id": priya.pk}
    granted = official.call("incident_memberships_v1", "create", body=member).incident_membership
    official.call("incident_memberships_v1", "revoke", body=member)

    assert [one.resource.title for one in listed] == ["Runbook"]
    assert granted.user.id == priya.pk
    assert (
        official.call("incident_relationships_v1", "list", incident_id=incident.pk).incident_relationships
        == []
    )
    assert official.call("incident_participants_v2", "list", incident_id=incident.pk).incident_participants


def test_keys_and_identity(official: OfficialClient) -> None:
    group = "api_keys_v1"
    body = {"name": "etl", "role_names": ["viewer"], "team_ids": [], "team_role_names": []}

    made = official.call(group, "create", body=body)
    rotated = official.call(group, "rotate", id=made.api_key.id, body={"grace_period_minutes": 0})
    official.call(group, "update", id=made.api_key.id, body={**body, "name": "warehouse"})
    listed = official.call(group, "list").api_keys
    shown = official.call(group, "show", id=made.api_key.id).api_key
    official.call(group, "delete", id=made.api_key.id)

    assert rotated.token != made.token
    assert shown.name == "warehouse"
    assert made.api_key.id in {key.id for key in listed}
    assert official.refused(group, "show", id=made.api_key.id).status == 404
    assert official.call("utilities_v1", "identity").identity.name == "deploys"


def test_what_connectors_poll(official: OfficialClient) -> None:
    assert official.call("catalog_v2", "list_types").catalog_types == []
    assert official.call("catalog_v3", "list_types").catalog_types == []
    assert official.call("schedules_v2", "list").schedules == []
    assert official.call("workflows_v2", "list_workflows").workflows == []
    assert official.call("escalations_v2", "list").escalations == []

"""Sharing updates and adding reports."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from incidents.models import Actor, ApiKey, Configuration, Incident, IncidentEvent, IncidentUpdate
from incidents.services.drafts import IncidentDraft, IncidentEdit, UpdateDraft
from incidents.services.editing import edit_incident
from incidents.services.errors import IdempotencyKeyReusedError, VersionConflictError
from incidents.services.private_views import record_private_view
from incidents.services.updates import add_report, share_update
from tests.make import make_actor, make_incident, status_of

pytestmark = pytest.mark.django_db
Kind = IncidentEvent.Kind


def test_an_update_carries_status_and_severity_along() -> None:
    incident = make_incident(severity="major")
    critical = Configuration.current().severities.by_slug["critical"]

    update = share_update(
        incident.pk,
        UpdateDraft(
            message="Rolled back", incident_status_id=status_of("monitoring").pk, severity_id=critical.pk
        ),
        make_actor(),
        version=1,
    )

    stored = Incident.objects.get(pk=incident.pk)
    assert (stored.incident_status.slug, stored.severity_rank, stored.version) == ("monitoring", 4, 2)
    assert (update.new_incident_status.slug, update.new_severity) == ("monitoring", critical)
    together = incident.events.filter(incident_update=update)
    assert {event.kind for event in together} == {
        Kind.UPDATE_SHARED,
        Kind.STATUS_CHANGED,
        Kind.SEVERITY_CHANGED,
    }


def test_words_alone_do_not_conflict() -> None:
    incident = make_incident()
    edit_incident(incident.pk, IncidentEdit(name="Renamed meanwhile"), make_actor())

    assert share_update(incident.pk, UpdateDraft(message="Still looking"), make_actor(), version=1).message


def test_a_change_made_on_an_older_version_conflicts() -> None:
    incident = make_incident()
    edit_incident(incident.pk, IncidentEdit(incident_status_id=status_of("fixing").pk), make_actor())

    with pytest.raises(VersionConflictError):
        share_update(
            incident.pk, UpdateDraft(incident_status_id=status_of("monitoring").pk), make_actor(), version=1
        )

    assert not IncidentUpdate.objects.exists()


@pytest.mark.parametrize(
    "draft",
    [
        UpdateDraft(),
        UpdateDraft(message=" \n "),
        UpdateDraft(message="a\x00"),
        UpdateDraft(message="x" * 20_001),
    ],
)
def test_an_update_that_says_nothing_or_too_much_is_refused(draft: UpdateDraft) -> None:
    with pytest.raises(ValidationError) as refused:
        share_update(make_incident().pk, draft, make_actor())

    assert "message" in refused.value.message_dict


def test_viewers_share_no_updates() -> None:
    with pytest.raises(PermissionDenied):
        share_update(make_incident().pk, UpdateDraft(message="hello"), make_actor(role="viewer"))


def test_a_report_is_added_by_anybody() -> None:
    incident = make_incident()

    report = add_report(
        incident.pk,
        IncidentDraft(name="Checkout is broken for me too", summary="since 13:05"),
        make_actor(role="viewer"),
    )

    assert (report.message, report.is_report) == ("Checkout is broken for me too\n\nsince 13:05", True)
    assert incident.events.filter(kind=Kind.REPORT_ADDED, incident_update=report).exists()


def test_no_report_reaches_a_hidden_incident() -> None:
    incident = make_incident(visibility="private")

    with pytest.raises(Incident.DoesNotExist):
        add_report(incident.pk, IncidentDraft(name="me too"), make_actor())


def test_an_administrators_look_at_a_private_incident_is_recorded_once_an_hour() -> None:
    incident = make_incident(actor=make_actor(), visibility="private")
    administrator = make_actor(role="administrator")

    record_private_view(incident, administrator)
    record_private_view(incident, administrator)

    assert incident.events.filter(kind=Kind.PRIVATE_VIEWED).count() == 1


def test_a_members_look_is_not_recorded() -> None:
    administrator = make_actor(role="administrator")
    incident = make_incident(actor=administrator, visibility="private")

    record_private_view(incident, administrator)

    assert not incident.events.filter(kind=Kind.PRIVATE_VIEWED).exists()


def key_actor(name: str = "deploys") -> Actor:
    return Actor.of_api_key(ApiKey.objects.create(name=name, roles=["incident_editor"]))


def test_the_same_key_again_returns_the_first_update() -> None:
    incident, actor = make_incident(), key_actor()
    draft = UpdateDraft(message="Rolled back", incident_status_id=status_of("fixing").pk)

    first = share_update(incident.pk, draft, actor, idempotency_key="deploy-7")
    again = share_update(incident.pk, draft, actor, idempotency_key="deploy-7")

    assert first.pk == again.pk
    assert Incident.objects.get(pk=incident.pk).version == 2


def test_a_key_that_stands_for_another_update_is_refused() -> None:
    incident, other, actor = make_incident(), make_incident(), key_actor()
    share_update(incident.pk, UpdateDraft(message="Rolled back"), actor, idempotency_key="deploy-7")

    for pk, message in ((incident.pk, "Rolled on"), (other.pk, "Rolled back")):
        with pytest.raises(IdempotencyKeyReusedError):
            share_update(pk, UpdateDraft(message=message), actor, idempotency_key="deploy-7")

    assert IncidentUpdate.objects.count() == 1


def test_keys_are_those_of_one_api_key_and_people_have_none() -> None:
    incident, draft = make_incident(), UpdateDraft(message="Rolled back")

    for actor in (key_actor("one"), key_actor("other"), rosa := make_actor(), rosa):
        share_update(incident.pk, draft, actor, idempotency_key="deploy-7")

    assert IncidentUpdate.objects.count() == 4


@pytest.mark.parametrize("key", ["x" * 256, "a\x00b", "two\nlines", "\ud800"])
def test_a_key_that_cannot_be_stored_is_refused(key: str) -> None:
    with pytest.raises(ValidationError) as refused:
        share_update(make_incident().pk, UpdateDraft(message="Hi"), key_actor(), idempotency_key=key)

    assert list(refused.value.error_dict) == ["idempotency_key"]

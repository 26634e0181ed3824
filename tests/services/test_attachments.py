"""Resources of other systems, attached and removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from incidents.models import Actor, Incident, IncidentAttachment, IncidentEvent
from incidents.services import attachments
from incidents.services.attachments import ANY_LINK, AttachmentDraft, attach_resource, detach_resource
from tests.at_once import at_once
from tests.make import make_actor, make_attachment, make_incident
from tests.services.test_actions import events_of

pytestmark = pytest.mark.django_db
Kind = IncidentEvent.Kind
LINK = AttachmentDraft(resource_type=ANY_LINK, url="https://wiki.example/runbook", title="Runbook")


def test_a_link_is_attached_and_told() -> None:
    incident = make_incident()

    attachment = attach_resource(incident.pk, LINK, make_actor())

    assert (attachment.permalink, attachment.title) == ("https://wiki.example/runbook", "Runbook")
    assert attachment.external_id == attachment.permalink
    (event,) = events_of(incident, Kind.ATTACHMENT_ADDED)
    assert event.details == {
        "title": "Runbook",
        "permalink": "https://wiki.example/runbook",
        "resource_type": ANY_LINK,
    }
    assert Incident.objects.get(pk=incident.pk).version == incident.version


def test_a_resource_is_attached_by_its_id() -> None:
    draft = AttachmentDraft(resource_type="pager_duty_incident", external_id="Q1")

    attachment = attach_resource(make_incident().pk, draft, make_actor())

    assert (attachment.external_id, attachment.permalink, attachment.title) == ("Q1", "", "")


def test_the_same_resource_again_is_there_already() -> None:
    incident, other = make_incident(), make_incident()

    first = attach_resource(incident.pk, LINK, make_actor())
    again = attach_resource(incident.pk, LINK, make_actor())

    assert first.pk == again.pk
    assert attach_resource(other.pk, LINK, make_actor()).pk != first.pk
    assert len(events_of(incident, Kind.ATTACHMENT_ADDED)) == 1


def test_an_attachment_is_removed_once() -> None:
    incident = make_incident()
    attachment = make_attachment(incident)

    detach_resource(attachment, make_actor())
    detach_resource(attachment, make_actor())

    assert not IncidentAttachment.objects.exists()
    assert len(events_of(incident, Kind.ATTACHMENT_REMOVED)) == 1


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"resource_type": "fax", "external_id": "1"}, "resource.resource_type"),
        ({}, "resource.url"),
        ({"url": "https://a.example", "external_id": "1"}, "resource.url"),
        ({"url": "javascript:alert(1)"}, "resource.url"),
        ({"url": "https://a.example/" + "x" * 2_000}, "resource.url"),
        ({"external_id": "x" * 501}, "resource.external_id"),
        ({"url": "https://a.example", "title": "a\x00"}, "resource.title"),
        ({"url": "https://a.example", "title": "x" * 501}, "resource.title"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(draft: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        attach_resource(
            make_incident().pk, AttachmentDraft(**{"resource_type": ANY_LINK, **draft}), make_actor()
        )

    assert field in refused.value.error_dict
    assert not IncidentAttachment.objects.exists()


def test_viewers_change_nothing_and_hidden_incidents_are_out_of_reach() -> None:
    hidden = make_incident(visibility="private")
    attachment = make_attachment(hidden)

    changes: list[Callable[[Actor], object]] = [
        lambda actor: attach_resource(hidden.pk, LINK, actor),
        lambda actor: detach_resource(attachment, actor),
    ]
    for change in changes:
        with pytest.raises(PermissionDenied):
            change(make_actor(role="viewer"))
        with pytest.raises(Incident.DoesNotExist):
            change(make_actor(role="responder"))

    assert IncidentAttachment.objects.exists()


def test_an_incident_has_so_many_attachments_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST_ATTACHMENTS", 1)
    incident = make_incident()
    make_attachment(incident)

    with pytest.raises(ValidationError):
        make_attachment(incident, "https://wiki.example/other")


@pytest.mark.usefixtures("committed_db")
def test_the_same_resource_many_times_at_once_is_attached_once() -> None:
    incident, actor = make_incident(), make_actor()

    made = at_once(lambda _: attach_resource(incident.pk, LINK, actor))

    assert {one.pk for one in made} == {IncidentAttachment.objects.get().pk}

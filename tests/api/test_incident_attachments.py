"""Incident Attachments V1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import pytest
from incident_io.models import IncidentAttachmentsCreateResultV1, IncidentAttachmentsListResultV1

from incidents.api.views import incident_attachments
from incidents.api.wire.incident_attachments import ResourceType
from incidents.models import Incident, IncidentAttachment
from incidents.services.attachments import RESOURCE_TYPES
from tests.api.counting import queries_of
from tests.make import make_attachment, make_incident

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi, Reply

PATH = "/v1/incident_attachments"
LINK = {"resource_type": "arbitrary_url", "url": "https://wiki.example/runbook", "title": "Runbook"}


def ids(reply: Reply) -> list[str]:
    assert reply.status == 200
    return [row["id"] for row in reply.body["incident_attachments"]]


def payload(incident: Incident, **resource: Any) -> dict[str, Any]:
    return {"incident_id": incident.pk, "resource": resource or LINK}


def test_a_link_is_attached_listed_and_removed(api: ApiClient) -> None:
    incident = make_incident()

    created, again = (api.post(PATH, payload(incident)) for _ in range(2))

    assert (created.status, again.status) == (201, 201)
    assert created.body == again.body
    attachment = IncidentAttachmentsCreateResultV1.from_dict(created.body).incident_attachment
    assert created.body["incident_attachment"]["resource"] == {
        "external_id": "https://wiki.example/runbook",
        "permalink": "https://wiki.example/runbook",
        "resource_type": "arbitrary_url",
        "title": "Runbook",
    }
    listed = api.get(f"{PATH}?incident_id={incident.pk.lower()}")
    assert ids(listed) == [attachment.id]
    assert len(IncidentAttachmentsListResultV1.from_dict(listed.body).incident_attachments) == 1
    assert api.delete(f"{PATH}/{attachment.id.lower()}").status == 204
    assert api.delete(f"{PATH}/{attachment.id}").status == 404
    assert ids(api.get(f"{PATH}?incident_id={incident.pk}")) == []


def test_every_string_is_there_where_only_an_id_was_given(api: ApiClient) -> None:
    body = payload(make_incident(), resource_type="pager_duty_incident", external_id="Q1", emoji="rocket")

    reply = api.post(PATH, body)

    assert reply.body["incident_attachment"]["resource"] == {
        "external_id": "Q1",
        "permalink": "",
        "resource_type": "pager_duty_incident",
        "title": "Q1",
    }


def test_the_title_is_the_link_where_there_is_none(api: ApiClient) -> None:
    reply = api.post(PATH, payload(make_incident(), resource_type="sentry_issue", url="https://s.example/1"))

    assert reply.body["incident_attachment"]["resource"]["title"] == "https://s.example/1"


def test_attachments_of_a_resource(api: ApiClient) -> None:
    both = [
        make_attachment(make_incident(), url="", resource_type="jira_issue", external_id="PAY-1").pk
        for _ in range(2)
    ]
    make_attachment(make_incident(), url="", resource_type="sentry_issue", external_id="PAY-1")

    assert ids(api.get(f"{PATH}?resource_type=jira_issue&external_id=PAY-1")) == both
    assert ids(api.get(f"{PATH}?resource_type=jira_issue&external_id=PAY-2")) == []


def test_every_type_of_the_contract_is_known() -> None:
    assert set(get_args(ResourceType)) == set(RESOURCE_TYPES)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("", "/incident_id"),
        ("?external_id=Q1", "/incident_id"),
        ("?resource_type=jira_issue", "/incident_id"),
        ("?incident_id=x", "/incident_id"),
        ("?resource_type=fax&external_id=1", "/resource_type"),
        (f"?resource_type=jira_issue&external_id={'x' * 501}", "/external_id"),
    ],
)
def test_a_list_of_nothing_in_particular_is_refused(api: ApiClient, query: str, pointer: str) -> None:
    reply = api.get(PATH + query)

    assert (reply.status, reply.pointers) == (422, [pointer])


@pytest.mark.parametrize(
    ("resource", "pointer"),
    [
        ({"resource_type": "arbitrary_url"}, "/resource/url"),
        ({**LINK, "external_id": "1"}, "/resource/url"),
        ({**LINK, "url": "javascript:alert(1)"}, "/resource/url"),
        ({**LINK, "title": "a\x00"}, "/resource/title"),
        ({**LINK, "resource_type": "fax"}, "/resource/resource_type"),
        ({"url": "https://a.example"}, "/resource/resource_type"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(
    api: ApiClient, resource: dict[str, Any], pointer: str
) -> None:
    reply = api.post(PATH, payload(make_incident(), **resource))

    assert (reply.status, reply.pointers) == (422, [pointer])
    assert not IncidentAttachment.objects.exists()


def test_hidden_incidents_leave_no_trace(make_api: MakeApi) -> None:
    hidden = make_incident(visibility="private")
    attachment = make_attachment(hidden, url="", resource_type="jira_issue", external_id="PAY-1")
    key = make_api("viewer", "incident_editor")

    assert ids(key.get(f"{PATH}?resource_type=jira_issue&external_id=PAY-1")) == []
    lists = [key.get(f"{PATH}?incident_id={pk}").body for pk in (hidden.pk, "0" * 26)]
    assert lists[0] == lists[1] == {"incident_attachments": []}
    made = [key.post(PATH, {**payload(hidden), "incident_id": pk}) for pk in (hidden.pk, "0" * 26)]
    assert [reply.status for reply in made] == [404, 404]
    removed = [key.delete(f"{PATH}/{pk}") for pk in (attachment.pk, "0" * 26, "x")]
    assert [reply.status for reply in removed] == [404, 404, 404]
    assert len({str(reply.body["errors"]) for reply in removed}) == 1


def test_who_may_do_what(make_api: MakeApi) -> None:
    attachment = make_attachment(make_incident())
    reader = make_api("viewer")

    assert reader.get(f"{PATH}?incident_id={attachment.incident_id}").status == 200
    assert reader.post(PATH, payload(attachment.incident)).status == 403
    assert reader.delete(f"{PATH}/{attachment.pk}").status == 403
    assert make_api("incident_editor").delete(f"{PATH}/{attachment.pk}").status == 204


def test_a_list_is_bounded_and_costs_the_same(api: ApiClient, monkeypatch: pytest.MonkeyPatch) -> None:
    incident = make_incident()
    make_attachment(incident)
    path = f"{PATH}?incident_id={incident.pk}"
    few = queries_of(api, path)
    for number in range(29):
        make_attachment(incident, f"https://wiki.example/{number}")

    assert queries_of(api, path) == few
    assert len(ids(api.get(path))) == 30
    monkeypatch.setattr(incident_attachments, "MOST_ATTACHMENTS", 2)
    assert len(ids(api.get(path))) == 2

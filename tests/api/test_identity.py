"""Identity V1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incident_io.models.utilities_identity_result_v1 import UtilitiesIdentityResultV1

from incidents.services.configuration import delete_noun
from tests.make import make_actor, make_team

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from tests.api.conftest import MakeApi

PATH = "/v1/identity"


def test_a_key_learns_about_itself(make_api: MakeApi, settings: Settings) -> None:
    settings.BASE_URL = "https://tocsin.example.com"
    payments, gone = make_team(), make_team("Gone")
    key = make_api(
        "viewer",
        "incident_creator",
        name="Terraform",
        team_ids=(payments.pk, gone.pk),
        team_roles=("schedules_editor",),
    )
    delete_noun(gone, make_actor(role="administrator"))

    reply = key.get(PATH)

    assert reply.status == 200
    assert reply.body == {
        "identity": {
            "name": "Terraform",
            "dashboard_url": "https://tocsin.example.com",
            "roles": ["incident_creator", "viewer"],
            "team_roles": ["schedules_editor"],
            "teams": [{"id": payments.pk, "name": "Payments"}],
        }
    }
    UtilitiesIdentityResultV1.from_dict(reply.body)


def test_any_key_may_ask(make_api: MakeApi) -> None:
    reply = make_api().get(PATH)

    assert (reply.status, reply.body["identity"]["roles"]) == (200, [])

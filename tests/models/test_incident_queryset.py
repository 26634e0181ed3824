"""Every read of incidents."""

from __future__ import annotations

import pytest

from incidents.models import Actor, ApiKey, Incident
from incidents.services.drafts import UpdateDraft
from incidents.services.memberships import grant_membership, revoke_membership
from incidents.services.updates import share_update
from tests.make import make_actor, make_incident, make_user, move_incident

pytestmark = pytest.mark.django_db


def seen_by(actor: Actor) -> set[str]:
    return {incident.name for incident in Incident.objects.visible_to(actor)}


def test_a_private_incident_is_seen_by_its_members_alone() -> None:
    owner, stranger = make_actor("Olga Owner"), make_actor("Sam Stranger")
    make_incident("Leaked token", actor=owner, visibility="private")
    make_incident("Search is slow", actor=owner)

    assert seen_by(owner) == {"Leaked token", "Search is slow"}
    assert seen_by(stranger) == {"Search is slow"}


def test_administrators_see_every_incident() -> None:
    make_incident("Leaked token", actor=make_actor(), visibility="private")

    assert seen_by(make_actor(role="administrator")) == {"Leaked token"}


def test_automation_sees_no_private_incident() -> None:
    make_incident("Leaked token", actor=make_actor(), visibility="private")

    assert seen_by(Actor(api_key=ApiKey.objects.create(name="etl"))) == set()


def test_a_removed_member_sees_it_no_more() -> None:
    owner, guest = make_actor("Olga Owner"), make_user("Gus Guest")
    incident = make_incident("Leaked token", actor=owner, visibility="private")
    grant_membership(incident.pk, guest, owner)
    assert seen_by(Actor.of_user(guest)) == {"Leaked token"}

    revoke_membership(incident.pk, guest, owner)

    assert seen_by(Actor.of_user(guest)) == set()


@pytest.mark.parametrize("address", ["INC-{n}", "inc-{n}", "{n}", "{id}", "{lower_id}"])
def test_an_incident_is_found_by_each_of_its_addresses(address: str) -> None:
    incident = make_incident()
    text = address.format(n=incident.number, id=incident.pk, lower_id=incident.pk.lower())

    assert Incident.objects.by_reference(text).get() == incident


@pytest.mark.parametrize(
    "address", ["", "INC-", "INC-1x", "٣", "9" * 40, "-1", "INC-0", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "\x00"]
)
def test_any_other_address_finds_nothing(address: str) -> None:
    make_incident()

    assert not Incident.objects.by_reference(address).exists()


def test_open_incidents_are_those_to_act_on() -> None:
    make_incident("new", status="triage")
    make_incident("at work", status="fixing")
    move_incident(make_incident("done"), "closed")

    assert {incident.name for incident in Incident.objects.all().open()} == {"new", "at work"}


def test_tests_and_tutorials_are_left_out_by_default() -> None:
    for mode in ("standard", "retrospective", "test", "tutorial"):
        make_incident(mode, mode=mode)

    assert {incident.name for incident in Incident.objects.all().in_default_modes()} == {
        "standard",
        "retrospective",
    }


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("CHECKOUT", {"Checkout API"}),
        ("api checkout", {"Checkout API"}),
        ("100%", {"Disk 100% full"}),
        ("%", {"Disk 100% full"}),
        ("snake", {"snake_case broke"}),
        ("case_broke", {"snake_case broke"}),
        ("breaks", set()),
        ("check*", {"Checkout API"}),
        ("chec", set()),
        ("checkouts", {"Checkout API"}),
        ('"disk full"', set()),
        ('"disk 100% full"', {"Disk 100% full"}),
        ("-checkout -disk -ligature", {"snake_case broke", "STRASSE gesperrt"}),
        ("straße", {"STRASSE gesperrt"}),
        ("ligature \ufb01", {"ligature fi"}),
    ],
)
def test_search_takes_words_literally_and_folds_case(text: str, names: set[str]) -> None:
    for name in ("Checkout API", "Disk 100% full", "snake_case broke", "STRASSE gesperrt", "ligature fi"):
        make_incident(name)

    assert {incident.name for incident in Incident.objects.all().search(text)} == names


def test_search_reads_summary_updates_and_reference() -> None:
    incident = make_incident("Checkout", summary="the ledger is behind")
    share_update(incident.pk, UpdateDraft(message="Rolled back the gateway."), make_actor())

    for text in ("ledger", "gateways", incident.reference, "rolled ledger", f"checkout {incident.number}"):
        assert Incident.objects.all().search(text).get() == incident


@pytest.mark.parametrize("text", ["", "_", "\\", "-", '"', "* & | !"])
def test_signs_alone_look_for_nothing(text: str) -> None:
    incident = make_incident()

    assert Incident.objects.all().search(text).get() == incident

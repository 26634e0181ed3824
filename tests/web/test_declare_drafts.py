"""Leaving the declare form and coming back, and seeing who else is at it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from incidents.models import Actor, DeclareDraft, Incident
from incidents.services.colleagues import DRAFTS_COMPARED
from tests.forms import read_form
from tests.make import make_actor, make_custom_field, make_draft, make_incident, make_user
from tests.web.test_declare import CHECKOUT, NEW, SAME_AS_CHECKOUT, SIMILAR

if TYPE_CHECKING:
    from pytest_django.fixtures import DjangoAssertNumQueries

    from incidents.models import User

pytestmark = pytest.mark.django_db

DRAFTS = "/incidents/drafts/"
FORM = "application/x-www-form-urlencoded"
HTMX = {"HX-Request": "true"}
EVERYTHING = {
    "name": CHECKOUT,
    "summary": "Since **noon**\nin Zurich",
    "severity": "major",
    "status_category": "triage",
    "incident_type": "supplier",
    "custom_field[affected-service]": "ledger",
    "custom_field[regions]": ["eu", "us"],
    "custom_field[customers-hit]": "not a number",
    "incident_timestamp[impact-started]": "2026-07-01T12:00",
    "visibility": "private",
    "mode": "retrospective",
}


@pytest.fixture
def alice(client: Client) -> User:
    user = make_user("Alice Moreau", role="viewer")
    client.force_login(user)
    return user


def type_in(client: Client, **typed: Any) -> Any:
    """Open a form, type into it, and return the panel's answer."""
    form = read_form(client.get(NEW), "declare-form")
    return client.post(SIMILAR, form.filled(**typed), headers=HTMX)


def draft_of(user: User) -> DeclareDraft:
    return DeclareDraft.objects.of(Actor.of_user(user)).unfinished().get()


def test_what_is_typed_is_offered_again_and_every_control_comes_back(client: Client, alice: User) -> None:
    lead = make_user("Bob Lead")
    make_custom_field("Affected service", options=("Checkout", "Ledger"))
    make_custom_field("Regions", options=("EU", "US", "APAC"), field_type="multi_select")
    make_custom_field("Customers hit", field_type="numeric")
    everything = {**EVERYTHING, "incident_role[lead]": lead.email}

    response = type_in(client, **everything)

    assert json.loads(response["HX-Trigger"]) == {"draft-kept": {}}
    assert "Saved as a draft" in response.text
    draft = draft_of(alice)
    page = client.get(NEW)
    assert f"You began declaring <b>“{CHECKOUT}”</b>" in page.text
    assert f'href="{NEW}?draft={draft.pk}"' in page.text
    values = read_form(client.get(NEW, {"draft": draft.pk}), "declare-form").values
    for name, value in everything.items():
        assert values[name] == (value if isinstance(value, list) else [value])
    assert values["form_token"] == [draft.form_token]


def test_a_tick_and_a_reason_come_back(client: Client, alice: User) -> None:
    known = make_incident(CHECKOUT)
    type_in(client, name=CHECKOUT, separate_from=known.pk, separate_reason="Another data centre")

    values = read_form(client.get(NEW, {"draft": draft_of(alice).pk}), "declare-form").values

    assert values["separate_from"] == [known.pk]
    assert values["separate_reason"] == ["Another data centre"]


def test_the_draft_is_gone_once_it_is_declared(client: Client, alice: User) -> None:
    type_in(client, name=CHECKOUT)
    form = read_form(client.get(NEW, {"draft": draft_of(alice).pk}), "declare-form")

    assert client.post(NEW, form.filled(severity="major")).status_code == 303

    assert not DeclareDraft.objects.unfinished().exists()
    assert "You began declaring" not in client.get(NEW).text


def test_the_draft_is_gone_once_its_report_is_added(client: Client, alice: User) -> None:
    make_incident(CHECKOUT)
    form = read_form(client.get(NEW, {"name": SAME_AS_CHECKOUT}), "declare-form")
    client.post(SIMILAR, form.values, headers=HTMX)

    client.post("/incidents/INC-1/reports/", form.values)

    assert not DeclareDraft.objects.unfinished().exists()


@pytest.mark.parametrize("status", [409, 422])
def test_what_is_refused_is_kept_under_the_same_token(client: Client, alice: User, status: int) -> None:
    make_incident(CHECKOUT)
    form = read_form(client.get(NEW), "declare-form")
    sent = form.filled(name=CHECKOUT, severity="major" if status == 409 else None)

    response = client.post(NEW, sent)

    assert response.status_code == status
    assert read_form(response, "declare-form").values["form_token"] == form.values["form_token"]
    assert draft_of(alice).name == CHECKOUT


def test_a_form_that_is_used_again_becomes_another_draft(client: Client, alice: User) -> None:
    sent = read_form(client.get(NEW), "declare-form").filled(name=CHECKOUT, severity="major")
    client.post(NEW, sent)

    response = client.post(NEW, {**sent, "name": "Payroll export is empty"})

    form = read_form(response, "declare-form")
    assert response.status_code == 409
    assert form.values["form_token"] != sent["form_token"]
    assert draft_of(alice).name == "Payroll export is empty"


def test_without_javascript_a_button_saves_for_later(client: Client, alice: User) -> None:
    form = read_form(client.get(NEW), "declare-form")

    response = client.post(form.buttons["Save for later"], form.filled(name=CHECKOUT))

    assert (response.status_code, response["Location"]) == (303, "/incidents/")
    assert "Saved. Go on within 24 hours" in client.get("/preferences/").text
    assert draft_of(alice).name == CHECKOUT


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": " "}, "there is nothing to save yet"),
        ({"name": CHECKOUT, "summary": "é" * 50_000}, "too long for a draft"),
    ],
)
def test_what_cannot_be_saved_says_why_and_stays(
    client: Client, alice: User, typed: dict[str, str], said: str
) -> None:
    form = read_form(client.get(NEW), "declare-form")

    response = client.post(DRAFTS, form.filled(**typed))

    assert response.status_code == 422
    assert said in response.text
    assert read_form(response, "declare-form").values["name"] == [typed["name"]]
    assert not DeclareDraft.objects.exists()


def test_a_draft_is_discarded(client: Client, alice: User) -> None:
    draft = make_draft(CHECKOUT, actor=Actor.of_user(alice))

    response = client.post(f"{DRAFTS}{draft.pk}/discard/", follow=True)

    assert "Discarded." in response.text
    assert "You began declaring" not in response.text
    assert client.get(NEW, {"draft": draft.pk}).status_code == 404


def test_the_newest_three_are_offered(client: Client, alice: User) -> None:
    for number in range(4):
        make_draft(f"Draft number {number}", actor=Actor.of_user(alice))

    offered = re.findall(r"Draft number \d(?=”</b>)", client.get(NEW).text)

    assert offered == ["Draft number 3", "Draft number 2", "Draft number 1"]


@pytest.mark.parametrize("draft_id", ["", "nonsense", "0" * 26, "8" * 26, "x" * 100_000, "\ud800"])
def test_an_address_of_no_draft_is_missing(client: Client, alice: User, draft_id: str) -> None:
    assert client.get(NEW, {"draft": draft_id.encode("utf-8", "surrogatepass")}).status_code == 404


@pytest.mark.parametrize("role", ["viewer", "administrator"])
def test_a_draft_of_somebody_else_is_as_missing_as_none(client: Client, role: str) -> None:
    client.force_login(make_user(role=role))
    draft = make_draft("Leaked signing key", actor=make_actor("Olga"))
    missing = draft.pk[:-1] + ("0" if draft.pk[-1] != "0" else "1")

    shown, absent = (client.get(NEW, {"draft": pk}) for pk in (draft.pk, missing))
    discarded, gone = (client.post(f"{DRAFTS}{pk}/discard/") for pk in (draft.pk, missing))

    for one, other in ((shown, absent), (discarded, gone)):
        assert one.status_code == other.status_code == 404
        assert masked(one.text).replace(draft.pk, "ID") == masked(other.text).replace(missing, "ID")
    assert DeclareDraft.objects.unfinished().get() == draft


def test_a_colleague_who_is_declaring_the_same_is_shown(client: Client, alice: User) -> None:
    make_draft("Checkout API <b>500s</b> in eu-west-1", actor=make_actor("Bob Okafor"))

    text = type_in(client, name=SAME_AS_CHECKOUT).text

    assert "<b>Bob Okafor</b> is declaring this right now" in text
    assert "“Checkout API &lt;b&gt;500s&lt;/b&gt; in eu-west-1”" in text
    assert "No similar recent incidents, and a colleague" in text


def test_it_stops_nobody(client: Client, alice: User) -> None:
    make_draft(CHECKOUT, actor=make_actor("Bob Okafor"))

    assert client.post(NEW, {"name": CHECKOUT, "severity": "major"}).status_code == 303


@pytest.mark.parametrize("typed", [{"visibility": "private"}, {"visibility": "secret"}])
def test_what_is_to_be_private_is_shown_to_nobody(client: Client, alice: User, typed: dict[str, str]) -> None:
    type_in(client, name=CHECKOUT, **typed)
    client.force_login(make_user("Bob"))

    assert "Alice" not in type_in(client, name=SAME_AS_CHECKOUT).text


def test_private_drafts_of_others_change_no_byte(client: Client, alice: User) -> None:
    make_incident(CHECKOUT)
    others = [make_actor(f"Olga {number}") for number in range(DRAFTS_COMPARED + 1)]
    form = read_form(client.get(NEW), "declare-form").filled(name=SAME_AS_CHECKOUT)

    def answers() -> list[str]:
        return [
            masked(client.post(SIMILAR, form, headers=HTMX).text),
            masked(client.get(NEW).text),
            masked(client.get(NEW, {"name": SAME_AS_CHECKOUT}).text),
        ]

    client.post(SIMILAR, form, headers=HTMX)
    before = answers()
    for other in others:
        make_draft(CHECKOUT, actor=other, is_private=True)

    assert answers() == before


def test_what_is_on_the_page_already_is_not_sent_again(client: Client, alice: User) -> None:
    make_incident(CHECKOUT)
    form = read_form(client.get(NEW), "declare-form").filled(name=SAME_AS_CHECKOUT)
    first = client.post(SIMILAR, form, headers=HTMX)
    seen = re.search(r'name="seen" value="([\w-]+)"', first.text)
    assert seen is not None

    same = client.post(SIMILAR, {**form, "seen": seen[1]}, headers=HTMX)
    make_draft(CHECKOUT, actor=make_actor("Bob Okafor"))
    changed = client.post(SIMILAR, {**form, "seen": seen[1]}, headers=HTMX)

    assert (same.status_code, same.content, "HX-Request" in same["Vary"]) == (204, b"", True)
    assert changed.status_code == 200
    assert "Bob Okafor" in changed.text


def test_a_request_costs_one_write_and_one_look_at_colleagues(
    client: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    form = read_form(client.get(NEW), "declare-form").filled(name="checkout slow")
    client.post(SIMILAR, form, headers=HTMX)

    with django_assert_num_queries(9) as unchanged:
        client.post(SIMILAR, form, headers=HTMX)
    with django_assert_num_queries(10) as changed:
        client.post(SIMILAR, {**form, "summary": "more"}, headers=HTMX)

    assert writes(unchanged.captured_queries) == 0
    assert writes(changed.captured_queries) == 1


@pytest.mark.parametrize(
    "bad", ["a\x00b", "x" * 1_000_000, "\ud800", "🔥"], ids=["nul", "long", "half", "fire"]
)
@pytest.mark.parametrize(
    "field", ["name", "summary", "form_token", "seen", "visibility", "mode", "separate_from"]
)
def test_no_input_breaks_the_keeping(client: Client, alice: User, field: str, bad: str) -> None:
    typed = {"name": CHECKOUT, "form_token": "a-form-token", field: bad}
    sent = urlencode(typed, errors="surrogatepass")

    assert client.post(SIMILAR, sent, content_type=FORM, headers=HTMX).status_code == 200
    assert client.post(DRAFTS, sent, content_type=FORM).status_code in {303, 422}
    assert client.get(NEW).status_code == 200


def test_drafts_are_no_incidents(client: Client, alice: User) -> None:
    type_in(client, name=CHECKOUT)

    assert CHECKOUT not in client.get("/incidents/?status_category[one_of]=any").text
    assert not Incident.objects.exists()


def writes(queries: list[dict[str, str]]) -> int:
    return sum(query["sql"].startswith(("INSERT", "UPDATE", "DELETE")) for query in queries)


def masked(page: str) -> str:
    """Return the page without what differs from request to request."""
    page = re.sub(r'(name="(?:csrfmiddlewaretoken|idempotency_key|form_token)" value=")[\w-]+', r"\1", page)
    return re.sub(r"\b[0-9A-F]{10}\b", "", page)

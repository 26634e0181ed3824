"""The search box: terms become filters, words are found and marked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from incidents.services.drafts import UpdateDraft
from incidents.services.updates import share_update
from tests.make import make_actor, make_incident, make_user
from tests.web.lists import heads_on, link_of, names_on

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
TYPING = {**HTMX, "HX-Trigger": "filter-text-form"}


@pytest.fixture
def responder(client: Client) -> Client:
    client.force_login(make_user("Rosa Lund"))
    return client


def notes_on(html: str) -> list[str]:
    notes = re.search(r'id="search_notes".*?</div>', html, re.DOTALL)
    assert notes
    return re.findall(r"<li>(.*?)</li>", notes[0])


def test_terms_move_into_the_address(responder: Client) -> None:
    response = responder.get(
        "/incidents/", {"search": 'status:live severity:>=major lead:me "payout api" -slow'}
    )

    assert response.status_code == 302
    assert response["Location"] == (
        "/incidents/?status_category[one_of]=live&severity[gte]=major&incident_role[lead][one_of]=me"
        "&search=%22payout%20api%22%20-slow"
    )


def test_a_term_takes_the_place_of_its_filter(responder: Client) -> None:
    response = responder.get(
        "/incidents/?status_category[one_of]=open&search=status:live+status:paused&submitted=true"
    )

    assert response["Location"] == "/incidents/?status_category[one_of]=live&status_category[one_of]=paused"


def test_enter_answers_with_chips_and_an_emptied_box(responder: Client) -> None:
    make_incident("Payout fails")

    response = responder.get(
        "/incidents/", {"search": "severity:major payout", "submitted": "true"}, headers=TYPING
    )
    html = response.content.decode()

    assert response["HX-Push-Url"] == "/incidents/?severity[one_of]=major&search=payout"
    assert names_on(response) == ["Payout fails"]
    assert "Filter: Severity is Major" in html
    assert re.search(r'id="filter-text"[^>]*value="payout"[^>]*data-focus hx-swap-oob="true"', html)


def test_terms_wait_while_somebody_types(responder: Client) -> None:
    make_incident("Payout fails", severity="minor")

    response = responder.get("/incidents/", {"search": "severity:majo payou"}, headers=TYPING)

    assert names_on(response) == ["Payout fails"]
    assert notes_on(response.content.decode()) == []
    assert "HX-Push-Url" not in response


def test_what_is_not_understood_stays_and_is_explained(responder: Client) -> None:
    response = responder.get("/incidents/?search=sevrity:major")
    html = response.content.decode()

    assert response.status_code == 200
    assert notes_on(html) == ["There is no field “sevrity”. Did you mean severity?"]
    assert 'value="sevrity:major"' in html


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("lead:nobody@example.com", "There is no person “nobody@example.com”."),
        ("created:yesterday", "“yesterday” is not a date. Write it as 2026-11-23."),
        ("_", "There is no letter and no digit in “_” to look for."),
    ],
)
def test_what_only_the_filter_can_tell_is_explained_too(responder: Client, text: str, note: str) -> None:
    response = responder.get("/incidents/", {"search": text})

    assert response.status_code == 200
    assert notes_on(response.content.decode()) == [note]


def test_a_reference_comes_first_once(responder: Client) -> None:
    for number in range(1, 31):
        make_incident(f"n{number}", summary="about 7", severity="critical" if number % 2 else "minor")

    page = responder.get("/incidents/?search=7")
    following = responder.get(link_of(page, "next") or "")

    assert heads_on(page)[0][0] == "INC-7"
    assert [*names_on(page), *names_on(following)].count("n7") == 1
    assert names_on(page)[0] == "n7"
    assert len({*names_on(page), *names_on(following)}) == 30
    assert "30 incidents" in page.content.decode()


def test_hits_are_marked_in_the_name_and_the_text(responder: Client) -> None:
    incident = make_incident("Payouts <i>fail", summary="All is slow.")
    share_update(
        incident.pk,
        UpdateDraft(message=f"{'Calm. ' * 60}**Payout** <b>gateway is back. {'Calm. ' * 60}"),
        make_actor(),
    )

    html = responder.get("/incidents/?search=payout").content.decode()
    (snippet,) = re.findall(r'<p class="row-snippet">(.*?)</p>', html)

    assert "<mark>Payouts</mark> &lt;i&gt;fail" in html
    assert "<mark>Payout</mark> &lt;b&gt;gateway is back." in snippet
    assert len(re.sub(r"<.?mark>", "", snippet).replace("&lt;", "<").replace("&gt;", ">")) <= 160
    assert snippet.startswith("…")
    assert snippet.endswith("…")


def test_a_list_without_search_marks_nothing(responder: Client) -> None:
    make_incident("Payout fails")

    assert "<mark>" not in responder.get("/incidents/").content.decode()


def test_private_texts_are_neither_found_nor_quoted(responder: Client) -> None:
    owner = make_actor("Olga Owner")
    secret = make_incident("Quiet", summary="The zebra leaked.", actor=owner, visibility="private")

    for text in ("zebra", "zeb*", "-horse", secret.reference, str(secret.number)):
        html = responder.get(
            "/incidents/", {"search": text, "status_category[one_of]": "any"}
        ).content.decode()
        assert "leaked" not in html
        assert "Quiet" not in html


def test_a_word_that_may_be_unfinished_leads_on(responder: Client) -> None:
    make_incident("Payout fails")

    assert "search=payo*" in responder.get("/incidents/?search=payo").content.decode().replace("%2A", "*")
    assert names_on(responder.get("/incidents/?search=payo*")) == ["Payout fails"]


@pytest.mark.parametrize(
    "text", ['"', "a:b", "(", "'", ":*", "\\", "-", "*" * 200, "a" * 200, "is:", "🔥", "x" * 5000]
)
def test_no_text_breaks_the_list(responder: Client, text: str) -> None:
    assert responder.get("/incidents/", {"search": text}).status_code in {200, 422}


def test_the_search_follows_every_change(responder: Client) -> None:
    incident = make_incident("Payout fails")
    share_update(incident.pk, UpdateDraft(message="The ledger was behind."), make_actor())

    assert names_on(responder.get("/incidents/?search=ledger")) == ["Payout fails"]

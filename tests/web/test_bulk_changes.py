"""Bulk changes by their pages: as a browser without JavaScript sends them, what is refused, and what stays private."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.http import QueryDict

from incidents.models import Actor, BulkChange, BulkChangeRow, Incident, User
from incidents.services.memberships import grant_membership, revoke_membership
from tests.forms import read_form
from tests.make import make_actor, make_custom_field, make_incident, make_user, merge, move_incident
from tests.services.test_bulk_changes import Kind, lead_of, outcomes, severity, started

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
ADDRESS = "/incidents/bulk/"
EVERYTHING = "all=status_category%5Bone_of%5D%3Dany"


@pytest.fixture
def rosa() -> User:
    return make_user("Rosa Lund")


@pytest.fixture
def browser(client: Client, rosa: User) -> Client:
    client.force_login(rosa)
    return client


def asked(*incidents: Incident, kind: str = "severity", **more: str) -> str:
    ids = [f"id={incident.reference}" for incident in incidents]
    return (
        f"{ADDRESS}?{'&'.join([*ids, f'kind={kind}', *(f'{name}={value}' for name, value in more.items())])}"
    )


def chosen(kind: str, name: str, value: str, *, key: str = "") -> str:
    field = f"&custom_field={key}" if key else ""
    return f"kind={kind}&chosen={key or kind}{field}&{name}={value}"


TO_CRITICAL = chosen("severity", "severity", "critical")


def press(browser: Client, page: Any, **changes: Any) -> Any:
    """Press the button that starts the change."""
    return browser.post(ADDRESS, read_form(page, "bulk-start").filled(**changes))


def words_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def the_change() -> BulkChange:
    return BulkChange.objects.get()


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def test_the_whole_way_without_javascript(browser: Client) -> None:
    first, second, other = make_incident("A"), make_incident("B", severity="critical"), make_incident("C")

    page = browser.get(asked(first, second))
    form = read_form(page, "bulk-choice").filled(severity="critical")
    preview = browser.get(ADDRESS, form)
    report = press(browser, preview, message="It is worse than it looked.")

    assert "Changed 1 Already so 1 Refused 0" in words_of(preview)
    assert report.status_code == 303
    assert report["Location"] == the_change().get_absolute_url()
    assert outcomes(the_change()) == ["unchanged", "changed"]
    assert [fresh(one).severity_rank for one in (first, second)] == [fresh(second).severity_rank] * 2
    assert fresh(other).version == 1
    assert first.updates.filter(message="It is worse than it looked.").count() == 1
    shown = words_of(browser.get(report["Location"]))
    assert "Severity to Critical" in shown
    assert f"{first.reference} A Changed Major Critical" in shown


@pytest.mark.parametrize("query", ["", EVERYTHING])
def test_all_that_match_are_those_of_the_list(browser: Client, query: str) -> None:
    open_one, closed, test = make_incident("Open"), make_incident("Closed"), make_incident("T", mode="test")
    move_incident(closed, "closed")
    page = browser.get(f"{ADDRESS}?{query or 'all='}&{TO_CRITICAL}")

    press(browser, page)

    changed = {row.incident for row in the_change().rows.all()}
    assert changed == ({open_one, closed} if query else {open_one})
    assert fresh(test).version == 1


def test_a_lead_and_a_custom_field_by_the_page(browser: Client) -> None:
    field, ada = make_custom_field("Region", options=("Europe", "Asia")), make_user("Ada Okafor")
    incident = make_incident("A")

    page = browser.get(asked(incident, kind="custom_field"))
    page = browser.get(ADDRESS, read_form(page, "bulk-choice").filled(custom_field="region"))
    assert "bulk-start" not in page.content.decode()
    form = read_form(page, "bulk-choice").filled(**{"custom_field[region]": "europe"})
    press(browser, browser.get(ADDRESS, form))
    lead = browser.get(f"{asked(incident, kind='lead')}&chosen=lead&assignee={ada.email}")
    press(browser, lead)

    assert incident.custom_field_entries.get(custom_field=field).label == "Europe"
    assert lead_of(incident) == ada


def test_a_lead_of_private_incidents_gets_to_see_them_and_the_page_says_so(
    browser: Client, rosa: User
) -> None:
    ada = make_user("Ada Okafor")
    private = make_incident("A", actor=Actor.of_user(rosa), visibility="private")

    page = browser.get(f"{asked(private, make_incident('B'), kind='lead')}&chosen=lead&assignee={ada.email}")
    press(browser, page)

    assert "Ada Okafor becomes a member of 1 private incident, and sees it from then on." in words_of(page)
    assert Incident.objects.visible_to(Actor.of_user(ada)).filter(pk=private.pk).exists()


def test_a_field_is_emptied_where_nothing_is_chosen(browser: Client) -> None:
    field = make_custom_field("Cause", field_type="text")
    incident = make_incident("A", custom_fields={field.pk: ("a leak",)})
    page = browser.get(asked(incident, kind="custom_field", custom_field="cause"))

    press(browser, browser.get(ADDRESS, read_form(page, "bulk-choice").filled()))

    assert not incident.custom_field_entries.exists()


def test_the_preview_names_the_first_and_counts_the_rest(browser: Client) -> None:
    for number in range(27):
        make_incident(f"Number {number}")
    survivor, source = make_incident("Goes on"), make_incident("Merged one")
    merge(survivor, source)

    page = browser.get(f"{ADDRESS}?{EVERYTHING}&{TO_CRITICAL}")

    assert "Change 29 incidents" in words_of(page)
    assert "1 refused: It was merged" in words_of(page)
    assert "and 4 more" in words_of(page)


def test_a_set_that_changed_since_is_shown_once_more(browser: Client) -> None:
    make_incident("A")
    page = browser.get(f"{ADDRESS}?{EVERYTHING}&{TO_CRITICAL}")
    late = make_incident("Late")

    answer = press(browser, page, message="Keep this")

    assert answer.status_code == 409
    assert "1 then, 2 now" in words_of(answer)
    assert "Keep this" in answer.content.decode()
    assert not BulkChange.objects.exists()
    assert press(browser, answer).status_code == 303
    assert fresh(late).version == 2


@pytest.mark.parametrize("words", ["x" * 50_001, "A\x00B"])
def test_words_that_cannot_be_shared_are_kept_and_told(browser: Client, words: str) -> None:
    page = browser.get(f"{asked(make_incident('A'))}&chosen=severity&severity=critical")

    answer = press(browser, page, message=words)

    assert answer.status_code == 422
    assert "Nothing saved yet: 1 field needs another look" in words_of(answer)
    assert words.replace("\x00", "") in answer.content.decode().replace("\x00", "")
    assert not BulkChange.objects.exists()
    assert press(browser, answer, message="Shorter").status_code == 303


def test_one_out_of_sight_since_is_no_part_of_it(browser: Client, rosa: User) -> None:
    owner, public = make_actor("Olga Owner"), make_incident("A")
    private = make_incident("B", actor=owner, visibility="private")
    grant_membership(private.pk, rosa, owner)
    page = browser.get(f"{ADDRESS}?{EVERYTHING}&{TO_CRITICAL}")
    revoke_membership(private.pk, rosa, owner)

    answer = press(browser, page)

    assert answer.status_code == 409
    assert private.reference not in answer.content.decode()
    assert public.reference in answer.content.decode()


def test_a_form_sent_twice_is_one_change(browser: Client) -> None:
    page = browser.get(f"{asked(make_incident('A'))}&chosen=severity&severity=critical")

    first, second = press(browser, page), press(browser, page)

    assert first["Location"] == second["Location"]
    assert BulkChange.objects.count() == 1


def test_viewers_see_no_bar_and_change_nothing(client: Client) -> None:
    incident = make_incident("A")
    client.force_login(make_user("Vera", role="viewer"))

    assert "bulk_bar" not in client.get("/incidents/").content.decode()
    assert client.get(f"{asked(incident)}&chosen=severity&severity=critical").status_code == 403
    assert client.post(ADDRESS, {"id": incident.reference}).status_code == 403


def test_hidden_and_missing_incidents_answer_the_same(browser: Client) -> None:
    hidden = make_incident("A", actor=make_actor("Olga Owner"), visibility="private")
    told = []
    for reference in (hidden.reference, "INC-999999"):
        answer = browser.get(f"{ADDRESS}?id={reference}&kind=severity")
        assert answer.status_code == 422
        told.append(words_of(answer).replace(reference, "INC"))

    assert told[0] == told[1]
    assert "There is no incident “INC”." in told[0]


@pytest.mark.parametrize(
    "query",
    [
        "id=%00&kind=status",
        "id=nothing&kind=status",
        "id=INC-1&id=INC-999&kind=status",
        "id=INC-1&kind=status&kind=severity",
        "id=INC-1&kind=nothing",
        "kind=severity&all=severity[one_of]%3Dcritical",
        "id=INC-1&kind=%00",
        "id=INC-1&kind=status&chosen=status&incident_status=nothing",
        "id=INC-1&kind=status&chosen=status&incident_status=%00",
        "id=INC-1&kind=status&chosen=status&incident_status=",
        "all=severity[one_of]%3D%2500&kind=status",
        "all=search%3Dnothing-of-the-kind&kind=severity",
        "id=INC-1&kind=status&chosen=status&incident_status=merged",
        "id=INC-1&kind=severity&chosen=severity&severity=fixing",
        "id=INC-1&kind=lead&chosen=lead&assignee=nobody@example.com",
        "id=INC-1&kind=lead&chosen=lead&assignee=%00",
        "id=INC-1&kind=custom_field&custom_field=count&chosen=count&custom_field[count]=many",
        "id=INC-1&kind=custom_field&custom_field=count&chosen=count&custom_field[count]=%00",
        "all=nothing[one_of]%3Dx&kind=status",
        "all=sort_by%3Dnothing&kind=status",
        f"all=search%3D{'x' * 9000}&kind=status",
    ],
)
def test_bad_questions_are_told_what_is_wrong(browser: Client, query: str) -> None:
    make_custom_field("Count", field_type="numeric")
    make_incident("A")

    data = QueryDict(query)
    answers = [browser.get(f"{ADDRESS}?{query}"), browser.post(ADDRESS, {**dict(data.lists()), "seen": "x"})]

    # A NUL in an address is refused before anybody reads it.
    assert [answer.status_code for answer in answers] == [400 if "%00" in query else 422, 422]
    assert all('name="seen"' not in answer.content.decode() for answer in answers)
    assert not BulkChange.objects.exists()


def test_more_than_a_form_holds_is_refused(browser: Client) -> None:
    ids = "&".join(f"id=INC-{number}" for number in range(1, 1102))

    assert browser.get(f"{ADDRESS}?{ids}&kind=status").status_code == 400


def test_more_than_a_thousand_are_refused(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.web.bulk_selection.MOST_INCIDENTS", 3)
    monkeypatch.setattr("incidents.web.incident_rows.MOST_INCIDENTS", 3)
    for number in range(30):
        make_incident(f"A{number}")

    answer = browser.get(f"{ADDRESS}?{EVERYTHING}&{TO_CRITICAL}")

    assert answer.status_code == 422
    assert "At most 3 incidents are changed at once" in words_of(answer)
    page = browser.get("/incidents/").content.decode()
    assert "30 match: to change them all, filter first." in page
    assert 'name="all"' not in page


def test_the_list_offers_all_that_match_where_they_are_more_than_its_page(browser: Client) -> None:
    for number in range(26):
        make_incident(f"A{number}")

    page = browser.get("/incidents/?severity[gte]=minor").content.decode()
    whole = browser.get("/incidents/?page_size=50").content.decode()

    assert 'name="all" value="severity[gte]=minor"' in page
    assert "Select all 26 that match" in page
    assert 'name="all"' not in whole


def test_merging_from_the_bar_leads_to_the_page_of_the_merge(browser: Client) -> None:
    first, second = make_incident("A"), make_incident("B")

    ticked = browser.get(asked(first, second, kind="merge"))
    everything = browser.get(f"{ADDRESS}?{EVERYTHING}&kind=merge")

    assert ticked["Location"] == f"/incidents/merge/?id={second.reference}&id={first.reference}"
    assert everything.status_code == 302
    for number in range(51):
        make_incident(f"More {number}")
    too_many = browser.get(f"{ADDRESS}?{EVERYTHING}&kind=merge")
    assert too_many.status_code == 422
    assert "Merge at most 50 incidents into one at once; these are 53." in words_of(too_many)


def test_nothing_is_done_by_looking(browser: Client, rosa: User) -> None:
    change = started(Actor.of_user(rosa), Kind.SEVERITY, (severity("critical"),), make_incident("A"))

    browser.get(change.get_absolute_url())
    browser.get(f"{ADDRESS}?{EVERYTHING}&{TO_CRITICAL}")

    assert outcomes(change) == ["waiting"]
    assert BulkChangeRow.objects.count() == 1

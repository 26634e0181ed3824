"""When to warn: measured by what people said, previewed, and saved by administrators."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from incidents.models import Actor, Configuration, DuplicateSettingsChange, Incident
from incidents.services.declaring import report_same
from incidents.services.drafts import IncidentDraft
from incidents.services.duplicate_check import Evidence
from incidents.services.verdicts import record_verdict
from incidents.web.duplicate_measures import JudgedPair, Rate, outcome_at
from tests.make import make_actor, make_custom_field, make_incident, make_user

pytestmark = pytest.mark.django_db

ADDRESS = "/settings/duplicates/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(make_user("Ada Okafor", role="administrator"))
    return client


def judge(verdict: str, score: int | None, level: str = "likely", **draft: Any) -> tuple[Incident, Incident]:
    actor = make_actor()
    pair = make_incident("Ledger is late", **draft), make_incident("Payouts wait", **draft)
    evidence = Evidence(score, level, ({"code": "words", "text": "Name shares", "points": score or 0},))
    record_verdict((pair[0].pk, pair[1].pk), verdict, actor, source="page", evidence=evidence)
    return pair


def text_of(client: Client, address: str = ADDRESS, **headers: str) -> str:
    return " ".join(client.get(address, headers=headers).content.decode().split())


def pairs(same: list[int], different: list[int]) -> list[JudgedPair]:
    return [
        JudgedPair(is_same, score, False, "a", "b")
        for is_same, scores in ((True, same), (False, different))
        for score in scores
    ]


def test_an_outcome_counts_right_and_wrong_warnings() -> None:
    outcome = outcome_at(50, pairs([90, 60, 40], [55, 20]))

    assert (outcome.caught, outcome.wrong, outcome.duplicates) == (2, 1, 3)
    assert (outcome.right, outcome.found) == (Rate(2, 3), Rate(2, 3))


def test_the_same_name_is_warned_of_whatever_its_score() -> None:
    assert JudgedPair(
        is_same=True, score=10, is_exact=True, incident_id="a", other_incident_id="b"
    ).is_warned_at(90)


@pytest.mark.parametrize(
    ("hits", "total", "interval"),
    # As R's binom.confint(method = "wilson") rounds them.
    [(0, 20, (0, 16)), (10, 20, (30, 70)), (20, 20, (84, 100)), (87, 100, (79, 92)), (0, 0, (0, 100))],
)
def test_intervals_are_wilsons(hits: int, total: int, interval: tuple[int, int]) -> None:
    assert Rate(hits, total).interval == interval


def test_few_pairs_say_nothing(admin: Client) -> None:
    for _ in range(3):
        judge("same", 70)

    words = text_of(admin)

    assert words.count("too few to say") == 2
    assert "3 of 3 warnings" in words
    assert "From 20 judged pairs on" in words
    assert "<polyline" not in words


def test_enough_pairs_give_shares_with_their_range(admin: Client) -> None:
    for _ in range(20):
        judge("same", 70)
    for verdict, score in (("same", 40), ("different", 60), ("related", 55), ("unsure", 99), ("same", None)):
        judge(verdict, score)

    words = text_of(admin)

    assert "91% <span" in words
    assert "20 of 22 warnings" in words
    assert "95% <span" in words
    assert "20 of 21 duplicates" in words
    assert words.count("<polyline") == 2


def test_other_marks_are_previewed_with_the_pairs_that_change(admin: Client) -> None:
    missed = judge("same", 55)
    spared = judge("different", 52)
    judge("same", 80)

    words = text_of(admin, f"{ADDRESS}?warn=60&stop=80&days=30")

    assert "From 50 and 50 to 60 and 80, in the last 30 days" in words
    assert "2 → 1" in words
    assert "1 → 0" in words
    assert "3 → 1" in words
    for incident in (*missed, *spared):
        assert f"{incident.reference} {incident.name}" in words
    assert Configuration.current().duplicates.warn_at == 50


def test_lower_marks_tell_what_they_gain(admin: Client) -> None:
    judge("same", 45)
    judge("different", 42)

    words = text_of(admin, f"{ADDRESS}?warn=40&stop=50")

    assert "Duplicates it would have caught as well" in words
    assert "Wrong warnings it would have given" in words


def test_htmx_gets_the_effect_and_the_figure(admin: Client) -> None:
    judge("same", 55)

    words = text_of(admin, f"{ADDRESS}?warn=60&stop=80", **HTMX)

    assert words.startswith('<div id="effect">') or '<div id="effect">' in words
    assert "<html" not in words
    assert 'id="figure" hx-swap-oob="true"' in words
    assert "0 of 1 duplicates warned of, 0 wrong warnings" in words


def test_a_report_is_told_as_one(admin: Client) -> None:
    incident = make_incident("Checkout API returns 500s for EU merchants")
    report_same(incident.pk, IncidentDraft(name="Checkout API 500s, EU merchants"), make_actor())

    assert "and a report on it" in text_of(admin, f"{ADDRESS}?warn=100&stop=100")


def test_marks_are_saved_and_who_did_it_is_told(admin: Client) -> None:
    response = admin.post(ADDRESS, {"warn": "60", "stop": "80"})

    assert response.status_code == 303
    settings = Configuration.current().duplicates
    assert (settings.warn_at, settings.stop_at) == (60, 80)
    words = text_of(admin)
    assert "Warnings begin at 60 points, ticks at 80." in words
    assert "Ada Okafor: warn at 50 → 60, stop at 50 → 80" in words


@pytest.mark.parametrize(
    ("warn", "stop"),
    [
        ("29", "50"),
        ("101", "101"),
        ("60", "59"),
        ("", "50"),
        ("x", "50"),
        ("9" * 5000, "50"),
        ("1e9", "60"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_marks_that_make_no_sense_are_refused(admin: Client, method: str, warn: str, stop: str) -> None:
    response = getattr(admin, method)(ADDRESS, {"warn": warn, "stop": stop})

    assert response.status_code == 422
    assert "field-error" in response.content.decode()
    assert not DuplicateSettingsChange.objects.exists()


@pytest.mark.parametrize("days", ["", "31", "-1", "x", "\u0663\u0660", "9" * 5000])
def test_an_unknown_period_is_the_usual_one(admin: Client, days: str) -> None:
    assert "in the last 90 days" in text_of(admin, f"{ADDRESS}?days={days}")


def test_doors_are_saved(admin: Client) -> None:
    doors = {
        "admin_policy": "off",
        "import_policy": "skip",
        "alert_policy": "warn",
        "api_key_policy": "refuse",
    }

    assert admin.post(f"{ADDRESS}doors/", doors).status_code == 303

    settings = Configuration.current().duplicates
    assert {name: getattr(settings, name) for name in doors} == doors


def test_a_door_that_is_not_there_is_refused(admin: Client) -> None:
    response = admin.post(f"{ADDRESS}doors/", {"admin_policy": "maybe"})

    assert response.status_code == 422
    assert "Choose one." in response.content.decode()
    assert not DuplicateSettingsChange.objects.exists()


def exported(client: Client, address: str) -> str:
    response = client.get(f"{ADDRESS}{address}")
    assert "attachment" in response["Content-Disposition"]
    return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


def test_verdicts_are_exported_with_texts_and_fields(admin: Client) -> None:
    service = make_custom_field("Service", options=("Ledger",), similarity="service")
    older, newer = judge("same", 70, summary="Since noon", custom_fields={service.pk: ("ledger",)})

    (line,) = exported(admin, "verdicts.jsonl").splitlines()

    row = json.loads(line)
    assert (row["verdict"], row["score"], row["level"]) == ("same", 70, "likely")
    assert (row["incident"], row["other"]) == (older.reference, newer.reference)
    assert (row["incident_name"], row["incident_summary"]) == ("Ledger is late", "Since noon")
    assert row["other_fields"] == [{"kind": "service", "value": "Ledger"}]


def test_a_report_is_exported_as_what_it_would_have_declared(admin: Client) -> None:
    incident = make_incident("Ledger is late")
    report_same(incident.pk, IncidentDraft(name="Ledger slow", summary="Since\n\nnoon"), make_actor())

    row = json.loads(exported(admin, "verdicts.jsonl"))

    assert (row["other"], row["other_name"], row["other_summary"]) == ("", "Ledger slow", "Since\n\nnoon")


def test_private_incidents_are_exported_when_asked_for(admin: Client) -> None:
    judge("same", 70, visibility="private")

    assert exported(admin, "verdicts.jsonl") == ""
    assert len(exported(admin, "verdicts.jsonl?private").splitlines()) == 1


def test_spreadsheets_get_no_formulas(admin: Client) -> None:
    older, newer = make_incident("=HYPERLINK(1)"), make_incident('Ledger, "late"\nagain')
    actor = Actor.of_user(make_user(role="administrator"))
    record_verdict((older.pk, newer.pk), "same", actor, source="page", evidence=Evidence(70, "likely"))

    (row,) = csv.DictReader(io.StringIO(exported(admin, "verdicts.csv")))

    assert row["incident_name"] == "'=HYPERLINK(1)"
    assert row["other_name"] == 'Ledger, "late" again'


def test_an_export_of_many_is_whole(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.services.verdict_export.BATCH", 2)
    for _ in range(5):
        judge("same", 70)

    assert len(exported(admin, "verdicts.jsonl").splitlines()) == 5


def test_the_command_writes_a_file(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    judge("same", 70)
    judge("same", 70, visibility="private")
    target = tmp_path / "verdicts.jsonl"

    call_command("export_verdicts", str(target))
    assert len(target.read_text().splitlines()) == 1
    call_command("export_verdicts", str(target), private=True)
    assert len(target.read_text().splitlines()) == 2
    assert "2 verdicts written" in capsys.readouterr().out
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_verdicts", str(tmp_path))


def test_the_search_command_says_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        make_incident("Checkout API returns 500s for EU merchants")

    call_command("find_duplicates")

    assert "2 incidents compared" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("find_duplicates", limit=0)

"""Imports: every format, bad rows, the same file twice, a crash in mid-batch, and what stays private."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from incidents.models import (
    Actor,
    Configuration,
    Import,
    ImportedIncident,
    Incident,
    IncidentUpdate,
    ReferenceCounter,
    Severity,
)
from incidents.services.duplicate_settings import DuplicateSettingsEdit, edit_duplicate_settings
from incidents.services.importing import (
    ColumnChoice,
    ImportDraft,
    ImportFileError,
    advance_import,
    advancing,
    begin_import,
    choose_columns,
    start_import,
    stop_import,
)
from incidents.services.verification import verify_counter, verify_incidents
from tests.make import make_actor, make_custom_field, make_incident, make_user

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.django_db

HEAD = "Id,Title,Priority,State,Created,Resolved at,Owner\n"
LINE = "OG-1,Payouts late,Major,Closed,2024-03-02 13:06,2024-03-02 15:22,ada@example.com\n"


@pytest.fixture
def admin() -> Actor:
    return make_actor("Priya Raman", role="administrator")


def begun(
    content: str | bytes, actor: Actor, *, kind: str = "csv", origin: str = "", time_zone: str = "UTC"
) -> Import:
    data = content.encode() if isinstance(content, str) else content
    draft = ImportDraft(format=kind, file_name="old.csv", origin=origin, time_zone=time_zone)
    return begin_import(draft, io.BytesIO(data), actor)


def checked(content: str | bytes, actor: Actor, **options: Any) -> Import:
    """Return the import after its dry run, with the guessed columns and some choices changed."""
    choices = {name: options.pop(name) for name in ("keep_numbers", "make_missing") if name in options}
    values: Mapping[str, Mapping[str, str]] = options.pop("values", {})
    incident_import = begun(content, actor, **options)
    choice = ColumnChoice(targets=incident_import.targets, values=values, **choices)
    choose_columns(incident_import, choice, actor)
    return advance_import(incident_import.pk, actor, seconds=60)


def imported(content: str | bytes, actor: Actor, *, duplicates: str = "report", **options: Any) -> Import:
    incident_import = checked(content, actor, **options)
    start_import(incident_import, duplicates, actor)
    return advance_import(incident_import.pk, actor, seconds=60)


def outcomes(incident_import: Import) -> list[str]:
    return list(incident_import.rows.order_by("number").values_list("outcome", flat=True))


def told(incident_import: Import) -> list[str]:
    return [
        f"{row.number} {problem['column']}: {problem['message']}"
        for row in incident_import.rows.order_by("number")
        for problem in row.problems
    ]


def v2(**parts: Any) -> dict[str, Any]:
    return {
        "id": "01FDAG4SAP5TYPT98WGR2N7W91",
        "reference": "INC-123",
        "name": "Our database is sad",
        "mode": "standard",
        "visibility": "public",
        "severity": {"id": "01X", "name": "Major", "rank": 2},
        "incident_status": {"id": "01Y", "name": "Closed", "category": "closed"},
        "created_at": "2021-08-17T13:28:57.801578Z",
        **parts,
    }


def test_csv_becomes_incidents(admin: Actor) -> None:
    ada = make_user("Ada Okafor", email="ada@example.com")

    done = imported(HEAD + LINE, admin)

    incident = Incident.objects.get()
    assert (done.state, outcomes(done)) == ("done", ["made"])
    assert (incident.name, incident.mode, incident.status_category) == (
        "Payouts late",
        "retrospective",
        "closed",
    )
    assert incident.created_at.isoformat() == "2024-03-02T13:06:00+00:00"
    assert incident.pk[:10] < "01HR000000"
    assert incident.creator_user_id == admin.user_id
    role = Configuration.current().lead_role
    assert role is not None
    assert incident.role_assignments.get(incident_role=role).assignee_id == ada.pk
    origin = ImportedIncident.objects.get()
    assert (origin.origin, origin.source_id, origin.incident_id) == ("csv", "OG-1", incident.pk)


def test_timestamps_are_those_of_the_file_and_no_others(admin: Actor) -> None:
    imported(HEAD + LINE, admin)

    values = Incident.objects.get().timestamp_values.values_list("incident_timestamp__slug", "value")
    assert {slug: f"{value:%H:%M}" for slug, value in values} == {"reported": "13:06", "resolved": "15:22"}
    metric = Incident.objects.get().duration_metrics.get(duration_metric__slug="time-to-resolve")
    assert metric.value_seconds == 136 * 60


def test_incident_io_becomes_incidents(admin: Actor) -> None:
    ada = make_user("Ada Okafor", email="ada@example.com")
    region = make_custom_field("Region", options=("EU", "US"), field_type="multi_select")
    whole = v2(
        summary="Too many clients.",
        visibility="private",
        permalink="https://app.incident.io/incidents/123",
        creator={"user": {"name": "Ada", "email": "ada@example.com"}},
        incident_role_assignments=[
            {"role": {"name": "Incident lead"}, "assignee": {"name": "Ada", "email": "ADA@example.com"}},
            {"role": {"name": "Scribe"}, "assignee": {"name": "Gone", "email": "gone@example.com"}},
        ],
        custom_field_entries=[
            {
                "custom_field": {"name": "Region"},
                "values": [{"value_option": {"value": "EU"}}, {"value_option": {"value": "US"}}],
            }
        ],
        incident_timestamp_values=[
            {"incident_timestamp": {"name": "Resolved"}, "value": {"value": "2021-08-17T14:28:57Z"}},
            {"incident_timestamp": {"name": "Fixed"}},
        ],
    )

    done = imported(json.dumps([whole]), admin, kind="incident_io", keep_numbers=True)

    incident = Incident.objects.get()
    assert (incident.number, incident.visibility, incident.summary) == (123, "private", "Too many clients.")
    assert incident.creator_user_id == ada.pk
    assert [entry.label for entry in incident.custom_field_entries.filter(custom_field=region)] == [
        "EU",
        "US",
    ]
    assert incident.attachments.get().permalink == "https://app.incident.io/incidents/123"
    assert told(done) == ["1 Role: Scribe: Nobody here has the e-mail “gone@example.com”: left empty."]
    assert list(verify_counter()) == []
    assert ReferenceCounter.objects.get().skipped == 122


@pytest.mark.parametrize(
    "file",
    [
        json.dumps([v2(), v2(id="B", name="Second")]),
        json.dumps({"incidents": [v2(), v2(id="B", name="Second")], "pagination_meta": {"page_size": 2}}),
        "\n".join(map(json.dumps, [v2(), v2(id="B", name="Second")])),
        "\n".join(
            json.dumps({"incidents": [one], "pagination_meta": {"page_size": 1}})
            for one in (v2(), v2(id="B", name="Second"))
        ),
        json.dumps({"pagination_meta": {}, "incidents": [v2(), v2(id="B", name="Second")]}),
        json.dumps([v2()]) + json.dumps([v2(id="B", name="Second")]),
        "\ufeff[\n" + ",\n".join(map(json.dumps, [v2(), v2(id="B", name="Second")])) + "\n]\n",
        json.dumps([v2(), v2(id="B", name="Second", summary="x" * 200_000)]).replace("x" * 200_000, "y"),
    ],
)
def test_json_comes_in_any_wrapping(admin: Actor, file: str) -> None:
    done = checked(file, admin, kind="incident_io")

    assert outcomes(done) == ["ready", "ready"]


def test_firefighter_becomes_incidents(admin: Actor) -> None:
    make_user("Ada Okafor", email="ada@example.com")
    environment = make_custom_field("Environment", options=("PRD",))
    file = (
        "id,status,environment.value,priority.name,title,description,incident_category.name,created_at,"
        "slack_channel_name,status_page_url,roles.commander.email,created_by.email\n"
        "886,Closed,PRD,P1,Payouts late,Details,Other,2022-02-18T12:16:10.960407+01:00,#inc-886,"
        "https://fire.example/incident/886,ada@example.com,ada@example.com\n"
    )

    imported(file, admin, kind="firefighter", values={"severity": {"P1": "critical"}})

    incident = Incident.objects.get()
    assert incident.severity is not None
    assert (incident.severity.slug, incident.slack_channel_name) == ("critical", "inc-886")
    assert incident.created_at.isoformat() == "2022-02-18T11:16:10.960407+00:00"
    assert incident.creator_user is not None
    assert incident.creator_user.email == "ada@example.com"
    assert [entry.label for entry in incident.custom_field_entries.filter(custom_field=environment)] == [
        "PRD"
    ]
    assert ImportedIncident.objects.get().source_id == "886"


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("latin-1", "\t"), ("cp1252", ";")],
)
def test_dialects_are_recognised(admin: Actor, encoding: str, delimiter: str) -> None:
    file = (HEAD + LINE).replace("late", "für Zürich spät").replace(",", delimiter)

    imported(file.encode(encoding), admin)

    assert Incident.objects.get().name == "Payouts für Zürich spät"


def test_dry_run_makes_nothing(admin: Actor) -> None:
    done = checked(HEAD + LINE, admin, make_missing=True, values={})
    severities = Severity.objects.count()

    assert outcomes(done) == ["ready"]
    assert Incident.objects.count() == 0
    assert Severity.objects.count() == severities


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("1,,Major,Closed,2024-03-02,,", "2 Title: Say in one line what is happening."),
        (
            "1,A,Dreadful,Closed,2024-03-02,,",
            "2 Priority: There is no severity “Dreadful”. Say which one it means.",
        ),
        ("1,A,,Closed,2024-03-02,,", "2 Priority: A severity is required: choose how bad it is."),
        ("1,A,Major,Odd,2024-03-02,,", "2 State: There is no status “Odd”. Say which one it means."),
        (
            "1,A,Major,Closed,last Tuesday,,",
            "2 Created: “last Tuesday” is no date that can be read. Write it as 2026-11-23 14:05.",
        ),
        (
            "1,A,Major,Closed,03/04/2024,,",
            "2 Created: “03/04/2024” is no date that can be read. Write it as 2026-11-23 14:05.",
        ),
        ("1,A,Major,Closed,2999-01-01,,", "2 Created: It must have been declared between 1970 and now."),
        (
            "1,A,Major,Closed,,,",
            "2 Created: Nothing says when it was declared. Choose a column for that.",
        ),
        (
            "1,A,Major,Closed,2024-03-02,,,,extra",
            "2 : This row has more cells than the file has columns: look for a sign too many.",
        ),
        (
            f"1,{'A' * 201},Major,Closed,2024-03-02,,",
            "2 Title: Shorten this to 200 characters or fewer (it has 201).",
        ),
    ],
)
def test_bad_rows_are_told_by_row_and_column(admin: Actor, line: str, problem: str) -> None:
    done = imported(f"{HEAD}{line}\n{LINE}", admin)

    assert outcomes(done) == ["bad", "made"]
    assert told(done)[0] == problem


def test_the_same_file_again_makes_nothing_twice(admin: Actor) -> None:
    make_user(email="ada@example.com")
    no_ids = "Title,Priority,Created\nCache cold,Minor,2024-05-01\n"

    imported(HEAD + LINE, admin)
    imported(no_ids, admin)
    again = [imported(HEAD + LINE, admin), imported(no_ids, admin)]

    assert [outcomes(one) for one in again] == [["present"], ["present"]]
    assert Incident.objects.count() == 2


def test_an_id_is_an_id_of_its_origin(admin: Actor) -> None:
    imported(HEAD + LINE, admin, origin="Opsgenie")

    assert outcomes(imported(HEAD + LINE, admin, origin="PagerDuty")) == ["made"]


def test_an_export_of_this_installation_makes_nothing(admin: Actor) -> None:
    incident = make_incident()

    done = imported(json.dumps([v2(id=incident.pk)]), admin, kind="incident_io")

    assert outcomes(done) == ["present"]


def test_an_import_goes_on_after_a_crash(admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advancing, "BATCH", 2)
    lines = "".join(f"OG-{n},Payouts {n},Major,Closed,2024-03-0{n} 13:06,,\n" for n in range(1, 6))
    incident_import = checked(HEAD + lines, admin)
    start_import(incident_import, "report", admin)
    advance_import(incident_import.pk, admin, seconds=0)
    assert Incident.objects.count() == 2

    # What fails in the middle of a batch takes the whole batch back.
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE incidents_incidentsearchtext RENAME TO gone")
    with pytest.raises(DatabaseError), transaction.atomic():
        advance_import(incident_import.pk, admin, seconds=0)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE gone RENAME TO incidents_incidentsearchtext")
    assert Incident.objects.count() == 2

    done = advance_import(incident_import.pk, admin, seconds=60)
    assert outcomes(done) == ["made"] * 5
    assert Incident.objects.count() == 5
    assert list(verify_counter()) == []
    assert [found for _, found in verify_incidents()] == [[]]


def test_what_is_missing_is_made_where_it_is_wished(admin: Actor) -> None:
    region = make_custom_field("Region", options=("EU",))
    file = HEAD.replace("Owner", "Region") + LINE.replace("Major", "P1").replace("Closed", "Filed").replace(
        "ada@example.com", "APAC"
    )

    assert outcomes(checked(file, admin)) == ["bad"]
    dry = checked(file, admin, make_missing=True)
    assert told(dry) == [
        "2 Priority: The severity “P1” is added.",
        "2 State: The status “Filed” is added.",
        "2 Region: The option “APAC” is added.",
    ]
    assert not Severity.objects.filter(name="P1").exists()
    start_import(dry, "report", admin)
    advance_import(dry.pk, admin, seconds=60)

    incident = Incident.objects.get()
    assert incident.severity is not None
    assert (incident.severity.name, incident.severity.rank) == ("P1", 0)
    assert (incident.incident_status.name, incident.status_category) == ("Filed", "closed")
    assert [entry.label for entry in incident.custom_field_entries.filter(custom_field=region)] == ["APAC"]


def test_rows_that_are_alike_are_named(admin: Actor) -> None:
    file = HEAD + LINE + LINE.replace("OG-1", "OG-2").replace("13:06", "13:40") + LINE

    done = checked(file, admin)

    assert outcomes(done) == ["ready", "similar", "present"]
    assert "3 : Row 2 has the same name within the same hour." in told(done)
    assert "4 : Row 2 has the same id." in told(done)


@pytest.mark.parametrize(
    ("duplicates", "outcome", "incidents"),
    [("report", "made", 2), ("skip", "left_out", 1), ("attach", "attached", 1)],
)
def test_open_duplicates_follow_the_policy(
    admin: Actor, duplicates: str, outcome: str, incidents: int
) -> None:
    there = make_incident("Checkout API returning 500s for EU customers")
    file = HEAD + "OG-1,Checkout API returning 500s for EU customers,Major,Investigating,2024-03-02,,\n"

    done = imported(file, admin, duplicates=duplicates)

    assert outcomes(done) == [outcome]
    assert Incident.objects.count() == incidents
    assert IncidentUpdate.objects.filter(incident=there).exists() is (duplicates == "attach")


def test_an_import_begins_with_the_policy_of_the_settings(admin: Actor) -> None:
    edit_duplicate_settings(DuplicateSettingsEdit(import_policy="skip"), admin)
    make_incident("Checkout API returning 500s for EU customers")
    file = HEAD + "OG-1,Checkout API returning 500s for EU customers,Major,Investigating,2024-03-02,,\n"

    assert outcomes(imported(file, admin, duplicates="")) == ["left_out"]


def test_what_was_merged_or_a_test_is_not_a_plain_incident(admin: Actor) -> None:
    merged = v2(id="A", incident_status={"name": "Merged", "category": "merged"})
    practice = v2(id="B", mode="test")

    done = imported(json.dumps([merged, practice]), admin, kind="incident_io")

    assert outcomes(done) == ["made", "left_out"]
    assert Incident.objects.get().status_category == "canceled"


def test_a_number_that_is_taken_is_told(admin: Actor) -> None:
    make_incident()

    done = imported(json.dumps([v2(reference="INC-1")]), admin, kind="incident_io", keep_numbers=True)

    assert told(done)[0] == "1 : INC-1 exists already."


def test_private_incidents_stay_private(admin: Actor) -> None:
    imported(json.dumps([v2(visibility="private")]), admin, kind="incident_io")

    assert Incident.objects.count() == 1
    assert not Incident.objects.visible_to(make_actor("Sam Stranger")).exists()


def test_nothing_of_the_file_is_kept_longer_than_needed(admin: Actor) -> None:
    done = imported(json.dumps([v2(visibility="private")]), admin, kind="incident_io")

    assert done.rows.get().content == {}


def test_an_apostrophe_of_an_export_is_taken_off_again(admin: Actor) -> None:
    imported(HEAD + LINE.replace("Payouts late", "'=SUM(A1)").replace("OG-1", "x"), admin)

    assert Incident.objects.get().name == "=SUM(A1)"


def test_what_no_database_stores_is_replaced(admin: Actor) -> None:
    imported(HEAD + LINE.replace("late", "l\x00te"), admin)
    odd = v2(
        name="half \ud83d",
        incident_role_assignments=[{"role": {"name": "a\x00b"}, "assignee": {"name": "x"}}],
    )
    imported(json.dumps([odd]), admin, kind="incident_io")

    assert {incident.name for incident in Incident.objects.all()} == {"Payouts l\ufffdte", "half \ufffd"}


@pytest.mark.parametrize(
    ("kind", "file", "message"),
    [
        ("csv", b"", "The file is empty."),
        ("csv", b"Title,Priority\n", "The file holds no incidents."),
        ("csv", b"PK\x03\x04rest", "This is a spreadsheet or an archive."),
        ("csv", b"\x1f\x8brest", "This is a spreadsheet or an archive."),
        ("csv", "Title\nx".encode("utf-16"), "This file is in UTF-16."),
        ("csv", b'Title,Priority\n"' + b"x" * 200_000, "The file is broken"),
        ("csv", b",".join([b"c"] * 201) + b"\nx", "The file has 201 columns; 200 is the most."),
        ("incident_io", b"nonsense", "This is no JSON"),
        ("incident_io", b'[{"id": 1}', "The list of incidents is not closed"),
        ("incident_io", b"[1]", "Item 1 is no incident"),
        ("incident_io", b"[" * 200_000, "The file is nested too deeply"),
        ("incident_io", b'[{"a":' + b"[" * 60_000, "The file is nested too deeply"),
        ("incident_io", b'[{"name": "' + b"x" * 1_200_000, "An incident is too long"),
        ("incident_io", b'[{"id": ' + b"9" * 5_000 + b"}]", "The file is no list of incidents"),
        ("incident_io", b"[\xff]", "The file is not in UTF-8"),
        ("incident_io", b"[]", "The file holds no incidents."),
    ],
)
def test_files_that_cannot_be_read_leave_nothing(admin: Actor, kind: str, file: bytes, message: str) -> None:
    with pytest.raises(ImportFileError, match=message.replace("(", r"\(")):
        begun(file, admin, kind=kind)

    assert Import.objects.count() == 0


def test_too_many_rows_leave_nothing(admin: Actor) -> None:
    draft = ImportDraft(format="csv", file_name="old.csv")

    with pytest.raises(ImportFileError, match="more than 1 incidents"):
        begin_import(draft, io.BytesIO((HEAD + LINE + LINE).encode()), admin, most_rows=1)

    assert Import.objects.count() == 0


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ({}, "Choose the column that holds the names"),
        ({"Title": "name", "Owner": "name"}, "“Title” fills Name already."),
        ({"Title": "colour"}, "There is no such field."),
        ({"Colour": "name"}, "The file has no column “Colour”."),
    ],
)
def test_columns_that_make_no_sense_are_refused(admin: Actor, targets: dict[str, str], message: str) -> None:
    incident_import = begun(HEAD + LINE, admin)

    with pytest.raises(ValidationError, match=message):
        choose_columns(incident_import, ColumnChoice(targets=targets), admin)


def test_times_without_a_zone_are_those_of_the_importer(admin: Actor) -> None:
    imported(HEAD + LINE, admin, time_zone="Asia/Tokyo")

    assert Incident.objects.get().created_at.isoformat() == "2024-03-02T04:06:00+00:00"


def test_an_import_stops_and_goes_on(admin: Actor) -> None:
    incident_import = checked(HEAD + LINE, admin)
    start_import(incident_import, "report", admin)
    stop_import(incident_import, admin)

    assert advance_import(incident_import.pk, admin, seconds=60).state == "stopped"
    assert Incident.objects.count() == 0
    start_import(incident_import, "report", admin)
    assert advance_import(incident_import.pk, admin, seconds=60).state == "done"
    assert Incident.objects.count() == 1


def test_only_administrators_import(admin: Actor) -> None:
    incident_import = checked(HEAD + LINE, admin)
    responder = make_actor()

    with pytest.raises(PermissionDenied):
        begun(HEAD + LINE, responder)
    with pytest.raises(PermissionDenied):
        start_import(incident_import, "report", responder)
    with pytest.raises(PermissionDenied):
        advance_import(incident_import.pk, responder, seconds=1)

"""The pages of an import: from the file to the incidents, also without JavaScript, and within their budgets."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from incidents.models import Import, Incident
from incidents.services.importing import advancing
from incidents.web.forms import imports as forms
from tests.make import make_user

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

HEAD = "Id,Title,Priority,Created\n"
FILE = (
    HEAD
    + "A,Payouts late,P1,2024-03-02 13:06\nB,Cache cold,Minor,never\nC,Queue long,Minor,2024-03-04 13:06\n"
)


@pytest.fixture(autouse=True)
def patient_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page do all the work at once, however busy the machine is."""
    monkeypatch.setattr("incidents.web.views.imports.SECONDS_OF_A_PAGE", 60)
    monkeypatch.setattr("incidents.web.views.imports.SECONDS_OF_A_POLL", 60)


def upload(client: Client, content: str = FILE, **data: str) -> Any:
    file = SimpleUploadedFile("old tool.csv", content.encode(), content_type="text/csv")
    return client.post("/settings/import/", {"format": "csv", "file": file, **data})


def choose(client: Client, **data: str) -> str:
    """Send the guessed columns with some changed, and return the address of the import."""
    incident_import = Import.objects.get()
    names = [column["name"] for column in incident_import.columns]
    columns = {f"column-{names.index(name)}": key for name, key in incident_import.targets.items()}
    response = client.post(f"/settings/import/{incident_import.pk}/columns/", {**columns, **data})
    assert response.status_code == 303, response.content.decode()
    return str(response["Location"])


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_file_becomes_incidents(admin: Client) -> None:
    response = upload(admin)
    assert response.status_code == 303
    columns = text_of(admin.get(response["Location"]))
    assert "old tool.csv , 3 incidents, 4 columns. Times without a zone are read as Europe/Zurich." in columns

    address = choose(admin, **{"severity-0": "critical"})
    dry_run = text_of(admin.get(address))
    assert "New 2 Already here 0 Look like duplicates 0 Cannot be read 1" in dry_run
    assert "3 Created “never” is no date that can be read." in dry_run
    assert Incident.objects.count() == 0

    admin.post(f"{address}start/")
    assert "Imported 2" in text_of(admin.get(address))
    assert {incident.name for incident in Incident.objects.all()} == {"Payouts late", "Queue long"}
    assert Incident.objects.get(name="Payouts late").created_at.isoformat() == "2024-03-02T12:06:00+00:00"


def test_the_page_goes_on_by_itself_without_scripts(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advancing, "BATCH", 1)
    monkeypatch.setattr("incidents.web.views.imports.SECONDS_OF_A_PAGE", 0)
    upload(admin)
    address = choose(admin)

    assert admin.get(address)["Refresh"] == "2"
    assert [admin.get(address).has_header("Refresh") for _ in range(3)] == [True, True, False]


def test_scripts_ask_for_the_fragment_instead(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advancing, "BATCH", 1)
    monkeypatch.setattr("incidents.web.views.imports.SECONDS_OF_A_PAGE", 0)
    upload(admin)
    address = choose(admin)
    admin.cookies["tz"] = "Europe/Zurich"

    page = admin.get(address)
    assert not page.has_header("Refresh")
    assert f'hx-get="{address}"' in page.content.decode()
    fragment = admin.get(address, headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<div id="import_body"')
    assert "hx-get" not in fragment


def test_the_report_tells_of_every_row(admin: Client) -> None:
    upload(admin)
    address = choose(admin, **{"severity-0": "critical"})
    admin.get(address)
    admin.post(f"{address}start/")
    admin.get(address)

    response: Any = admin.get(f"{address}report.csv")
    text = b"".join(response.streaming_content).decode().removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))

    assert [(row["Row"], row["Id in the source"], row["Result"], row["Incident"]) for row in rows] == [
        ("2", "A", "Imported", "INC-1"),
        ("3", "B", "Cannot be read", ""),
        ("4", "C", "Imported", "INC-2"),
    ]
    assert rows[1]["Column"] == "Created"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "The file is empty."),
        (HEAD, "The file holds no incidents."),
        ("PK\x03\x04", "This is a spreadsheet or an archive. Save it as CSV first."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_its_field(admin: Client, content: str, told: str) -> None:
    response = upload(admin, content)

    assert response.status_code == 422
    assert told in text_of(response)
    assert Import.objects.count() == 0


def test_a_file_that_is_too_large_is_refused(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "LARGEST_FILE", 10)

    response = upload(admin)

    assert response.status_code == 422
    assert "Use manage.py import_incidents for it." in text_of(response)


def test_a_file_that_does_not_fit_into_memory_is_read_from_the_disk(admin: Client) -> None:
    long = HEAD + "".join(f"{n},{'Payouts late ' * 9},P1,2024-03-02 13:06\n" for n in range(20_000))
    assert len(long) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE

    assert upload(admin, long).status_code == 303
    assert Import.objects.get().rows.count() == 20_000


@pytest.mark.parametrize("name", ["", "x\x00y", "x" * 51])
def test_names_of_sources_pass_the_text_gate(admin: Client, name: str) -> None:
    assert upload(admin, origin=name).status_code == (303 if name == "" else 422)


def test_columns_that_make_no_sense_are_refused_by_their_field(admin: Client) -> None:
    address = upload(admin)["Location"]

    nameless = admin.post(address, {"column-0": "name", "column-1": "name"})
    forged = admin.post(address, {"column-1": "colour"})

    assert (nameless.status_code, forged.status_code) == (422, 422)
    assert "“Id” fills Name already." in text_of(nameless)
    assert "colour is not one of the available choices." in text_of(forged)


def test_an_import_without_columns_leads_to_them(admin: Client) -> None:
    address = upload(admin)["Location"]

    response = admin.get(address.removesuffix("columns/"))

    assert (response.status_code, response["Location"]) == (303, address)


def test_other_administrators_can_go_on(admin: Client, client: Client) -> None:
    upload(admin)
    address = choose(admin)
    client.force_login(make_user(role="administrator"))

    assert client.get(address).status_code == 200


def test_queries_do_not_follow_the_rows(
    admin: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = "".join(f"X{n},Cache {n},{'Minor' if n % 2 else 'P1'},2024-03-02 13:06\n" for n in range(60))
    address = upload(admin, HEAD + rows)["Location"]
    with django_assert_num_queries(4):
        admin.get(address)
    page = choose(admin)
    admin.get(page)

    assert Import.objects.get().state == "checked"
    # Session, user and import; the batch that finds nothing to do; then the import, its counts and its tables.
    with django_assert_num_queries(11):
        admin.get(page)

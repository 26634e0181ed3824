"""The command that imports a file: dry run, mapping, going on, and what it refuses."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command

from incidents.models import Incident
from tests.make import make_user

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db

CSV = "Key,Headline,Prio,When\n1,Payouts late,P1,2024-03-02 13:06\n2,Cache cold,P2,2024-03-03 13:06\n"
MAPPING = """
{"columns": {"Key": "source_id", "Headline": "name", "Prio": "severity", "When": "created_at"},
 "values": {"severity": {"P1": "critical"}}}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    make_user("Ada Okafor", role="administrator", email="ada@example.com")
    path = tmp_path / "old.csv"
    path.write_text(CSV)
    return path


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.json"
    path.write_text(MAPPING)
    return path


def run(*arguments: str | Path) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_incidents", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_a_file_is_imported_by_its_mapping(file: Path, mapping: Path) -> None:
    out, err = run(file, "--format", "csv", "--mapping", mapping, "--as", "Ada@example.com")

    assert out.splitlines()[0] == "2 incidents in old.csv."
    assert out.splitlines()[-1].split() == ["1", "Imported"]
    assert "Row 3, Prio: There is no severity “P2”. Say which one it means." in err
    assert [incident.name for incident in Incident.objects.all()] == ["Payouts late"]


def test_a_dry_run_makes_nothing(file: Path, mapping: Path) -> None:
    out, _ = run(file, "--format", "csv", "--mapping", mapping, "--dry-run")

    assert [line.split() for line in out.splitlines()[1:]] == [
        ["1", "New"],
        ["1", "Cannot", "be", "read"],
    ]
    assert Incident.objects.count() == 0


def test_run_again_it_goes_on(file: Path, mapping: Path) -> None:
    run(file, "--format", "csv", "--mapping", mapping)
    mapping.write_text(MAPPING.replace('"critical"', '"critical", "P2": "minor"'))

    out, _ = run(file, "--format", "csv", "--mapping", mapping)

    assert Incident.objects.count() == 2
    assert {tuple(line.split(maxsplit=1)) for line in out.splitlines()[-2:]} == {
        ("1", "Already here"),
        ("1", "Imported"),
    }


@pytest.mark.parametrize(
    ("mapping_text", "told"),
    [
        ("{", "Expecting"),
        ("[]", "give an object with “columns” and “values”"),
        ('{"fields": {}}', "give an object with “columns” and “values”"),
        ('{"columns": {"Key": 1}}', "map words to words"),
        ('{"columns": {"Key": "source_id"}}', "Choose the column that holds the names"),
        ('{"columns": {"Headline": "title"}}', "There is no such field"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(
    file: Path, mapping: Path, mapping_text: str, told: str
) -> None:
    mapping.write_text(mapping_text)

    with pytest.raises(CommandError, match=told):
        run(file, "--format", "csv", "--mapping", mapping)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--as", "nobody@example.com"], "There is no such administrator"),
        (["--time-zone", "Nowhere/Land"], "No time zone found"),
        (["--format", "incident_io"], "This is no JSON"),
    ],
)
def test_what_cannot_be_is_refused(file: Path, arguments: list[str], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        run(file, "--format", "csv", *arguments)


def test_a_file_that_is_missing_is_refused(file: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run(file.with_name("gone.csv"), "--format", "csv")

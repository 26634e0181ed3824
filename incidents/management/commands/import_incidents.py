"""manage.py import_incidents: import a file of incidents of any size; run again, it goes on where it was stopped."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from incidents.models import Actor, Configuration, Import, ImportRow, User
from incidents.services.importing import (
    ColumnChoice,
    ImportDraft,
    ImportFileError,
    advance_import,
    begin_import,
    choose_columns,
    guess_targets,
    start_import,
)

if TYPE_CHECKING:
    from argparse import ArgumentParser

SECONDS_BETWEEN_LINES = 5.0
PROBLEMS_SHOWN = 100
_MAPPING_PARTS = {"columns", "values"}


class Command(BaseCommand):
    """Goes the way of the page under Settings, without its limits of size."""

    help = "Import incidents from a file. Nothing that was imported before is imported again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add FILE and the choices that the page offers."""
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--format", required=True, choices=Import.Format.values)
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="the administrator who imports")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be imported")
        parser.add_argument(
            "--mapping",
            type=Path,
            metavar="FILE.json",
            help='{"columns": {"Title": "name"}, "values": {"severity": {"P1": "critical"}}}',
        )
        parser.add_argument(
            "--origin", default="", metavar="NAME", help="where the ids come from (the format)"
        )
        parser.add_argument("--time-zone", default="UTC", metavar="ZONE", help="of times that say none (UTC)")
        parser.add_argument(
            "--duplicates",
            choices=Import.Duplicates.values,
            help="what looks like a duplicate: import all the same, leave out, add to the open incident (as set)",
        )
        parser.add_argument("--keep-numbers", action="store_true", help="INC-123 stays INC-123")
        parser.add_argument(
            "--make-missing", action="store_true", help="add severities, statuses, types and options"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, check and import the file, and say what became of it."""
        actor = Actor.of_user(_administrator(options["email"]))
        mapping = _mapping(options["mapping"])
        incident_import = self._read(options, actor)
        self.stdout.write(f"{incident_import.row_count:,} incidents in {incident_import.file_name}.")
        choice = ColumnChoice(
            targets=_targets(incident_import, mapping),
            values=mapping.get("values") or incident_import.values,
            keep_numbers=options["keep_numbers"],
            make_missing=options["make_missing"],
        )
        try:
            choose_columns(incident_import, choice, actor)
        except ValidationError as error:
            incident_import.delete()
            raise CommandError(_in_words(error)) from None
        self._advance(incident_import, actor)
        self._tell(incident_import)
        if not options["dry_run"]:
            start_import(incident_import, options["duplicates"] or incident_import.duplicates, actor)
            self._advance(incident_import, actor)
            self._tell(incident_import)

    def _read(self, options: dict[str, Any], actor: Actor) -> Import:
        path: Path = options["file"]
        try:
            draft = ImportDraft(
                format=options["format"],
                file_name=path.name,
                origin=options["origin"],
                time_zone=options["time_zone"],
            )
            with path.open("rb") as file:
                return begin_import(draft, file, actor)
        except (OSError, ImportFileError, ValueError, LookupError) as error:
            raise CommandError(f"{path}: {error}") from None

    def _advance(self, incident_import: Import, actor: Actor) -> None:
        working = {Import.State.CHECKING, Import.State.IMPORTING}
        started = time.monotonic()
        while True:
            state = advance_import(incident_import.pk, actor, seconds=SECONDS_BETWEEN_LINES).state
            if state not in working:
                return
            waiting = (ImportRow.Outcome.WAITING, ImportRow.Outcome.READY, ImportRow.Outcome.SIMILAR)
            left = incident_import.rows.filter(outcome__in=waiting[:1] if state == "checking" else waiting)
            self.stdout.write(f"{state}: {left.count():,} rows left, {time.monotonic() - started:.0f} s")

    def _tell(self, incident_import: Import) -> None:
        for outcome in ImportRow.Outcome:
            if count := incident_import.rows.filter(outcome=outcome).count():
                self.stdout.write(f"{count:>9,}  {outcome.label}")
        told = incident_import.rows.exclude(problems=[]).order_by("number")
        for row in told[:PROBLEMS_SHOWN]:
            for problem in row.problems:
                where = f", {problem['column']}" if problem["column"] else ""
                self.stderr.write(f"Row {row.number}{where}: {problem['message']}")
        if (count := told.count()) > PROBLEMS_SHOWN:
            self.stderr.write(f"… and {count - PROBLEMS_SHOWN:,} more rows: see Settings, Import.")


def _administrator(email: str | None) -> User:
    administrators = User.objects.filter(role=User.Role.ADMINISTRATOR, is_active=True).order_by("pk")
    if email is not None:
        administrators = administrators.filter(email=email.lower())
    found = administrators.first()
    if found is None:
        raise CommandError("There is no such administrator. Name one by --as, or make one first.")
    return found


def _mapping(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        mapping = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}") from None
    if not isinstance(mapping, dict) or not mapping.keys() <= _MAPPING_PARTS:
        raise CommandError(f"{path}: give an object with “columns” and “values”.")
    columns, values = mapping.get("columns", {}), mapping.get("values", {})
    if not _is_words(columns) or not isinstance(values, dict) or not all(map(_is_words, values.values())):
        raise CommandError(f"{path}: “columns” and each of “values” map words to words.")
    return mapping


def _is_words(mapping: Any) -> bool:
    return isinstance(mapping, dict) and all(isinstance(word, str) for word in mapping.values())


def _targets(incident_import: Import, mapping: dict[str, Any]) -> dict[str, str]:
    """Return the mapping of the file, or the guess; columns that a mapping does not name are left out."""
    names = [column["name"] for column in incident_import.columns]
    if "columns" not in mapping:
        return guess_targets(names, Configuration.current())
    columns: dict[str, str] = mapping["columns"]
    return dict.fromkeys(names, "") | columns


def _in_words(error: ValidationError) -> str:
    return "\n".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())

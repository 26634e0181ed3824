"""The verbs of an import that a person decides: read the file, say what its columns are, start, stop."""

from __future__ import annotations

import dataclasses
import datetime
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, BinaryIO

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from incidents.models import Actor, Configuration, Import, ImportRow
from incidents.models.incident_import import ORIGIN_LENGTH
from incidents.models.ulid import first_ulid_at
from incidents.services.errors import Problems, require_administrator
from incidents.services.importing import targets
from incidents.services.importing.files import MOST_COLUMNS, READERS, Content, ImportFileError
from incidents.services.importing.nouns import Vocabulary
from incidents.text import clean_line, fold

_State, _Outcome = Import.State, ImportRow.Outcome
ROWS_STORED_TOGETHER = 500
MOST_DIFFERENT_VALUES = 30
_LONGEST_SHOWN = 80
_ABANDONED = datetime.timedelta(days=1)
# Columns that hold words of a vocabulary: what each word means here can be chosen.
CHOSEN = (targets.SEVERITY, targets.STATUS, targets.INCIDENT_TYPE)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ImportDraft:
    """A file that somebody wants to import. Ids are unique within their `origin`, which is the format unless said."""

    format: str
    file_name: str
    origin: str = ""
    time_zone: str = "UTC"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChoice:
    """What the columns of a file fill, what its words mean, and what may be made along the way.

    `targets` maps columns to keys of targets, "" for nothing; `values` maps a target to slugs by the file's words.
    """

    targets: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)
    keep_numbers: bool = False
    make_missing: bool = False


def begin_import(draft: ImportDraft, file: BinaryIO, actor: Actor, *, most_rows: int | None = None) -> Import:
    """Store the rows of a file, some hundred at a time, and guess what its columns are. Nothing is imported yet.

    Raises:
        PermissionDenied: the actor is no administrator.
        ImportFileError: the file cannot be read, or has too many rows; nothing of it is kept.
    """
    require_administrator(actor)
    if actor.user is None:
        raise PermissionDenied("Only a person can import incidents.")
    Import.objects.filter(state=_State.READING, id__lt=first_ulid_at(timezone.now() - _ABANDONED)).delete()
    incident_import = Import.objects.create(
        format=draft.format,
        origin=clean_line(draft.origin[:ORIGIN_LENGTH], limit=ORIGIN_LENGTH) or draft.format,
        file_name=clean_line(draft.file_name[:200], limit=200) or "file",
        time_zone=zoneinfo.ZoneInfo(draft.time_zone).key,
        duplicates=Configuration.current().duplicates.import_policy,
        creator_user=actor.user,
    )
    try:
        columns = _store_rows(incident_import, READERS[draft.format](file), most_rows)
    except ImportFileError:
        incident_import.delete()
        raise
    incident_import.columns = columns
    guessed = targets.guess_targets([column["name"] for column in columns], Configuration.current())
    incident_import.targets = guessed
    incident_import.values = _guessed_values(incident_import)
    incident_import.state = _State.COLUMNS
    incident_import.save()
    return incident_import


def choose_columns(incident_import: Import, choice: ColumnChoice, actor: Actor) -> None:
    """Store what the columns are, and begin the dry run anew; rows that are imported stay so.

    Raises:
        PermissionDenied: the actor is no administrator.
        ValidationError: a column fills nothing that there is, two fill the same, or none is the name.
    """
    require_administrator(actor)
    _check(incident_import, choice)
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=incident_import.pk)
        if locked.state in {_State.READING, _State.IMPORTING, _State.DONE}:
            return
        locked.targets = dict(choice.targets)
        locked.values = {
            target: {fold(word): slug for word, slug in words.items() if slug}
            for target, words in choice.values.items()
        }
        locked.keep_numbers, locked.make_missing = choice.keep_numbers, choice.make_missing
        locked.state = _State.CHECKING
        locked.save()
        kept = (_Outcome.MADE, _Outcome.ATTACHED, _Outcome.WAITING)
        locked.rows.exclude(outcome__in=kept).update(outcome=_Outcome.WAITING, problems=[], incident=None)


def start_import(incident_import: Import, duplicates: str, actor: Actor) -> None:
    """Let the rows that were found right be imported; nothing happens unless the dry run is done.

    Raises:
        PermissionDenied: the actor is no administrator.
    """
    require_administrator(actor)
    if duplicates not in Import.Duplicates.values:
        duplicates = incident_import.duplicates
    with transaction.atomic():
        startable = Import.objects.filter(pk=incident_import.pk, state__in=(_State.CHECKED, _State.STOPPED))
        if startable.update(state=_State.IMPORTING, duplicates=duplicates) == 0:
            return
        if duplicates == Import.Duplicates.SKIP:
            incident_import.rows.filter(outcome=_Outcome.SIMILAR).update(outcome=_Outcome.LEFT_OUT)


def stop_import(incident_import: Import, actor: Actor) -> None:
    """Stop after the batch that is under way; what is imported stays, and the rest can be imported later.

    Raises:
        PermissionDenied: the actor is no administrator.
    """
    require_administrator(actor)
    Import.objects.filter(pk=incident_import.pk, state=_State.IMPORTING).update(state=_State.STOPPED)
    Import.objects.filter(pk=incident_import.pk, state=_State.CHECKING).update(state=_State.COLUMNS)


def _store_rows(
    incident_import: Import, rows: Iterator[tuple[int, Content]], most_rows: int | None
) -> list[dict[str, Any]]:
    count = 0
    seen = _SeenColumns()
    while batch := list(islice(rows, ROWS_STORED_TOGETHER)):
        count += len(batch)
        if most_rows is not None and count > most_rows:
            raise ImportFileError(
                f"The file has more than {most_rows:,} incidents. Use manage.py import_incidents for it."
            )
        seen.add(content for _, content in batch)
        ImportRow.objects.bulk_create(
            ImportRow(incident_import=incident_import, number=number, content=content)
            for number, content in batch
        )
    if not count:
        raise ImportFileError("The file holds no incidents.")
    incident_import.row_count = count
    return seen.told()


class _SeenColumns:
    """Notes the columns of a file, and the different words of those that say few."""

    def __init__(self) -> None:
        self._columns: dict[str, dict[str, Any]] = {}

    def add(self, contents: Iterable[Content]) -> None:
        for content in contents:
            for name, said in content.items():
                self._note(name, said.strip())

    def told(self) -> list[dict[str, Any]]:
        return [column for name, column in self._columns.items() if name]

    def _note(self, name: str, said: str) -> None:
        column = self._columns.get(name)
        if column is None:
            if len(self._columns) > MOST_COLUMNS:
                raise ImportFileError(f"The incidents have more than {MOST_COLUMNS} different properties.")
            column = {"name": name, "first": said[:_LONGEST_SHOWN], "values": {}}
            self._columns[name] = column
        values = column["values"]
        if values is None:
            return
        values[said] = values.get(said, 0) + 1
        if len(values) > MOST_DIFFERENT_VALUES or len(said) > _LONGEST_SHOWN:
            column["values"] = None


def _guessed_values(incident_import: Import) -> dict[str, dict[str, str]]:
    """Return the slugs of what the words of a vocabulary mean, where that is plain."""
    vocabulary = Vocabulary(Configuration.current(), {}, makes_missing=False, actor=None)
    found: dict[str, dict[str, str]] = {}
    for column in incident_import.columns:
        target = incident_import.targets.get(column["name"], "")
        if target in CHOSEN:
            nouns = {word: vocabulary.find(target, word) for word in column["values"] or ()}
            found[target] = {fold(word): noun.slug for word, noun in nouns.items() if noun is not None}
    return found


def _check(incident_import: Import, choice: ColumnChoice) -> None:
    problems = Problems()
    known = {target.key: target.label for target in targets.import_targets(Configuration.current())}
    columns = {column["name"] for column in incident_import.columns}
    filled: dict[str, str] = {}
    for column, target in choice.targets.items():
        if column not in columns:
            problems.add("columns", f"The file has no column “{column[:100]}”.", "unknown")
        elif target and target not in known:
            problems.add(column, "There is no such field. Choose one from the list.", "unknown")
        elif target and target in filled:
            problems.add(column, f"“{filled[target]}” fills {known[target]} already.", "taken")
        elif target:
            filled[target] = column
    if targets.NAME not in filled:
        problems.add("columns", "Choose the column that holds the names of the incidents.", "is_required")
    problems.raise_if_any()

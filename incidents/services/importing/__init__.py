"""Incidents from elsewhere: files are read into rows, rows are checked, and what is right is declared."""

from __future__ import annotations

from incidents.services.importing.advancing import advance_import
from incidents.services.importing.beginning import (
    CHOSEN,
    ColumnChoice,
    ImportDraft,
    begin_import,
    choose_columns,
    start_import,
    stop_import,
)
from incidents.services.importing.files import ImportFileError
from incidents.services.importing.targets import Target, guess_targets, import_targets

__all__ = [
    "CHOSEN",
    "ColumnChoice",
    "ImportDraft",
    "ImportFileError",
    "Target",
    "advance_import",
    "begin_import",
    "choose_columns",
    "guess_targets",
    "import_targets",
    "start_import",
    "stop_import",
]

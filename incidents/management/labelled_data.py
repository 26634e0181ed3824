"""Reads files of labelled incidents and questions: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

_WANTED = {"pool": ("id", "title"), "query": ("qid", "title")}


def read_labelled_data(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows, each of type "pool" (an incident that exists) or "query" (one that is about to be declared).

    Raises:
        CommandError: by line, for what is no JSON or lacks something.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _row(line, path, number)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}.") from error


def _row(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise CommandError(f"{path}, line {number}: this is no JSON.") from error
    kind = row.get("type") if isinstance(row, dict) else None
    if kind not in _WANTED:
        raise CommandError(f"{path}, line {number}: the type is neither pool nor query.")
    if missing := [name for name in _WANTED[kind] if name not in row]:
        raise CommandError(f"{path}, line {number}: {missing[0]} is missing.")
    return dict(row)

"""Reads files of incidents, however large, one row at a time: CSV in any common dialect, and JSON."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from incidents import text
from incidents.services.importing.flattening import flatten

MOST_COLUMNS = 200
LONGEST_ROW = 1_000_000
EXTRA = ""
"""The column under which stands what a row has beyond the columns of its file."""
_HEAD = 65_536
_LONGEST_START = 100
_DELIMITERS = (",", ";", "\t")
_COMPRESSED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\xd0\xcf\x11\xe0")
_LIST_START = re.compile(r'\s*(?:\{\s*"incidents"\s*:\s*)?\[')
# Behind a list: another page of the same, or another list.
_NEXT_LIST = re.compile(r'\{\s*"incidents"\s*:\s*\[|\A\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
# What neither database stores: NUL, and halves of characters.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Content = dict[str, str]


class ImportFileError(ValueError):
    """The file cannot be read at all; the message says why, and what to do."""


def read_csv(file: BinaryIO) -> Iterator[tuple[int, Content]]:
    """Yield the rows below the head, each with its number as spreadsheets count; blank ones are left out.

    Raises:
        ImportFileError: this is no CSV, or a part of it is too long.
    """
    encoding = _encoding(file)
    lines = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    try:
        delimiter = _delimiter(lines.read(_HEAD))
        lines.seek(0)
        # Cells are at most 128 KiB: the csv module's own limit, which an unclosed quote runs into.
        reader = csv.reader(lines, delimiter=delimiter)
        yield from _rows(reader)
    except csv.Error as error:
        raise ImportFileError(f"The file is broken ({error}). Is a quote not closed?") from None
    finally:
        lines.detach()


def read_json(file: BinaryIO) -> Iterator[tuple[int, Content]]:
    """Yield the incidents of an array, of `{"incidents": […]}` or of JSON lines, as columns and texts.

    Raises:
        ImportFileError: this is no JSON, or one incident is too long.
    """
    for number, found in enumerate(_unwrapped(_in_words(_objects(file))), 1):
        if not isinstance(found, dict):
            raise ImportFileError(f"Item {number} is no incident: it should be an object.")
        yield number, {storable(name): storable(value) for name, value in flatten(found).items()}


def storable(value: str) -> str:
    """Return the text with a sign of replacement for what no database stores."""
    return _UNSTORABLE.sub("\ufffd", value)


def _encoding(file: BinaryIO) -> str:
    """Return the encoding of the file, by reading all of it once."""
    start = file.read(4)
    if start.startswith(_COMPRESSED):
        raise ImportFileError("This is a spreadsheet or an archive. Save it as CSV first.")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ImportFileError("This file is in UTF-16. Save it as CSV in UTF-8.")
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := file.read(_HEAD):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        # The superset of Latin-1 that Windows writes; it knows the typographic quotes and the euro sign.
        return "cp1252"
    finally:
        file.seek(0)
    return "utf-8-sig"


def _delimiter(head: str) -> str:
    """Return the sign that makes the most columns of the first line."""
    first = next(iter(head.lstrip("\r\n").splitlines()), "")
    if not first.strip():
        raise ImportFileError("The file is empty.")
    return max(_DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign))))


def _rows(reader: Any) -> Iterator[tuple[int, Content]]:
    columns: list[str] = []
    for number, cells in enumerate(reader, 1):
        if not any(cell.strip() for cell in cells):
            continue
        if not columns:
            columns = _columns(cells)
            continue
        if sum(map(len, cells)) > LONGEST_ROW:
            raise ImportFileError(f"Row {number} is longer than {LONGEST_ROW:,} characters.")
        content = {name: storable(cell) for name, cell in zip(columns, cells, strict=False) if cell.strip()}
        if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
            content[EXTRA] = "yes"
        yield number, content


def _columns(cells: list[str]) -> list[str]:
    """Return the names of the columns, each once and none of them empty."""
    if len(cells) > MOST_COLUMNS:
        raise ImportFileError(f"The file has {len(cells):,} columns; {MOST_COLUMNS} is the most.")
    names: list[str] = []
    for place, cell in enumerate(cells, 1):
        base = text.clean_line(storable(cell.lstrip("\ufeff"))[:100], limit=100) or f"Column {place}"
        name, number = base, 2
        while name in names:
            name, number = f"{base} ({number})", number + 1
        names.append(name)
    return names


def _objects(file: BinaryIO) -> Iterator[Any]:
    """Yield what stands in a list, or line by line, holding no more than one of them at a time."""
    decoder = json.JSONDecoder()
    blocks = codecs.iterdecode(iter(lambda: file.read(_HEAD), b""), "utf-8-sig")
    held = "".join(next(blocks, ""))
    start = _LIST_START.match(held)
    place, is_list = (start.end(), True) if start else (0, False)
    while True:
        place = _skip(held, place)
        if is_list and held[place : place + 1] == "]":
            rest = _behind_next_start(held[place + 1 :], blocks)
            if rest is None:
                return
            held, place = rest, 0
            continue
        try:
            found, place = decoder.raw_decode(held, place)
        except json.JSONDecodeError:
            more = next(blocks, None)
            if more is None:
                _refuse_rest(held[place:], is_list=is_list)
                return
            held, place = held[place:] + more, 0
            if len(held) > LONGEST_ROW + _HEAD:
                raise ImportFileError("An incident is too long, or this is no JSON.") from None
        else:
            yield found


def _behind_next_start(held: str, blocks: Iterator[str]) -> str | None:
    """Return what follows the beginning of the next list: pages may stand one behind the other."""
    while True:
        if start := _NEXT_LIST.search(held):
            return held[start.end() :]
        more = next(blocks, None)
        if more is None:
            return None
        held = held[-_LONGEST_START:] + more


def _in_words(found: Iterator[Any]) -> Iterator[Any]:
    """Yield the same, and put what the parser refuses into words."""
    try:
        yield from found
    except ImportFileError:
        raise
    except UnicodeDecodeError:
        raise ImportFileError("The file is not in UTF-8, so that it is no JSON.") from None
    except ValueError as error:
        # Numbers of thousands of digits.
        raise ImportFileError(f"The file is no list of incidents: {error}") from None
    except RecursionError:
        raise ImportFileError("The file is nested too deeply to be a list of incidents.") from None


def _unwrapped(found: Iterator[Any]) -> Iterator[Any]:
    """Yield the incidents of a page in which something else comes first."""
    for one in found:
        inner = one.get("incidents") if isinstance(one, dict) else None
        yield from inner if isinstance(inner, list) else (one,)


def _skip(held: str, place: int) -> int:
    match = _BETWEEN.match(held, place)
    return match.end() if match else place


def _refuse_rest(rest: str, *, is_list: bool) -> None:
    if is_list:
        raise ImportFileError("The list of incidents is not closed: the file is not complete.")
    if rest.strip():
        raise ImportFileError("This is no JSON: give an array of incidents, or one on each line.")


READERS: Mapping[str, Any] = {"csv": read_csv, "firefighter": read_csv, "incident_io": read_json}

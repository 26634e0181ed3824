"""A search on SQLite: its full-text index hands out numbers in their order, so it is read only as far as is needed.

Left to itself, SQLite reads all that have a word into a table first, which is most incidents for a common one.
Numbers are given in the order of ids, but for what was imported: so some of the newest incidents are looked at first, of
which the lowest and the highest number bound what the index is asked, then ten times as many, then all.
"""

from __future__ import annotations

from typing import Any

from incidents.models.incident_selection import COUNT, Sql
from incidents.models.search_index import FOUND_BY_SQLITE

# How many incidents are looked at before all the others.
LOOKED_AT = (500, 5_000)
_NUMBER = '"incidents_incident"."number"'
_INCIDENTS = 'FROM "incidents_incident" WHERE'
_STREAMED = 'FROM incidents_searchwords CROSS JOIN "incidents_incident" WHERE'
_IS_FOUND = f"{_NUMBER} IN ({FOUND_BY_SQLITE})"
_IS_STREAMED = f"({_NUMBER} = incidents_searchwords.rowid AND incidents_searchwords MATCH %s)"
_BOUNDS = (
    "{name} AS MATERIALIZED (SELECT MIN(id) AS first_id, MAX(id) AS last_id, MIN(number) AS lowest, MAX(number) AS highest"
    " FROM (SELECT id, number FROM incidents_incident{beyond} ORDER BY id {direction} LIMIT {most}) AS looked_at)"
)
_FOUND_WITHIN = " AND ".join(
    [FOUND_BY_SQLITE, "rowid BETWEEN (SELECT lowest FROM {name}) AND (SELECT highest FROM {name})"]
)
_WITHIN = "id BETWEEN (SELECT first_id FROM {name}) AND (SELECT last_id FROM {name})"
_BEYOND = {
    "DESC": "id < (SELECT first_id FROM {name})",
    "ASC": "id > (SELECT last_id FROM {name})",
}
_PART = (
    "SELECT * FROM (SELECT * FROM ({found}) AS found WHERE {where} ORDER BY id {direction} LIMIT %s) AS part"
)
_PAGE = "SELECT * FROM (WITH {bounds} {parts} LIMIT %s) AS streamed"


def streamed_count(found: Sql, enough: int) -> Sql:
    """Return how to count what a search finds, no further than enough."""
    text = found.text
    # What is not wanted cannot be read from the index.
    if _IS_FOUND in text:
        text = text.replace(_INCIDENTS, _STREAMED, 1).replace(_IS_FOUND, _IS_STREAMED, 1)
    return Sql(COUNT.format(found=text), (*found.parameters, enough))


def streamed_page(found: Sql, size: int, *, is_descending: bool, place: tuple[Any, ...] = ()) -> Sql:
    """Return how to read the first rows by id of what a search finds, after the stored id of a place if there is one."""
    direction = "DESC" if is_descending else "ASC"
    beyond = f" WHERE id {'<' if is_descending else '>'} %s" if place else ""
    names = [f"looked_at_{most}" for most in LOOKED_AT]
    bounds = [
        _BOUNDS.format(name=name, beyond=beyond, direction=direction, most=most)
        for name, most in zip(names, LOOKED_AT, strict=True)
    ]
    parts = []
    for before, name in zip([None, *names], [*names, None], strict=True):
        where = [_BEYOND[direction].format(name=before)] if before else []
        where += [_WITHIN.format(name=name)] if name else []
        within = found.text.replace(FOUND_BY_SQLITE, _FOUND_WITHIN.format(name=name)) if name else found.text
        parts.append(_PART.format(found=within, where=" AND ".join(where), direction=direction))
    text = _PAGE.format(bounds=", ".join(bounds), parts=" UNION ALL ".join(parts))
    return Sql(text, (*place * len(bounds), *(*found.parameters, size) * len(parts), size))

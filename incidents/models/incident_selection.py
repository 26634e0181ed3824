"""The incidents that a queryset keeps, as SQL: compiled once, used by several parts of one statement.

Django takes longer to build and compile a queryset than the database to answer it. A page, its count and its tally ask
for the same incidents, so they share one compilation, and what a row shows besides is joined to the page alone.
"""

from __future__ import annotations

import dataclasses
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import Field, Model

from incidents.models.incident import Incident
from incidents.models.incident_conditions import Led, led_by_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import QuerySet

    from incidents.models.incident_order import IncidentOrder
    from incidents.models.incident_queryset import IncidentQuerySet

_ROWS = 'SELECT {columns} FROM "{table}"{where}'
PAGE = "SELECT * FROM ({found}) AS found{beyond} ORDER BY {ordering} LIMIT %s"
_LED_PAGE = (
    "SELECT DISTINCT ON (named.incident_id) found.* FROM ({rows}) AS named CROSS JOIN LATERAL"
    " (SELECT * FROM ({found}) AS found WHERE found.id = named.incident_id OFFSET 0) AS found{beyond}"
    " ORDER BY named.incident_id {direction} LIMIT %s"
)
_OF_PIECES = "SELECT DISTINCT ON (found.id) * FROM ({pieces}) AS found ORDER BY found.id {direction} LIMIT %s"
COUNT = "SELECT COUNT(*) FROM (SELECT 1 FROM ({found}) AS found LIMIT %s) AS capped"
_TALLY = (
    "SELECT {function}(tallied, number) FROM (SELECT tallied, COUNT(*) AS number FROM"
    " (SELECT {column} AS tallied FROM ({found}) AS found{since} ORDER BY {ordering} LIMIT %s) AS capped"
    " GROUP BY tallied) AS tally"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Sql:
    """A statement, or a part of one, with its parameters in order. The text never holds what somebody typed."""

    text: str
    parameters: tuple[Any, ...]


class IncidentSelection:
    """The columns of some incidents, ready to be read by page."""

    def __init__(self, incidents: IncidentQuerySet, columns: Sequence[str]) -> None:
        self.columns = tuple(columns)
        self.found = _compiled(incidents, columns)
        self._incidents = incidents

    def opening(self, order: IncidentOrder) -> Sql:
        """Return what a statement has to begin with that has parts of this selection in it."""
        return Sql("", ())

    def page(
        self,
        order: IncidentOrder,
        *,
        size: int,
        position: tuple[Any, ...] | None = None,
        is_backwards: bool = False,
    ) -> Sql:
        """Return the first rows of an order, those after a position, or those before it, which come in reverse."""
        if order.columns == ("id",) and (led := self._led):
            is_descending = order.is_descending != is_backwards
            return _led_page(led, self.columns, size, is_descending=is_descending, position=position)
        beyond, at = "", ()
        if position is not None:
            sign = "<" if order.is_descending != is_backwards else ">"
            beyond = f" WHERE ({', '.join(order.columns)}) {sign} ({', '.join(['%s'] * len(position))})"
            at = tuple(map(stored_value, order.columns, position))
        text = PAGE.format(
            found=self.found.text, beyond=beyond, ordering=order.sql("found", is_backwards=is_backwards)
        )
        return Sql(text, (*self.found.parameters, *at, size))

    @property
    def _led(self) -> Led | None:
        """The rows that a page by id begins with. Left to itself, PostgreSQL may ask of every incident whether one names it."""
        return led_by_rows(self._incidents) if connection.vendor == "postgresql" else None

    def all(self, most: int) -> Sql:
        """Return the columns of the incidents in no order, no further than one beyond the most."""
        return Sql(f"{self.found.text} LIMIT %s", (*self.found.parameters, most + 1))

    def count(self, most: int) -> Sql:
        """Return how many there are, counted no further than one beyond the most."""
        found = self.found
        if led := self._led:
            found = _led_page(led, ["id"], most + 1, is_descending=True)
        return Sql(COUNT.format(found=found.text), (*found.parameters, most + 1))

    def tally(self, order: IncidentOrder, most: int, *, since: Any = None, is_backwards: bool = False) -> Sql:
        """Return how many of the first rows have each value of the order's first column, as a JSON object.

        `since` leaves out the values that come before it in the order.
        """
        column = order.columns[0]
        sign = "<=" if order.is_descending != is_backwards else ">="
        text = _TALLY.format(
            function="JSONB_OBJECT_AGG" if connection.vendor == "postgresql" else "JSON_GROUP_OBJECT",
            column=column,
            found=self.found.text,
            since="" if since is None else f" WHERE {column} {sign} %s",
            ordering=order.sql("found", is_backwards=is_backwards),
        )
        return Sql(text, (*self.found.parameters, *(() if since is None else (since,)), most + 1))


def column_of(model: type[Model], name: str) -> Field[Any, Any]:
    """Return the field that a column of the model's table holds."""
    field = model._meta.get_field(name)
    assert isinstance(field, Field)  # noqa: S101 - relations from elsewhere have no column
    return field


def fetch_rows(sql: Sql, fields: Sequence[Field[Any, Any] | None]) -> list[list[Any]]:
    """Run a statement and return its rows with the values that the fields have in Python; None leaves a column as it is."""
    with connection.cursor() as cursor:
        cursor.execute(sql.text, sql.parameters)
        rows = [list(row) for row in cursor.fetchall()]
    for place, convert in _converters(tuple(fields), connection.vendor):
        for row in rows:
            row[place] = convert(row[place])
    return rows


@lru_cache(maxsize=64)
def _converters(
    fields: tuple[Field[Any, Any] | None, ...], vendor: str
) -> list[tuple[int, Callable[[Any], Any]]]:
    """Return what the driver's and the field's own conversions are, as Django's compiler would apply them.

    They are the same for every connection to one kind of database.
    """
    columns = [(place, field.get_col("found")) for place, field in enumerate(fields) if field is not None]
    return [
        (place, partial(convert, expression=column, connection=connection))
        for place, column in columns  # a reference converts as what it refers to
        for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection))
    ]


def _led_page(
    led: Led,
    columns: Sequence[str],
    size: int,
    *,
    is_descending: bool,
    position: tuple[Any, ...] | None = None,
) -> Sql:
    """Return the first rows by id that begin with the rows that name their incidents."""
    direction, sign = ("DESC", "<") if is_descending else ("ASC", ">")
    found = _compiled(led.incidents, columns)
    at = [stored_value("id", value) for value in position or ()]
    beyond = f" WHERE named.incident_id {sign} %s" if at else ""
    texts, parameters = [], []
    for rows in led.rows:
        named = _compiled(rows, ["incident_id"])
        texts.append(_LED_PAGE.format(rows=named.text, found=found.text, beyond=beyond, direction=direction))
        parameters += [*named.parameters, *found.parameters, *at, size]
    if len(texts) == 1:
        return Sql(texts[0], tuple(parameters))
    # What several rows name comes from each of their pieces, and is kept once.
    pieces = " UNION ALL ".join([f"({text})" for text in texts])
    return Sql(_OF_PIECES.format(pieces=pieces, direction=direction), (*parameters, size))


def _compiled(rows: QuerySet[Any, Any], columns: Sequence[str]) -> Sql:
    """Return some columns of a queryset over one table as SQL, in no order.

    Only the conditions are left to Django, which takes longer to name columns than to write conditions down.
    """
    query = rows.query.chain()
    table = query.get_initial_alias()
    try:
        condition, parameters = query.get_compiler(rows.db).compile(query.where)
        where = f" WHERE {condition}"
    except FullResultSet:
        where, parameters = "", ()
    except EmptyResultSet:
        where, parameters = " WHERE 1 = 0", ()
    joined = [alias for alias, uses in query.alias_refcount.items() if uses and alias != table]
    assert not joined, joined  # noqa: S101 - other tables are asked by subqueries
    model: type[Model] = rows.model
    text = _ROWS.format(columns=_selected(model, tuple(columns)), table=table, where=where)
    return Sql(text, tuple(parameters))


@lru_cache(maxsize=256)
def _selected(model: type[Model], columns: tuple[str, ...]) -> str:
    table = model._meta.db_table
    return ", ".join([f'"{table}"."{column_of(model, column).column}"' for column in columns])


def stored_value(column: str, value: Any) -> Any:
    """Return a value of an incident's column as the database takes it."""
    return column_of(Incident, column).get_db_prep_value(value, connection)

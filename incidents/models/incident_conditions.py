"""Conditions on incidents that a page has to know of when it decides where to begin."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import BooleanField, F, Func
from django.db.models.lookups import Exact
from django.db.models.sql.where import WhereNode

from incidents.models.ulid import ULIDField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Exists, Q, QuerySet
    from django.db.models.sql.compiler import SQLCompiler

    from incidents.models.incident_queryset import IncidentQuerySet

# Modes that are neither practice nor instruction: what lists and numbers hold unless asked for more (incident.io
# API V2, "mode").
DEFAULT_MODES = ("standard", "retrospective")
_PUBLIC = "{visibility} = 'public'"
_MEMBERSHIPS = "SELECT incident_id FROM incidents_incidentmembership WHERE user_id = %s"
_ALL_AT_ONCE = f"({_PUBLIC} OR {{pk}} IN ({_MEMBERSHIPS}))"
_ONE_BY_ONE = f"({_PUBLIC} OR EXISTS({_MEMBERSHIPS} AND incident_id = {{pk}}))"


class MostMeet(Func):
    """A condition that nearly every incident meets.

    Every page asks for these several times. Put together of querysets, the same takes Django five times as long to
    write down.
    """

    output_field = BooleanField()


class IsVisible(MostMeet):
    """Whether an incident is public, or private and the person a member of it; nobody is a member of nothing.

    PostgreSQL reads everything that the person is a member of at once, unless `are_few`: the private ones that come up
    are looked up one by one then, as SQLite always does.
    """

    def __init__(self, user_id: str | None, *, are_few: bool = False) -> None:
        super().__init__(F("visibility"), F("id"))
        self.user_id = user_id
        self.are_few = are_few

    def one_by_one(self) -> IsVisible:
        """Return the same condition with `are_few`."""
        asked = copy.copy(self)
        asked.are_few = True
        return asked

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *args: Any, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the condition and its one parameter, or none."""
        visibility, pk = [compiler.compile(column)[0] for column in self.source_expressions]
        if self.user_id is None:
            return _PUBLIC.format(visibility=visibility), ()
        sql = _ONE_BY_ONE if self.are_few or connection.vendor == "sqlite" else _ALL_AT_ONCE
        user_id = ULIDField().get_db_prep_value(self.user_id, connection)
        return sql.format(visibility=visibility, pk=pk), (user_id,)


class IsInDefaultModes(MostMeet):
    """Whether an incident is neither a test nor a tutorial."""

    template = f"%(expressions)s IN {DEFAULT_MODES}"

    def __init__(self) -> None:
        super().__init__(F("mode"))


class IsNamed(Func):
    """A condition that holds for the incidents that `rows` name, in pieces that an index has in the order of incidents.

    Each piece is of another table and calls its incident `incident_id`.
    """

    template = "(%(expressions)s)"
    output_field = BooleanField()

    def __init__(self, condition: Q | Exists, rows: Sequence[QuerySet[Any, Any]]) -> None:
        super().__init__(condition)
        self.rows = rows


class Led(NamedTuple):
    """Incidents that are named by rows, and by nothing else: those rows, and the incidents without that condition."""

    rows: Sequence[QuerySet[Any, Any]]
    incidents: IncidentQuerySet


def led_by_rows(incidents: IncidentQuerySet) -> Led | None:
    """Return the rows with which a page in the order of incidents may begin: where nearly all that they name is shown."""
    conditions = incidents.query.where.children
    # Django keeps a condition as what has to be true.
    named = [kept.lhs for kept in conditions if isinstance(kept, Exact) and isinstance(kept.lhs, IsNamed)]
    others = [kept for kept in conditions if isinstance(kept, Exact) and isinstance(kept.lhs, MostMeet)]
    if len(named) != 1 or len(others) + 1 < len(conditions):
        return None
    unnamed = incidents.all()
    unnamed.query.where = WhereNode([*others])
    return Led(named[0].rows, one_by_one(unnamed))


def one_by_one(incidents: IncidentQuerySet) -> IncidentQuerySet:
    """Return the same incidents for a statement that finds them elsewhere and looks each up: a few of them are private."""
    looked_up = incidents.all()
    where = looked_up.query.where
    where.children = [_one_by_one(kept) for kept in where.children]
    return looked_up


def _one_by_one(kept: Any) -> Any:
    if isinstance(kept, Exact) and isinstance(kept.lhs, IsVisible):
        return Exact(kept.lhs.one_by_one(), kept.rhs)
    return kept

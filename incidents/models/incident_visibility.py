"""The condition that privacy comes down to, as one expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, F, Func

from incidents.models.ulid import ULIDField

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

_PUBLIC = "{visibility} = 'public'"
_MEMBERSHIPS = "SELECT incident_id FROM incidents_incidentmembership WHERE user_id = %s"
_ALL_AT_ONCE = f"({_PUBLIC} OR {{pk}} IN ({_MEMBERSHIPS}))"
_ONE_BY_ONE = f"({_PUBLIC} OR EXISTS({_MEMBERSHIPS} AND incident_id = {{pk}}))"


class IsVisible(Func):
    """Whether an incident is public, or private and the person a member of it; nobody is a member of nothing.

    Every page asks it several times. Put together of querysets, the same condition takes Django five times as long to
    write down.
    """

    output_field = BooleanField()

    def __init__(self, user_id: str | None, *, are_few: bool = False) -> None:
        super().__init__(F("visibility"), F("id"))
        self.user_id = user_id
        self.are_few = are_few

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *args: Any, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the condition and its one parameter, or none."""
        visibility, pk = [compiler.compile(column)[0] for column in self.source_expressions]
        if self.user_id is None:
            return _PUBLIC.format(visibility=visibility), ()
        sql = _ONE_BY_ONE if self.are_few else _ALL_AT_ONCE
        user_id = ULIDField().get_db_prep_value(self.user_id, connection)
        return sql.format(visibility=visibility, pk=pk), (user_id,)

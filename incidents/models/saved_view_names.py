"""The names of saved views, for the navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from incidents.models.incident_selection import Sql, column_of, fetch_rows
from incidents.models.saved_view import SavedView

if TYPE_CHECKING:
    from incidents.models.actor import Actor

# Every list asks. Written out, because Django takes longer to build it as a queryset than the database to answer.
_NAMES = (
    "SELECT id, name, is_shared FROM incidents_savedview WHERE is_shared OR owner_id = %s"
    " ORDER BY is_shared, name_key, id LIMIT %s"
)
_ID = column_of(SavedView, "id")


def read_view_names(actor: Actor, most: int) -> list[tuple[str, str, bool]]:
    """Return id, name and whether it is shared of the first of `visible_to(actor).own_first()`; one query."""
    owner_id = _ID.get_db_prep_value(actor.user_id, connection)
    rows = fetch_rows(Sql(_NAMES, (owner_id, most)), (_ID,))
    return [(view_id, name, bool(is_shared)) for view_id, name, is_shared in rows]

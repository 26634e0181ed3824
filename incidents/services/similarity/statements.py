"""What the statements of the check have in common: ids as the database has them, and who may see what.

Statements are written out here: they are asked with every letter that somebody types, and Django takes longer to put such
a thing together than the database to answer it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from incidents.models import Actor, Incident

# PostgreSQL reads everything that a person is a member of at once, which is the fewest blocks; SQLite looks each up.
_AT_ONCE = {"postgresql": " OFFSET 0", "sqlite": ""}
_MEMBER_OF = """member_of AS NOT MATERIALIZED (
    SELECT incident_id FROM incidents_incidentmembership WHERE user_id = %s{at_once}
)"""
# Joined in this order: the postings are few, and a person may be a member of very many incidents.
_WHERE_MEMBER = "CROSS JOIN member_of WHERE member_of.incident_id = posting.incident_id AND"


def as_seen_by(actor: Actor, sql: str) -> str:
    """Complete a statement: what follows {where} is a condition on postings of private incidents that the actor may see.

    {member_of} stands among its expressions, and takes the id of the user.
    """
    where = "WHERE" if actor.sees_every_incident else _WHERE_MEMBER
    member_of = _MEMBER_OF.replace("{at_once}", _AT_ONCE[connection.vendor])
    return sql.replace("{where}", where).replace("{member_of}", member_of)


def rows_of(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement and return its rows as the driver hands them over."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def stored_id(ulid: str | None) -> Any:
    """Return an id as the database has it, None for none."""
    return Incident._meta.pk.get_db_prep_value(ulid, connection)

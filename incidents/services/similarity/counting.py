"""How many incidents have a token, and how many are compared: what tells rare words from common ones.

Tokens of private incidents are kept apart: what public ones share is counted without them, and they come in only as far
as the actor may see them.
"""

from __future__ import annotations

from collections.abc import Collection

from incidents.models import Actor, Incident
from incidents.models.incident_conditions import DEFAULT_MODES
from incidents.models.ulid import NO_ULID
from incidents.services.similarity.statements import as_seen_by, rows_of, stored_id
from incidents.services.similarity.weighing import COUNT_LIMIT
from incidents.services.similarity.window import COMPARED_LIMIT, count_compared_besides, window_start_id

_COUNT_TOKENS = """
WITH asked(token) AS (VALUES {values})
SELECT token, (
    SELECT COUNT(*) FROM (
        SELECT 1 FROM incidents_incidenttoken AS posting
        WHERE posting.is_private = %s AND posting.token = asked.token LIMIT %s
    ) AS newest
) FROM asked
UNION ALL SELECT '', COUNT(*) FROM (
    SELECT 1 FROM incidents_incident WHERE visibility = %s AND mode IN {modes} AND id >= %s ORDER BY id DESC LIMIT %s
) AS compared
"""
_COUNT_ALIKE = """
WITH asked(token) AS (VALUES {values}), {member_of}
SELECT asked.token, (
    SELECT COUNT(*) FROM (
        SELECT 1 FROM incidents_incidenttoken AS posting
        WHERE posting.is_private = %s AND posting.token = asked.token AND posting.incident_id <> %s LIMIT %s
    ) AS public_ones
) + (
    SELECT COUNT(*) FROM (
        SELECT 1 FROM incidents_incidenttoken AS posting {where}
        posting.is_private = %s AND posting.token = asked.token AND posting.incident_id <> %s LIMIT %s
    ) AS private_ones
) FROM asked
"""


def count_tokens(tokens: Collection[str], actor: Actor) -> tuple[dict[str, int], int]:
    """Return in how many public incidents each token is, up to COUNT_LIMIT, and how many incidents are compared.

    One query; two where few public incidents are recent. The second figure counts what the actor may see, up to
    COMPARED_LIMIT and one more.
    """
    sql = _COUNT_TOKENS.replace("{values}", ", ".join(["(%s)"] * len(tokens)))
    sql = sql.replace("{modes}", str(DEFAULT_MODES))
    newest = (Incident.Visibility.PUBLIC, stored_id(window_start_id()), COMPARED_LIMIT + 1)
    counts = dict(rows_of(sql, [*tokens, False, COUNT_LIMIT, *newest]))
    compared = counts.pop("")
    # The rest is asked for only where it matters: to plan these parts takes PostgreSQL longer than to count the first.
    if compared <= COMPARED_LIMIT:
        compared += count_compared_besides(actor, COMPARED_LIMIT + 1 - compared)
    return counts, compared


def count_alike(tokens: Collection[str], actor: Actor, *, but: str | None) -> dict[str, int]:
    """Return how many incidents that the actor may see have each token, up to COUNT_LIMIT and a few more; one query.

    The incident ``but`` is not counted.
    """
    sql = _COUNT_ALIKE.replace("{values}", ", ".join(["(%s)"] * len(tokens)))
    user_id, other_than = stored_id(actor.user_id), stored_id(but or NO_ULID)
    limit = COUNT_LIMIT + 2
    parameters = [*tokens, user_id, False, other_than, limit, True, other_than, limit]
    return dict(rows_of(as_seen_by(actor, sql), parameters))

"""The few incidents worth a close look, found by the tokens they share with the question.

Tokens of private incidents are kept apart: what public ones share is counted and cut off without them, and they come
in only through ``visible_to``. So an incident that the actor may not see neither shows nor shifts an answer.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection

from incidents.models import Actor, Incident
from incidents.models.ulid import encode_ulid
from incidents.services.similarity.slips import is_slip, slip_distance
from incidents.services.similarity.weighing import COUNT_LIMIT
from incidents.services.similarity.window import COMPARED_LIMIT, compared_by, recent_and_older_open

POSTINGS_PER_TOKEN = 300
PRIVATE_LIMIT = 300
CANDIDATE_LIMIT = 30
NEAR_TOKEN_LIMIT = 100
SLIP_PREFIX = 4

_COUNT_TOKENS = """
WITH asked(token) AS (VALUES {values})
SELECT token, (
    SELECT COUNT(*) FROM (
        SELECT 1 FROM incidents_incidenttoken AS posting
        WHERE posting.is_private = %s AND posting.token = asked.token LIMIT %s
    ) AS newest
) FROM asked
"""
_COUNT_INCIDENTS = "SELECT '', COUNT(*) FROM ({queryset}) AS compared"
_NEAR_TOKENS = """
WITH RECURSIVE near(token) AS (
    SELECT MIN(token) FROM incidents_incidenttoken WHERE is_private = %s AND token >= %s AND token < %s
    UNION ALL
    SELECT (
        SELECT MIN(later.token) FROM incidents_incidenttoken AS later
        WHERE later.is_private = %s AND later.token > near.token AND later.token < %s
    ) FROM near WHERE near.token IS NOT NULL
)
SELECT token FROM near WHERE token IS NOT NULL LIMIT %s
"""
_NEWEST_PUBLIC = """
SELECT * FROM (
    SELECT incident_id, weight * %s AS product FROM incidents_incidenttoken
    WHERE is_private = %s AND token = %s ORDER BY incident_id DESC LIMIT %s
) AS newest
"""
_VISIBLE_PRIVATE = """
SELECT posting.incident_id, posting.weight * asked.weight AS product
FROM asked JOIN incidents_incidenttoken AS posting ON posting.token = asked.token AND posting.is_private = %s
WHERE posting.incident_id IN ({visible})
"""
_BEST = """
WITH asked(token, weight) AS (VALUES {values})
SELECT incident_id FROM ({postings}) AS found
GROUP BY incident_id ORDER BY SUM(product) DESC, incident_id DESC LIMIT %s
"""


def count_tokens(tokens: Collection[str], actor: Actor) -> tuple[dict[str, int], int]:
    """Return in how many public incidents each token is, up to COUNT_LIMIT, and how many incidents are compared.

    One query. The second figure counts what the actor may see, up to COMPARED_LIMIT and one more.
    """
    sql = _COUNT_TOKENS.replace("{values}", ", ".join(["(%s)"] * len(tokens)))
    parameters: list[Any] = [*tokens, False, COUNT_LIMIT]
    for queryset in recent_and_older_open(actor):
        inner, inner_parameters = (
            queryset.order_by("-id").values("id")[: COMPARED_LIMIT + 1].query.sql_with_params()
        )
        sql += " UNION ALL " + _COUNT_INCIDENTS.replace("{queryset}", inner)
        parameters.extend(inner_parameters)
    counts: dict[str, int] = {}
    compared = 0
    for token, count in _rows(sql, parameters):
        if token:
            counts[token] = count
        else:
            compared += count
    return counts, compared


def nearest_token(word: str) -> str | None:
    """Return the public token that a misspelt word most likely meant; one query of at most NEAR_TOKEN_LIMIT steps."""
    start = word[:SLIP_PREFIX]
    end = start[:-1] + chr(ord(start[-1]) + 1)
    rows = _rows(_NEAR_TOKENS, [False, start, end, False, end, NEAR_TOKEN_LIMIT])
    near = [token for (token,) in rows if is_slip(word, token)]
    return min(near, key=lambda token: (slip_distance(word, token), token), default=None)


def best_candidates(weights: Mapping[str, int], tokens_known: Collection[str], actor: Actor) -> list[str]:
    """Return the ids with the largest sums of products, best first; one query.

    Of public incidents the newest of each token in ``tokens_known`` count; of private ones the newest that the actor
    may see, by all tokens.
    """
    values: list[Any] = [part for item in weights.items() for part in item]
    branches = [_NEWEST_PUBLIC] * len(tokens_known)
    newest: list[Any] = []
    for token in tokens_known:
        newest += [weights[token], False, token, POSTINGS_PER_TOKEN]
    private = compared_by(actor).filter(visibility=Incident.Visibility.PRIVATE).order_by("-id").values("id")
    visible, visible_parameters = private[:PRIVATE_LIMIT].query.sql_with_params()
    branches.append(_VISIBLE_PRIVATE.replace("{visible}", visible))
    sql = _BEST.replace("{values}", ", ".join(["(%s, %s)"] * len(weights)))
    sql = sql.replace("{postings}", " UNION ALL ".join(branches))
    return [
        _ulid(found)
        for (found,) in _rows(sql, [*values, *newest, True, *visible_parameters, CANDIDATE_LIMIT])
    ]


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _ulid(found: uuid.UUID | str) -> str:
    """Return the id as the models have it: PostgreSQL hands over a uuid, SQLite its hexadecimal digits."""
    return encode_ulid((found if isinstance(found, uuid.UUID) else uuid.UUID(found)).int)

"""The few incidents worth a close look, found by the tokens they share with the question.

Tokens of private incidents are kept apart: what public ones share is cut off without them, and they come in only as far
as the actor may see them. So an incident that the actor may not see neither shows nor shifts an answer. Everything here is
read from indexes alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection

from incidents.models import Actor
from incidents.models.ulid import encode_ulid
from incidents.services.similarity.slips import is_slip, slip_distance
from incidents.services.similarity.statements import as_seen_by, rows_of, stored_id

POSTINGS_PER_TOKEN = 300
PRIVATE_TOKENS = 12
PRIVATE_POSTINGS = 3_600
CANDIDATE_LIMIT = 24
NEAR_TOKEN_LIMIT = 100
SLIP_PREFIX = 4

_NEAR_TOKENS = """
SELECT * FROM (
    WITH RECURSIVE near(token) AS (
        SELECT MIN(token) FROM incidents_incidenttoken WHERE is_private = %s AND token >= %s AND token < %s
        UNION ALL
        SELECT (
            SELECT MIN(later.token) FROM incidents_incidenttoken AS later
            WHERE later.is_private = %s AND later.token > near.token AND later.token < %s
        ) FROM near WHERE near.token IS NOT NULL
    )
    SELECT token FROM near WHERE token IS NOT NULL LIMIT %s
) AS neighbours
"""
# Of the tokens in turn; only PostgreSQL can say it in one piece, which it plans in a third of the time.
_NEWEST_PUBLIC_OF_ALL = """
SELECT newest.incident_id, newest.weight * looked_up.weight AS product
FROM (VALUES {looked_up}) AS looked_up(token, weight) CROSS JOIN LATERAL (
    SELECT incident_id, weight FROM incidents_incidenttoken
    WHERE is_private = %s AND token = looked_up.token ORDER BY incident_id DESC LIMIT %s
) AS newest
"""
_NEWEST_PUBLIC = """
SELECT * FROM (
    SELECT incident_id, weight * %s AS product FROM incidents_incidenttoken
    WHERE is_private = %s AND token = %s ORDER BY incident_id DESC LIMIT %s
) AS newest
"""
_NEWEST_PRIVATE = """
SELECT * FROM (
    SELECT posting.incident_id, posting.weight * asked.weight AS product
    FROM asked CROSS JOIN incidents_incidenttoken AS posting {where} posting.token = asked.token
    AND posting.is_private = %s AND asked.place <= %s ORDER BY posting.incident_id DESC LIMIT %s
) AS newest_private
"""
_BEST = """
WITH asked(token, weight, place) AS (VALUES {values}), {member_of}
SELECT incident_id FROM ({postings}) AS found
GROUP BY incident_id ORDER BY SUM(product) DESC, incident_id DESC LIMIT %s
"""


def nearest_tokens(words: Sequence[str]) -> dict[str, str]:
    """Return the public tokens that misspelt words most likely meant; one query of NEAR_TOKEN_LIMIT steps a word."""
    parameters: list[Any] = []
    for word in words:
        start = word[:SLIP_PREFIX]
        end = start[:-1] + chr(ord(start[-1]) + 1)
        parameters += [False, start, end, False, end, NEAR_TOKEN_LIMIT]
    rows = rows_of(" UNION ALL ".join([_NEAR_TOKENS] * len(words)), parameters) if words else []
    known = {token for (token,) in rows}
    nearest = {}
    for word in words:
        near = [token for token in known if is_slip(word, token)]
        if near:
            nearest[word] = min(near, key=lambda token: (slip_distance(word, token), token))
    return nearest


def best_candidates(weights: Mapping[str, int], tokens_known: Collection[str], actor: Actor) -> list[str]:
    """Return the ids with the largest sums of products, best first; one query.

    ``weights`` has the heaviest token first. Of public incidents the newest of each token in ``tokens_known`` count;
    of private ones the newest that the actor may see, by the PRIVATE_TOKENS heaviest.
    """
    parameters: list[Any] = [part for place, item in enumerate(weights.items(), 1) for part in (*item, place)]
    parameters.append(stored_id(actor.user_id))
    branches, values = _newest_public({token: weights[token] for token in tokens_known})
    parameters += [*values, True, PRIVATE_TOKENS, PRIVATE_POSTINGS, CANDIDATE_LIMIT]
    sql = _BEST.replace("{values}", ", ".join(["(%s, %s, %s)"] * len(weights)))
    sql = sql.replace("{postings}", " UNION ALL ".join([*branches, _NEWEST_PRIVATE]))
    return [_ulid(found) for (found,) in rows_of(as_seen_by(actor, sql), parameters)]


def _newest_public(weights: Mapping[str, int]) -> tuple[list[str], list[Any]]:
    """Return the statements that find the newest public incidents of each token, with their parameters."""
    if not weights:
        return [], []
    if connection.vendor == "postgresql":
        looked_up = ", ".join(["(%s, %s)"] * len(weights))
        values = [value for item in weights.items() for value in item]
        return [_NEWEST_PUBLIC_OF_ALL.replace("{looked_up}", looked_up)], [*values, False, POSTINGS_PER_TOKEN]
    values = [
        value for token, weight in weights.items() for value in (weight, False, token, POSTINGS_PER_TOKEN)
    ]
    return [_NEWEST_PUBLIC] * len(weights), values


def _ulid(found: uuid.UUID | str) -> str:
    """Return the id as the models have it: PostgreSQL hands over a uuid, SQLite its hexadecimal digits."""
    return encode_ulid((found if isinstance(found, uuid.UUID) else uuid.UUID(found)).int)

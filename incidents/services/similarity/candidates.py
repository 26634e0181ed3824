"""The few incidents worth a close look, found by the tokens they share with the question.

Tokens of private incidents are kept apart: what public ones share is counted and cut off without them, and they come
in only as far as the actor may see them. So an incident that the actor may not see neither shows nor shifts an answer.
Everything here is read from indexes alone but for the incidents that are counted.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection

from incidents.models import Actor, Incident
from incidents.models.incident_conditions import DEFAULT_MODES
from incidents.models.ulid import NO_ULID, encode_ulid
from incidents.services.similarity.slips import is_slip, slip_distance
from incidents.services.similarity.weighing import COUNT_LIMIT
from incidents.services.similarity.window import COMPARED_LIMIT, count_compared_besides, window_start_id

POSTINGS_PER_TOKEN = 300
PRIVATE_TOKENS = 12
PRIVATE_POSTINGS = 3_600
CANDIDATE_LIMIT = 24
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
UNION ALL SELECT '', COUNT(*) FROM (
    SELECT 1 FROM incidents_incident WHERE visibility = %s AND mode IN {modes} AND id >= %s ORDER BY id DESC LIMIT %s
) AS compared
"""
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
# Joined in this order: the postings are few, and a person may be a member of very many incidents. PostgreSQL reads them
# all at once, which is the fewest blocks; SQLite looks each up.
_WHERE_MEMBER = "CROSS JOIN member_of WHERE member_of.incident_id = posting.incident_id AND"
_COUNT_ALIKE = """
WITH asked(token) AS (VALUES {values}), member_of AS NOT MATERIALIZED (
    SELECT incident_id FROM incidents_incidentmembership WHERE user_id = %s{at_once}
)
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
_BEST = """
WITH asked(token, weight, place) AS (VALUES {values}), member_of AS NOT MATERIALIZED (
    SELECT incident_id FROM incidents_incidentmembership WHERE user_id = %s{at_once}
)
SELECT incident_id FROM ({postings}) AS found
GROUP BY incident_id ORDER BY SUM(product) DESC, incident_id DESC LIMIT %s
"""
_AT_ONCE = {"postgresql": " OFFSET 0", "sqlite": ""}


def count_tokens(tokens: Collection[str], actor: Actor) -> tuple[dict[str, int], int]:
    """Return in how many public incidents each token is, up to COUNT_LIMIT, and how many incidents are compared.

    One query; two where few public incidents are recent. The second figure counts what the actor may see, up to
    COMPARED_LIMIT and one more.
    """
    sql = _COUNT_TOKENS.replace("{values}", ", ".join(["(%s)"] * len(tokens)))
    sql = sql.replace("{modes}", str(DEFAULT_MODES))
    newest = (Incident.Visibility.PUBLIC, _database_id(window_start_id()), COMPARED_LIMIT + 1)
    counts = dict(_rows(sql, [*tokens, False, COUNT_LIMIT, *newest]))
    compared = counts.pop("")
    # The rest is asked for only where it matters: to plan these parts takes PostgreSQL longer than to count the first.
    if compared <= COMPARED_LIMIT:
        compared += count_compared_besides(actor, COMPARED_LIMIT + 1 - compared)
    return counts, compared


def nearest_tokens(words: Sequence[str]) -> dict[str, str]:
    """Return the public tokens that misspelt words most likely meant; one query of NEAR_TOKEN_LIMIT steps a word."""
    parameters: list[Any] = []
    for word in words:
        start = word[:SLIP_PREFIX]
        end = start[:-1] + chr(ord(start[-1]) + 1)
        parameters += [False, start, end, False, end, NEAR_TOKEN_LIMIT]
    rows = _rows(" UNION ALL ".join([_NEAR_TOKENS] * len(words)), parameters) if words else []
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
    parameters.append(actor.user_id and _database_id(actor.user_id))
    branches, values = _newest_public({token: weights[token] for token in tokens_known})
    parameters += [*values, True, PRIVATE_TOKENS, PRIVATE_POSTINGS, CANDIDATE_LIMIT]
    sql = _BEST.replace("{values}", ", ".join(["(%s, %s, %s)"] * len(weights)))
    sql = sql.replace("{postings}", " UNION ALL ".join([*branches, _NEWEST_PRIVATE]))
    return [_ulid(found) for (found,) in _rows(_as_seen_by(actor, sql), parameters)]


def count_alike(tokens: Collection[str], actor: Actor, *, but: str | None) -> dict[str, int]:
    """Return how many incidents that the actor may see have each token, up to COUNT_LIMIT and a few more; one query.

    The incident ``but`` is not counted.
    """
    sql = _COUNT_ALIKE.replace("{values}", ", ".join(["(%s)"] * len(tokens)))
    user_id, other_than = actor.user_id and _database_id(actor.user_id), _database_id(but or NO_ULID)
    limit = COUNT_LIMIT + 2
    parameters = [*tokens, user_id, False, other_than, limit, True, other_than, limit]
    return dict(_rows(_as_seen_by(actor, sql), parameters))


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


def _as_seen_by(actor: Actor, sql: str) -> str:
    """Keep postings of private incidents to those that the actor may see."""
    where = "WHERE" if actor.sees_every_incident else _WHERE_MEMBER
    return sql.replace("{where}", where).replace("{at_once}", _AT_ONCE[connection.vendor])


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _ulid(found: uuid.UUID | str) -> str:
    """Return the id as the models have it: PostgreSQL hands over a uuid, SQLite its hexadecimal digits."""
    return encode_ulid((found if isinstance(found, uuid.UUID) else uuid.UUID(found)).int)


def _database_id(ulid: str) -> Any:
    """Return an id as the database has it."""
    return Incident._meta.pk.get_db_prep_value(ulid, connection)

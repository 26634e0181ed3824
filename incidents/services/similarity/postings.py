"""What is stored for the check: the tokens of each incident with their weights, written with the incident."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from django.db import connection, transaction

from incidents.models import Configuration, Incident, IncidentToken
from incidents.services.similarity.alike import alike_token
from incidents.services.similarity.known_fields import known_values, pairs_stored
from incidents.services.similarity.reading import KnownPairs, read
from incidents.services.similarity.weighing import stored_weights
from incidents.services.similarity.window import is_compared

TOKENS_PER_INCIDENT = 48
WEIGHT_UNIT = 10_000
"""Weights are whole numbers of 1/10,000: sums are exact, and the same on both databases."""
BATCH = 500
ROWS_PER_STATEMENT = 200
_INSERT = "INSERT INTO incidents_incidenttoken (incident_id, token, is_private, weight) VALUES "

Posting = tuple[uuid.UUID | str, str, bool, int]


def index_incident(incident: Incident) -> None:
    """Store the tokens of an incident in place of those it had, within the caller's transaction; three queries.

    Call it whenever the name, the summary, a custom field, the visibility, the mode or the status has changed.
    """
    index_incidents([incident])


def index_declared(incident: Incident, configuration: Configuration, *, has_values: bool) -> None:
    """Store the tokens of an incident that has none yet, within the caller's transaction; one query.

    Two if it `has_values` of custom fields.
    """
    if _is_compared(incident):
        pairs = pairs_stored([incident.pk], configuration) if has_values else {}
        _insert(_tokens_of([incident], pairs, configuration))


def index_incidents(incidents: Iterable[Incident]) -> None:
    """Store the tokens of many incidents, in batches; those that are too old to be compared lose theirs."""
    configuration = Configuration.current()
    stream = iter(incidents)
    while batch := list(islice(stream, BATCH)):
        with transaction.atomic():
            IncidentToken.objects.filter(incident_id__in=[incident.pk for incident in batch]).delete()
            compared = [incident for incident in batch if _is_compared(incident)]
            pairs = pairs_stored([incident.pk for incident in compared], configuration)
            _insert(_tokens_of(compared, pairs, configuration))


def _is_compared(incident: Incident) -> bool:
    return is_compared(incident.mode, is_open=incident.is_open, created_at=incident.created_at)


def _insert(rows: Iterator[Posting]) -> None:
    """Write the rows by statements of their own: model instances would cost twice the time."""
    with connection.cursor() as cursor:
        while chunk := list(islice(rows, ROWS_PER_STATEMENT)):
            values = ", ".join(["(%s, %s, %s, %s)"] * len(chunk))
            cursor.execute(_INSERT + values, [value for row in chunk for value in row])


def _tokens_of(
    incidents: list[Incident], pairs: Mapping[str, KnownPairs], configuration: Configuration
) -> Iterator[Posting]:
    """Return the rows as the database driver takes them."""
    known = known_values(configuration)
    for incident in incidents:
        reading = read(incident.name, incident.summary, pairs.get(incident.pk, frozenset()), known)
        weights = stored_weights(reading)
        incident_id = Incident._meta.pk.get_db_prep_value(incident.pk, connection)
        for token in sorted(weights, key=lambda token: (-weights[token], token))[:TOKENS_PER_INCIDENT]:
            yield incident_id, token, incident.is_private, max(1, round(WEIGHT_UNIT * weights[token]))
        if alike := alike_token(reading):
            yield incident_id, alike, incident.is_private, 0

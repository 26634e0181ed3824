"""Keeps what the text search reads, and the index of its words."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from django.db import connections, router, transaction

from incidents.models import Incident, IncidentSearchText, IncidentUpdate
from incidents.models.incident import REFERENCE_PREFIX
from incidents.models.search_index import as_columns, as_vector
from incidents.models.search_words import stored_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper

LONGEST_TEXT = 65_536
_MESSAGES_AT_ONCE = 50
_INCIDENTS_AT_ONCE = 200
_POSTGRESQL = (
    "INSERT INTO incidents_incidentsearchtext (incident_id, text, words) VALUES (%s, %s, CAST(%s AS tsvector))"
    " ON CONFLICT (incident_id) DO UPDATE SET text = EXCLUDED.text, words = EXCLUDED.words"
)
_SQLITE = (
    "INSERT INTO incidents_incidentsearchtext (incident_id, text) VALUES (%s, %s)"
    " ON CONFLICT (incident_id) DO UPDATE SET text = EXCLUDED.text"
)
_SQLITE_WORDS = "INSERT OR REPLACE INTO incidents_searchwords (rowid, words, stems) VALUES (%s, %s, %s)"


@dataclasses.dataclass(frozen=True, slots=True)
class SearchRow:
    """What is stored of an incident; the id is as its column takes it."""

    stored_id: Any
    number: int
    category: str
    text: str

    @property
    def vector(self) -> str:
        """The words as PostgreSQL takes them."""
        return as_vector(stored_words(self.text), self.stored_id, self.category)


def search_text(number: int, name: str, summary: str, messages: Iterable[str] = ()) -> str:
    """Return what the search reads of an incident: no more than 65,536 characters, updates from the first on."""
    parts = [f"{REFERENCE_PREFIX}{number} {name}", summary]
    length = sum(map(len, parts))
    for message in messages:
        if length > LONGEST_TEXT:
            break
        parts.append(message)
        length += len(message) + 1
    return "\n".join(parts)[:LONGEST_TEXT]


def write_search_text(incident: Incident, messages: Iterable[str] = ()) -> None:
    """Store an incident's text for the search in place of what was there; a query, two on SQLite."""
    connection = connections[router.db_for_write(IncidentSearchText)]
    stored_id = Incident._meta.pk.get_db_prep_value(incident.pk, connection)
    text = search_text(incident.number, incident.name, incident.summary, messages)
    store_texts([SearchRow(stored_id, incident.number, incident.status_category, text)], connection)


def rewrite_search_text(incident: Incident) -> None:
    """Store an incident's text with its updates; reads no more of them than the text holds."""
    write_search_text(incident, messages_of(incident))


def rebuild_search_texts() -> Iterator[int]:
    """Store the texts of all incidents anew, and yield how many are done; a transaction for each batch."""
    done, last = 0, 0
    while True:
        with transaction.atomic():
            incidents = Incident.objects.filter(number__gt=last).order_by("number")
            # Whoever shares an update meanwhile waits, and does not lose their words to an older text.
            batch = list(incidents.select_for_update()[:_INCIDENTS_AT_ONCE])
            if not batch:
                return
            for incident in batch:
                rewrite_search_text(incident)
        done, last = done + len(batch), batch[-1].number
        yield done


def messages_of(incident: Incident) -> Iterable[str]:
    """Return what the updates of an incident say, in order, read in pieces as they are wanted."""
    updates = IncidentUpdate.objects.filter(incident=incident.pk).exclude(message="").order_by("id")
    return updates.values_list("message", flat=True).iterator(_MESSAGES_AT_ONCE)


def store_texts(rows: Sequence[SearchRow], connection: BaseDatabaseWrapper) -> None:
    """Store texts with their words."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(_POSTGRESQL, [(row.stored_id, row.text, row.vector) for row in rows])
            return
        cursor.executemany(_SQLITE, [(row.stored_id, row.text) for row in rows])
        columns = [(row.number, *as_columns(stored_words(row.text))) for row in rows]
        cursor.executemany(_SQLITE_WORDS, columns)

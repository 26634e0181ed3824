"""Index every word of incidents and their updates, on both databases by the same rule.

It replaces the index of trigrams. A million incidents with four million updates take about seven minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from incidents.models.search_index import as_columns, as_vector
from incidents.models.search_words import stored_words

BATCH = 2_000
LONGEST_TEXT = 65_536
INCIDENTS = (
    "SELECT id, number, status_category, name, summary FROM incidents_incident WHERE id > %s ORDER BY id LIMIT %s",
    "SELECT id, number, status_category, name, summary FROM incidents_incident ORDER BY id LIMIT %s",
)
MESSAGES = (
    "SELECT incident_id, message FROM incidents_incidentupdate"
    " WHERE incident_id >= %s AND incident_id <= %s AND message <> '' ORDER BY incident_id, id"
)
SQLITE_TABLE = """
CREATE VIRTUAL TABLE incidents_searchwords
USING fts5(words, stems, tokenize = "ascii tokenchars '%_'", prefix = '2 3')
"""


def add_index(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    connection = editor.connection
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(SQLITE_TABLE)
            cursor.execute("DELETE FROM incidents_incidentsearchtext")
        _fill(connection)
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("DROP INDEX IF EXISTS incident_search_trigrams")
        cursor.execute("TRUNCATE incidents_incidentsearchtext")
        cursor.execute("ALTER TABLE incidents_incidentsearchtext ADD words tsvector NOT NULL DEFAULT ''")
    _fill(connection)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "CREATE INDEX incident_search_words ON incidents_incidentsearchtext USING gin (words)"
            " WITH (gin_pending_list_limit = 512)"
        )
        cursor.execute("ANALYZE incidents_incidentsearchtext")


def remove_index(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "sqlite":
            cursor.execute("DROP TABLE incidents_searchwords")
        else:
            cursor.execute("ALTER TABLE incidents_incidentsearchtext DROP words")


def _fill(connection: BaseDatabaseWrapper) -> None:
    last = None
    while batch := _incidents_after(last, connection):
        last = batch[-1][0]
        _write(list(_texts(batch, connection)), connection)


def _incidents_after(last: Any, connection: BaseDatabaseWrapper) -> list[Any]:
    with connection.cursor() as cursor:
        if last is None:
            cursor.execute(INCIDENTS[1], [BATCH])
        else:
            cursor.execute(INCIDENTS[0], [last, BATCH])
        return list(cursor.fetchall())


def _texts(batch: list[Any], connection: BaseDatabaseWrapper) -> Iterator[tuple[Any, int, str, str]]:
    messages: dict[Any, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(MESSAGES, [batch[0][0], batch[-1][0]])
        for incident_id, message in cursor.fetchall():
            said = messages.get(incident_id, "")
            if len(said) < LONGEST_TEXT:
                messages[incident_id] = f"{said}\n{message}"
    for incident_id, number, category, name, summary in batch:
        text = f"INC-{number} {name}\n{summary}{messages.get(incident_id, '')}"
        yield incident_id, number, category, text[:LONGEST_TEXT]


def _write(texts: list[tuple[Any, int, str, str]], connection: BaseDatabaseWrapper) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO incidents_incidentsearchtext (incident_id, text) VALUES (%s, %s)",
                [(incident_id, text) for incident_id, _, _, text in texts],
            )
            cursor.executemany(
                "INSERT INTO incidents_searchwords (rowid, words, stems) VALUES (%s, %s, %s)",
                [(number, *as_columns(stored_words(text))) for _, number, _, text in texts],
            )
        return
    statement = "COPY incidents_incidentsearchtext (incident_id, text, words) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for incident_id, _, category, text in texts:
            copy.write_row((incident_id, text, as_vector(stored_words(text), incident_id, category)))


class Migration(migrations.Migration):
    dependencies = [("incidents", "0016_merging")]

    operations = [
        migrations.RunPython(add_index, remove_index),
        migrations.AddIndex(
            model_name="customfieldentry",
            index=models.Index(
                models.F("custom_field"),
                models.F("value_numeric"),
                models.OrderBy(models.F("incident"), descending=True),
                condition=models.Q(("value_numeric__isnull", False)),
                name="custom_field_entry_number",
            ),
        ),
    ]

"""Mark neighbouring words for the search on PostgreSQL, and index what single filters look for.

The texts are written into a table beside the one in use, which is read and written meanwhile and replaced at the end;
indexes are made while people work. A million incidents take about eight minutes, and people wait for two seconds of them.
A migration that was stopped begins anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps.registry import Apps
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper
from django.db.migrations.state import ProjectState

from incidents.models.custom_field import Beginning
from incidents.models.search_index import as_vector
from incidents.models.search_words import stored_words

BATCH = 2_000
BESIDE = """
DROP TABLE IF EXISTS incidents_searchtext_new;
CREATE TABLE incidents_searchtext_new (LIKE incidents_incidentsearchtext INCLUDING DEFAULTS);
ALTER TABLE incidents_searchtext_new ALTER words SET STATISTICS 300;
"""
FIRST = """
SELECT old.incident_id, old.text, incident.status_category
FROM incidents_incidentsearchtext AS old JOIN incidents_incident AS incident ON incident.id = old.incident_id
ORDER BY old.incident_id LIMIT %s
"""
AFTER = """
SELECT old.incident_id, old.text, incident.status_category
FROM incidents_incidentsearchtext AS old JOIN incidents_incident AS incident ON incident.id = old.incident_id
WHERE old.incident_id > %s ORDER BY old.incident_id LIMIT %s
"""
COPY = "COPY incidents_searchtext_new (incident_id, text, words) FROM STDIN"
INDEXES = """
SET maintenance_work_mem = '256MB';
ALTER TABLE incidents_searchtext_new ADD CONSTRAINT incidents_searchtext_new_pkey PRIMARY KEY (incident_id);
CREATE INDEX incident_search_words_new ON incidents_searchtext_new USING gin (words) WITH (gin_pending_list_limit = 512);
ANALYZE incidents_searchtext_new;
RESET maintenance_work_mem
"""
BEGUN = "SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS xid) AS text)"
# What was written by a transaction that had not ended when the copying began.
WRITTEN_SINCE = """
SELECT old.incident_id, old.text, incident.status_category
FROM incidents_incidentsearchtext AS old JOIN incidents_incident AS incident ON incident.id = old.incident_id
WHERE AGE(old.xmin) <= AGE(CAST(%s AS xid))
"""
FORGET = "DELETE FROM incidents_searchtext_new WHERE incident_id = ANY(%s)"
# Whoever changes an incident locks it before its text. So does whoever changes what ties the tables to each other.
UNTIE = """
LOCK TABLE incidents_incident IN ACCESS EXCLUSIVE MODE;
DO $$
DECLARE tie text;
BEGIN
    FOR tie IN
        SELECT conname FROM pg_constraint WHERE conrelid = 'incidents_incidentsearchtext'::regclass AND contype = 'f'
    LOOP
        EXECUTE format('ALTER TABLE incidents_incidentsearchtext DROP CONSTRAINT %I', tie);
    END LOOP;
END $$
"""
REPLACE = """
DROP TABLE incidents_incidentsearchtext;
ALTER TABLE incidents_searchtext_new RENAME TO incidents_incidentsearchtext;
ALTER INDEX incidents_searchtext_new_pkey RENAME TO incidents_incidentsearchtext_pkey;
ALTER INDEX incident_search_words_new RENAME TO incident_search_words
"""
TIE = """
LOCK TABLE incidents_incident IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE incidents_incidentsearchtext ADD CONSTRAINT incident_search_text_of_incident FOREIGN KEY (incident_id)
    REFERENCES incidents_incident (id) DEFERRABLE INITIALLY DEFERRED NOT VALID
"""
CHECK_TIE = "ALTER TABLE incidents_incidentsearchtext VALIDATE CONSTRAINT incident_search_text_of_incident"
# Who has a role depends on the role, and the category on the status. Without knowing, the planner expects incidents where
# there are none, and looks for them in all. None of these has a place in the models.
FOR_THE_PLANNER = (
    "DROP INDEX CONCURRENTLY IF EXISTS incident_teams_newest",
    "CREATE INDEX CONCURRENTLY incident_teams_newest ON incidents_incident_teams (team_id, incident_id DESC)",
    "DROP STATISTICS IF EXISTS role_assignment_person_role",
    "CREATE STATISTICS role_assignment_person_role (mcv)"
    " ON incident_role_id, assignee_id FROM incidents_incidentroleassignment",
    "DROP STATISTICS IF EXISTS incident_status_category",
    "CREATE STATISTICS incident_status_category (mcv) ON incident_status_id, status_category_rank FROM incidents_incident",
    "ANALYZE incidents_incident",
    "ANALYZE incidents_incidentroleassignment",
    "ANALYZE incidents_customfieldentry",
)
NOT_FOR_THE_PLANNER = (
    "DROP INDEX CONCURRENTLY IF EXISTS incident_teams_newest",
    "DROP STATISTICS IF EXISTS role_assignment_person_role",
    "DROP STATISTICS IF EXISTS incident_status_category",
)


class AddIndexWhileUsed(migrations.AddIndex):
    """On PostgreSQL nobody waits for the index; what a stopped migration left of it is dropped."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        schema_editor.execute(
            f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}"
        )
        AddIndexConcurrently(self.model_name, self.index).database_forwards(
            app_label, schema_editor, from_state, to_state
        )


def take_time(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    _execute(("SET statement_timeout = 0", "SET lock_timeout = 0"), editor)


def be_quick_again(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    _execute(("RESET statement_timeout", "RESET lock_timeout"), editor)


def help_the_planner(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    _execute(FOR_THE_PLANNER, editor)


def leave_the_planner_alone(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    _execute(NOT_FOR_THE_PLANNER, editor)


def mark_neighbours(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    connection = editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(BESIDE)
        cursor.execute(BEGUN)
        begun = cursor.fetchone()[0]
        cursor.execute(FIRST, [BATCH])
        while batch := cursor.fetchall():
            _write(batch, cursor)
            cursor.execute(AFTER, [batch[-1][0], BATCH])
        for statement in INDEXES.split(";"):
            cursor.execute(statement)
        _replace(begun, cursor, connection)


def _replace(begun: str, cursor: CursorWrapper, connection: BaseDatabaseWrapper) -> None:
    """Put the new table in place, with what was written meanwhile; readers wait for a second or two."""
    with transaction.atomic(using=connection.alias):
        cursor.execute(UNTIE)
    with transaction.atomic(using=connection.alias):
        cursor.execute("LOCK TABLE incidents_incidentsearchtext IN ACCESS EXCLUSIVE MODE")
        cursor.execute(WRITTEN_SINCE, [begun])
        written = cursor.fetchall()
        cursor.execute(FORGET, [[row[0] for row in written]])
        _write(written, cursor)
        cursor.execute(REPLACE)
    with transaction.atomic(using=connection.alias):
        cursor.execute(TIE)
    cursor.execute(CHECK_TIE)


def _write(rows: Sequence[Any], cursor: CursorWrapper) -> None:
    with cursor.copy(COPY) as copy:
        for incident_id, text, category in rows:
            copy.write_row((incident_id, text, as_vector(stored_words(text), incident_id, category)))


def _execute(statements: Iterable[str], editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        with editor.connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


class Migration(migrations.Migration):
    # Every batch is a transaction of its own, and no index can be made beside others within one.
    atomic = False

    dependencies = [("incidents", "0021_bulk_changes")]

    operations = [
        migrations.RunPython(take_time, be_quick_again),
        AddIndexWhileUsed(
            model_name="incident",
            index=models.Index(
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("status_category_rank__lte", 2)),
                name="incident_dropped_newest",
            ),
        ),
        AddIndexWhileUsed(
            model_name="customfieldentry",
            index=models.Index(
                models.F("custom_field"),
                models.F("value_numeric"),
                models.OrderBy(models.F("incident"), descending=True),
                models.F("position"),
                condition=models.Q(("value_numeric__isnull", False)),
                name="custom_field_entry_numbers",
            ),
        ),
        AddIndexWhileUsed(
            model_name="customfieldentry",
            index=models.Index(
                models.F("custom_field"),
                Beginning("value_text"),
                models.OrderBy(models.F("incident"), descending=True),
                models.F("position"),
                condition=models.Q(("value_text__isnull", False)),
                name="custom_field_entry_text",
            ),
        ),
        AddIndexWhileUsed(
            model_name="customfieldentry",
            index=models.Index(
                models.F("custom_field"),
                Beginning("value_link"),
                models.OrderBy(models.F("incident"), descending=True),
                models.F("position"),
                condition=models.Q(("value_link__isnull", False)),
                name="custom_field_entry_link",
            ),
        ),
        migrations.RunPython(mark_neighbours, migrations.RunPython.noop),
        migrations.RunPython(help_the_planner, leave_the_planner_alone),
        migrations.RemoveIndex(model_name="customfieldentry", name="custom_field_entry_number"),
        migrations.RunPython(be_quick_again, take_time),
    ]

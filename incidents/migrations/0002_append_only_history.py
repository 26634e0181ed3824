"""Make the history append-only: the database itself refuses UPDATE, DELETE and TRUNCATE."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "incidents_incidentevent"
MESSAGE = "The history of incidents is append-only."

POSTGRESQL_FUNCTION = f"""
CREATE FUNCTION incidents_refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation';
END $$
"""
INSTALL = {
    "postgresql": [
        POSTGRESQL_FUNCTION,
        f"CREATE TRIGGER incident_event_append_only BEFORE UPDATE OR DELETE ON {TABLE}"
        " FOR EACH ROW EXECUTE FUNCTION incidents_refuse_history_change()",
        f"CREATE TRIGGER incident_event_no_truncate BEFORE TRUNCATE ON {TABLE}"
        " FOR EACH STATEMENT EXECUTE FUNCTION incidents_refuse_history_change()",
    ],
    "sqlite": [
        f"CREATE TRIGGER incident_event_no_update BEFORE UPDATE ON {TABLE}"
        f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
        f"CREATE TRIGGER incident_event_no_delete BEFORE DELETE ON {TABLE}"
        f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    ],
}
REMOVE = {
    "postgresql": [
        f"DROP TRIGGER incident_event_no_truncate ON {TABLE}",
        f"DROP TRIGGER incident_event_append_only ON {TABLE}",
        "DROP FUNCTION incidents_refuse_history_change()",
    ],
    "sqlite": ["DROP TRIGGER incident_event_no_delete", "DROP TRIGGER incident_event_no_update"],
}


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in INSTALL[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in REMOVE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]

    operations = [migrations.RunPython(install, remove, elidable=False)]

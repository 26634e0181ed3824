"""Tell PostgreSQL that a status has one category.

By the shares of both together, it still expected no incident of a rare status, and sorted all there are.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

STATISTICS = "CREATE STATISTICS incident_status_category ({kind}) ON incident_status_id, status_category_rank FROM incidents_incident"


def by_dependency(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    _keep("dependencies", editor)


def by_shares(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    _keep("mcv", editor)


def _keep(kind: str, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP STATISTICS IF EXISTS incident_status_category")
        editor.execute(STATISTICS.format(kind=kind))
        editor.execute("ANALYZE incidents_incident")


class Migration(migrations.Migration):
    dependencies = [("incidents", "0022_search_costs")]

    operations = [migrations.RunPython(by_dependency, by_shares)]

"""Count the incidents that a list without filters holds."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def count(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    listed = apps.get_model("incidents", "Incident").objects.filter(mode__in=["standard", "retrospective"])
    apps.get_model("incidents", "ReferenceCounter").objects.filter(name="incident").update(
        listed_public=listed.filter(visibility="public").count(),
        listed_private=listed.filter(visibility="private").count(),
    )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0009_counted_incidents")]

    operations = [migrations.RunPython(count, migrations.RunPython.noop)]

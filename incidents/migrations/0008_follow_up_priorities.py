"""Give an installation priorities to sort follow-ups by."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

PRIORITIES = [
    ("Low", "When there is time."),
    ("Medium", "Within the quarter."),
    ("High", "Within two weeks."),
    ("Urgent", "Before anything else: it can happen again at any time."),
]


def add_priorities(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    priority = apps.get_model("incidents", "FollowUpPriority")
    for rank, (name, description) in enumerate(PRIORITIES, 1):
        priority.objects.get_or_create(name=name, defaults={"description": description, "rank": rank})


class Migration(migrations.Migration):
    dependencies = [("incidents", "0007_automation")]

    operations = [migrations.RunPython(add_priorities, migrations.RunPython.noop)]

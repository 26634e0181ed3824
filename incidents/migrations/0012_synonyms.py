"""Words of one meaning that administrators keep, and the jobs of the worker."""

from __future__ import annotations

import django.utils.timezone
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import incidents.models.ulid


def want_reading(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Have what is stored read once: tokens by which near-identical incidents are counted are new."""
    is_new = not apps.get_model("incidents", "Incident").objects.exists()
    wanted = incidents.models.ulid.new_ulid()
    apps.get_model("incidents", "TokenReading").objects.create(
        id=1, wanted=wanted, done=wanted if is_new else ""
    )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0011_task_updated")]

    operations = [
        migrations.CreateModel(
            name="SynonymGroup",
            fields=[
                (
                    "id",
                    incidents.models.ulid.ULIDField(
                        default=incidents.models.ulid.new_ulid, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("words", models.CharField(max_length=820)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["words", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("words", ""), _negated=True), name="synonym_group_has_words"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TokenReading",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("wanted", models.CharField(default=incidents.models.ulid.new_ulid, max_length=26)),
                ("done", models.CharField(blank=True, max_length=26)),
                ("position", models.CharField(blank=True, max_length=26)),
                ("read_count", models.PositiveIntegerField(default=0)),
                ("total_count", models.PositiveIntegerField(default=0)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="token_reading_single_row"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("held_by", models.CharField(blank=True, max_length=80)),
                ("held_until", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={"ordering": ["name"]},
        ),
        migrations.RunPython(want_reading, migrations.RunPython.noop),
    ]

"""Remember merges, and let the database itself refuse that what is merged goes on in something merged."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
import django.utils.timezone
import incidents.models.ulid
from django.conf import settings
from django.db import migrations, models

TABLE = "incidents_incident"
MESSAGE = "A merged incident goes on in one that is not merged itself."

# A row that is being changed is locked before its trigger runs, and the trigger waits for the survivor's row: of two
# merges that cross each other, the second sees the first one, or the server ends one of them.
POSTGRESQL_FUNCTION = f"""
CREATE FUNCTION incidents_refuse_merge_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    goes_on uuid;
BEGIN
    SELECT merged_into_incident_id INTO goes_on FROM {TABLE} WHERE id = NEW.merged_into_incident_id FOR SHARE;
    IF goes_on IS NOT NULL OR EXISTS (SELECT 1 FROM {TABLE} WHERE merged_into_incident_id = NEW.id) THEN
        RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""
SQLITE_BODY = f"""
FOR EACH ROW WHEN NEW.merged_into_incident_id IS NOT NULL AND (
    EXISTS (
        SELECT 1 FROM {TABLE} WHERE id = NEW.merged_into_incident_id AND merged_into_incident_id IS NOT NULL
    )
    OR EXISTS (SELECT 1 FROM {TABLE} WHERE merged_into_incident_id = NEW.id)
) BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END
"""
INSTALL = {
    "postgresql": [
        POSTGRESQL_FUNCTION,
        f"CREATE TRIGGER incident_no_merge_chain BEFORE INSERT OR UPDATE OF merged_into_incident_id ON {TABLE}"
        " FOR EACH ROW WHEN (NEW.merged_into_incident_id IS NOT NULL)"
        " EXECUTE FUNCTION incidents_refuse_merge_chain()",
    ],
    "sqlite": [
        f"CREATE TRIGGER incident_no_merge_chain_new BEFORE INSERT ON {TABLE} {SQLITE_BODY}",
        f"CREATE TRIGGER incident_no_merge_chain BEFORE UPDATE OF merged_into_incident_id ON {TABLE} {SQLITE_BODY}",
    ],
}
REMOVE = {
    "postgresql": [
        f"DROP TRIGGER incident_no_merge_chain ON {TABLE}",
        "DROP FUNCTION incidents_refuse_merge_chain()",
    ],
    "sqlite": ["DROP TRIGGER incident_no_merge_chain", "DROP TRIGGER incident_no_merge_chain_new"],
}


def install(apps: Any, schema_editor: Any) -> None:
    for statement in INSTALL[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def remove(apps: Any, schema_editor: Any) -> None:
    for statement in REMOVE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', "0015_imports"),
    ]

    operations = [
        migrations.AlterField(
            model_name='incidentevent',
            name='kind',
            field=models.CharField(choices=[('declared', 'Declared'), ('update_shared', 'Update shared'), ('report_added', 'Report added'), ('status_changed', 'Status changed'), ('severity_changed', 'Severity changed'), ('type_changed', 'Type changed'), ('name_changed', 'Renamed'), ('summary_changed', 'Summary changed'), ('visibility_changed', 'Visibility changed'), ('role_changed', 'Role changed'), ('field_changed', 'Field changed'), ('timestamp_changed', 'Timestamp changed'), ('property_changed', 'Property changed'), ('member_added', 'Member added'), ('member_removed', 'Member removed'), ('action_added', 'Action added'), ('action_changed', 'Action changed'), ('follow_up_added', 'Follow-up added'), ('follow_up_changed', 'Follow-up changed'), ('attachment_added', 'Attachment added'), ('attachment_removed', 'Attachment removed'), ('related', 'Related'), ('unrelated', 'Relation removed'), ('verdict_given', 'Compared with another'), ('declared_separately', 'Declared separately'), ('alert_attached', 'Alert attached'), ('merged', 'Merged'), ('merge_undone', 'Merge undone'), ('split_off', 'Split off'), ('private_viewed', 'Viewed by an administrator')], max_length=30),
        ),
        migrations.CreateModel(
            name='IncidentMerge',
            fields=[
                ('id', incidents.models.ulid.ULIDField(default=incidents.models.ulid.new_ulid, editable=False, primary_key=True, serialize=False)),
                ('note', models.TextField(blank=True)),
                ('configuration_token', models.CharField(max_length=26)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('undone_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('creator_alert', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.alert')),
                ('creator_api_key', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.apikey')),
                ('creator_user', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('creator_workflow', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.workflow')),
                ('survivor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.incident')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='IncidentBeforeMerge',
            fields=[
                ('id', incidents.models.ulid.ULIDField(default=incidents.models.ulid.new_ulid, editable=False, primary_key=True, serialize=False)),
                ('part', models.CharField(choices=[('survivor', 'Goes on'), ('source', 'Merged'), ('led_on', 'Merged into a source before')], max_length=10)),
                ('columns', models.JSONField(default=dict)),
                ('rows', models.JSONField(default=dict)),
                ('version_before', models.PositiveIntegerField()),
                ('version_after', models.PositiveIntegerField()),
                ('updated_at_before', models.DateTimeField()),
                ('updated_at_after', models.DateTimeField()),
                ('incident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.incident')),
                ('merge', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='incidents.incidentmerge')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='incidentmerge',
            index=models.Index(models.F('survivor'), models.OrderBy(models.F('id'), descending=True), name='incident_merge_survivor'),
        ),
        migrations.AddConstraint(
            model_name='incidentmerge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('creator_alert__isnull', True), ('creator_api_key__isnull', True), ('creator_user__isnull', False), ('creator_workflow__isnull', True)), models.Q(('creator_alert__isnull', True), ('creator_api_key__isnull', False), ('creator_user__isnull', True), ('creator_workflow__isnull', True)), models.Q(('creator_alert__isnull', False), ('creator_api_key__isnull', True), ('creator_user__isnull', True), ('creator_workflow__isnull', True)), models.Q(('creator_alert__isnull', True), ('creator_api_key__isnull', True), ('creator_user__isnull', True), ('creator_workflow__isnull', False)), _connector='OR'), name='incident_merge_one_creator'),
        ),
        migrations.AddIndex(
            model_name='incidentbeforemerge',
            index=models.Index(models.F('incident'), models.OrderBy(models.F('id'), descending=True), name='before_merge_newest'),
        ),
        migrations.AddConstraint(
            model_name='incidentbeforemerge',
            constraint=models.UniqueConstraint(fields=('merge', 'incident'), name='before_merge_once'),
        ),
        migrations.AddConstraint(
            model_name='incidentbeforemerge',
            constraint=models.CheckConstraint(condition=models.Q(('part__in', ['survivor', 'source', 'led_on'])), name='before_merge_part_known'),
        ),
        migrations.RunPython(install, remove, elidable=False),
    ]

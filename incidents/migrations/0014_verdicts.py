"""Verdicts on pairs of incidents, candidates, the settings of the duplicate check; separations become verdicts."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
import incidents.models.ulid
from django.conf import settings
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from incidents.models.ulid import is_ulid

CREATORS = ("creator_user_id", "creator_api_key_id", "creator_alert_id", "creator_workflow_id")
CHUNK = 1_000


def judge_separations(apps: Apps, editor: BaseDatabaseSchemaEditor | None) -> None:
    """Both sides may have an event; the pair is one verdict. What the check said then is not known."""
    verdicts = apps.get_model("incidents", "SimilarityVerdict").objects
    events = apps.get_model("incidents", "IncidentEvent").objects.filter(kind="declared_separately")
    rows = []
    for event in events.order_by().iterator(chunk_size=CHUNK):
        other = str(event.details.get("other_incident_id"))
        if not is_ulid(other) or other == event.incident_id:
            continue
        older, newer = sorted((event.incident_id, other))
        creators = {name: getattr(event, name) for name in CREATORS}
        rows.append(
            verdicts.model(
                incident_id=older,
                other_incident_id=newer,
                verdict="different",
                source="separation",
                weights_version=1,
                judged_at=event.created_at,
                **creators,
            )
        )
    verdicts.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', "0013_declare_drafts"),
    ]

    operations = [
        migrations.CreateModel(
            name='DuplicateCandidate',
            fields=[
                ('id', incidents.models.ulid.ULIDField(default=incidents.models.ulid.new_ulid, editable=False, primary_key=True, serialize=False)),
                ('score', models.PositiveSmallIntegerField()),
                ('level', models.CharField(max_length=10)),
                ('reasons', models.JSONField(default=list)),
                ('weights_version', models.PositiveSmallIntegerField()),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='DuplicateSettings',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('warn_at', models.PositiveSmallIntegerField(default=50)),
                ('stop_at', models.PositiveSmallIntegerField(default=50)),
                ('admin_policy', models.CharField(choices=[('warn', 'Ask for a tick'), ('off', 'Do not check')], default='warn', max_length=10)),
                ('import_policy', models.CharField(choices=[('report', 'Import, and list what looks alike'), ('skip', 'Leave out what is there already')], default='report', max_length=10)),
                ('alert_policy', models.CharField(choices=[('warn', 'Declare, and name the likely duplicates in the answer'), ('refuse', 'Refuse a likely duplicate'), ('attach', 'Add a report to the incident it duplicates')], default='attach', max_length=10)),
                ('api_key_policy', models.CharField(choices=[('warn', 'Declare, and name the likely duplicates in the answer'), ('refuse', 'Refuse a likely duplicate'), ('attach', 'Add a report to the incident it duplicates')], default='warn', max_length=10)),
            ],
        ),
        migrations.CreateModel(
            name='DuplicateSettingsChange',
            fields=[
                ('id', incidents.models.ulid.ULIDField(default=incidents.models.ulid.new_ulid, editable=False, primary_key=True, serialize=False)),
                ('changes', models.JSONField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='SimilarityVerdict',
            fields=[
                ('id', incidents.models.ulid.ULIDField(default=incidents.models.ulid.new_ulid, editable=False, primary_key=True, serialize=False)),
                ('verdict', models.CharField(choices=[('same', 'Same incident'), ('related', 'Related'), ('different', 'Not related'), ('unsure', 'Not sure')], max_length=10)),
                ('source', models.CharField(choices=[('page', 'Asked on a page'), ('declare', 'Report added while declaring'), ('separation', 'Declared separately'), ('merge', 'Merged')], max_length=10)),
                ('score', models.PositiveSmallIntegerField(null=True)),
                ('level', models.CharField(blank=True, max_length=10)),
                ('reasons', models.JSONField(default=list)),
                ('weights_version', models.PositiveSmallIntegerField()),
                ('judged_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AlterField(
            model_name='incidentevent',
            name='kind',
            field=models.CharField(choices=[('declared', 'Declared'), ('update_shared', 'Update shared'), ('report_added', 'Report added'), ('status_changed', 'Status changed'), ('severity_changed', 'Severity changed'), ('type_changed', 'Type changed'), ('name_changed', 'Renamed'), ('summary_changed', 'Summary changed'), ('visibility_changed', 'Visibility changed'), ('role_changed', 'Role changed'), ('field_changed', 'Field changed'), ('timestamp_changed', 'Timestamp changed'), ('property_changed', 'Property changed'), ('member_added', 'Member added'), ('member_removed', 'Member removed'), ('action_added', 'Action added'), ('action_changed', 'Action changed'), ('follow_up_added', 'Follow-up added'), ('follow_up_changed', 'Follow-up changed'), ('attachment_added', 'Attachment added'), ('attachment_removed', 'Attachment removed'), ('related', 'Related'), ('unrelated', 'Relation removed'), ('verdict_given', 'Compared with another'), ('declared_separately', 'Declared separately'), ('alert_attached', 'Alert attached'), ('merged', 'Merged'), ('private_viewed', 'Viewed by an administrator')], max_length=30),
        ),
        migrations.AddIndex(
            model_name='incident',
            index=models.Index(models.OrderBy(models.F('id'), descending=True), condition=models.Q(('merged_into_incident__isnull', False)), name='incident_merged_newest'),
        ),
        migrations.AddField(
            model_name='duplicatecandidate',
            name='incident',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.incident'),
        ),
        migrations.AddField(
            model_name='duplicatecandidate',
            name='other_incident',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.incident'),
        ),
        migrations.AddConstraint(
            model_name='duplicatesettings',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='duplicate_settings_one_row'),
        ),
        migrations.AddConstraint(
            model_name='duplicatesettings',
            constraint=models.CheckConstraint(condition=models.Q(('stop_at__gte', models.F('warn_at')), ('stop_at__lte', 100), ('warn_at__gte', 30)), name='duplicate_settings_in_range'),
        ),
        migrations.AddField(
            model_name='duplicatesettingschange',
            name='creator_alert',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.alert'),
        ),
        migrations.AddField(
            model_name='duplicatesettingschange',
            name='creator_api_key',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.apikey'),
        ),
        migrations.AddField(
            model_name='duplicatesettingschange',
            name='creator_user',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='duplicatesettingschange',
            name='creator_workflow',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.workflow'),
        ),
        migrations.AddField(
            model_name='similarityverdict',
            name='creator_alert',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.alert'),
        ),
        migrations.AddField(
            model_name='similarityverdict',
            name='creator_api_key',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.apikey'),
        ),
        migrations.AddField(
            model_name='similarityverdict',
            name='creator_user',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='similarityverdict',
            name='creator_workflow',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.workflow'),
        ),
        migrations.AddField(
            model_name='similarityverdict',
            name='incident',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.incident'),
        ),
        migrations.AddField(
            model_name='similarityverdict',
            name='other_incident',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.incident'),
        ),
        migrations.AddField(
            model_name='similarityverdict',
            name='report',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.incidentupdate'),
        ),
        migrations.AddIndex(
            model_name='duplicatecandidate',
            index=models.Index(models.F('other_incident'), name='candidate_other'),
        ),
        migrations.AddConstraint(
            model_name='duplicatecandidate',
            constraint=models.CheckConstraint(condition=models.Q(('incident__lt', models.F('other_incident'))), name='candidate_older_first'),
        ),
        migrations.AddConstraint(
            model_name='duplicatecandidate',
            constraint=models.UniqueConstraint(fields=('incident', 'other_incident'), name='candidate_once'),
        ),
        migrations.AddConstraint(
            model_name='duplicatesettingschange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('creator_alert__isnull', True), ('creator_api_key__isnull', True), ('creator_user__isnull', False), ('creator_workflow__isnull', True)), models.Q(('creator_alert__isnull', True), ('creator_api_key__isnull', False), ('creator_user__isnull', True), ('creator_workflow__isnull', True)), models.Q(('creator_alert__isnull', False), ('creator_api_key__isnull', True), ('creator_user__isnull', True), ('creator_workflow__isnull', True)), models.Q(('creator_alert__isnull', True), ('creator_api_key__isnull', True), ('creator_user__isnull', True), ('creator_workflow__isnull', False)), _connector='OR'), name='duplicate_change_one_creator'),
        ),
        migrations.AddIndex(
            model_name='similarityverdict',
            index=models.Index(models.F('other_incident'), name='verdict_other'),
        ),
        migrations.AddIndex(
            model_name='similarityverdict',
            index=models.Index(models.OrderBy(models.F('judged_at'), descending=True), name='verdict_newest'),
        ),
        migrations.AddConstraint(
            model_name='similarityverdict',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('creator_alert__isnull', True), ('creator_api_key__isnull', True), ('creator_user__isnull', False), ('creator_workflow__isnull', True)), models.Q(('creator_alert__isnull', True), ('creator_api_key__isnull', False), ('creator_user__isnull', True), ('creator_workflow__isnull', True)), models.Q(('creator_alert__isnull', False), ('creator_api_key__isnull', True), ('creator_user__isnull', True), ('creator_workflow__isnull', True)), models.Q(('creator_alert__isnull', True), ('creator_api_key__isnull', True), ('creator_user__isnull', True), ('creator_workflow__isnull', False)), _connector='OR'), name='verdict_one_creator'),
        ),
        migrations.AddConstraint(
            model_name='similarityverdict',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['same', 'related', 'different', 'unsure'])), name='verdict_known'),
        ),
        migrations.AddConstraint(
            model_name='similarityverdict',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('other_incident__isnull', False), ('report__isnull', True)), models.Q(('other_incident__isnull', True), ('report__isnull', False)), _connector='OR'), name='verdict_of_two'),
        ),
        migrations.AddConstraint(
            model_name='similarityverdict',
            constraint=models.CheckConstraint(condition=models.Q(('other_incident__isnull', True), ('incident__lt', models.F('other_incident')), _connector='OR'), name='verdict_older_first'),
        ),
        migrations.AddConstraint(
            model_name='similarityverdict',
            constraint=models.UniqueConstraint(fields=('incident', 'other_incident'), name='verdict_once'),
        ),
        migrations.RunPython(judge_separations, migrations.RunPython.noop),
    ]

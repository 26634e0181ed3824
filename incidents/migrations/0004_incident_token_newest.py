"""Lays the tokens of the duplicate check out for reading the newest incidents of one from the index alone.

The table is made anew: a composite primary key cannot be altered, and its rows are derived from the incidents.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0003_default_configuration'),
    ]

    operations = [
        migrations.DeleteModel(name='IncidentToken'),
        migrations.CreateModel(
            name='IncidentToken',
            fields=[
                ('pk', models.CompositePrimaryKey('incident', 'token', blank=True, editable=False, primary_key=True, serialize=False)),
                ('token', models.CharField(max_length=80)),
                ('is_private', models.BooleanField()),
                ('weight', models.PositiveSmallIntegerField()),
                ('incident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.incident')),
            ],
            options={
                'indexes': [models.Index(models.F('is_private'), models.F('token'), models.OrderBy(models.F('incident'), descending=True), models.F('weight'), name='incident_token_newest')],
            },
        ),
    ]

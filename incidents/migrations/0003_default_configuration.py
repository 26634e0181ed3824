"""Give a fresh installation severities, statuses, types, roles, timestamps and metrics to declare with at once."""

from __future__ import annotations

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from incidents.text import slug

SEVERITIES = [
    ("Minor", "Few people notice, and there is a way around it."),
    ("Moderate", "Something is degraded for some people."),
    ("Major", "A core flow fails for many people."),
    ("Critical", "Money, data or safety is at risk, or most people are hit."),
]
STATUSES = [
    ("Triage", "triage", "Needs a look first: nobody knows yet whether it is real."),
    ("Investigating", "live", "People look for the cause."),
    ("Fixing", "live", "The cause is known and a fix is on its way."),
    ("Monitoring", "live", "The fix is in place and is being watched."),
    ("Paused", "paused", "Waiting for somebody or something; work goes on later."),
    ("Write-up", "learning", "It is over; what happened is being written down."),
    ("Reviewing", "learning", "The write-up is being read and discussed."),
    ("Closed", "closed", "Everything is done."),
    ("Declined", "declined", "Looked at, and not an incident."),
    ("Canceled", "canceled", "Stopped: it turned out not to need a response."),
    ("Merged", "merged", "The same as another incident, which goes on."),
]
TYPES = [
    ("Production", "Something that customers or colleagues use does not work as it should.", True, False),
    ("Security", "A suspected breach or weakness. Only members see it.", False, True),
    ("Supplier", "Caused by a company that we depend on.", False, False),
]
ROLES = [
    ("Incident lead", "lead", "lead", "Decides, delegates and keeps the incident moving."),
    ("Reporter", "reporter", "reporter", "Declared the incident."),
    ("Communications lead", "custom", "comms", "Tells customers and colleagues what is going on."),
    ("Scribe", "custom", "scribe", "Writes down what happens, when it happens."),
]
LIVE = ["investigating", "fixing", "monitoring"]
RESOLVED = ["write-up", "reviewing", "closed"]
TIMESTAMPS = [
    ("Impact started", False, []),
    ("Reported", True, []),
    ("Accepted", False, LIVE),
    ("Identified", False, ["fixing", "monitoring"]),
    ("Fixed", False, ["monitoring"]),
    ("Resolved", False, RESOLVED),
    ("Closed", False, ["closed"]),
]
METRICS = [
    ("Time to detect", "impact-started", "reported", False),
    ("Time to accept", "reported", "accepted", False),
    ("Time to identify", "accepted", "identified", False),
    ("Time to resolve", "reported", "resolved", True),
    ("Impact", "impact-started", "resolved", False),
]


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _install_nouns(apps)
    statuses = _install_statuses(apps)
    _install_timestamps(apps, statuses)
    apps.get_model("incidents", "ReferenceCounter").objects.create(name="incident")
    apps.get_model("incidents", "ConfigurationVersion").objects.create()


def _install_nouns(apps: Apps) -> None:
    severity = apps.get_model("incidents", "Severity")
    for rank, (name, description) in enumerate(SEVERITIES, 1):
        severity.objects.create(name=name, slug=slug(name), description=description, rank=rank)
    incident_type = apps.get_model("incidents", "IncidentType")
    for name, description, is_default, private in TYPES:
        incident_type.objects.create(
            name=name, slug=slug(name), description=description, is_default=is_default, private_incidents_only=private
        )
    role = apps.get_model("incidents", "IncidentRole")
    for rank, (name, role_type, shortform, description) in enumerate(ROLES, 1):
        role.objects.create(
            name=name, slug=slug(name), role_type=role_type, shortform=shortform, description=description, rank=rank
        )


def _install_statuses(apps: Apps) -> dict[str, Any]:
    status = apps.get_model("incidents", "IncidentStatus")
    return {
        slug(name): status.objects.create(
            name=name, slug=slug(name), category=category, description=description, rank=rank
        )
        for rank, (name, category, description) in enumerate(STATUSES, 1)
    }


def _install_timestamps(apps: Apps, statuses: dict[str, Any]) -> None:
    timestamp = apps.get_model("incidents", "IncidentTimestamp")
    made = {}
    for rank, (name, set_at_creation, set_by) in enumerate(TIMESTAMPS, 1):
        made[slug(name)] = timestamp.objects.create(
            name=name, slug=slug(name), rank=rank, set_at_creation=set_at_creation
        )
        made[slug(name)].set_by_statuses.set([statuses[named] for named in set_by])
    metric = apps.get_model("incidents", "DurationMetric")
    for rank, (name, start, end, is_headline) in enumerate(METRICS, 1):
        metric.objects.create(
            name=name,
            slug=slug(name),
            rank=rank,
            from_timestamp=made[start],
            to_timestamp=made[end],
            is_headline=is_headline,
        )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_append_only_history")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop, elidable=False)]

"""Imports of incidents from elsewhere: the file as rows, what became of each, and where incidents came from."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from incidents import text
from incidents.models.ulid import ULIDField, new_ulid

SOURCE_ID_LENGTH = 200
ORIGIN_LENGTH = 50


class Import(models.Model):
    """A file of incidents and what shall happen with it.

    `columns` is a list of `{"name", "first", "values"}` in the file's order, where `values` counts what stands in a
    column that says few different things, and is null for others. `targets` maps a column to what it fills, "" to
    nothing; `values` maps a target to the slugs that words of the file mean.
    """

    class Format(models.TextChoices):
        CSV = "csv", "CSV file"
        INCIDENT_IO = "incident_io", "incident.io or Tocsin"
        FIREFIGHTER = "firefighter", "FireFighter"

    class State(models.TextChoices):
        READING = "reading", "Reading the file"
        COLUMNS = "columns", "Waiting for its columns"
        CHECKING = "checking", "Dry run under way"
        CHECKED = "checked", "Dry run done"
        IMPORTING = "importing", "Importing"
        STOPPED = "stopped", "Stopped"
        DONE = "done", "Done"

    class Duplicates(models.TextChoices):
        REPORT = "report", "Import all the same"
        SKIP = "skip", "Leave out"
        ATTACH = "attach", "Add to the open incident"

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    format = models.CharField(max_length=20, choices=Format)
    origin = models.CharField(max_length=ORIGIN_LENGTH)
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    columns = models.JSONField(default=list)
    targets = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    time_zone = models.CharField(max_length=50, default="UTC")
    duplicates = models.CharField(max_length=10, choices=Duplicates, default=Duplicates.REPORT)
    keep_numbers = models.BooleanField(default=False)
    make_missing = models.BooleanField(default=False)
    row_count = models.PositiveIntegerField(default=0)
    creator_user = models.ForeignKey("incidents.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One incident of the file. `content` is what the file says by column, emptied once the incident is made.

    `likeness` is the digest of its name and hour: rows that share it may be the same. `problems` are
    `{"column", "message"}`; those of a row that is made are what was left out of it.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Not read yet"
        READY = "ready", "New"
        SIMILAR = "similar", "Looks like a duplicate"
        PRESENT = "present", "Already here"
        BAD = "bad", "Cannot be read"
        MADE = "made", "Imported"
        ATTACHED = "attached", "Added to an open incident"
        LEFT_OUT = "left_out", "Left out"

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    incident_import = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    content = models.JSONField(default=dict)
    source_id = models.CharField(max_length=SOURCE_ID_LENGTH, blank=True)
    likeness = models.CharField(max_length=32, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.WAITING)
    problems = models.JSONField(default=list)
    incident = models.ForeignKey(
        "incidents.Incident", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["incident_import", "number"], name="import_row_number_unique"),
        ]
        indexes = [
            models.Index("incident_import", "outcome", "number", name="import_row_outcome"),
            models.Index("incident_import", "likeness", "number", name="import_row_likeness"),
            models.Index("incident_import", "source_id", "number", name="import_row_source"),
        ]

    def __str__(self) -> str:
        return f"row {self.number}"


class ImportedIncident(models.Model):
    """Where an incident came from. The unique key keeps a file that is imported twice from making anything twice."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    origin = models.CharField(max_length=ORIGIN_LENGTH)
    source_id = models.CharField(max_length=SOURCE_ID_LENGTH)
    permalink = models.CharField(max_length=text.URL_LENGTH, blank=True)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="imported_from")
    incident_import = models.ForeignKey(Import, models.PROTECT, related_name="imported")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["origin", "source_id"], name="imported_incident_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} of {self.origin}"

"""Severities: how bad an incident is."""

from __future__ import annotations

from django.db import models

from incidents.models.ulid import ULIDField, new_ulid

NO_SEVERITY_RANK = -1


class Severity(models.Model):
    """How bad an incident is; a higher rank is worse (incident.io API, Severities V1)."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    name = models.CharField(max_length=50, unique=True)
    slug = models.CharField(max_length=80, unique=True, editable=False)
    description = models.TextField(max_length=1000, blank=True)
    rank = models.PositiveSmallIntegerField(help_text="A higher rank is worse.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["rank", "id"]
        verbose_name_plural = "severities"

    def __str__(self) -> str:
        return self.name

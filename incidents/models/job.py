"""When each job of the worker is due, and which worker has it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Job(models.Model):
    """A job that comes back; a worker holds it until `held_until`, and no other one takes it meanwhile."""

    name = models.CharField(max_length=60, primary_key=True)
    due_at = models.DateTimeField(default=timezone.now)
    held_by = models.CharField(max_length=80, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

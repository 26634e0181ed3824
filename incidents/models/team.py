"""Teams, which own incidents and types."""

from __future__ import annotations

from django.db import models

from incidents.models.ulid import ULIDField, new_ulid


class Team(models.Model):
    """A group of people that incidents and types can belong to."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    name = models.CharField(max_length=100, unique=True)
    slug = models.CharField(max_length=80, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

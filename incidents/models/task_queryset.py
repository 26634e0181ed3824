"""Every read of actions and follow-ups starts here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

from incidents.models.sources import CREATORS

if TYPE_CHECKING:
    from incidents.models.incident_queryset import IncidentQuerySet

RowT = TypeVar("RowT", bound=models.Model, covariant=True)


class TaskQuerySet(models.QuerySet[RowT]):
    """Questions about actions or follow-ups; each returns a queryset that may be narrowed further."""

    def listed(self) -> Self:
        """Leave out those that were deleted."""
        return self.exclude(status="deleted")

    def of_incidents(self, incidents: IncidentQuerySet) -> Self:
        """Keep those of the incidents. The database starts from the tasks, which come in order of their ids."""
        return self.filter(models.Exists(incidents.order_by().filter(pk=models.OuterRef("incident_id"))))

    def for_api(self) -> Self:
        """Select what an answer tells of each, so that no further query is needed."""
        return self.select_related("assignee", *CREATORS)

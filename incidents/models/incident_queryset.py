"""Every read of incidents starts here."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from incidents.models.incident_conditions import IsInDefaultModes, IsVisible
from incidents.models.incident_status import LOWEST_OPEN_RANK, StatusCategory
from incidents.models.search_index import search_condition
from incidents.models.ulid import first_ulid_at, is_ulid

if TYPE_CHECKING:
    from collections.abc import Collection

    from incidents.models.actor import Actor
    from incidents.models.incident import Incident  # noqa: F401 - the type argument below

_REFERENCE = re.compile(r"(?:inc-)?(\d{1,18})\Z", re.IGNORECASE | re.ASCII)


class IncidentQuerySet(models.QuerySet["Incident"]):
    """Questions about incidents; each returns a queryset that may be narrowed further."""

    def visible_to(self, actor: Actor, *, are_few: bool = False) -> Self:
        """Keep what the actor may know of: everything public, and the private ones they are a member of.

        Say `are_few` where the ids are named: then the private ones among them are looked up one by one, instead of
        everything that the actor is a member of at once.
        """
        if actor.sees_every_incident:
            return self.all()
        return self.filter(IsVisible(actor.user_id, are_few=are_few))

    def public(self) -> Self:
        """Keep what everybody may know of."""
        return self.filter(IsVisible(None))

    def by_reference(self, reference: str) -> Self:
        """Keep the one incident that an address names: INC-12, 12 or the id; nothing for any other text."""
        if (number := number_of(reference)) is not None:
            return self.filter(number=number)
        if is_ulid(reference.upper()):
            return self.filter(id=reference.upper())
        return self.none()

    def by_references(self, references: Collection[str]) -> Self:
        """Keep those that one of the texts names, as by_reference; nothing for texts that name none."""
        numbers = [int(match[1]) for reference in references if (match := _REFERENCE.match(reference))]
        ids = [reference.upper() for reference in references if is_ulid(reference.upper())]
        return self.filter(models.Q(number__in=numbers) | models.Q(id__in=ids))

    def open(self) -> Self:
        """Keep those on which somebody still has to act: triage, active and paused."""
        return self.filter(status_category_rank__gte=LOWEST_OPEN_RANK)

    def active(self) -> Self:
        """Keep those in the category `live`."""
        return self.filter(status_category=StatusCategory.LIVE)

    def merged_into(self, survivor_id: str) -> Self:
        """Keep those that go on in another incident."""
        return self.filter(merged_into_incident_id=survivor_id)

    def in_default_modes(self) -> Self:
        """Leave tests and tutorials out."""
        return self.filter(IsInDefaultModes())

    def counted(self) -> Self:
        """Keep what numbers are about: neither tests and tutorials, nor what was merged into another incident."""
        return self.in_default_modes().filter(merged_into_incident__isnull=True)

    def merged(self) -> Self:
        """Keep the duplicates: what was merged into another incident, without tests and tutorials."""
        return self.in_default_modes().filter(merged_into_incident__isnull=False)

    def recent(self, *, days: int) -> Self:
        """Keep those declared within the last days; ids carry the time, so the primary key serves."""
        return self.filter(id__gte=first_ulid_at(timezone.now() - datetime.timedelta(days=days)))

    def search(self, text: str) -> Self:
        """Keep those whose reference, name, summary and updates meet what is looked for (docs/searching.md)."""
        return self.filter(search_condition(text))

    def newest_first(self) -> Self:
        """Order by creation, newest first."""
        return self.order_by("-id")

    def for_detail(self) -> Self:
        """Select what the incident page reads of the row itself; one query."""
        return self.select_related(
            "creator_user", "creator_api_key", "creator_alert", "creator_workflow", "merged_into_incident"
        )

    def with_report_count(self) -> Self:
        """Add `report_count`: how often somebody reported the same; within the same query."""
        from incidents.models.incident_update import IncidentUpdate

        reports = IncidentUpdate.objects.filter(incident=models.OuterRef("pk"), is_report=True).order_by()
        counted = reports.values("incident").annotate(number=models.Count("pk")).values("number")
        return self.annotate(report_count=Coalesce(models.Subquery(counted), 0))


def number_of(reference: str) -> int | None:
    """Return the number in INC-12 or 12, None for any other text."""
    match = _REFERENCE.match(reference)
    return int(match[1]) if match else None

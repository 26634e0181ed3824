"""Keeps what the text search reads."""

from __future__ import annotations

from incidents.models import Incident, IncidentSearchText
from incidents.text import fold


def searchable(incident: Incident) -> str:
    """Return reference, name and summary as the search compares them."""
    return fold(f"{incident.reference} {incident.name} {incident.summary}")


def write_search_text(incident: Incident) -> None:
    """Store the incident's text for the search, in place of what was there; one query."""
    IncidentSearchText.objects.bulk_create(
        [IncidentSearchText(incident=incident, text=searchable(incident))],
        update_conflicts=True,
        unique_fields=["incident"],
        update_fields=["text"],
    )

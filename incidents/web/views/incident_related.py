"""Incidents that may have to do with one: asked for after the page, because comparing takes longer than reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_safe

from incidents.models import Configuration, CustomField, CustomFieldEntry
from incidents.services.similarity import KnownValue, Question, find_similar
from incidents.web.htmx import render_page
from incidents.web.incident_tasks import can_change
from incidents.web.visible import actor_of, visible_incident

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from incidents.models import Incident

MOST_RELATED = 3
# Below this it is chance: two incidents that both name a region.
LEAST_SCORE = 10
# Below this the score says that the incidents have little more in common than a word.
LEAST_SCORE = 10


@require_safe
def incident_related(request: HttpRequest, reference: str) -> HttpResponse:
    actor = actor_of(request)
    incident = visible_incident(reference, actor)
    configuration = Configuration.current()
    found = find_similar(_question(incident, configuration), actor).matches
    matches = [match for match in found if match.score >= LEAST_SCORE][:MOST_RELATED]
    statuses = configuration.incident_statuses.by_id
    related = [(match, statuses.get(match.incident_status_id)) for match in matches]
    return render_page(
        request,
        "incidents/related.html",
        {"incident": incident, "related": related, "can_merge": can_change(incident, actor)},
        fragment="incidents/_related_incidents.html",
    )


def _question(incident: Incident, configuration: Configuration) -> Question:
    """Ask about the incident as if it were to be declared once more."""
    compared = {
        field.pk: field.similarity
        for field in configuration.custom_fields
        if field.similarity != CustomField.Similarity.NONE
    }
    entries = CustomFieldEntry.objects.filter(incident=incident, custom_field_id__in=list(compared))
    known = entries.select_related("value_option", "value_catalog_entry") if compared else []
    return Question(
        name=incident.name,
        summary=incident.summary,
        field_values=tuple(KnownValue(compared[entry.custom_field_id], entry.label) for entry in known),
        incident_type_id=incident.incident_type_id,
        exclude_incident_id=incident.pk,
    )

"""Questions about incidents that are stored, asked as if each were to be declared once more."""

from __future__ import annotations

from incidents.models import Configuration, CustomField, CustomFieldEntry, Incident
from incidents.services.similarity.question import KnownValue, Question


def question_about(incident: Incident, configuration: Configuration) -> Question:
    """Return the question that the incident itself would be; one query, none where no field is read."""
    return Question(
        name=incident.name,
        summary=incident.summary,
        field_values=known_values_of(incident.pk, configuration),
        incident_type_id=incident.incident_type_id,
        exclude_incident_id=incident.pk,
    )


def known_values_of(incident_id: str, configuration: Configuration) -> tuple[KnownValue, ...]:
    """Return what the check reads in the incident's fields, as people read it; one query at most."""
    compared = {
        field.pk: field.similarity
        for field in configuration.custom_fields
        if field.similarity != CustomField.Similarity.NONE
    }
    if not compared:
        return ()
    entries = CustomFieldEntry.objects.filter(incident=incident_id, custom_field_id__in=list(compared))
    known = entries.select_related("value_option", "value_catalog_entry")
    return tuple(KnownValue(compared[entry.custom_field_id], entry.label) for entry in known)

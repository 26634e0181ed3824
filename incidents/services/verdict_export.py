"""Verdicts as labelled data: both texts, what is known of both, and what people said. Nobody is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q

from incidents.models import Configuration, Incident, SimilarityVerdict
from incidents.services.similarity.known_fields import pairs_stored

BATCH = 200
COLUMNS = (
    "verdict",
    "source",
    "judged_at",
    "score",
    "level",
    "weights_version",
    "incident",
    "incident_name",
    "incident_summary",
    "incident_fields",
    "other",
    "other_name",
    "other_summary",
    "other_fields",
)
Fields = Mapping[str, frozenset[tuple[str, str]]]


def exported_verdicts(*, with_private: bool) -> Iterator[dict[str, Any]]:
    """Yield one row of COLUMNS for each verdict, oldest first; two queries for every 200.

    Whoever calls this sees everything: without `with_private` pairs with a private incident are left out.
    """
    public = Incident.Visibility.PUBLIC
    rows = SimilarityVerdict.objects.select_related("incident", "other_incident", "report").order_by("id")
    if not with_private:
        either = Q(other_incident__isnull=True) | Q(other_incident__visibility=public)
        rows = rows.filter(either, incident__visibility=public)
    configuration = Configuration.current()
    last = ""
    while batch := list((rows.filter(id__gt=last) if last else rows)[:BATCH]):
        ids = {pk for row in batch for pk in (row.incident_id, row.other_incident_id) if pk}
        fields = pairs_stored(ids, configuration)
        yield from (_row(given, fields) for given in batch)
        last = batch[-1].pk


def _row(given: SimilarityVerdict, fields: Fields) -> dict[str, Any]:
    return {
        "verdict": given.verdict,
        "source": given.source,
        "judged_at": given.judged_at.isoformat(timespec="seconds"),
        "score": given.score,
        "level": given.level,
        "weights_version": given.weights_version,
        **_side("incident", given.incident, fields),
        **_other(given, fields),
    }


def _other(given: SimilarityVerdict, fields: Fields) -> dict[str, Any]:
    """Return the other incident, or the report that was written instead of one: its first line is the name."""
    if given.other_incident is not None:
        return _side("other", given.other_incident, fields)
    name, _, summary = (given.report.message if given.report else "").partition("\n\n")
    return {"other": "", "other_name": name, "other_summary": summary, "other_fields": []}


def _side(prefix: str, incident: Incident, fields: Fields) -> dict[str, Any]:
    known = sorted(fields.get(incident.pk, frozenset()))
    return {
        prefix: incident.reference,
        f"{prefix}_name": incident.name,
        f"{prefix}_summary": incident.summary,
        f"{prefix}_fields": [{"kind": kind, "value": value} for kind, value in known],
    }

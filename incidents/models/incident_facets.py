"""How many incidents of a selection have each value of some columns.

One statement looks at the first thousand of each selection, in no order: the work is bounded whatever is asked. Where
there are no more, the numbers are exact; else each is "at least".
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.db import connection

from incidents.models.incident import Incident
from incidents.models.incident_selection import IncidentSelection, Sql, fetch_rows
from incidents.models.ulid import encode_ulid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incidents.models.incident_queryset import IncidentQuerySet

MOST_LOOKED_AT = 1000
LEAD = "lead"
# The column that tells the value of each facet.
FACET_COLUMNS = {
    "severity": "severity_id",
    "status": "incident_status_id",
    "status_category": "status_category_rank",
    "incident_type": "incident_type_id",
}
_COLUMNS = ("id", *FACET_COLUMNS.values())
_ALL = "SELECT %s AS facet, '' AS value, '' AS label, COUNT(*) AS number FROM looked_at_{place}"
_TALLY = (
    "SELECT %s AS facet, CAST({column} AS TEXT) AS value, '' AS label, COUNT(*) AS number"
    " FROM looked_at_{place} WHERE {column} IS NOT NULL GROUP BY {column}"
)
_LEADS = (
    "SELECT %s AS facet, CAST(lead.assignee_id AS TEXT) AS value, person.name AS label, COUNT(*) AS number"
    " FROM looked_at_{place} AS found"
    " JOIN incidents_incidentroleassignment AS lead"
    " ON lead.incident_id = found.id AND lead.incident_role_id = %s"
    " JOIN incidents_user AS person ON person.id = lead.assignee_id"
    " GROUP BY lead.assignee_id, person.name"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Tally:
    """How many have a value, and the name of the person where the value is one."""

    number: int
    label: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class FacetTallies:
    """The values of a facet that were seen, by id or rank. Where `is_whole`, nothing was left unseen."""

    by_value: Mapping[str, Tally]
    is_whole: bool


def read_facets(
    selections: Mapping[str, IncidentQuerySet], lead_role_id: str | None
) -> dict[str, FacetTallies]:
    """Tally each facet in its own selection; one query. Facets with the same queryset share one look at it."""
    querysets = {id(incidents): incidents for incidents in selections.values()}
    places = {key: place for place, key in enumerate(querysets)}
    looks = [IncidentSelection(incidents, _COLUMNS).all(MOST_LOOKED_AT) for incidents in querysets.values()]
    parts = [Sql(_ALL.format(place=place), (str(place),)) for place in places.values()]
    parts += [_tally(facet, places[id(incidents)], lead_role_id) for facet, incidents in selections.items()]
    tables = ", ".join(f"looked_at_{place} AS ({look.text})" for place, look in enumerate(looks))
    text = f"WITH {tables} {' UNION ALL '.join(part.text for part in parts)}"
    parameters = [value for part in (*looks, *parts) for value in part.parameters]
    seen: dict[str, dict[str, Tally]] = {}
    for key, value, label, number in fetch_rows(Sql(text, tuple(parameters)), ()):
        seen.setdefault(key, {})[_value(key, value)] = Tally(number, label)
    return {
        facet: FacetTallies(
            seen.get(facet, {}), is_whole=seen[str(places[id(incidents)])][""].number <= MOST_LOOKED_AT
        )
        for facet, incidents in selections.items()
    }


def _tally(facet: str, place: int, lead_role_id: str | None) -> Sql:
    if facet == LEAD:
        role = Incident._meta.pk.get_db_prep_value(lead_role_id, connection)
        return Sql(_LEADS.format(place=place), (facet, role))
    return Sql(_TALLY.format(place=place, column=FACET_COLUMNS[facet]), (facet,))


def _value(facet: str, written: str) -> str:
    """Return an id as the application writes it; ranks, and what says only how many there are, as they are."""
    if facet in {"severity", "status", "incident_type", LEAD}:
        return encode_ulid(int(written.replace("-", ""), 16))
    return written

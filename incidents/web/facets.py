"""How many incidents each value of a filter would leave, for the menu that adds filters."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from incidents.filters.catalogue import ROLE
from incidents.models import StatusCategory
from incidents.models.incident_facets import LEAD, FacetTallies, read_facets
from incidents.models.incident_status import CATEGORY_RANKS
from incidents.web.incident_rows import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incidents.filters import IncidentFilter
    from incidents.models import Configuration

MOST_COUNTED = 100
MOST_LEADS = 8


@dataclasses.dataclass(frozen=True, slots=True)
class FacetCount:
    """The number beside a value of the menu, exact up to a hundred. With a plus there may be more."""

    facet: str
    value: str
    words: str


@dataclasses.dataclass(frozen=True, slots=True)
class LeadChoice:
    """A person who leads some of the incidents, offered with their number."""

    id: str
    name: str
    words: str


@dataclasses.dataclass(frozen=True, slots=True)
class Facets:
    """What the menu shows once it is open."""

    counts: Sequence[FacetCount]
    leads: Sequence[LeadChoice]
    lead_key: str


def facet_keys(configuration: Configuration) -> Mapping[str, str]:
    """Return the facet of each field of the menu that has one, by the key of the field."""
    lead = configuration.lead_role
    keys = {key: key for key in ("severity", "status", "status_category", "incident_type")}
    return {**keys, f"{ROLE}[{lead.slug}]": LEAD} if lead else keys


def count_facets(incident_filter: IncidentFilter) -> Facets:
    """Count within the other filters, through what the person may see; one query.

    A field that is filtered already is counted as if it was not: its other values could be chosen too.
    """
    configuration, applied = incident_filter.configuration, incident_filter.applied
    keys, lead = facet_keys(configuration), configuration.lead_role
    filtered = {one.field.key for one in applied}
    selections = dict.fromkeys(keys.values(), incident_filter.incidents)
    for key in keys.keys() & filtered:
        others = [one for one in applied if one.field.key != key]
        selections[keys[key]] = incident_filter.meeting(others)
    tallies = read_facets(selections, lead.pk if lead else None)
    counts = [
        FacetCount(facet, value, _words(tallies[facet], stored))
        for facet, values in _values(configuration).items()
        for value, stored in values.items()
    ]
    me = incident_filter.actor.user_id
    return Facets(
        counts=[*counts, FacetCount(LEAD, "me", _words(tallies[LEAD], me or ""))] if lead else counts,
        leads=_leads(tallies[LEAD], me) if lead else [],
        lead_key=next((key for key, facet in keys.items() if facet == LEAD), ""),
    )


def _leads(tallies: FacetTallies, me: str | None) -> list[LeadChoice]:
    """Return who leads most, but for the person who asks: their number stands beside “Me”."""
    others = {pk: tally for pk, tally in tallies.by_value.items() if pk != me}
    ranked = sorted(others, key=lambda pk: (-others[pk].number, others[pk].label))
    return [LeadChoice(pk, others[pk].label, _words(tallies, pk)) for pk in ranked[:MOST_LEADS]]


def _values(configuration: Configuration) -> Mapping[str, Mapping[str, str]]:
    """Return what the menu calls each value of a facet, with how it is stored."""
    return {
        "severity": {row.slug: row.pk for row in configuration.severities},
        "status": {row.slug: row.pk for row in configuration.incident_statuses},
        "status_category": {category.value: str(CATEGORY_RANKS[category]) for category in StatusCategory},
        "incident_type": {row.slug: row.pk for row in configuration.incident_types},
    }


def _words(tallies: FacetTallies, stored: str) -> str:
    """Return 37, 37+ where there may be more, 100+, and nothing where none was seen and there may be some."""
    number = tallies.by_value[stored].number if stored in tallies.by_value else 0
    if tallies.is_whole or number > MOST_COUNTED:
        return counted(number, MOST_COUNTED)
    return f"{number}+" if number else ""

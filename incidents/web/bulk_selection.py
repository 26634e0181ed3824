"""Which incidents a bulk change is about: those that were ticked, or all that a list holds."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from incidents import text
from incidents.filters import read_order
from incidents.models import Incident
from incidents.models.bulk_change import MOST_INCIDENTS, QUERY_LENGTH
from incidents.web.asked_incidents import filter_of, filtered_address
from incidents.web.filter_bar import described, lets_all_pass
from incidents.web.list_address import ListAddress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incidents.models import Actor, Configuration

ID, ALL = "id", "all"
REFERENCE_LENGTH = 30
_COLUMNS = (
    "id", "number", "name", "visibility", "version", "incident_status_id", "severity_id", "status_category",
    "merged_into_incident_id",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BulkSelection:
    """The incidents in the order in which they are shown. `query` is that of the list where all were meant."""

    incidents: tuple[Incident, ...] = ()
    query: str = ""
    words: str = ""
    problems: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def can_be_changed(self) -> bool:
        """Whether there is something to change."""
        return bool(self.incidents) and not self.problems

    @property
    def is_all(self) -> bool:
        """Whether all were meant that a list holds."""
        return any(name == ALL for name, _ in self.pairs)

    @property
    def list_url(self) -> str:
        """Where the incidents were chosen."""
        url = reverse("incidents:list")
        return f"{url}?{self.query}" if self.query else url

    @property
    def digest(self) -> str:
        """A word that stands for exactly these incidents, in whatever order."""
        ids = sorted(incident.pk for incident in self.incidents)
        return hashlib.sha256("".join(ids).encode()).hexdigest()[:16]


def read_bulk_selection(data: QueryDict, actor: Actor, configuration: Configuration) -> BulkSelection:
    """Read the incidents that `all`, a query of the list, or else `id` names; two queries at most."""
    if ALL in data:
        return _read_all(data.get(ALL, ""), actor, configuration)
    return _read_ticked(data.getlist(ID), actor)


def _read_ticked(named: Sequence[str], actor: Actor) -> BulkSelection:
    named = list(dict.fromkeys(one.strip() for one in named if one.strip()))
    if len(named) > MOST_INCIDENTS:
        return BulkSelection(problems=(_too_many(),))
    visible = Incident.objects.visible_to(actor, are_few=True)
    found = tuple(visible.by_references(named).order_by("-id").only(*_COLUMNS)) if named else ()
    known = {key for one in found for key in (one.reference, one.pk, str(one.number))}
    missing = [name for name in named if name.upper() not in known]
    return BulkSelection(
        incidents=found,
        problems=tuple(map(_missing_words, missing)),
        pairs=tuple((ID, one.reference) for one in found),
    )


def _read_all(query: str, actor: Actor, configuration: Configuration) -> BulkSelection:
    """Read what the list of this query holds, whatever page of it was open."""
    if len(query) > QUERY_LENGTH:
        return BulkSelection(problems=("This address is too long. Use fewer filters.",))
    address = ListAddress(reverse("incidents:list"), MultiValueDict(QueryDict(query).lists()))
    filtered = filtered_address(address.without_blanks(), configuration)
    incident_filter = filter_of(filtered, Incident.objects.visible_to(actor), actor, configuration)
    order, wrong = read_order(filtered.query)
    problems = [
        f"{incident_filter.filters[name].label}: {' '.join(messages)}"
        for name, messages in incident_filter.errors.items()
    ]
    if problems or wrong:
        return BulkSelection(query=query, problems=(*problems, *wrong.values()))
    sign = "-" if order.is_descending else ""
    ordered = incident_filter.incidents.order_by(*(f"{sign}{column}" for column in order.columns))
    found = tuple(ordered.only(*_COLUMNS)[: MOST_INCIDENTS + 1])
    words = " · ".join(described(one) for one in incident_filter.applied if not lets_all_pass(one, filtered))
    is_too_much = len(found) > MOST_INCIDENTS
    if not found:
        problems.append("No incident matches any more.")
    if is_too_much:
        problems.append(_too_many())
    return BulkSelection(
        incidents=() if is_too_much else found,
        query=query,
        words=words,
        problems=tuple(problems),
        pairs=((ALL, query),),
    )


def _too_many() -> str:
    return (
        f"At most {MOST_INCIDENTS:,} incidents are changed at once, and these are more. Add a filter, such as a"
        " severity or a month, and change them part by part."
    )


def _missing_words(name: str) -> str:
    try:
        shown = text.clean_line(name, limit=REFERENCE_LENGTH)
    except text.TextError:
        return "One of these is no reference of an incident. Choose in the list."
    return f"There is no incident “{shown}”."

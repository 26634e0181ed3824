"""What a list shows of incidents: a page of rows with its counts, in one statement."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from django.db import connection

from incidents.models.custom_field import CustomFieldEntry
from incidents.models.incident import Incident
from incidents.models.incident_role import IncidentRoleAssignment
from incidents.models.incident_selection import IncidentSelection, Sql, column_of, fetch_rows
from incidents.models.search_selection import SearchSelection
from incidents.models.user import User

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incidents.models.incident_order import IncidentOrder
    from incidents.models.incident_queryset import IncidentQuerySet

COLUMNS = (
    "id",
    "number",
    "name",
    "visibility",
    "mode",
    "severity_id",
    "incident_status_id",
    "status_category_rank",
    "severity_rank",
    "created_at",
    "updated_at",
)
JOINED_COLUMNS = ("lead_id", "lead_name", "value_seconds")
_FIELDS = (
    *(column_of(Incident, column) for column in COLUMNS),
    column_of(IncidentRoleAssignment, "assignee"),
    column_of(User, "name"),
    None,
    None,
)
_STATEMENT = """
{opening}SELECT page.*, lead.assignee_id, person.name, lasted.value_seconds, ({count}), ({tally})
FROM ({page}) AS page
LEFT JOIN incidents_incidentroleassignment AS lead
    ON lead.incident_id = page.id AND lead.incident_role_id = %s
LEFT JOIN incidents_user AS person ON person.id = lead.assignee_id
LEFT JOIN incidents_incidentdurationmetric AS lasted
    ON lasted.incident_id = page.id AND lasted.duration_metric_id = %s
ORDER BY {ordering}
"""
_ENTRIES = """
SELECT entry.incident_id, entry.custom_field_id, entry.value_option_id, catalog_entry.name, entry.value_text
FROM incidents_customfieldentry AS entry
LEFT JOIN incidents_catalogentry AS catalog_entry ON catalog_entry.id = entry.value_catalog_entry_id
WHERE entry.incident_id IN ({incidents}) AND entry.custom_field_id IN ({custom_fields})
ORDER BY entry.position
"""
_ENTRY_FIELDS = (
    *(column_of(CustomFieldEntry, column) for column in ("incident", "custom_field", "value_option")),
    None,
    None,
)
_SEARCH_TEXTS = "SELECT incident_id, SUBSTR(text, 1, %s) FROM incidents_incidentsearchtext WHERE incident_id IN ({incidents})"
LONGEST_TEXT_READ = 10_000
_NOTHING = Sql("SELECT NULL", ())


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins, in the columns of its order; backwards it ends there."""

    position: tuple[Any, ...]
    is_backwards: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which page is read: an order, a number of rows, and the place where they begin."""

    order: IncidentOrder
    size: int
    place: Place | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Listing:
    """Rows of COLUMNS and JOINED_COLUMNS, how many there are of at most one beyond the limit, and how many of a value.

    Rows before a place come in reverse: from it backwards.
    """

    records: Sequence[Sequence[Any]]
    count: int
    tally: Mapping[str, int]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Whose assignee is the lead, and which duration is shown; None where the installation has none."""

    lead_role_id: str | None
    duration_metric_id: str | None


def read_listing(
    incidents: IncidentQuerySet,
    asked: Asked,
    joined: Joined,
    *,
    most_counted: int,
    is_tallied: bool = False,
    is_searched: bool = False,
) -> Listing:
    """Read a page of the incidents; one query. With `is_tallied`, count the values of its order's first column.

    `is_searched` says that the incidents meet a search condition, and everything else beside it.
    """
    selection = (SearchSelection if is_searched else IncidentSelection)(incidents, COLUMNS)
    order, place = asked.order, asked.place
    is_backwards = place is not None and place.is_backwards
    page = selection.page(
        order, size=asked.size, position=place.position if place else None, is_backwards=is_backwards
    )
    tally = _NOTHING
    if is_tallied:
        # What comes before the page has no head on it.
        since = place.position[0] if place else None
        tally = selection.tally(order, most_counted, since=since, is_backwards=is_backwards)
    # The tally of a first page has counted everything already, but for a search, of which it has the newest only.
    is_counted = is_tallied and place is None and not is_searched
    count = _NOTHING if is_counted else selection.count(most_counted)
    opening = selection.opening(order)
    text = _STATEMENT.format(
        opening=opening.text,
        count=count.text,
        tally=tally.text,
        page=page.text,
        ordering=order.sql("page", is_backwards=is_backwards),
    )
    ids = (_stored_id(joined.lead_role_id), _stored_id(joined.duration_metric_id))
    parts = (opening, count, tally, page)
    rows = fetch_rows(Sql(text, (*[value for part in parts for value in part.parameters], *ids)), _FIELDS)
    if not rows:
        return Listing([], 0, {})
    *_, total, tallied = rows[0]
    numbers = json.loads(tallied) if isinstance(tallied, str) else tallied or {}
    return Listing(rows, sum(numbers.values()) if is_counted else total, numbers)


def read_entries(incident_ids: Sequence[str], field_ids: Sequence[str]) -> list[list[Any]]:
    """Return the custom field values of incidents, in the order of each field; one query, none for no ids.

    A row is: id of the incident, id of the field, id of the option, name of the catalog entry, text.
    """
    if not incident_ids or not field_ids:
        return []
    text = _ENTRIES.format(
        incidents=", ".join(["%s"] * len(incident_ids)), custom_fields=", ".join(["%s"] * len(field_ids))
    )
    return fetch_rows(Sql(text, tuple(map(_stored_id, (*incident_ids, *field_ids)))), _ENTRY_FIELDS)


def read_search_texts(incident_ids: Sequence[str]) -> dict[str, str]:
    """Return how the text that the search reads of incidents begins, by id; one query, none for no ids."""
    if not incident_ids:
        return {}
    text = _SEARCH_TEXTS.format(incidents=", ".join(["%s"] * len(incident_ids)))
    statement = Sql(text, (LONGEST_TEXT_READ, *map(_stored_id, incident_ids)))
    return {row[0]: row[1] for row in fetch_rows(statement, (column_of(Incident, "id"), None))}


def _stored_id(pk: str | None) -> Any:
    return Incident._meta.pk.get_db_prep_value(pk, connection)

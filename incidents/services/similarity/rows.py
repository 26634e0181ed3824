"""What is read of the incidents that the check looks at closely, by one statement."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from incidents.models import Actor, CustomFieldEntry, Incident
from incidents.models.incident import REFERENCE_PREFIX
from incidents.models.incident_selection import IncidentSelection, Sql, column_of, fetch_rows, stored_value
from incidents.models.incident_status import OPEN_CATEGORIES
from incidents.services.similarity.words import SUMMARY_LIMIT

COLUMNS = (
    "id",
    "number",
    "name",
    "mode",
    "visibility",
    "incident_status_id",
    "severity_id",
    "incident_type_id",
    "merged_into_incident_id",
    "status_category",
    "created_at",
    "last_activity_at",
)
_ENTRY_COLUMNS = ("custom_field", "value_option")
_FIELDS = (
    *(column_of(Incident, column) for column in COLUMNS),
    None,
    *(column_of(CustomFieldEntry, column) for column in _ENTRY_COLUMNS),
    None,
    None,
)
_WIDTH = len(COLUMNS) + 1
_ROWS = """
SELECT {columns}, SUBSTR(found.summary, 1, %s),
    entry.custom_field_id, entry.value_option_id, catalog_entry.name, entry.value_text
FROM ({found}) AS found
LEFT JOIN incidents_customfieldentry AS entry ON entry.incident_id = found.id AND {is_read}
LEFT JOIN incidents_catalogentry AS catalog_entry ON catalog_entry.id = entry.value_catalog_entry_id
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One incident: the columns that a match shows, and the start of the summary.

    A model instance with most of its columns left out takes Django as long to make as the database to find it.
    """

    id: str
    number: int
    name: str
    mode: str
    visibility: str
    incident_status_id: str
    severity_id: str | None
    incident_type_id: str | None
    merged_into_incident_id: str | None
    status_category: str
    created_at: datetime.datetime
    last_activity_at: datetime.datetime
    summary: str

    @property
    def reference(self) -> str:
        """The name people use: INC-123."""
        return f"{REFERENCE_PREFIX}{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act on it."""
        return self.status_category in OPEN_CATEGORIES

    @property
    def is_private(self) -> bool:
        """Whether only members and administrators see it."""
        return self.visibility == Incident.Visibility.PRIVATE

    @property
    def shown_id(self) -> str:
        """The id of the incident that stands for it: its own, or its survivor's."""
        return self.merged_into_incident_id or self.id


def read_rows(
    ids: Collection[str], actor: Actor, field_ids: Collection[str] = ()
) -> tuple[dict[str, Row], list[list[Any]]]:
    """Return those of the incidents that the actor may see, by id, and their values in the fields; one query.

    A value is as read_entries returns it. No query for no ids.
    """
    if not ids:
        return {}, []
    visible = Incident.objects.visible_to(actor, are_few=True).filter(pk__in=ids)
    found = IncidentSelection(visible, (*COLUMNS, "summary")).found
    read = ", ".join(["%s"] * len(field_ids))
    text = _ROWS.format(
        columns=", ".join([f"found.{column}" for column in COLUMNS]),
        found=found.text,
        is_read=f"entry.custom_field_id IN ({read})" if field_ids else "1 = 0",
    )
    values = [stored_value("id", pk) for pk in field_ids]
    told = fetch_rows(Sql(text, (SUMMARY_LIMIT, *found.parameters, *values)), _FIELDS)
    rows = {one[0]: Row(*one[:_WIDTH]) for one in told}
    return rows, [[one[0], *one[_WIDTH:]] for one in told if one[_WIDTH] is not None]

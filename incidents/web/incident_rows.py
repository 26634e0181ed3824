"""The rows of the list: read as plain tuples, shown as frozen rows, with names from the configuration."""

from __future__ import annotations

import dataclasses
import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from incidents.models import Configuration, CustomField, Incident, StatusCategory
from incidents.models.bulk_change import MOST_INCIDENTS
from incidents.models.incident import REFERENCE_PREFIX
from incidents.models.incident_listing import (
    COLUMNS,
    Asked,
    Joined,
    read_entries,
    read_listing,
    read_search_texts,
)
from incidents.models.incident_order import NEWEST_FIRST
from incidents.models.incident_status import CATEGORY_RANKS, OPEN_CATEGORIES
from incidents.web.badges import row_badges
from incidents.web.column_cells import read_cells
from incidents.web.list_columns import DEFAULT_COLUMNS
from incidents.web.pagination import page_of
from incidents.web.row_drawing import draw_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.utils.safestring import SafeString

    from incidents.models.incident_queryset import IncidentQuerySet
    from incidents.web.badges import Badges
    from incidents.web.list_columns import Column
    from incidents.web.list_display import ListDisplay
    from incidents.web.search_marks import ListSearch, SearchMarks

MOST_COUNTED = 1000
MOST_COUNTED_IN_GROUP = 100
MOST_TAGS = 2


@dataclasses.dataclass(frozen=True, slots=True)
class IncidentRow:
    """What the list shows of an incident."""

    reference: str
    url: str
    name: SafeString
    snippet: SafeString | str
    is_private: bool
    severity_badge: SafeString | str
    status_badge: SafeString
    category: str
    lead_id: str | None
    lead_name: str | None
    lasted_seconds: int | None
    is_running: bool
    updated_at: datetime.datetime
    tags: Sequence[str]
    cells: Sequence[str] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class _Frame:
    """What the rows of a page are made with."""

    configuration: Configuration
    badges: Badges
    now: datetime.datetime
    list_url: str
    tags: Mapping[str, Sequence[str]]
    marks: SearchMarks | None
    texts: Mapping[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows under one head; a list without groups is one group without a head."""

    category: str
    label: str
    count: str
    rows: SafeString


@dataclasses.dataclass(frozen=True, slots=True)
class ListPage:
    """One page of the list, with how many incidents it is of."""

    groups: Sequence[RowGroup]
    count: int
    shown: int
    references: Sequence[str]
    newer: str
    older: str

    @property
    def count_words(self) -> str:
        """The number of incidents, exact up to a thousand."""
        return counted(self.count, MOST_COUNTED)

    @property
    def has_more(self) -> bool:
        """Whether there are incidents beside those of the page."""
        return self.count > self.shown

    @property
    def can_change_together(self) -> bool:
        """Whether a bulk change takes all of them."""
        return self.count <= MOST_INCIDENTS


def read_list_page(
    incidents: IncidentQuerySet,
    display: ListDisplay,
    configuration: Configuration,
    search: ListSearch | None = None,
    *,
    is_selectable: bool = False,
) -> ListPage:
    """Read a page with its counts in one query, and the tags of its rows in another.

    A search costs one more for the texts that it marks, and one where it may be a reference, whose incident comes first.
    Rows that are selectable have a box to tick. The columns that not every list has are read by kind, one query for
    each of at most six.
    """
    named: Sequence[Sequence[Any]] = []
    if search is not None and search.number is not None:
        if display.place is None:
            named = _read_named(incidents, search.number, configuration)
        incidents = incidents.exclude(number=search.number)
    listing = read_listing(
        incidents,
        Asked(order=display.order, size=display.size + 1, place=display.place),
        _joined(configuration),
        most_counted=MOST_COUNTED,
        is_tallied=display.is_grouped,
        is_searched=search is not None,
    )
    page = page_of(listing.records, COLUMNS, display.order, size=display.size, place=display.place)
    rows = _rows([*named, *page.records], configuration, search, display.columns)
    draw = partial(draw_rows, columns=display.columns, is_selectable=is_selectable)
    groups = [RowGroup("", rows[0].reference, "", draw(rows[:1]))] if named else []
    others = rows[len(named) :]
    if display.is_grouped:
        groups += _grouped(others, listing.tally, draw)
    elif others:
        groups.append(RowGroup("", "", "", draw(others)))
    return ListPage(
        groups=groups,
        count=listing.count + len(named),
        shown=len(rows),
        references=[row.reference for row in rows],
        newer=page.newer,
        older=page.older,
    )


def counted(number: int, most: int) -> str:
    """Return a number in words, exact up to the most that was counted."""
    return f"{number:,}" if number <= most else f"{most:,}+"


def _joined(configuration: Configuration) -> Joined:
    lead = configuration.lead_role
    headline = next((metric for metric in configuration.duration_metrics if metric.is_headline), None)
    return Joined(
        lead_role_id=lead.pk if lead else None, duration_metric_id=headline.pk if headline else None
    )


def _read_named(
    incidents: IncidentQuerySet, number: int, configuration: Configuration
) -> Sequence[Sequence[Any]]:
    """Return the incident that a search names by its reference, if the list holds it."""
    asked = Asked(order=NEWEST_FIRST, size=1)
    return read_listing(
        incidents.filter(number=number), asked, _joined(configuration), most_counted=0
    ).records


def _rows(
    records: Sequence[Sequence[Any]],
    configuration: Configuration,
    search: ListSearch | None,
    columns: tuple[Column, ...],
) -> list[IncidentRow]:
    incident_ids = [record[0] for record in records]
    frame = _Frame(
        configuration,
        row_badges(configuration),
        timezone.now(),
        reverse("incidents:list"),
        _tags(incident_ids, configuration),
        search.marks if search else None,
        read_search_texts(incident_ids) if search else {},
    )
    rows = [_row(record, frame) for record in records]
    if columns is DEFAULT_COLUMNS:
        return rows
    cells = read_cells(incident_ids, columns, configuration)
    return [dataclasses.replace(row, cells=own) for row, own in zip(rows, cells, strict=True)]


def _row(record: Sequence[Any], frame: _Frame) -> IncidentRow:
    (_, number, name, visibility, mode, severity_id, status_id, _, _, created_at, updated_at, *rest) = record
    lead_id, lead_name, lasted_seconds, *_ = rest
    status = frame.configuration.incident_statuses.by_id[status_id]
    is_running = lasted_seconds is None and status.category in OPEN_CATEGORIES
    tags = frame.tags.get(record[0], ())
    return IncidentRow(
        reference=f"{REFERENCE_PREFIX}{number}",
        url=f"{frame.list_url}{REFERENCE_PREFIX}{number}/",
        name=frame.marks.mark(name) if frame.marks else escape(name),
        snippet=_snippet(record[0], frame),
        is_private=visibility == Incident.Visibility.PRIVATE,
        severity_badge=frame.badges.severities.get(severity_id, ""),
        status_badge=frame.badges.statuses[status_id],
        category=status.category,
        lead_id=lead_id,
        lead_name=lead_name,
        lasted_seconds=int((frame.now - created_at).total_seconds()) if is_running else lasted_seconds,
        is_running=is_running,
        updated_at=updated_at,
        tags=tags if mode == Incident.Mode.STANDARD else (Incident.Mode(mode).label, *tags),
    )


def _snippet(incident_id: str, frame: _Frame) -> SafeString | str:
    """Return where the summary or an update has what was looked for; the first line is the name, which is shown anyway."""
    if frame.marks is None:
        return ""
    return frame.marks.snippet(frame.texts.get(incident_id, "").partition("\n")[2])


def _grouped(
    rows: list[IncidentRow], tally: Mapping[str, int], draw: Callable[[list[IncidentRow]], SafeString]
) -> list[RowGroup]:
    is_whole = sum(tally.values()) <= MOST_COUNTED
    groups: list[RowGroup] = []
    for category in StatusCategory:
        members = [row for row in rows if row.category == category]
        if members:
            number = tally.get(str(CATEGORY_RANKS[category]), 0)
            # A count that was cut off says nothing about a group that it reached last, or never.
            is_known = is_whole or number > MOST_COUNTED_IN_GROUP
            count = counted(number, MOST_COUNTED_IN_GROUP) if is_known else ""
            groups.append(RowGroup(category, str(category.label), count, draw(members)))
    return groups


def _tags(incident_ids: list[str], configuration: Configuration) -> dict[str, list[str]]:
    """Return the values that say what is hit, service before region; none and no query where nothing says so."""
    kinds = list(CustomField.Similarity)
    fields = [field for field in configuration.custom_fields if field.similarity]
    if not fields or not incident_ids:
        return {}
    fields.sort(key=lambda field: kinds.index(CustomField.Similarity(field.similarity)))
    places = {field.pk: place for place, field in enumerate(fields)}
    entries = read_entries(incident_ids, list(places))
    entries.sort(key=lambda entry: places[entry[1]])
    tags: dict[str, list[str]] = {}
    for incident_id, field_id, option_id, entry_name, written in entries:
        option = configuration.options[field_id].by_id.get(option_id) if option_id else None
        found = tags.setdefault(incident_id, [])
        if len(found) < MOST_TAGS:
            found.append(option.value if option else entry_name or written or "")
    return tags

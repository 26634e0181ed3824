"""The cells of the columns that people choose, as HTML by column and incident; each kind of column is one query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.html import escape

from incidents.models import Incident
from incidents.models.custom_field import plain_number
from incidents.models.incident_cells import (
    read_duration_cells,
    read_field_cells,
    read_incident_cells,
    read_role_cells,
    read_team_cells,
    read_timestamp_cells,
)
from incidents.templatetags.times import ago, day_and_clock, duration
from incidents.web.list_columns import BASE_KEYS, Source
from incidents.web.row_drawing import draw_person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from incidents.models import Configuration
    from incidents.web.list_columns import Column

    # The key of a column, the id of an incident, and what is shown there.
    Cells = Iterator[tuple[str, str, str]]
    # The keys of the columns of one kind, by the id of what they show.
    Keys = Mapping[str, str]

NOTHING = '<span class="text-tertiary">—</span>'


def read_cells(
    incident_ids: Sequence[str], columns: Sequence[Column], configuration: Configuration
) -> list[tuple[str, ...]]:
    """Return for each incident what its row shows in the columns that not every list has, in their order."""
    further = [column for column in columns if column.key not in BASE_KEYS]
    if not further or not incident_ids:
        return [()] * len(incident_ids)
    found: dict[tuple[str, str], str] = {}
    for key, incident_id, html in _cells(incident_ids, further, configuration):
        before = found.get((key, incident_id))
        found[key, incident_id] = f"{before}, {html}" if before else html
    return [
        tuple(found.get((column.key, incident_id), NOTHING) for column in further)
        for incident_id in incident_ids
    ]


def _cells(ids: Sequence[str], columns: Sequence[Column], configuration: Configuration) -> Cells:
    for source, read in _READERS.items():
        keys = {column.noun_id: column.key for column in columns if column.source is source}
        if keys:
            yield from read(ids, keys, configuration)


def _incident_cells(ids: Sequence[str], keys: Keys, configuration: Configuration) -> Cells:
    types = configuration.incident_types.by_id
    for incident_id, type_id, creator, created_at, mode, visibility in read_incident_cells(ids):
        kind = types.get(type_id) if type_id else None
        yield "incident_type", incident_id, escape(kind.name) if kind else NOTHING
        yield "creator", incident_id, escape(creator)
        yield "created_at", incident_id, ago(created_at)
        yield "mode", incident_id, escape(Incident.Mode(mode).label)
        yield "visibility", incident_id, escape(Incident.Visibility(visibility).label)


def _team_cells(ids: Sequence[str], keys: Keys, configuration: Configuration) -> Cells:
    names = {team.pk: escape(team.name) for team in configuration.teams}
    for incident_id, team_id in read_team_cells(ids):
        if team_id in names:
            yield "team", incident_id, names[team_id]


def _role_cells(ids: Sequence[str], keys: Keys, configuration: Configuration) -> Cells:
    for incident_id, role_id, person_id, name in read_role_cells(ids, list(keys)):
        yield keys[role_id], incident_id, draw_person(person_id, name)


def _field_cells(ids: Sequence[str], keys: Keys, configuration: Configuration) -> Cells:
    for incident_id, field_id, option_id, entry, number, words, link in read_field_cells(ids, list(keys)):
        option = configuration.options[field_id].by_id.get(option_id) if option_id else None
        shown = option.value if option else entry or words or link or ""
        yield keys[field_id], incident_id, escape(shown if number is None else plain_number(number))


def _timestamp_cells(ids: Sequence[str], keys: Keys, configuration: Configuration) -> Cells:
    for incident_id, timestamp_id, moment in read_timestamp_cells(ids, list(keys)):
        yield keys[timestamp_id], incident_id, day_and_clock(moment)


def _duration_cells(ids: Sequence[str], keys: Keys, configuration: Configuration) -> Cells:
    for incident_id, metric_id, seconds in read_duration_cells(ids, list(keys)):
        yield keys[metric_id], incident_id, duration(seconds) or NOTHING


_READERS: Mapping[Source, Callable[[Sequence[str], Keys, Configuration], Cells]] = {
    Source.INCIDENT: _incident_cells,
    Source.TEAMS: _team_cells,
    Source.ROLE: _role_cells,
    Source.FIELD: _field_cells,
    Source.TIMESTAMP: _timestamp_cells,
    Source.DURATION: _duration_cells,
}

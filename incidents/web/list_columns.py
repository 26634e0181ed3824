"""The columns of the list: which there are, and which an address asks for."""

from __future__ import annotations

import dataclasses
import enum
from typing import TYPE_CHECKING

from incidents import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from incidents.models import Configuration

COLUMNS = "columns"
MOST_COLUMNS = 20
NAME = "name"
_LONGEST = 200
_SHOWN_LENGTH = 50


class Source(enum.Enum):
    """Where the values of a column come from: the row itself, or one more query for all columns of a kind."""

    ROW = enum.auto()
    INCIDENT = enum.auto()
    TEAMS = enum.auto()
    ROLE = enum.auto()
    FIELD = enum.auto()
    TIMESTAMP = enum.auto()
    DURATION = enum.auto()


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column: its name in addresses, its head, how it is drawn, and whose values it shows.

    There is one object for each, so that they are compared by what they are.
    """

    key: str
    label: str
    css_class: str = "cell-more"
    source: Source = Source.ROW
    noun_id: str = ""


_SEVERITY = Column("severity", "Severity", "cell-severity")
_REFERENCE = Column("reference", "Ref", "cell-reference")
_NAME = Column(NAME, "Name", "cell-name")
_STATUS = Column("status", "Status", "cell-status")
_LEAD = Column("lead", "Lead", "cell-person")
_LASTED = Column("lasted", "Lasted", "cell-duration")
_UPDATED = Column("updated_at", "Updated", "cell-updated")
DEFAULT_COLUMNS = (_SEVERITY, _REFERENCE, _NAME, _STATUS, _LEAD, _LASTED, _UPDATED)
BASE_KEYS = frozenset(column.key for column in DEFAULT_COLUMNS)
_FURTHER = (
    Column("incident_type", "Type", source=Source.INCIDENT),
    Column("creator", "Declared by", source=Source.INCIDENT),
    Column("team", "Teams", source=Source.TEAMS),
    Column("created_at", "Created", source=Source.INCIDENT),
    Column("mode", "Mode", source=Source.INCIDENT),
    Column("visibility", "Visibility", source=Source.INCIDENT),
)

_cached: tuple[str, Mapping[str, Column]] | None = None


def all_columns(configuration: Configuration) -> Mapping[str, Column]:
    """Return every column by key, in the order in which people are offered them; built once per configuration."""
    global _cached
    if _cached is None or _cached[0] != configuration.token:
        _cached = (configuration.token, {column.key: column for column in _columns(configuration)})
    return _cached[1]


def find_column(named: str, configuration: Configuration) -> Column | None:
    """Return the column of a key; role, field, timestamp and duration are named by slug or by id."""
    kind, sign, item = named.partition(":")
    if not sign:
        return all_columns(configuration).get(named)
    nouns = {
        "role": configuration.incident_roles,
        "field": configuration.custom_fields,
        "timestamp": configuration.incident_timestamps,
        "duration": configuration.duration_metrics,
    }.get(kind)
    noun = nouns.find(item) if nouns is not None else None  # type: ignore[attr-defined]
    if noun is None:
        return None
    # The lead and the headline duration are columns of every list, under names of their own.
    own = {getattr(configuration.lead_role, "pk", None): _LEAD, _headline_id(configuration): _LASTED}
    return own.get(noun.pk) or all_columns(configuration).get(f"{kind}:{noun.slug}")


def read_columns(written: Iterable[str], configuration: Configuration) -> tuple[tuple[Column, ...], str]:
    """Return the columns that the values of a parameter name, and what is wrong with them, if anything.

    The name is always one of them: it leads to the incident. Nothing named means the usual ones.
    """
    values = list(written)
    if sum(map(len, values)) > MOST_COLUMNS * _LONGEST:
        return DEFAULT_COLUMNS, f"Choose at most {MOST_COLUMNS} columns."
    words = [word.strip() for value in values for word in value.split(",")]
    chosen: dict[str, Column] = {}
    for word in filter(None, words):
        column = find_column(word, configuration)
        if column is None:
            return DEFAULT_COLUMNS, f"There is no column “{_shown(word)}”."
        chosen[column.key] = column
    if not chosen:
        return DEFAULT_COLUMNS, ""
    columns = tuple(chosen.values()) if NAME in chosen else (_NAME, *chosen.values())
    if len(columns) > MOST_COLUMNS:
        return DEFAULT_COLUMNS, f"Choose at most {MOST_COLUMNS} columns."
    return columns, ""


def written_columns(columns: Iterable[Column]) -> str:
    """Return the columns as addresses name them; nothing for the usual ones."""
    chosen = tuple(columns)
    return "" if chosen == DEFAULT_COLUMNS else ",".join(column.key for column in chosen)


def _columns(configuration: Configuration) -> Iterator[Column]:
    yield from DEFAULT_COLUMNS
    yield from _FURTHER
    for role in configuration.incident_roles:
        if role != configuration.lead_role:
            yield Column(f"role:{role.slug}", role.name, source=Source.ROLE, noun_id=role.pk)
    for field in configuration.custom_fields:
        yield Column(f"field:{field.slug}", field.name, source=Source.FIELD, noun_id=field.pk)
    for timestamp in configuration.incident_timestamps:
        yield Column(
            f"timestamp:{timestamp.slug}", timestamp.name, source=Source.TIMESTAMP, noun_id=timestamp.pk
        )
    for metric in configuration.duration_metrics:
        if not metric.is_headline:
            yield Column(f"duration:{metric.slug}", metric.name, source=Source.DURATION, noun_id=metric.pk)


def _headline_id(configuration: Configuration) -> str | None:
    return next((metric.pk for metric in configuration.duration_metrics if metric.is_headline), None)


def _shown(word: str) -> str:
    """Return what somebody wrote as far as a message can hold it."""
    try:
        return text.clean_line(word[:_SHOWN_LENGTH], limit=_SHOWN_LENGTH)
    except text.TextError:
        return "…"

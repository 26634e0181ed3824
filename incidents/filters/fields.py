"""What incidents can be filtered by: the shape of one such field, and the conditions that fields share."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from incidents.models import Incident
from incidents.models.incident_conditions import IsNamed
from incidents.models.ulid import ULIDField, encode_ulid
from incidents.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incidents.filters.values import Choice

_NEWEST = 500
# Each piece gives a page of its own.
_MOST_PIECES = 5
_LOWEST_ID, _HIGHEST_ID = encode_ulid(0), encode_ulid(2**128 - 1)

Condition = Callable[[Any], Q]
Rows = QuerySet[Any, Any]


class Kind(enum.Enum):
    """What the values of a field are."""

    CHOICES = enum.auto()
    CATALOG = enum.auto()
    PEOPLE = enum.auto()
    PERIOD = enum.auto()
    NUMBER = enum.auto()
    TEXT = enum.auto()
    SEARCH = enum.auto()
    BULK_CHANGES = enum.auto()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FilterField:
    """Something to filter by: its name in addresses, its words for people, and a condition for each operator.

    `words` maps further words of an address to several choices at once; `noun` is what messages call a value; `alias` is
    what addresses may call the item in the brackets, whatever the installation calls it.
    """

    key: str
    label: str
    kind: Kind
    conditions: Mapping[str, Condition]
    noun: str = "value"
    choices: tuple[Choice, ...] = ()
    words: Mapping[str, tuple[Choice, ...]] = dataclasses.field(default_factory=dict)
    catalog_type_id: str = ""
    alias: str = ""

    @property
    def name(self) -> str:
        """What addresses call the field: by its alias where it has one."""
        return f"{self.key.partition('[')[0]}[{self.alias}]" if self.alias else self.key

    def find(self, named: str) -> tuple[Choice, ...]:
        """Return the choices that an id, a slug or a word for several names; none for anything else."""
        folded, upper = fold(named), named.upper()
        for choice in self.choices:
            if choice.value == folded or choice.id == upper:
                return (choice,)
        return self.words.get(folded, ())


def stored(choices: Iterable[Choice]) -> list[Any]:
    """Return what the database holds for the choices."""
    return [choice.stored for choice in choices]


def column(name: str) -> Mapping[str, Condition]:
    """Return the conditions on a column that may be empty: what is empty is none of any values."""
    return {
        "one_of": lambda chosen: Q(**{f"{name}__in": stored(chosen)}),
        "not_in": lambda chosen: ~Q(**{f"{name}__in": stored(chosen)}),
    }


def full_column(name: str, choices: tuple[Choice, ...]) -> Mapping[str, Condition]:
    """Return the conditions on a column that always holds one of the choices.

    "None of" is written as "one of the others", which an index serves.
    """

    def not_in(chosen: tuple[Choice, ...]) -> Q:
        return Q(**{f"{name}__in": [other.stored for other in choices if other not in chosen]})

    return {"one_of": lambda chosen: Q(**{f"{name}__in": stored(chosen)}), "not_in": not_in}


def having(rows: Rows, *in_order: Rows) -> Q:
    """Keep the incidents that the rows name. The database may start from the rows: best where they are few.

    `in_order` are the same rows in pieces, each of which an index has in the order of incidents.
    """
    condition = Q(id__in=rows.order_by().values("incident_id"))
    return Q(IsNamed(condition, in_order)) if in_order else condition


def having_one_of(rows: Rows, column: str, values: list[Any]) -> Q:
    """Keep the incidents that a row names that has one of the values, of which an index has each in order."""
    pieces = [rows.filter(**{column: value}) for value in values] if len(values) <= _MOST_PIECES else []
    return having(rows.filter(**{f"{column}__in": values}), *pieces)


def linked(rows: Rows) -> Exists:
    """Tell for each incident whether one of the rows is its own: best where the incidents come in order."""
    return Exists(rows.order_by().filter(incident_id=OuterRef("pk")))


def blankness(rows: Rows) -> Mapping[str, Condition]:
    """Return the conditions that an incident has none of the rows, or at least one."""
    return {
        "is_blank": lambda is_blank: _lacking(rows) if is_blank else _linked_in_order(rows),
        "is_set": lambda is_set: _linked_in_order(rows) if is_set else _lacking(rows),
    }


def _linked_in_order(rows: Rows) -> Q:
    return Q(IsNamed(linked(rows), [rows]))


def _lacking(rows: Rows) -> Q:
    """Keep the incidents that none of the rows names.

    To look for a row of each is three blocks of an index for each; those of the newest incidents lie in a few.
    """
    newest = Incident.objects.order_by("-id").values("id")
    edge = Coalesce(Subquery(newest[_NEWEST : _NEWEST + 1]), Value(_LOWEST_ID, ULIDField()))
    # Of a range with two ends PostgreSQL expects little, and so makes a table of hashes of it.
    named = rows.order_by().filter(incident_id__gte=edge, incident_id__lte=_HIGHEST_ID).values("incident_id")
    # Said twice, PostgreSQL cannot read all rows into a table of hashes, where a few look-ups fill a page.
    own = linked(rows.filter(incident_id__lte=OuterRef("pk")))
    return (Q(id__gte=edge) & ~Q(id__in=named)) | (Q(id__lt=edge) & ~Q(own))

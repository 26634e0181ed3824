"""The full-text index of either database: how a document is written for it, and how it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import BooleanField, F, Func, Q

from incidents.models.search_pairs import pair_marks
from incidents.models.search_plan import SearchPlan, plan_search
from incidents.models.search_query import SearchQuery, Term
from incidents.models.search_tsquery import AS_WRITTEN, LABEL
from incidents.models.word_shares import WordShares, known_shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

    from incidents.models.search_words import Word

_LEFT_OUT = "_"
WEEK_MILLISECONDS = 7 * 24 * 60 * 60 * 1000
FOUND = "SELECT incident_id FROM incidents_incidentsearchtext WHERE words @@ CAST(%s AS tsquery)"
MET = " AND ts_match_vq(words, CAST(%s AS tsquery))"
# The same within some weeks, said by labels and by bounds. The planner has to expect few rows, so that it starts from this
# index and looks up the incidents one by one: it knows neither the labels nor that the last condition always holds. And
# it is kept from reading every id of the weeks for the bounds, which hold for nearly all that the labels find.
FOUND_IN_WEEKS = (
    "SELECT incident_id FROM incidents_incidentsearchtext"
    " WHERE words @@ CAST({weeks} AS tsquery) AND words @@ CAST(%s AS tsquery) AND ({bounds}) IS TRUE"
    " AND LEFT(text, 0) = ''"
)
FOUND_BY_SQLITE = "SELECT rowid FROM incidents_searchwords WHERE incidents_searchwords MATCH %s"


def search_condition(text: str, categories: Sequence[str] = (), shares: WordShares | None = None) -> Q:
    """Return the condition that an incident's texts meet what is looked for; nothing to look for lets all pass.

    Categories narrow it down inside the index; whoever asks for them has to filter by them as well. How common words are
    is asked of the database unless `shares` tell; it decides on the way, never on what is found.
    """
    query = SearchQuery.read(text)
    return Q() if query.is_empty else Q(_Holds(query, categories, shares))


def week_of(stored_id: object) -> int:
    """Return the week in which an id was minted, counted from 1970; takes the id as databases store it."""
    return (int(str(stored_id).replace("-", ""), 16) >> 80) // WEEK_MILLISECONDS


def as_vector(words: Sequence[Word | None], stored_id: object, category: str) -> str:
    """Return the words as PostgreSQL reads a tsvector: each form of a word with its places.

    What is no word stands among them: the week of the incident, its status category, and marks of neighbours.
    """
    places: dict[str, list[str]] = {}
    for place, word in enumerate(words, 1):
        if word is None:
            continue
        places.setdefault(word.stem, []).append(str(place))
        if word.folded != word.stem:
            places.setdefault(AS_WRITTEN + word.folded, []).append(str(place))
    forms = [f"'{form}':{','.join(at)}" for form, at in places.items()]
    marks = [f"'{mark}'" for mark in sorted(pair_marks(words))]
    return " ".join([*forms, *marks, f"'{LABEL}w{week_of(stored_id)}'", f"'{LABEL}{category}'"])


def as_columns(words: Sequence[Word | None]) -> tuple[str, str]:
    """Return the words as SQLite indexes them: as they are written, and their stems, in the same places."""
    written = " ".join([_LEFT_OUT if word is None else word.folded for word in words])
    return written, " ".join([_LEFT_OUT if word is None else word.stem for word in words])


def as_match(query: SearchQuery) -> str:
    """Return what SQLite has to match; for a query that wants nothing, what must not match."""
    wanted = " AND ".join(_match_term(term) for term in query.wanted)
    unwanted = " OR ".join(_match_term(term) for term in query.unwanted)
    return f"({wanted}) NOT ({unwanted})" if wanted and unwanted else wanted or unwanted


class PlannedQuery(str):
    """What the index has to find: a parameter that remembers the plan that it is part of."""

    plan: SearchPlan

    def __new__(cls, plan: SearchPlan) -> Self:
        """Take what is found from the plan."""
        planned = super().__new__(cls, plan.found)
        planned.plan = plan
        return planned


class _Holds(Func):
    """Whether an incident is among those that the index finds."""

    output_field = BooleanField()

    def __init__(self, query: SearchQuery, categories: Sequence[str], shares: WordShares | None) -> None:
        super().__init__(F("id"), F("number"))
        self.query = query
        self.categories = categories
        self.shares = shares

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        pk, parameters = compiler.compile(self.source_expressions[0])
        shares = known_shares(connection) if self.shares is None else self.shares
        plan = plan_search(self.query, self.categories, shares)
        if plan.met:
            return f"{pk} IN ({FOUND}{MET})", (*parameters, PlannedQuery(plan), plan.met)
        return f"{pk} IN ({FOUND})", (*parameters, PlannedQuery(plan))

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        number, parameters = compiler.compile(self.source_expressions[1])
        sign = "IN" if self.query.wanted else "NOT IN"
        return f"{number} {sign} ({FOUND_BY_SQLITE})", (*parameters, as_match(self.query))


def _match_term(term: Term) -> str:
    *firsts, last = term.words
    before = "".join([f"{word.stem} " for word in firsts])
    forms = [f'stems : "{before}{last.stem}"']
    if term.is_prefix:
        columns = "stems" if firsts else "{words stems}"
        forms.append(f'{columns} : "{before}{last.folded}" *')
    return f"({' OR '.join(forms)})"

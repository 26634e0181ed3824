"""The full-text index of either database: how a document is written for it, and how it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, F, Func, Q

from incidents.models.search_query import SearchQuery, Term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

    from incidents.models.search_words import Word

# Words whose stem is another word are kept in both forms; this sign tells which is which.
_AS_WRITTEN = "="
_LEFT_OUT = "_"


def search_condition(text: str) -> Q:
    """Return the condition that an incident's texts meet what is looked for; nothing to look for lets all pass."""
    query = SearchQuery.read(text)
    if query.wanted:
        return Q(_Holds(query))
    return Q(*(~Q(_Holds(SearchQuery((term,), ()))) for term in query.unwanted))


def as_vector(words: Sequence[Word | None]) -> str:
    """Return the words as PostgreSQL reads a tsvector: each form of a word with its places."""
    places: dict[str, list[str]] = {}
    for place, word in enumerate(words, 1):
        if word is None:
            continue
        places.setdefault(word.stem, []).append(str(place))
        if word.folded != word.stem:
            places.setdefault(_AS_WRITTEN + word.folded, []).append(str(place))
    return " ".join([f"'{form}':{','.join(at)}" for form, at in places.items()])


def as_columns(words: Sequence[Word | None]) -> tuple[str, str]:
    """Return the words as SQLite indexes them: as they are written, and their stems, in the same places."""
    written = " ".join([_LEFT_OUT if word is None else word.folded for word in words])
    return written, " ".join([_LEFT_OUT if word is None else word.stem for word in words])


def as_tsquery(query: SearchQuery) -> str:
    """Return what PostgreSQL has to match."""
    wanted = [_tsquery_term(term) for term in query.wanted]
    return " & ".join([*wanted, *(f"!{_tsquery_term(term)}" for term in query.unwanted)])


def as_match(query: SearchQuery) -> str:
    """Return what SQLite has to match."""
    wanted = " AND ".join(_match_term(term) for term in query.wanted)
    if not query.unwanted:
        return wanted
    return f"({wanted}) NOT ({' OR '.join(_match_term(term) for term in query.unwanted)})"


class _Holds(Func):
    """Whether an incident is among those that the index finds."""

    output_field = BooleanField()

    def __init__(self, query: SearchQuery) -> None:
        super().__init__(F("id"), F("number"))
        self.query = query

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        pk, parameters = compiler.compile(self.source_expressions[0])
        found = "SELECT incident_id FROM incidents_incidentsearchtext WHERE words @@ CAST(%s AS tsquery)"
        return f"{pk} IN ({found})", (*parameters, as_tsquery(self.query))

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        number, parameters = compiler.compile(self.source_expressions[1])
        found = "SELECT rowid FROM incidents_searchwords WHERE incidents_searchwords MATCH %s"
        return f"{number} IN ({found})", (*parameters, as_match(self.query))


def _tsquery_term(term: Term) -> str:
    *firsts, last = term.words
    form = f"'{last.stem}'"
    if term.is_prefix:
        form = f"{form} | '{last.folded}':*"
        if not firsts:
            form = f"{form} | '{_AS_WRITTEN}{last.folded}':*"
    before = "".join([f"'{word.stem}' <-> " for word in firsts])
    return f"({before}({form}))"


def _match_term(term: Term) -> str:
    *firsts, last = term.words
    before = "".join([f"{word.stem} " for word in firsts])
    forms = [f'stems : "{before}{last.stem}"']
    if term.is_prefix:
        columns = "stems" if firsts else "{words stems}"
        forms.append(f'{columns} : "{before}{last.folded}" *')
    return f"({' OR '.join(forms)})"

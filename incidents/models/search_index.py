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
_LABEL = "@"
WEEK_MILLISECONDS = 7 * 24 * 60 * 60 * 1000
FOUND = "SELECT incident_id FROM incidents_incidentsearchtext WHERE words @@ CAST(%s AS tsquery)"
# The same within some weeks, said by labels and by bounds. Neither is known to the planner, so that it expects few rows,
# starts from this index and looks up the incidents one by one, whatever it thinks of the words.
FOUND_IN_WEEKS = (
    "SELECT incident_id FROM incidents_incidentsearchtext"
    " WHERE words @@ CAST({weeks} AS tsquery) AND words @@ CAST(%s AS tsquery) AND {bounds}"
)
_FOUND_BY_SQLITE = "SELECT rowid FROM incidents_searchwords WHERE incidents_searchwords MATCH %s"


def search_condition(text: str, categories: Sequence[str] = ()) -> Q:
    """Return the condition that an incident's texts meet what is looked for; nothing to look for lets all pass.

    Categories narrow it down inside the index; whoever asks for them has to filter by them as well.
    """
    query = SearchQuery.read(text)
    return Q() if query.is_empty else Q(_Holds(query, categories))


def week_of(stored_id: object) -> int:
    """Return the week in which an id was minted, counted from 1970; takes the id as databases store it."""
    return (int(str(stored_id).replace("-", ""), 16) >> 80) // WEEK_MILLISECONDS


def as_vector(words: Sequence[Word | None], stored_id: object, category: str) -> str:
    """Return the words as PostgreSQL reads a tsvector: each form of a word with its places.

    Two labels that are no words stand among them: the week of the incident and its status category.
    """
    places: dict[str, list[str]] = {}
    for place, word in enumerate(words, 1):
        if word is None:
            continue
        places.setdefault(word.stem, []).append(str(place))
        if word.folded != word.stem:
            places.setdefault(_AS_WRITTEN + word.folded, []).append(str(place))
    forms = [f"'{form}':{','.join(at)}" for form, at in places.items()]
    return " ".join([*forms, f"'{_LABEL}w{week_of(stored_id)}'", f"'{_LABEL}{category}'"])


def as_columns(words: Sequence[Word | None]) -> tuple[str, str]:
    """Return the words as SQLite indexes them: as they are written, and their stems, in the same places."""
    written = " ".join([_LEFT_OUT if word is None else word.folded for word in words])
    return written, " ".join([_LEFT_OUT if word is None else word.stem for word in words])


def as_tsquery(query: SearchQuery, categories: Sequence[str] = ()) -> str:
    """Return what PostgreSQL has to match."""
    terms = [_tsquery_term(term) for term in query.wanted]
    terms += [f"!{_tsquery_term(term)}" for term in query.unwanted]
    if categories:
        labels = " | ".join([f"'{_LABEL}{category}'" for category in categories])
        terms.append(f"({labels})")
    return " & ".join(terms)


def as_match(query: SearchQuery) -> str:
    """Return what SQLite has to match; for a query that wants nothing, what must not match."""
    wanted = " AND ".join(_match_term(term) for term in query.wanted)
    unwanted = " OR ".join(_match_term(term) for term in query.unwanted)
    return f"({wanted}) NOT ({unwanted})" if wanted and unwanted else wanted or unwanted


class _Holds(Func):
    """Whether an incident is among those that the index finds."""

    output_field = BooleanField()

    def __init__(self, query: SearchQuery, categories: Sequence[str]) -> None:
        super().__init__(F("id"), F("number"))
        self.query = query
        self.categories = categories

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        pk, parameters = compiler.compile(self.source_expressions[0])
        return f"{pk} IN ({FOUND})", (*parameters, as_tsquery(self.query, self.categories))

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        number, parameters = compiler.compile(self.source_expressions[1])
        sign = "IN" if self.query.wanted else "NOT IN"
        return f"{number} {sign} ({_FOUND_BY_SQLITE})", (*parameters, as_match(self.query))


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

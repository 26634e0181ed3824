"""What is looked for, as PostgreSQL reads a tsquery."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incidents.models.search_query import SearchQuery, Term

# Words whose stem is another word are kept in both forms; this sign tells which is which.
AS_WRITTEN = "="
LABEL = "@"


def as_tsquery(query: SearchQuery, categories: Sequence[str] = ()) -> str:
    """Return the whole query: what a row has to meet."""
    terms = [_term(term) for term in query.wanted]
    terms += [f"!{_term(term)}" for term in query.unwanted]
    if categories:
        terms.append(any_label(categories))
    return all_of(terms)


def beginnings(term: Term) -> list[str]:
    """Return what a form of the last word begins with; one that follows another word counts by its stem alone."""
    folded = term.words[-1].folded
    return [folded] if len(term.words) > 1 else [folded, AS_WRITTEN + folded]


def last_word(term: Term) -> str:
    """Return the last word in all the forms that count."""
    forms = [quoted(term.words[-1].stem)]
    if term.is_prefix:
        forms += [f"{quoted(beginning)}:*" for beginning in beginnings(term)]
    return any_of(forms)


def any_label(categories: Iterable[str]) -> str:
    """Return the categories as the labels that stand among the words."""
    return any_of(quoted(LABEL + category) for category in categories)


def all_of(terms: Iterable[str]) -> str:
    """Return what asks for all of some terms."""
    return " & ".join(terms)


def any_of(terms: Iterable[str]) -> str:
    """Return what asks for at least one of some terms."""
    alternatives = list(terms)
    return f"({' | '.join(alternatives)})" if len(alternatives) > 1 else alternatives[0]


def quoted(form: str) -> str:
    """Return a form of a word; words have neither quotes nor backslashes."""
    return f"'{form}'"


def _term(term: Term) -> str:
    words = [*[quoted(word.stem) for word in term.words[:-1]], last_word(term)]
    return f"({' <-> '.join(words)})" if len(words) > 1 else words[0]

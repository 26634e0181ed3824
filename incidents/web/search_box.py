"""The search box of the list: terms of its language become filters of the address, words stay text."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from incidents.filters import SEARCH, Grammar, IncidentFilter, filter_fields
from incidents.filters.search_language import SearchTerm, read_search, write_search
from incidents.filters.term_meanings import TermError, TermMeanings
from incidents.models import Incident
from incidents.models.search_query import SearchQuery, unfinished

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incidents.filters.term_meanings import Meaning
    from incidents.models import Actor, Configuration
    from incidents.web.list_address import ListAddress

# Sent by the button of the box: whoever only types has not sent it yet.
SUBMITTED = "submitted"


@dataclasses.dataclass(frozen=True, slots=True)
class SearchBox:
    """What the box asks for: the address with every understood term as a filter, and what to say about the others.

    `text` is what the list is searched for: while somebody types, the words without the terms. `is_changed` says that the
    address is not the one that was asked for.
    """

    address: ListAddress
    text: str
    problems: Sequence[str] = ()
    is_changed: bool = False


def read_search_box(
    address: ListAddress, actor: Actor, configuration: Configuration, *, is_typing: bool
) -> SearchBox:
    """Move the terms of the text into filters, but not while somebody types: then they wait for the Enter key.

    One query where terms name people or catalog entries, else none.
    """
    is_submitted = SUBMITTED in address.query
    if is_submitted:
        address = address.without(SUBMITTED)
    text = address.query.get(SEARCH, "")
    parts = read_search(text)
    terms = [part for part in parts if isinstance(part, SearchTerm)]
    if is_typing and not is_submitted:
        words = write_search(part for part in parts if isinstance(part, str)) if terms else text
        return SearchBox(address, unfinished(words))
    if not terms or len(address.query.getlist(SEARCH)) > 1:
        return SearchBox(address, text, _nothing_to_find(text), is_submitted)
    moved, problems = _meanings(terms, actor, configuration)
    text = write_search(part for part in parts if part not in moved)
    said = list(dict.fromkeys([*problems.values(), *_nothing_to_find(text)]))
    return SearchBox(_moved(address, moved.values(), text), text, said, is_submitted or bool(moved))


def _meanings(
    terms: Sequence[SearchTerm], actor: Actor, configuration: Configuration
) -> tuple[dict[SearchTerm | str, Meaning], dict[SearchTerm | str, str]]:
    """Return what terms mean, and what is wrong with the others: also what only the filter itself can tell."""
    zone = timezone.get_current_timezone()
    meanings = TermMeanings(filter_fields(configuration), timezone.now(), zone)
    moved: dict[SearchTerm | str, Meaning] = {}
    problems: dict[SearchTerm | str, str] = {}
    for term in terms:
        try:
            moved[term] = meanings.meaning(term)
        except TermError as error:
            problems[term] = str(error)
    checked = IncidentFilter(
        _as_query(moved.values()),
        Incident.objects.none(),
        actor=actor,
        configuration=configuration,
        grammar=Grammar(zone=zone),
    )
    for named, meaning in list(moved.items()):
        if meaning.name in checked.errors:
            problems[named] = " ".join(str(message) for message in checked.errors[meaning.name])
            del moved[named]
    return moved, problems


def _moved(address: ListAddress, meanings: Iterable[Meaning], text: str) -> ListAddress:
    for name, values in _as_query(meanings).lists():
        address = address.with_values(name, values)
    return address.with_values(SEARCH, [text]) if text else address.without(SEARCH)


def _as_query(meanings: Iterable[Meaning]) -> MultiValueDict[str, str]:
    """Return the parameters of filters; terms about the same one join their values."""
    query: MultiValueDict[str, str] = MultiValueDict()
    for meaning in meanings:
        for value in meaning.values:
            query.appendlist(meaning.name, value)
    return query


def _nothing_to_find(text: str) -> list[str]:
    if text and SearchQuery.read(text).is_empty:
        return [f"There is no letter and no digit in “{text}” to look for."]
    return []

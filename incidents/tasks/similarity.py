"""Jobs of the duplicate check."""

from __future__ import annotations

from collections.abc import Iterator

from incidents.services.duplicates import find_duplicates
from incidents.services.similarity.pruning import prune_tokens
from incidents.services.similarity.rereading import read_again

COMPARED_AT_ONCE = 500


def read_similarity_tokens_again() -> Iterator[None]:
    """Read stored tokens again after the words of one meaning have changed."""
    while read_again():
        yield


def prune_similarity_tokens() -> Iterator[None]:
    """Remove the tokens of incidents that are compared no more."""
    after = prune_tokens()
    while after is not None:
        yield
        after = prune_tokens(after)


def find_pairs_that_look_alike() -> Iterator[None]:
    """Compare the newest incidents with each other, for the page of duplicates."""
    for _ in find_duplicates(COMPARED_AT_ONCE):
        yield

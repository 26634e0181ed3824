"""One form for the forms of an English word: what the search and the duplicate check compare."""

from __future__ import annotations

from functools import lru_cache

SUFFIXES = (
    ("ization", "ize"), ("ations", "ate"), ("ation", "ate"), ("ments", ""), ("ment", ""), ("ness", ""),
    ("ings", ""), ("ing", ""), ("edly", ""), ("ied", "y"), ("ies", "y"), ("ed", ""), ("ly", ""),
    ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("ers", "er"), ("s", ""),
)  # fmt: skip
SHORTEST_STEM = 3


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return one form for the forms of an English word; a light rule, not a dictionary.

    The search stores what this returns: after a change, `manage.py rebuild_search` writes it anew.
    """
    for suffix, ending in SUFFIXES:
        if (
            word.endswith(suffix)
            and len(word) - len(suffix) >= SHORTEST_STEM
            and not word.endswith(("ss", "us", "is"))
        ):
            return _trim(word[: len(word) - len(suffix)] + ending)
    return _trim(word)


def _trim(base: str) -> str:
    """Drop a silent e and a doubled last letter, so that "stopped" meets "stop" and "cached" meets "cache"."""
    if len(base) > SHORTEST_STEM and base.endswith("e"):
        base = base[:-1]
    if len(base) > SHORTEST_STEM and base[-1] == base[-2] and base[-1] in "bdgmnprt":
        base = base[:-1]
    return base

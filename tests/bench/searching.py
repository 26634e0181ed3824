"""What a text search costs the database: the page with its count, for words from the commonest to one that few have."""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

from incidents.models import Actor, Configuration, Incident, User
from incidents.models.incident_order import NEWEST_FIRST
from incidents.models.search_index import search_condition
from incidents.models.search_words import words_of
from incidents.web.incident_rows import read_list_page
from incidents.web.list_display import ListDisplay
from incidents.web.search_marks import read_list_search
from tests.bench.measuring import READER, Figure, recorded, run, without_garbage

if TYPE_CHECKING:
    from tests.bench.measuring import Statement

SAMPLED = 5_000
RUNS = 5
BEGINNING = 4


def measure() -> dict[str, Figure]:
    """Return the slowest search, newest first, for somebody who does not see everything."""
    actor = Actor.of_user(User.objects.get(email=READER))
    took = {text: _milliseconds(_statements(text, actor)) for text in _searches()}
    for text, milliseconds in took.items():
        print(f"  search {text}: {milliseconds:.1f} ms", file=sys.stderr)
    slowest = max(took, key=lambda text: took[text])
    return {"search": Figure(took[slowest], f"“{slowest}”, of {len(took)}")}


def _searches() -> list[str]:
    """Return what people may look for, out of the names that there are."""
    names = list(Incident.objects.order_by("-id").values_list("name", flat=True)[:SAMPLED])
    often = Counter(word.folded for name in names for word in {*words_of(name)} if word.folded.isalpha())
    common = [word for word, _ in often.most_common()]
    pairs = Counter(pair for name in names for pair in re.findall(r"(?=\b([a-z]{3,} [a-z]{3,})\b)", name))
    middle, rare = common[len(common) // 4], common[-1]
    return [
        common[0],
        common[5],
        middle,
        rare,
        f"{common[0]} {common[5]}",
        f"{common[0]} {rare}",
        f'"{pairs.most_common(1)[0][0]}"',
        f"{middle[:BEGINNING]}*",
        f"{middle} -{common[0]}",
    ]


def _statements(text: str, actor: Actor) -> list[Statement]:
    """Return what the list asks the database for a search."""
    incidents = Incident.objects.visible_to(actor).filter(search_condition(text))
    display = ListDisplay(order=NEWEST_FIRST)
    with recorded() as told:
        read_list_page(incidents, display, Configuration.current(), read_list_search(text))
    return told


def _milliseconds(statements: list[Statement]) -> float:
    taken = []
    for _ in range(RUNS):
        with without_garbage():
            begun = time.perf_counter()
            for statement in statements:
                run(statement)
            taken.append(1_000 * (time.perf_counter() - begun))
    return statistics.median(taken)

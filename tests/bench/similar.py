"""What one duplicate check costs: milliseconds, and on PostgreSQL blocks. It only reads.

The questions are names of recent incidents as another person would put them: words left out, swapped, misspelt, or of
two incidents.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from django.db import connection

from incidents.models import Actor, Incident, User
from incidents.services.similarity import Question, find_similar
from incidents.services.similarity.window import compared_by
from tests.bench.measuring import READER, Figure, blocks_of, p95, plan_of, recorded, without_garbage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.bench.measuring import Statement

QUESTIONS = 240
# So many others are asked before: people do not ask a database that has just been started.
FIRST = 240
SEED = 20_260_401


def measure() -> dict[str, Figure]:
    """Return what 95 of 100 questions stay within."""
    actor = Actor.of_user(User.objects.get(email=READER))
    asked = list(questions_about_recent(FIRST + QUESTIONS))
    first, questions = asked[:FIRST], asked[FIRST:]
    for question in first:
        find_similar(question, actor)
    elapsed, worked, statements = [], [], []
    for question in questions:
        with recorded() as told, without_garbage():
            begun, working = time.perf_counter(), time.process_time()
            find_similar(question, actor)
            worked.append(1_000 * (time.process_time() - working))
            elapsed.append(1_000 * (time.perf_counter() - begun))
        statements.append(told)
    # On a busy machine the time itself says little.
    note = f"{p95(worked):.1f} ms CPU, {compared_by(actor).count():,} compared"
    figures = {"similar-time": Figure(p95(elapsed), note)}
    if connection.vendor == "postgresql":
        figures["similar-blocks"] = _most_blocks(questions, statements)
    return figures


def questions_about_recent(count: int) -> Iterator[Question]:
    """Yield questions about recent incidents, in turn put in every other way."""
    choose = random.Random(SEED)  # noqa: S311 - the same questions every time
    newest = Incident.objects.order_by("-id").values_list("name", "summary")[: 40 * count]
    texts = choose.sample(list(newest), min(count, len(newest)))
    ways: tuple[Callable[[list[str], random.Random], list[str]], ...] = (
        _same,
        _shorter,
        _shuffled,
        _misspelt,
    )
    for number, (name, summary) in enumerate(texts):
        words = ways[number % len(ways)](name.split(), choose)
        other = choose.choice(texts)[0].split()
        mixed = [*words[: len(words) // 2], *other[len(other) // 2 :]] if number % 5 == 4 else words
        yield Question(name=" ".join(mixed), summary=summary if number % 3 == 0 else "")


def _most_blocks(questions: list[Question], statements: list[list[Statement]]) -> Figure:
    blocks = [sum(blocks_of(plan_of(statement)) for statement in told) for told in statements]
    most = max(range(len(blocks)), key=blocks.__getitem__)
    return Figure(p95(blocks), f"most {blocks[most]:,}, for “{questions[most].name}”")


def _same(words: list[str], choose: random.Random) -> list[str]:
    return words


def _shorter(words: list[str], choose: random.Random) -> list[str]:
    return [word for word in words if choose.random() < 0.7] or words


def _shuffled(words: list[str], choose: random.Random) -> list[str]:
    return choose.sample(words, len(words))


def _misspelt(words: list[str], choose: random.Random) -> list[str]:
    at = max(range(len(words)), key=lambda place: len(words[place]), default=0)
    return [*words[:at], words[at][:3] + words[at][4:], *words[at + 1 :]]

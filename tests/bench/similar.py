"""What one duplicate check costs on a large database: milliseconds, statements and, on PostgreSQL, blocks.

Run it as `DATABASE_URL=… python -m tests.bench.similar`. It only reads. The questions are names of recent incidents
as another person would put them: words left out, swapped, misspelt, or of two incidents.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "incidents_site.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 - Django must be set up first

from incidents.models import Actor, Incident, User  # noqa: E402
from incidents.services.similarity import Question, find_similar  # noqa: E402
from incidents.services.similarity.window import compared_by  # noqa: E402

QUESTIONS = 240
SEED = 20_260_401
P95_MS, P95_BLOCKS = 30.0, 500.0
Statement = tuple[str, Any]


def main() -> None:
    """Ask every question, first as it is, then explained, and print what it cost."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--questions", type=int, default=QUESTIONS)
    arguments.add_argument("--email", help="who asks; the first person who is no administrator if left out")
    options = arguments.parse_args()
    actor = _actor(options.email)
    print(
        f"{connection.vendor}: {Incident.objects.count():,} incidents, {compared_by(actor).count():,} compared"
    )
    questions = list(_questions(options.questions))
    for question in questions[:20]:
        find_similar(question, actor)
    elapsed, worked, statements = [], [], []
    for question in questions:
        with _recorded() as told:
            started, started_working = time.perf_counter(), time.process_time()
            find_similar(question, actor)
            worked.append(1_000 * (time.process_time() - started_working))
            elapsed.append(1_000 * (time.perf_counter() - started))
        statements.append(told)
    _print("ms", elapsed, P95_MS)
    _print("ms of CPU", worked, P95_MS)  # on a busy machine the time itself says little
    _print("statements", [float(len(told)) for told in statements], 8)
    if connection.vendor == "postgresql":
        blocks = [sum(map(_blocks, told)) for told in statements]
        _print("blocks", blocks, P95_BLOCKS)
        worst = max(range(len(blocks)), key=blocks.__getitem__)
        print(f"most blocks: “{questions[worst].name}”", [_blocks(told) for told in statements[worst]])
    print(f"slowest: “{questions[max(range(len(elapsed)), key=elapsed.__getitem__)].name}”")


def _actor(email: str | None) -> Actor:
    people = User.objects.filter(is_active=True)
    found = people.filter(email=email) if email else people.exclude(role="administrator")
    return Actor.of_user(found.order_by("id")[0])


def _questions(count: int) -> Iterator[Question]:
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


def _same(words: list[str], choose: random.Random) -> list[str]:
    return words


def _shorter(words: list[str], choose: random.Random) -> list[str]:
    return [word for word in words if choose.random() < 0.7] or words


def _shuffled(words: list[str], choose: random.Random) -> list[str]:
    return choose.sample(words, len(words))


def _misspelt(words: list[str], choose: random.Random) -> list[str]:
    at = max(range(len(words)), key=lambda place: len(words[place]), default=0)
    return [*words[:at], words[at][:3] + words[at][4:], *words[at + 1 :]]


@contextmanager
def _recorded() -> Iterator[list[Statement]]:
    told: list[Statement] = []

    def record(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        told.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield told


def _blocks(statement: Statement) -> float:
    """Return how many blocks a statement touches, found in memory or not."""
    sql, params = statement
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
        (explained,) = cursor.fetchone()
    plan = (json.loads(explained) if isinstance(explained, str) else explained)[0]["Plan"]
    return float(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def _print(what: str, figures: list[float], target: float) -> None:
    cuts = statistics.quantiles(figures, n=20)
    print(f"{what:>10}: p50 {cuts[9]:.1f}, p95 {cuts[18]:.1f} (at most {target:g}), most {max(figures):.1f}")


if __name__ == "__main__":
    main()

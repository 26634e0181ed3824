"""What a duplicate check may cost the database, whatever is asked."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.db import connection

from incidents.services.similarity import find_similar
from tests.bench.measuring import Statement, blocks_of, plan_of, recorded
from tests.bench.similar import questions_about_recent
from tests.make import make_actor

pytestmark = pytest.mark.django_db

INCIDENTS = 1_000
QUESTIONS = 20
MOST_STATEMENTS = 8
# On a database that is at rest it is 500 (`make bench`): what was written in this transaction costs a look at each row.
MOST_BLOCKS = 1_000


def blocks(told: list[Statement]) -> int:
    return sum(blocks_of(plan_of(statement)) for statement in told)


def test_a_check_touches_few_blocks_in_few_statements() -> None:
    call_command("seed_demo", incidents=INCIDENTS, stdout=io.StringIO())
    actor = make_actor("Rosa Lund")
    costs = []
    for question in questions_about_recent(QUESTIONS):
        with recorded() as told:
            find_similar(question, actor)
        # Only PostgreSQL says how many blocks it touched.
        costs.append((len(told), {"postgresql": blocks, "sqlite": len}[connection.vendor](told)))

    assert len(costs) == QUESTIONS
    assert max(statements for statements, _ in costs) <= MOST_STATEMENTS
    assert max(touched for _, touched in costs) <= MOST_BLOCKS

"""What holds for every text: order, symmetry, bounds."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from typing import Any

import pytest
from django.conf import settings as settings_of_project
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents.models import Actor
from incidents.services.similarity import Question, Similar, find_similar
from incidents.services.similarity.comparing import Features, compare
from incidents.services.similarity.ranking import Asked, compare_text
from incidents.services.similarity.reading import read
from incidents.services.similarity.weighing import question_weights, stored_weights, usual_rarity
from tests.make import make_actor, make_incident

NOTHING: frozenset[tuple[str, str]] = frozenset()
WORDS = (
    "checkout ledger payout gateway scanner timeout 502 database k8s replica eu-west-1 node-7 billing stuck slow"
    " barcode harbour Zephyr invoices login"
).split()
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
few = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)

# Fixed texts, whose answer is written down: both databases have to give it.
STORED = (
    "Checkout gateway times out in eu-west-1",
    "Payout ledger export is stuck",
    "Barcode scanner login fails at the harbour",
    "Replica of the billing database lags",
    "Invoices to Zephyr are sent twice",
    "Checkout page is slow",
)


@pytest.fixture
def alice(db: None) -> Actor:
    return make_actor(role="administrator")


def features(left: str, right: str) -> Features:
    one, other = read(left, "", NOTHING), read(right, "", NOTHING)
    return compare(one, other, _cosine(left, right), usual_rarity).features


def _cosine(left: str, right: str) -> float:
    one, other = (stored_weights(read(name, "", NOTHING)) for name in (left, right))
    return sum(weight * other.get(token, 0.0) for token, weight in one.items())


def evidence_of_many() -> list[Features]:
    """Return what tells a hundred pairs of texts of many words apart."""
    choose = random.Random(7)  # noqa: S311 - the same texts every time
    texts = [" ".join(choose.choices(WORDS, k=12)) for _ in range(200)]
    readings = [read(text, " ".join(choose.choices(WORDS, k=20)), NOTHING) for text in texts]
    return [
        compare_text(
            Asked(one, question_weights(one, usual_rarity), usual_rarity, incident_type_id=None), other
        ).features
        for one, other in zip(readings[::2], readings[1::2], strict=True)
    ]


def gist(similar: Similar) -> list[tuple[str, int, str]]:
    return [(match.name, match.score, match.level) for match in similar.matches]


@given(left=names, right=names)
def test_cosine_shared_words_and_equality_are_symmetric(left: str, right: str) -> None:
    there, back = features(left, right), features(right, left)

    for name in ("cosine", "name_shared_least", "rare_shared", "name_equal", "letters"):
        assert getattr(there, name) == pytest.approx(getattr(back, name))


@given(name=names, data=st.data())
def test_the_order_of_words_changes_no_share(name: str, data: st.DataObject) -> None:
    shuffled = " ".join(data.draw(st.permutations(name.split())))
    other = data.draw(names)

    one, two = features(name, other), features(shuffled, other)

    for share in (
        "name_shared_least",
        "name_found_least",
        "name_found_most",
        "rare_shared",
        "rare_missing_most",
    ):
        assert getattr(one, share) == pytest.approx(getattr(two, share))


@given(name=names)
def test_a_name_is_equal_to_itself(name: str) -> None:
    same = features(name, name.upper() if name.islower() else name)

    assert same.name_equal == 1
    assert 0 <= same.cosine <= 1 + 1e-9


def test_every_process_finds_the_same_evidence() -> None:
    """Python orders sets by hashes that differ from process to process; sums must not depend on that."""
    script = "; ".join(
        (
            "import django; django.setup()",
            "from tests.services.similarity.test_properties import evidence_of_many",
            "print(evidence_of_many())",
        )
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=settings_of_project.BASE_DIR,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    ]

    assert "Features(cosine=0." in told[0]
    assert told[0] == told[1] == told[2]


@few
@given(
    order=st.permutations(STORED), asked=st.sampled_from([*STORED, "checkout slow", "ledger export hangs"])
)
def test_the_order_of_declaring_changes_no_answer(alice: Actor, order: list[str], asked: str) -> None:
    answers = []
    for sequence in (STORED, order):
        with transaction.atomic():
            for name in sequence:
                make_incident(name, actor=alice)
            answers.append(gist(find_similar(Question(name=asked), alice)))
            transaction.set_rollback(True)

    assert answers[0] == answers[1]


@few
@given(name=names, others=st.lists(names, max_size=3))
def test_no_incident_is_similar_to_itself(alice: Actor, name: str, others: list[str]) -> None:
    with transaction.atomic():
        stored = [make_incident(one, actor=alice) for one in (name, *others, name)]
        question = Question(name=name, exclude_incident_id=stored[0].pk)
        matches = find_similar(question, alice).matches
        transaction.set_rollback(True)

    assert stored[0].pk not in {match.incident_id for match in matches}


@few
@given(
    name=st.text(st.characters(codec=None, exclude_categories=()), max_size=250),
    summary=st.text(st.characters(exclude_categories=()), max_size=500),
)
def test_no_text_breaks_the_check(alice: Actor, name: str, summary: str) -> None:
    similar = find_similar(Question(name=name, summary=summary), alice)

    assert similar.matches == ()


@pytest.mark.parametrize(
    "text", ["x", "x ", "checkout-", "a1", "node-7 ", "🔥", "\ud800", "e\u0301", "1.1.1.1 ", "'’"]
)
def test_a_million_characters_cost_no_more_than_a_few(alice: Actor, text: str) -> None:
    make_incident("Checkout page is slow", actor=alice)
    long = text * (1_000_000 // len(text))
    started = time.process_time()

    find_similar(Question(name=long, summary=long), alice)

    assert time.process_time() - started < 0.5


def test_both_databases_answer_the_same(alice: Actor) -> None:
    for name in STORED:
        make_incident(name, actor=alice)
    asked = (
        "checkout gateway timeouts eu-west-1",
        "scaner login at harbour",
        "slow checkout",
        "zephyr invoices twice",
    )

    answers: Any = [
        [match.name for match in find_similar(Question(name=one), alice).matches] for one in asked
    ]

    assert [names[0] for names in answers] == [STORED[0], STORED[2], STORED[5], STORED[4]]
    assert answers[2] == [STORED[5], STORED[0]]

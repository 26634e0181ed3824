"""Measuring and training the duplicate check on a little labelled data."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from incidents.management.benchmarking import benchmark
from incidents.management.labelled_data import read_labelled_data
from incidents.management.training import Example, collect_examples, fit
from incidents.services.similarity.scoring import Weights

ROWS: Sequence[dict[str, Any]] = (
    {"type": "pool", "id": 7, "title": "Ledger export is stuck", "service": "ledger", "age_hours": 3},
    {"type": "pool", "id": 8, "title": "Thumbnails are missing", "service": "media", "age_hours": 5, "open": False},
    {"type": "pool", "id": 9, "title": "Ledger export is stuck in us-east-1", "service": "ledger"},
    {
        "type": "query",
        "qid": "q1",
        "kind": "plain",
        "title": "export of the ledger stuck",
        "labels": {"7": 2},
        "hard_negatives": [8],
    },
    {
        "type": "query",
        "qid": "q2",
        "kind": "field",
        "title": "missing thumbnails",
        "service": "media",
        "labels": {"8": 2},
    },
)  # fmt: skip


def _ignore(_: int) -> None:
    """Take no notice of the progress."""


@pytest.mark.django_db
def test_benchmark_answers_by_the_ids_of_the_data() -> None:
    answers = {answer["qid"]: answer["results"] for answer in benchmark(ROWS, _ignore)}

    assert [found["id"] for found in answers["q1"]] == [7, 9]
    assert answers["q2"][0]["id"] == 8
    assert all(0 <= found["score"] <= 1 for found in answers["q1"])


@pytest.mark.django_db
def test_examples_are_the_nearest_candidates_without_those_elsewhere() -> None:
    rows = [
        {**row, "title": f"{row['title']} in eu-west-1"} if row.get("qid") == "q1" else row for row in ROWS
    ]

    examples = list(collect_examples(rows, _ignore))

    assert [(has_fields, example.is_same) for has_fields, example in examples] == [
        (False, True),
        (True, True),
    ]


def test_fit_finds_what_tells_the_same_from_others() -> None:
    start = Weights(0.0, {"cosine": 0.1, "letters": 0.1})
    examples = [
        Example({"cosine": cosine, "letters": 0.5}, is_same=cosine > 0.5, share=1.0)
        for cosine in (0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9)
    ]

    fitted = fit(examples, start, pull=0.01, chance=0.5)

    middle = -(fitted.bias + 0.5 * fitted.by_feature["letters"]) / fitted.by_feature["cosine"]
    assert middle == pytest.approx(0.5, abs=0.02)
    assert fitted.by_feature["cosine"] > 5


def test_fit_keeps_evidence_on_its_side() -> None:
    start = Weights(0.0, {"letters": 1.0, "host_differs": -3.0})
    examples = [
        Example({"letters": 0.0, "host_differs": 1.0}, is_same=True, share=1.0),
        Example({"letters": 1.0, "host_differs": 0.0}, is_same=False, share=1.0),
    ]

    fitted = fit(examples, start, pull=0.001, chance=0.5)

    assert fitted.by_feature == {"letters": 0.0, "host_differs": -1.5}


def test_a_higher_chance_asks_for_more_evidence() -> None:
    start = Weights(-1.0, {"letters": 1.0})

    plain, careful = (fit([], start, pull=1.0, chance=chance).bias for chance in (0.5, 0.65))

    assert plain == -1.0
    assert careful == pytest.approx(-1.0 - math.log(0.65 / 0.35), abs=0.01)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2: this is no JSON"),
        ('{"type": "guess"}', "line 2: the type is neither pool nor query"),
        ('{"type": "query", "qid": "1"}', "line 2: title is missing"),
        ("[]", "line 2: the type is neither pool nor query"),
    ],
)
def test_what_is_wrong_with_the_data_is_said_by_line(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text(json.dumps(ROWS[0]) + "\n" + line, encoding="utf-8")

    with pytest.raises(CommandError, match=says):
        list(read_labelled_data(path))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        list(read_labelled_data(tmp_path / "nowhere.jsonl"))

"""manage.py train_similarity: fits the weights of the duplicate check on labelled data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from incidents.management.labelled_data import read_labelled_data
from incidents.management.throwaway import throw_away_database
from incidents.management.training import collect_examples, fit
from incidents.services.similarity.scoring import VERSION, WITH_KNOWN_FIELDS, WITHOUT_KNOWN_FIELDS, Weights

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Writes a file of the form of incidents/services/similarity/weights.json; put it there to use it."""

    help = (
        "Fit the weights of the duplicate check on labelled questions, in a throw-away database, and write them to a"
        " file. Without questions that have a service or region, the weights for those stay as they are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file of data, --weights, --pull and --chance."""
        parser.add_argument("data", type=Path, metavar="DATA.jsonl")
        parser.add_argument("--weights", type=Path, required=True, metavar="OUT.json")
        parser.add_argument(
            "--pull", type=float, default=1.0, help="how hard the weights are held where they are (1)"
        )
        parser.add_argument(
            "--chance", type=float, default=0.65, help="warn where the chance is at least this (0.65)"
        )
        parser.add_argument(
            "--known-fields",
            action="store_true",
            help="fit the weights for questions with known fields too; wants data with many look-alikes",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it, and show the weights."""
        if not 0 < options["chance"] < 1 or options["pull"] <= 0:
            raise CommandError("--chance lies between 0 and 1, --pull above 0.")
        rows = list(read_labelled_data(options["data"]))
        with throw_away_database("train_similarity"):
            examples = list(collect_examples(rows, self._tell))
        self.stdout.write(f"{len(examples):,} pairs to learn from.")
        wanted = {"pull": options["pull"], "chance": options["chance"]}
        plain = [example for has_fields, example in examples if not has_fields]
        known = [example for has_fields, example in examples if has_fields and options["known_fields"]]
        stored = {
            "version": VERSION + 1,
            "with_known_fields": _as_json(
                fit(known, WITH_KNOWN_FIELDS, **wanted) if known else WITH_KNOWN_FIELDS
            ),
            "without_known_fields": _as_json(
                fit(plain, WITHOUT_KNOWN_FIELDS, **wanted) if plain else WITHOUT_KNOWN_FIELDS
            ),
        }
        options["weights"].write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
        self.stdout.write(f"Written: {options['weights']}")

    def _tell(self, done: int) -> None:
        self.stdout.write(f"  {done:,} incidents loaded")


def _as_json(weights: Weights) -> dict[str, Any]:
    return {"bias": weights.bias, "weights": dict(weights.by_feature)}

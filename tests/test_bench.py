"""The bench itself: its bars are documented, its table is true, and its databases are found again."""

from __future__ import annotations

import contextlib
import importlib.util
import sqlite3
from pathlib import Path

import pytest
from django.conf import settings

from tests.bench.bars import BARS, Bar
from tests.bench.databases import SQLiteFolder
from tests.bench.recipes import SIZES, recipe_for
from tests.bench.report import Result, summary, table

DOCUMENTED = (Path(settings.BASE_DIR) / "docs" / "performance.md").read_text()
BY_NAME = {bar.name: bar for bar in BARS}


@pytest.mark.parametrize("bar", BARS, ids=lambda bar: bar.name)
def test_bar_can_be_measured_and_is_documented(bar: Bar) -> None:
    assert importlib.util.find_spec(f"tests.bench.{bar.measurement}")
    assert {*bar.sizes} <= {*SIZES}
    assert f"\n| `{bar.name}` |" in DOCUMENTED


def test_names_of_bars_are_unique() -> None:
    assert len(BY_NAME) == len(BARS)


def test_bars_say_themselves_what_holds() -> None:
    assert BY_NAME["list-queries"].holds(6)
    assert not BY_NAME["list-queries"].holds(7)
    assert BY_NAME["create-rate"].holds(150)
    assert not BY_NAME["create-rate"].holds(149.9)


def test_table_names_what_does_not_hold() -> None:
    results = [
        Result(BY_NAME["list-queries"], "sqlite", 7),
        Result(BY_NAME["list-cpu"], "sqlite", 12.3456),
        Result(BY_NAME["list-flat"], "sqlite", None),
    ]

    lines = table(results, "sqlite").splitlines()

    (queries,) = (line for line in lines if line.startswith("list-queries"))
    assert queries.split() == ["list-queries", "100,000", "≤", "6", "7", "DOES", "NOT", "HOLD"]
    (cpu,) = (line for line in lines if line.startswith("list-cpu"))
    assert cpu.split()[-4:] == ["12.35", "ms", "CPU", "holds"]
    assert summary(results).strip() == (
        "1 of 3 bars hold. These do not: list-queries (sqlite), list-flat (sqlite)."
    )


def test_database_tells_what_it_was_made_of(tmp_path: Path) -> None:
    folder = SQLiteFolder(tmp_path)
    assert folder.recipe_of("bench_1000") is None

    make_database(tmp_path / "bench_1000.sqlite3", recipe_for(1_000))

    assert folder.recipe_of("bench_1000") == recipe_for(1_000)
    folder.make_anew("bench_1000")
    assert folder.recipe_of("bench_1000") is None


def test_copy_is_gone_afterwards(tmp_path: Path) -> None:
    folder = SQLiteFolder(tmp_path)
    make_database(tmp_path / "bench_1000.sqlite3", recipe_for(1_000))

    with folder.copied("bench_1000") as url:
        assert url == f"sqlite:///{tmp_path}/bench_1000_copy.sqlite3"
        assert folder.recipe_of("bench_1000_copy") == recipe_for(1_000)

    assert [path.name for path in tmp_path.iterdir()] == ["bench_1000.sqlite3"]


def make_database(path: Path, recipe: str) -> None:
    """Store a database that is complete, but for incidents."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE bench_recipe (recipe TEXT)")
        database.execute("INSERT INTO bench_recipe VALUES (?)", [recipe])
        database.commit()

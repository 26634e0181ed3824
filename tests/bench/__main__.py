"""Measures every bar, and says which one holds: `make bench`, or `python -m tests.bench --only list-cpu`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from tests.bench.bars import BARS, BOTH
from tests.bench.databases import database_name, database_of, run_module, server_of, tell
from tests.bench.recipes import SIZES, USUAL_SIZES
from tests.bench.report import Result, summary, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.bench.bars import Bar
    from tests.bench.databases import Server

# These write, and do it to a copy: the databases stay as they were made.
ON_A_COPY = {"creating", "polling"}


def main() -> int:
    """Measure, print, and return 1 if a bar does not hold."""
    options = _options()
    wanted = [bar for bar in BARS if bar.name in (options.only or [bar.name])]
    _tell_if_busy()
    results: list[Result] = []
    for vendor in options.vendors:
        sizes = {*(options.sizes or USUAL_SIZES[vendor])}
        bars = [bar for bar in wanted if vendor in bar.vendors]
        bars_of_sizes = [bar for bar in bars if {*bar.sizes} <= sizes]
        if not bars_of_sizes:
            continue
        with server_of(vendor) as server:
            measured = list(_measured(bars_of_sizes, server))
        results += measured
        print(table(measured, vendor), flush=True)
        if left_out := [bar.name for bar in bars if bar not in bars_of_sizes]:
            print(f"\nNot measured, for want of --sizes: {', '.join(left_out)}", flush=True)
    _tell_if_busy()
    print(summary(results))
    return int(not results or not all(result.holds for result in results))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    names = [bar.name for bar in BARS]
    parser.add_argument("--only", type=_listed, metavar="NAMES", help=f"some of {', '.join(names)}")
    parser.add_argument(
        "--sizes",
        type=lambda text: [int(size) for size in _listed(text)],
        default=[],
        help=f"some of {', '.join(map(str, SIZES))}: only bars of databases of these sizes",
    )
    parser.add_argument("--vendors", type=_listed, default=list(BOTH), help=f"some of {', '.join(BOTH)}")
    options = parser.parse_args()
    for given, known in ((options.only or [], names), (options.sizes, SIZES), (options.vendors, BOTH)):
        if unknown := [str(one) for one in given if one not in known]:
            parser.error(f"{', '.join(unknown)}: give some of {', '.join(map(str, known))}")
    return options


def _listed(text: str) -> list[str]:
    return text.split(",")


def _measured(bars: Sequence[Bar], server: Server) -> Iterator[Result]:
    """Measure what the bars need, each measurement once, and yield the bars in their order."""
    # First the databases: what a load leaves to be done must not fall into a measurement.
    for size in sorted({size for bar in bars for size in bar.sizes}):
        database_of(size, server)
    for measurement, sizes in dict.fromkeys((bar.measurement, bar.sizes) for bar in bars):
        own = [bar for bar in bars if bar.measurement == measurement]
        results = _figures(measurement, sizes, own, server)
        for _ in range(own[0].tries - 1):
            if not all(result.holds for result in results):
                tell(f"{server.vendor}: {measurement} once more")
                results = _figures(measurement, sizes, own, server)
        yield from results


def _figures(measurement: str, sizes: tuple[int, ...], bars: Sequence[Bar], server: Server) -> list[Result]:
    *others, url = [database_of(size, server) for size in sizes]
    tell(f"{server.vendor}: {measurement}, {sizes[-1]:,} incidents")
    with ExitStack() as stack:
        if measurement in ON_A_COPY:
            url = stack.enter_context(server.copied(database_name(sizes[-1])))
        try:
            printed = run_module("tests.bench.measure", measurement, *others, database_url=url)
            figures = json.loads(printed.splitlines()[-1])
        except subprocess.CalledProcessError:
            tell(f"{server.vendor}: {measurement} failed; the reason is above")
            figures = {}
    return [Result(bar, server.vendor, *figures.get(bar.name, (None,))) for bar in bars]


def _tell_if_busy() -> None:
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > cores:
        tell(f"This machine is busy (load {load:.1f}, {cores} cores): times are unreliable, counts are not.")


if __name__ == "__main__":
    sys.exit(main())

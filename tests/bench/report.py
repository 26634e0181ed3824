"""The table that says which bar holds."""

from __future__ import annotations

import dataclasses
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.bars import Bar

WIDTH = 96


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """A bar with what was measured; no value where the measurement failed."""

    bar: Bar
    vendor: str
    value: float | None
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether it was measured, and is as good as was promised."""
        return self.value is not None and self.bar.holds(self.value)


def table(results: Sequence[Result], vendor: str) -> str:
    """Return the lines of one kind of database, each bar with its sentence."""
    lines = [f"\n{vendor}\n", _line("bar", "incidents", "limit", "measured", "")]
    for result in results:
        bar = result.bar
        sign = "≥" if bar.is_least else "≤"
        measured = "failed" if result.value is None else f"{_number(result.value)} {bar.unit}".strip()
        lines.append(
            _line(
                bar.name,
                f"{bar.sizes[-1]:,}",
                f"{sign} {_number(bar.limit)} {bar.unit}".strip(),
                measured,
                "holds" if result.holds else "DOES NOT HOLD",
            )
        )
        told = f"{bar.sentence}. {result.note}".strip()
        lines.append(textwrap.fill(told, WIDTH, initial_indent="    ", subsequent_indent="    "))
    return "\n".join(lines)


def summary(results: Sequence[Result]) -> str:
    """Return one sentence about all of them."""
    failed = [f"{result.bar.name} ({result.vendor})" for result in results if not result.holds]
    if not failed:
        return f"\nAll {len(results)} bars hold."
    return f"\n{len(results) - len(failed)} of {len(results)} bars hold. These do not: {', '.join(failed)}."


def _line(name: str, size: str, limit: str, measured: str, verdict: str) -> str:
    return f"{name:<16} {size:>10}  {limit:<14} {measured:<14} {verdict}".rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or float(value).is_integer() else f"{value:.2f}"

"""Figures as SVG: where lines, bars and words stand. Everything is drawn by the server, without a script."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 476, 180
LEFT, RIGHT, TOP, BOTTOM = 34, 6, 18, 20
_LINES = 4


@dataclasses.dataclass(frozen=True, slots=True)
class GridLine:
    """A horizontal line and the words at its left end."""

    y: float
    label: str


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """A word below the figure, or a vertical line with a word above it."""

    x: float
    label: str


@dataclasses.dataclass(frozen=True, slots=True)
class Bar:
    """One bar with what it stands for, in words, and where it leads."""

    x: float
    y: float
    width: float
    height: float
    words: str
    url: str


@dataclasses.dataclass(frozen=True, slots=True)
class BarFigure:
    """Bars over time."""

    bars: tuple[Bar, ...]
    grid: tuple[GridLine, ...]
    marks: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT


@dataclasses.dataclass(frozen=True, slots=True)
class Curve:
    """A line through points, with its name for the legend."""

    name: str
    points: str


@dataclasses.dataclass(frozen=True, slots=True)
class CurveFigure:
    """Lines in percent over a score, with upright lines where something is set."""

    curves: tuple[Curve, ...]
    grid: tuple[GridLine, ...]
    marks: tuple[Mark, ...]
    uprights: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT


def bar_figure(values: Sequence[tuple[float, str, str]], labels: Sequence[str], *, unit: str) -> BarFigure:
    """Draw one bar for each (value, words, address); a label that is empty is left out."""
    top = _round_up(max((value for value, _, _ in values), default=0.0))
    slot = (WIDTH - LEFT - RIGHT) / max(1, len(values))
    bars = []
    for place, (value, words, url) in enumerate(values):
        height = (HEIGHT - TOP - BOTTOM) * value / top
        bars.append(
            Bar(
                _at(LEFT + place * slot + slot * 0.12),
                _at(HEIGHT - BOTTOM - height),
                _at(slot * 0.76),
                _at(height),
                words,
                url,
            )
        )
    marks = [Mark(_at(LEFT + (place + 0.5) * slot), label) for place, label in enumerate(labels) if label]
    return BarFigure(tuple(bars), _grid(top, unit), tuple(marks))


def curve_figure(
    curves: Sequence[tuple[str, Sequence[tuple[int, float]]]],
    *,
    span: tuple[int, int],
    uprights: Sequence[tuple[int, str]],
) -> CurveFigure:
    """Draw curves of (score, percent); one without points is left out."""
    drawn = {
        name: [f"{_x(score, span)},{_y(percent, 100)}" for score, percent in points]
        for name, points in curves
    }
    marks = tuple(Mark(_x(score, span), str(score)) for score in range(span[0], span[1] + 1, 10))
    return CurveFigure(
        curves=tuple(Curve(name, " ".join(points)) for name, points in drawn.items() if points),
        grid=_grid(100, "%"),
        marks=marks,
        uprights=tuple(Mark(_x(score, span), word) for score, word in uprights),
    )


def _grid(top: float, unit: str) -> tuple[GridLine, ...]:
    steps = [top * line / _LINES for line in range(_LINES + 1)]
    return tuple(GridLine(_y(step, top), f"{step:g}{unit}") for step in steps)


def _x(score: int, span: tuple[int, int]) -> float:
    return _at(LEFT + 4 + (WIDTH - LEFT - RIGHT - 8) * (score - span[0]) / (span[1] - span[0]))


def _y(value: float, top: float) -> float:
    return _at(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top)


def _round_up(value: float) -> float:
    """Return the next number that divides well into four."""
    if value <= 0:
        return 4.0
    size: float = 10.0 ** math.floor(math.log10(value))
    return next(size * step for step in (1, 2, 4, 6, 8, 10) if size * step >= value)


def _at(place: float) -> float:
    return round(place, 1)

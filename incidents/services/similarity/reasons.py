"""Why two incidents may be one, in words."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping

from incidents.services.similarity.comparing import Comparison
from incidents.services.similarity.marking import shared_as_written
from incidents.services.similarity.question import Reason
from incidents.services.similarity.reading import Reading
from incidents.services.similarity.scoring import Score
from incidents.services.similarity.words import EVERYDAY

WORDS_SHOWN = 4
KINDS = {
    "service": "service", "component": "component", "region": "region", "environment": "environment",
    "host": "host",
}  # fmt: skip


def reasons_for(comparison: Comparison, candidate: Reading, name: str, score: Score) -> tuple[Reason, ...]:
    """Return the reasons with their points, the strongest first and the doubts last."""
    reasons = [
        Reason(code, _text(code, comparison, candidate, name), points)
        for code, points in score.points.items()
        if points
    ]
    return tuple(sorted(reasons, key=lambda reason: (-reason.points, reason.code)))


def state_reason(
    *, is_open: bool, category_label: str, moment: datetime.datetime, now: datetime.datetime
) -> Reason:
    """Return where the incident stands; it informs and gives no points."""
    ago = time_ago(now - moment)
    if is_open:
        return Reason("open", f"Still open, last update {ago}", 0)
    return Reason("done", f"{category_label}, last update {ago}", 0)


def time_ago(age: datetime.timedelta) -> str:
    """Return an age as people say it, to the largest unit: "4 min ago"."""
    minutes = max(0, int(age.total_seconds() // 60))
    for size, unit in ((60 * 24, "day"), (60, "hour")):
        if count := minutes // size:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return f"{minutes} min ago" if minutes else "just now"


def _text(code: str, comparison: Comparison, candidate: Reading, name: str) -> str:
    if code == "words":
        return _shared_words(comparison, candidate, name)
    if code in _PLAIN:
        return _PLAIN[code]
    if code == "identifier_differs":
        return f"Names another one: {', '.join(comparison.named_otherwise[:WORDS_SHOWN])}"
    if code == "other_words":
        return _other_words(comparison, candidate, name)
    kind, _, verdict = code.rpartition("_")
    return _SENTENCES[verdict](kind, comparison, candidate)


def _shared_words(comparison: Comparison, candidate: Reading, name: str) -> str:
    telling = comparison.shared_words - EVERYDAY or comparison.shared_words
    shown = shared_as_written(name, telling, candidate.vocabulary)[:WORDS_SHOWN]
    return f"Name shares {', '.join(shown)}" if shown else "Worded alike"


def _other_words(comparison: Comparison, candidate: Reading, name: str) -> str:
    theirs = shared_as_written(name, comparison.right_only, candidate.vocabulary)[:WORDS_SHOWN]
    return f"Other words: {', '.join(theirs)}" if theirs else "Says less than you do"


def _same(kind: str, comparison: Comparison, candidate: Reading) -> str:
    return f"Same {_kind_label(kind, comparison.same)}: {_values(kind, comparison.same, candidate)}"


def _differs(kind: str, comparison: Comparison, candidate: Reading) -> str:
    return (
        f"Other {_kind_label(kind, comparison.different)}: {_values(kind, comparison.different, candidate)}"
    )


def _kind_label(kind: str, kinds: frozenset[str]) -> str:
    """Return "component" where the feature of services speaks of one."""
    return "component" if kind == "service" and "service" not in kinds else KINDS[kind]


def _values(kind: str, kinds: frozenset[str], candidate: Reading) -> str:
    values = candidate.values_of(_kind_label(kind, kinds))
    return ", ".join(sorted(candidate.spelling.get(value, value) for value in values)[:WORDS_SHOWN])


_PLAIN: Mapping[str, str] = {
    "name_equal": "Same name",
    "summary": "Summary says much the same",
    "lead": "No other incident comes near",
}
_SENTENCES: Mapping[str, Callable[[str, Comparison, Reading], str]] = {"same": _same, "differs": _differs}

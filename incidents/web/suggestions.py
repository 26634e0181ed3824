"""The duplicate check's answer as the declare page shows it."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable

from incidents.models import Configuration, Incident, IncidentStatus, Severity
from incidents.services.declaring import is_reason, matches_to_answer
from incidents.services.drafts import IncidentDraft
from incidents.services.similarity import Match, Similar

_ICONS = {
    "words": "search",
    "name_equal": "search",
    "other_words": "search",
    "summary": "align-left",
    "service_same": "layers",
    "service_differs": "layers",
    "open": "clock",
    "done": "clock",
    "merged": "git-merge",
}
_PLACE_ICON = "tag"


@dataclasses.dataclass(frozen=True, slots=True)
class ShownReason:
    """Why an incident is shown; without points where it only informs."""

    icon: str
    text: str
    points: str


@dataclasses.dataclass(frozen=True, slots=True)
class Suggestion:
    """One incident that may be the same."""

    match: Match
    verdict: str
    status: IncidentStatus
    severity: Severity | None
    reasons: tuple[ShownReason, ...]

    @property
    def url(self) -> str:
        """The address of its page."""
        return Incident(number=self.match.number).get_absolute_url()


@dataclasses.dataclass(frozen=True, slots=True)
class Separation:
    """What is asked of somebody who goes on: a reason, or a tick, and for which incidents."""

    wants_reason: bool
    references: str
    value: str
    is_ticked: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Panel:
    """The panel beside the form. `similar` is None where nothing was asked, or where the check failed."""

    similar: Similar | None
    has_failed: bool = False
    suggestions: tuple[Suggestion, ...] = ()
    separation: Separation | None = None

    @property
    def heading(self) -> str:
        """What a screen reader says when it changes."""
        if self.similar is None:
            return "Similar incidents"
        count = len(self.suggestions)
        return f"{count or 'No'} similar recent incident{'' if count == 1 else 's'}"

    @property
    def footnote(self) -> str:
        """What was compared, or why nothing was."""
        if self.has_failed:
            return "The look for similar incidents failed. Declare yours all the same."
        if self.similar is None:
            return "Incidents like yours appear here while you type, so that nobody declares one twice."
        count, days = self.similar.compared, self.similar.window_days
        if not count:
            return "There is nothing to compare with yet."
        more = "more than " if self.similar.compared_is_capped else ""
        those = "incident that is" if count == 1 else "incidents that are"
        points = " Points add up to the score, of 100 at most." if self.suggestions else ""
        return f"Compared with {more}{count:,} {those} open or from the last {days} days.{points}"


def panel_of(similar: Similar | None, draft: IncidentDraft, configuration: Configuration) -> Panel:
    """Return the panel for what the check said about a draft, None where it failed."""
    if similar is None:
        return Panel(None, has_failed=True)
    return Panel(
        similar,
        # What scores nothing has no reason to show: a person would only wonder why it is there.
        suggestions=tuple(_suggestion(match, configuration) for match in similar.matches if match.score > 0),
        separation=_separation(similar, draft, configuration),
    )


def in_words(names: Collection[str]) -> str:
    """Return "INC-1, INC-2 and INC-3"."""
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last


def _suggestion(match: Match, configuration: Configuration) -> Suggestion:
    return Suggestion(
        match,
        verdict=_verdict(match),
        status=configuration.incident_statuses.by_id[match.incident_status_id],
        severity=configuration.severities.by_id.get(match.severity_id or ""),
        reasons=tuple(
            ShownReason(
                _ICONS.get(reason.code, _PLACE_ICON),
                reason.text,
                f"{reason.points:+d}".replace("-", "−") if reason.points else "",  # noqa: RUF001 - a minus sign
            )
            for reason in match.reasons
        ),
    )


def _verdict(match: Match) -> str:
    if match.level == "exact":
        return "Identical"
    if match.level == "likely":
        return "Very likely the same"
    return "Perhaps related" if match.is_open else "Happened before"


def _separation(similar: Similar, draft: IncidentDraft, configuration: Configuration) -> Separation | None:
    asked = matches_to_answer(similar, configuration)
    if not asked:
        return None
    wants_reason = bool(similar.exact)
    return Separation(
        wants_reason=wants_reason,
        references=in_words(_references(similar.exact or asked)),
        value=",".join(match.incident_id for match in asked),
        is_ticked=all(match.incident_id in draft.separate_from for match in asked)
        and (not wants_reason or is_reason(draft.separate_reason)),
    )


def _references(matches: Iterable[Match]) -> list[str]:
    return [match.reference for match in matches]

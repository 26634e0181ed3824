"""The duplicate check's answer as the declare page shows it."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Collection, Iterable

from django.http import QueryDict
from django.urls import reverse

from incidents.models import Configuration, Incident, IncidentStatus, Severity
from incidents.services.colleagues import Colleague
from incidents.services.declaring import is_reason, matches_to_answer
from incidents.services.drafts import IncidentDraft
from incidents.services.similarity import Match, Similar

_ICONS = {
    "words": "search",
    "name_equal": "search",
    "other_words": "search",
    "summary": "file-text",
    "service_same": "layers",
    "service_differs": "layers",
    "open": "clock",
    "done": "clock",
    "merged": "git-merge",
    "reports": "users",
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

    @property
    def alike_text(self) -> str:
        """How many near-identical ones it stands for: "300+ more like it", "" where it stands for itself."""
        alike = self.match.alike
        return f"{alike.count:,}{'+' if alike.is_capped else ''} more like it" if alike else ""

    @property
    def alike_url(self) -> str:
        """The address of the list of all of them, closed ones too."""
        words = self.match.alike.search if self.match.alike else ""
        query = QueryDict(mutable=True)
        query.update({"status_category[one_of]": "any", "search": words})
        return f"{reverse('incidents:list')}?{query.urlencode(safe='[]')}"


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
    colleagues: tuple[Colleague, ...] = ()

    @property
    def heading(self) -> str:
        """What a screen reader says when it changes."""
        if self.similar is None:
            return "Similar incidents"
        count = len(self.suggestions)
        found = f"{count or 'No'} similar recent incident{'' if count == 1 else 's'}"
        return f"{found}, and a colleague" if self.colleagues else found

    @property
    def digest(self) -> str:
        """What differs where the panel would be drawn differently; relative times keep themselves fresh."""
        shown = (self.heading, self.footnote, self.suggestions, self.separation)
        people = [(one.person.pk, str(one.person), one.name, one.is_private) for one in self.colleagues]
        return hashlib.sha256(repr((shown, people)).encode()).hexdigest()[:16]

    @property
    def footnote(self) -> str:
        """What was compared, or why nothing was."""
        if self.has_failed:
            return "The look for similar incidents failed. Declare yours all the same."
        if self.similar is None:
            return (
                "Incidents like yours appear here while you type, so that nobody declares one twice. So do colleagues"
                " who are declaring the same: they see your name and your first line, too, unless yours is private."
            )
        count, days = self.similar.compared, self.similar.window_days
        if not count:
            return "There is nothing to compare with yet."
        more = "more than " if self.similar.compared_is_capped else ""
        those = "incident that is" if count == 1 else "incidents that are"
        points = " Points add up to the score, of 100 at most." if self.suggestions else ""
        return f"Compared with {more}{count:,} {those} open or from the last {days} days.{points}"


def panel_of(
    similar: Similar | None,
    draft: IncidentDraft,
    configuration: Configuration,
    colleagues: tuple[Colleague, ...] = (),
) -> Panel:
    """Return the panel for what the check said about a draft, None where it failed."""
    if similar is None:
        return Panel(None, has_failed=True, colleagues=colleagues)
    return Panel(
        similar,
        # What scores nothing has no reason to show: a person would only wonder why it is there.
        suggestions=tuple(_suggestion(match, configuration) for match in similar.matches if match.score > 0),
        separation=_separation(similar, draft, configuration),
        colleagues=colleagues,
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
        is_ticked=all(match.is_answered_by(draft.separate_from) for match in asked)
        and (not wants_reason or is_reason(draft.separate_reason)),
    )


def _references(matches: Iterable[Match]) -> list[str]:
    return [match.reference for match in matches]

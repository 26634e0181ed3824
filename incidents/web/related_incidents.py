"""What the incident page shows of other incidents: those that look like it, and what people said of them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from incidents.models import SimilarityVerdict
from incidents.services.duplicate_check import check
from incidents.services.similarity import question_about
from incidents.web.merging import merge_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from incidents.models import Actor, Configuration, Incident, IncidentStatus
    from incidents.services.similarity import Match

_Verdict = SimilarityVerdict.Verdict
MOST_RELATED = 3
# Below this it is chance: two incidents that both name a region.
LEAST_SCORE = 10
MOST_VERDICTS = 200
MOST_JUDGED_SHOWN = 20
CHOICES = (
    (_Verdict.SAME, "Same incident"),
    (_Verdict.RELATED, "Related"),
    (_Verdict.DIFFERENT, "Not related"),
    (_Verdict.UNSURE, "Not sure"),
)
JUDGED = {
    _Verdict.SAME: "The same incident",
    _Verdict.RELATED: "Related",
    _Verdict.DIFFERENT: "Not related",
    _Verdict.UNSURE: "Not sure whether it is the same",
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RelatedIncident:
    """Another incident: what it is, why it is shown, and what people said of it."""

    reference: str
    name: str
    status: IncidentStatus | None
    is_private: bool
    score: int | None = None
    reasons: tuple[str, ...] = ()
    verdict: str = ""
    merge_url: str = ""

    @property
    def verdict_words(self) -> str:
        """What people said, in words."""
        return JUDGED[_Verdict(self.verdict)] if self.verdict else ""


@dataclasses.dataclass(frozen=True, slots=True)
class RelatedIncidents:
    """Those that may have to do with the incident, and those of which people said that they do not."""

    shown: tuple[RelatedIncident, ...]
    set_aside: tuple[RelatedIncident, ...]
    has_failed: bool
    can_judge: bool
    choices: tuple[tuple[str, str], ...] = CHOICES


def read_related_incidents(
    incident: Incident, actor: Actor, configuration: Configuration
) -> RelatedIncidents:
    """Return what the actor may see; the queries of the check and two more."""
    similar = check(question_about(incident, configuration), actor, configuration)
    judged = _judged(incident, actor, configuration)
    matches = (
        {match.incident_id: match for match in similar.matches if match.score >= LEAST_SCORE}
        if similar
        else {}
    )
    open_matches = [match for pk, match in matches.items() if pk not in judged][:MOST_RELATED]
    tied = (_Verdict.SAME, _Verdict.RELATED)
    shown = [_with_match(one, matches.get(pk)) for pk, one in judged.items() if one.verdict in tied]
    aside = [one for one in judged.values() if one.verdict not in tied]
    statuses = configuration.incident_statuses.by_id
    return RelatedIncidents(
        shown=(*shown[:MOST_JUDGED_SHOWN], *(_suggested(match, statuses) for match in open_matches)),
        set_aside=tuple(aside[:MOST_JUDGED_SHOWN]),
        has_failed=similar is None,
        can_judge=actor.can_respond and incident.merged_into_incident_id is None,
    )


def _judged(incident: Incident, actor: Actor, configuration: Configuration) -> dict[str, RelatedIncident]:
    """Return the incidents on which there is a verdict, by id, the latest first; one query."""
    verdicts = SimilarityVerdict.objects.visible_to(actor).about(incident.pk)
    rows = verdicts.filter(other_incident__isnull=False).select_related("incident", "other_incident")
    return dict(_others(rows[:MOST_VERDICTS], incident, configuration))


def _others(
    verdicts: Iterable[SimilarityVerdict], incident: Incident, configuration: Configuration
) -> Iterator[tuple[str, RelatedIncident]]:
    for given in verdicts:
        other = given.other_incident if given.incident_id == incident.pk else given.incident
        if other is None:
            continue
        can_merge = given.verdict == _Verdict.SAME and not (
            incident.merged_into_incident_id or other.merged_into_incident_id
        )
        yield (
            other.pk,
            RelatedIncident(
                reference=other.reference,
                name=other.name,
                status=configuration.incident_statuses.by_id.get(other.incident_status_id),
                is_private=other.is_private,
                verdict=given.verdict,
                merge_url=merge_url([incident.reference, other.reference]) if can_merge else "",
            ),
        )


def _with_match(judged: RelatedIncident, match: Match | None) -> RelatedIncident:
    return dataclasses.replace(judged, score=match.score, reasons=_reasons(match)) if match else judged


def _suggested(match: Match, statuses: Mapping[str, IncidentStatus]) -> RelatedIncident:
    return RelatedIncident(
        reference=match.reference,
        name=match.name,
        status=statuses.get(match.incident_status_id),
        is_private=match.is_private,
        score=match.score,
        reasons=_reasons(match),
    )


def _reasons(match: Match) -> tuple[str, ...]:
    return tuple(reason.text for reason in match.reasons if reason.points > 0 or reason.code == "merged")

"""What people say of two incidents that look like one, kept once a pair and told on both."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from incidents.models import (
    Actor,
    DuplicateCandidate,
    Incident,
    IncidentEvent,
    IncidentRelationship,
    IncidentUpdate,
    SimilarityVerdict,
)
from incidents.services.changes import lock_incident
from incidents.services.duplicate_check import Evidence, evidence_about, evidence_in
from incidents.services.errors import Problems, require_responder
from incidents.services.history import History
from incidents.services.relationships import relate_incidents, unrelate_incidents
from incidents.services.similarity import Similar

_Verdict = SimilarityVerdict.Verdict
_Source = SimilarityVerdict.Source
MOST_JUDGED_TOGETHER = 10


def give_verdict(incident_id: str, other_id: str, verdict: str, actor: Actor) -> SimilarityVerdict:
    """Say what two incidents are to each other, or say it anew; `related` ties them together.

    Raises:
        PermissionDenied: the actor may not change incidents.
        Incident.DoesNotExist: one of them is not there for the actor.
        ValidationError: there is no such verdict, it is one and the same incident, or one was merged into the other.
    """
    require_responder(actor)
    problems = Problems()
    if verdict not in _Verdict.values:
        problems.add("verdict", f"The verdict is one of {', '.join(_Verdict.values)}.", "unknown")
    if incident_id == other_id:
        problems.add("other", "Choose another incident than this one.", "not_allowed")
    problems.raise_if_any()
    return _give((incident_id, other_id), verdict, actor, evidence_about(incident_id, other_id, actor))


def reject_pairs(incident_ids: Collection[str], actor: Actor) -> int:
    """Say of incidents that look alike that none is another; return of how many pairs that was said.

    Only pairs that were found to look alike, or were called the same, are judged; about ten queries for each.

    Raises:
        PermissionDenied, Incident.DoesNotExist, ValidationError: as give_verdict; then nothing is said.
    """
    require_responder(actor)
    ids = sorted(set(incident_ids))
    problems = Problems()
    if not 2 <= len(ids) <= MOST_JUDGED_TOGETHER:
        problems.add("id", f"Name 2 to {MOST_JUDGED_TOGETHER} incidents.", "out_of_range")
    problems.raise_if_any()
    among = Q(incident__in=ids, other_incident__in=ids)
    same = SimilarityVerdict.objects.visible_to(actor).filter(among, verdict=_Verdict.SAME)
    candidates = DuplicateCandidate.objects.visible_to(actor).filter(among)
    found: list[DuplicateCandidate | SimilarityVerdict] = [*same, *candidates]
    pairs = {(row.incident_id, str(row.other_incident_id)): _stored(row) for row in found}
    with transaction.atomic():
        # All of them first, in the order of their ids: pair by pair, two groups could wait for each other.
        for pk in ids:
            lock_incident(pk, actor, version=None)
        for pair, evidence in sorted(pairs.items(), key=lambda item: item[0]):
            _give(pair, _Verdict.DIFFERENT, actor, evidence)
    return len(pairs)


def record_verdict(
    pair: tuple[str, str],
    verdict: str,
    actor: Actor,
    *,
    source: str,
    evidence: Evidence | None = None,
) -> SimilarityVerdict:
    """Store what a verb that is under way says of two incidents; call it in its transaction, before a merge is done.

    Without evidence the duplicate check is asked, for about a dozen queries. The verb has judged what the actor may
    do and see. Merging and declaring tell history themselves; a verdict from a page is told here.
    """
    older, newer = sorted(pair)
    before = _between(older, newer).first()
    if before is not None and before.verdict == verdict:
        return before
    found = evidence if evidence is not None else evidence_about(older, newer, actor)
    now = timezone.now()
    given, _ = SimilarityVerdict.objects.update_or_create(
        incident_id=older,
        other_incident_id=newer,
        defaults={
            "verdict": verdict,
            "source": source,
            "judged_at": now,
            **found.columns,
            **actor.creator_columns,
        },
    )
    if source == _Source.PAGE:
        _tell(given, before.verdict if before else "", actor)
    return given


def record_report(report: IncidentUpdate, similar: Similar | None, actor: Actor) -> None:
    """Store that somebody added a report instead of declaring: what they saw is the incident; one verdict a report."""
    SimilarityVerdict.objects.get_or_create(
        report=report,
        defaults={
            "incident_id": report.incident_id,
            "verdict": _Verdict.SAME,
            "source": _Source.DECLARE,
            **evidence_in(similar, report.incident_id).columns,
            **actor.creator_columns,
        },
    )


def record_separations(
    incident: Incident, others: Collection[Incident], similar: Similar | None, actor: Actor
) -> None:
    """Store that a new incident is another one than those that its declarer was shown; three queries for each."""
    for other in others:
        evidence = evidence_in(similar, other.pk)
        record_verdict(
            (incident.pk, other.pk), _Verdict.DIFFERENT, actor, source=_Source.SEPARATION, evidence=evidence
        )


def _give(pair: tuple[str, str], verdict: str, actor: Actor, evidence: Evidence) -> SimilarityVerdict:
    with transaction.atomic():
        _lock_apart(*pair, actor)
        before = _between(*pair).first()
        given = record_verdict(pair, verdict, actor, source=_Source.PAGE, evidence=evidence)
        _tie(*pair, verdict, before.verdict if before else "", actor)
    return given


def _stored(row: DuplicateCandidate | SimilarityVerdict) -> Evidence:
    return Evidence(row.score, row.level, tuple(row.reasons))


def _between(incident_id: str, other_id: str) -> QuerySet[SimilarityVerdict]:
    older, newer = sorted((incident_id, other_id))
    return SimilarityVerdict.objects.filter(incident=older, other_incident=newer)


def _lock_apart(incident_id: str, other_id: str, actor: Actor) -> None:
    """Lock both, in the order of their ids, so that two people who judge the same pair do not wait for each other."""
    locked = {pk: lock_incident(pk, actor, version=None) for pk in sorted((incident_id, other_id))}
    problems = Problems()
    if {row.merged_into_incident_id for row in locked.values()} & set(locked):
        problems.add("other", "One was merged into the other. Undo the merge first.", "not_allowed")
    problems.raise_if_any()


def _tie(incident_id: str, other_id: str, verdict: str, before: str, actor: Actor) -> None:
    """Let the relationship follow the verdict; a tie of another kind says more than the verdict, and stays."""
    ties = IncidentRelationship.objects.filter(
        Q(incident=incident_id, other_incident=other_id) | Q(incident=other_id, other_incident=incident_id)
    )
    tie = ties.first()
    if verdict == _Verdict.RELATED and tie is None:
        relate_incidents(incident_id, other_id, IncidentRelationship.Kind.RELATED, actor)
    elif (
        verdict != _Verdict.RELATED
        and before == _Verdict.RELATED
        and tie is not None
        and tie.kind == IncidentRelationship.Kind.RELATED
    ):
        unrelate_incidents(tie, actor)


def _tell(given: SimilarityVerdict, before: str, actor: Actor) -> None:
    """Note it on both sides by the id of the other alone: not everybody who reads may know of it."""
    pair = (given.incident_id, str(given.other_incident_id))
    for about, counterpart in (pair, pair[::-1]):
        history = History(about, actor, given.judged_at)
        history.add(
            IncidentEvent.Kind.VERDICT_GIVEN,
            verdict=given.verdict,
            before=before,
            other_incident_id=counterpart,
        )
        history.write()

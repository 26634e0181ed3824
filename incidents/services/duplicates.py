"""Pairs of incidents of which the duplicate check would warn, found without anybody asking."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from incidents.models import Actor, Configuration, DuplicateCandidate, Incident, SimilarityVerdict, Workflow
from incidents.models.incident_status import LOWEST_OPEN_RANK
from incidents.models.pairs import RECENT_DAYS
from incidents.services.duplicate_check import Evidence, check
from incidents.services.similarity import Match, question_about

BATCH = 100


def note_candidates(incident_id: str, matches: Collection[Match]) -> int:
    """Store which incidents the check would warn of, unless a verdict is known; return how many; two queries at most.

    A pair that is known already keeps what was said of it when it was found.
    """
    by_pair = {_pair(incident_id, match.incident_id): match for match in matches if match.is_warning}
    if not by_pair:
        return 0
    judged = set(SimilarityVerdict.objects.about(incident_id).values_list("incident_id", "other_incident_id"))
    rows = [
        DuplicateCandidate(incident_id=older, other_incident_id=newer, **Evidence.of(match).columns)
        for (older, newer), match in by_pair.items()
        if (older, newer) not in judged
    ]
    DuplicateCandidate.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def find_duplicates(limit: int) -> Iterator[tuple[int, int]]:
    """Compare the newest incidents that are open or recent with the others, and store the pairs that look like one.

    Yields how many were compared and how many pairs look alike, batch by batch; about ten queries an incident. It asks
    as somebody who sees what is public: what a private incident looks like is asked, but never found.
    """
    seeker = Actor(workflow=Workflow(name="find_duplicates"))
    configuration = Configuration.current()
    asked, last = 0, ""
    while asked < limit and (batch := _after(last, min(BATCH, limit - asked))):
        yield len(batch), sum(_compare(incident, seeker, configuration) for incident in batch)
        asked, last = asked + len(batch), batch[-1].pk


def _compare(incident: Incident, seeker: Actor, configuration: Configuration) -> int:
    similar = check(question_about(incident, configuration), seeker, configuration)
    return note_candidates(incident.pk, similar.warnings) if similar else 0


def _after(last: str, size: int) -> list[Incident]:
    """Return the next incidents, newest first: the recent ones, then older ones that are open."""
    counted = Incident.objects.all().counted()
    timely = counted.recent(days=RECENT_DAYS) | counted.filter(status_category_rank__gte=LOWEST_OPEN_RANK)
    return list((timely.filter(pk__lt=last) if last else timely).order_by("-pk")[:size])


def _pair(incident_id: str, other_id: str) -> tuple[str, str]:
    older, newer = sorted((incident_id, other_id))
    return older, newer

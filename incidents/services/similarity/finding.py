"""Finding the incidents that may be the one somebody is about to declare."""

from __future__ import annotations

import dataclasses
import math

from django.utils import timezone

from incidents.models import Actor, Configuration, Incident, StatusCategory
from incidents.services.similarity.candidates import best_candidates, count_tokens, nearest_token
from incidents.services.similarity.known_fields import known_values, pairs_asked
from incidents.services.similarity.levels import RELATED_COSINE
from incidents.services.similarity.loading import Row, load_candidates, load_survivors
from incidents.services.similarity.marking import name_parts
from incidents.services.similarity.question import (
    SHOWN,
    Limits,
    Match,
    Question,
    Reason,
    Similar,
)
from incidents.services.similarity.ranking import Asked, Ranked, rank
from incidents.services.similarity.reading import Reading, read
from incidents.services.similarity.reasons import reasons_for, state_reason
from incidents.services.similarity.weighing import measured_rarity, question_weights, usual_rarity
from incidents.services.similarity.window import COMPARED_LIMIT, WINDOW_DAYS

TOKENS_COUNTED = 40
TOKENS_LOOKED_UP = 12
SLIPS_LOOKED_UP = 3
SHORTEST_SLIP = 5
SLIP_SHARE = 0.8
WEIGHT_UNIT = 1_000


def find_similar(question: Question, actor: Actor, limits: Limits = SHOWN) -> Similar:
    """Return the open and recent incidents that may be the same as the one asked about.

    Only what the actor may see is compared, counted and named. Five queries, up to three more for misspelt words and
    one where a match was merged; the work is bounded whatever the length of the text.
    """
    configuration = Configuration.current()
    pairs = pairs_asked(question.field_values)
    reading = read(question.name, question.summary, pairs, known_values(configuration))
    if not reading.counts:
        return Similar(matches=(), compared=0, compared_is_capped=False, window_days=WINDOW_DAYS)
    asked, compared, frequencies = _ask(reading, question, actor)
    asked = dataclasses.replace(asked, likely_from=configuration.duplicates.warn_at)
    ids = best_candidates(_whole_weights(asked), _tokens_looked_up(asked, frequencies), actor)
    candidates = load_candidates(
        [pk for pk in ids if pk != question.exclude_incident_id], actor, configuration
    )
    return Similar(
        matches=_matches(rank(asked, candidates), question, actor, limits),
        compared=min(compared, COMPARED_LIMIT),
        compared_is_capped=compared > COMPARED_LIMIT,
        window_days=WINDOW_DAYS,
    )


def _ask(reading: Reading, question: Question, actor: Actor) -> tuple[Asked, int, dict[str, int]]:
    """Weigh the tokens of the question by how many incidents have them, slips of the finger by what was meant."""
    heaviest = sorted(reading.counts, key=lambda token: (-_usual_weight(reading, token), token))[
        :TOKENS_COUNTED
    ]
    frequencies, compared = count_tokens(heaviest, actor)
    rarity = measured_rarity(frequencies, min(compared, COMPARED_LIMIT))
    weights = question_weights(reading, rarity)
    for word in _unknown_words(reading, frequencies)[:SLIPS_LOOKED_UP]:
        if meant := nearest_token(word):
            weights[meant] = weights.get(meant, 0.0) + SLIP_SHARE * weights[word]
            frequencies.setdefault(meant, 1)
    return Asked(reading, weights, rarity, question.incident_type_id), compared, frequencies


def _usual_weight(reading: Reading, token: str) -> float:
    return (1 + math.log(reading.counts[token])) * usual_rarity(token)


def _unknown_words(reading: Reading, frequencies: dict[str, int]) -> list[str]:
    """Return the long words of the name that no public incident has."""
    words = [word for word in dict.fromkeys(reading.name_words) if frequencies.get(word) == 0]
    return [word for word in words if len(word) >= SHORTEST_SLIP and word.isalpha()]


def _whole_weights(asked: Asked) -> dict[str, int]:
    """Return the weights of the heaviest tokens as whole numbers, whose sums are the same on both databases."""
    heaviest = sorted(asked.weights, key=lambda token: (-asked.weights[token], token))[:TOKENS_COUNTED]
    return {token: max(1, round(WEIGHT_UNIT * asked.weights[token])) for token in heaviest}


def _tokens_looked_up(asked: Asked, frequencies: dict[str, int]) -> list[str]:
    """Return the heaviest tokens of the question that a public incident has."""
    known = [token for token in _whole_weights(asked) if frequencies.get(token)]
    return known[:TOKENS_LOOKED_UP]


def _matches(ranked: list[Ranked], question: Question, actor: Actor, limits: Limits) -> tuple[Match, ...]:
    """Return the rows: warnings first, then a few that are related; a merged incident stands for its survivor."""
    shown = [one for one in ranked if one.level != "related"]
    quiet = [
        one for one in ranked if one.level == "related" and one.comparison.features.cosine >= RELATED_COSINE
    ]
    rows = [*shown[: limits.rows], *quiet[: limits.related]]
    survivors = load_survivors([one.candidate for one in rows], actor)
    matches: dict[str, Match] = {}
    for one in rows:
        row = _survivor(one, survivors)
        if row is not None and row.incident.pk not in {*matches, question.exclude_incident_id}:
            matches[row.incident.pk] = _match(one, row)
    return tuple(matches.values())[: limits.rows]


def _survivor(one: Ranked, survivors: dict[str, Row]) -> Row | None:
    merged_into = one.candidate.incident.merged_into_incident_id
    return survivors.get(merged_into) if merged_into else one.candidate.row


def _match(one: Ranked, row: Row) -> Match:
    """Return the row of a candidate, or of the incident into which it was merged."""
    compared, incident = one.candidate.incident, row.incident
    reasons = reasons_for(one.comparison, one.candidate.reading, compared.name, one.score)
    return Match(
        incident_id=incident.pk,
        number=incident.number,
        reference=incident.reference,
        name=incident.name,
        name_parts=name_parts(incident.name, one.comparison.shared_words),
        summary=row.summary,
        score=one.score.value,
        level=one.level,
        reasons=(*reasons, *_facts(compared, incident)),
        incident_status_id=incident.incident_status_id,
        severity_id=incident.severity_id,
        status_category=incident.status_category,
        is_open=incident.is_open,
        is_private=incident.is_private,
        created_at=incident.created_at,
        last_activity_at=incident.last_activity_at,
    )


def _facts(compared: Incident, incident: Incident) -> list[Reason]:
    """Return what informs without points: where it stands, and which incident led to it."""
    label = StatusCategory(incident.status_category).label
    now = timezone.now()
    facts = [
        state_reason(
            is_open=incident.is_open, category_label=label, moment=incident.last_activity_at, now=now
        )
    ]
    if compared is not incident:
        facts.append(Reason("merged", f"{compared.reference} “{compared.name}” was merged into it", 0))
    return facts

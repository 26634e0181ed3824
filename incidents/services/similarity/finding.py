"""Finding the incidents that may be the one somebody is about to declare."""

from __future__ import annotations

import dataclasses
import math

from django.utils import timezone

from incidents.models import Actor, Configuration, StatusCategory
from incidents.services.similarity.alike import Group, alike_token, collapse, words_alike
from incidents.services.similarity.candidates import best_candidates, nearest_tokens
from incidents.services.similarity.counting import count_alike, count_tokens
from incidents.services.similarity.known_fields import known_values, pairs_asked
from incidents.services.similarity.loading import count_reports, load_candidates, load_shown
from incidents.services.similarity.marking import name_parts
from incidents.services.similarity.question import (
    SHOWN,
    Alike,
    Limits,
    Match,
    Question,
    Reason,
    Similar,
)
from incidents.services.similarity.ranking import Asked, Ranked, rank
from incidents.services.similarity.reading import Reading, read
from incidents.services.similarity.reasons import reasons_for, state_reason
from incidents.services.similarity.rows import Row
from incidents.services.similarity.weighing import (
    COUNT_LIMIT,
    measured_rarity,
    question_weights,
    usual_rarity,
)
from incidents.services.similarity.window import COMPARED_LIMIT, WINDOW_DAYS

TOKENS_COUNTED = 40
TOKENS_LOOKED_UP = 10
SLIPS_LOOKED_UP = 3
SHORTEST_SLIP = 5
SLIP_SHARE = 0.8
WEIGHT_UNIT = 1_000


def find_similar(
    question: Question, actor: Actor, limits: Limits = SHOWN, *, configuration: Configuration | None = None
) -> Similar:
    """Return the open and recent incidents that may be the same as the one asked about.

    Only what the actor may see is compared, counted and named. Five queries, four where nothing is found, and one more
    each where few public incidents are recent, where words are misspelt, where a match was merged and where many are
    near-identical; one less for whoever has the configuration.
    The work is bounded whatever the text.
    """
    ranked, compared = rank_similar(question, actor, configuration or Configuration.current())
    return Similar(
        matches=_matches(ranked, question, actor, limits),
        compared=min(compared, COMPARED_LIMIT),
        compared_is_capped=compared > COMPARED_LIMIT,
        window_days=WINDOW_DAYS,
    )


def rank_similar(question: Question, actor: Actor, configuration: Configuration) -> tuple[list[Ranked], int]:
    """Return every candidate with its evidence, in order, and how many incidents were compared (capped).

    What find_similar is made of, for those who measure and train it.
    """
    pairs = pairs_asked(question.field_values)
    reading = read(question.name, question.summary, pairs, known_values(configuration))
    if not reading.counts:
        return [], 0
    asked, compared, frequencies = _ask(reading, question, actor)
    asked = dataclasses.replace(asked, likely_from=configuration.duplicates.warn_at)
    ids = best_candidates(_whole_weights(asked), _tokens_looked_up(asked, frequencies), actor)
    candidates = load_candidates(
        [pk for pk in ids if pk != question.exclude_incident_id], actor, configuration
    )
    return rank(asked, candidates), compared


def _ask(reading: Reading, question: Question, actor: Actor) -> tuple[Asked, int, dict[str, int]]:
    """Weigh the tokens of the question by how many incidents have them, slips of the finger by what was meant."""
    heaviest = sorted(reading.counts, key=lambda token: (-_usual_weight(reading, token), token))[
        :TOKENS_COUNTED
    ]
    frequencies, compared = count_tokens(heaviest, actor)
    rarity = measured_rarity(frequencies, min(compared, COMPARED_LIMIT))
    weights = question_weights(reading, rarity)
    unknown = _unknown_words(reading, frequencies)[:SLIPS_LOOKED_UP]
    for word, meant in nearest_tokens(unknown).items():
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
    groups = collapse(ranked)
    shown = [group for group in groups if group.best.level != "related"]
    quiet = [
        group
        for group in groups
        if group.best.level == "related" and group.best.comparison.features.cosine >= limits.least_cosine
    ]
    rows = [*shown[: limits.rows], *quiet[: limits.related]]
    shown_rows = load_shown([group.best.candidate.row for group in rows], actor)
    reports = count_reports(shown_rows)
    counts = _count_more(rows, question, actor)
    matches: dict[str, Match] = {}
    for group in rows:
        compared = group.best.candidate.row
        row = shown_rows.get(compared.shown_id)
        if row is not None and row.id not in {*matches, question.exclude_incident_id}:
            facts = _facts(compared, row, reports.get(row.id, 0))
            matches[row.id] = _match(group, row, facts, counts)
    return tuple(matches.values())[: limits.rows]


def _count_more(rows: list[Group], question: Question, actor: Actor) -> dict[str, int]:
    """Return how many incidents there are besides each row that stands for others, by their token."""
    tokens = {alike_token(group.best.candidate.reading): len(group.others) for group in rows if group.others}
    if not tokens:
        return {}
    found = count_alike(tokens, actor, but=question.exclude_incident_id)
    return {token: max(found[token] - 1, at_least) for token, at_least in tokens.items()}


def _match(group: Group, row: Row, facts: list[Reason], counts: dict[str, int]) -> Match:
    """Return the row of a candidate, or of the incident into which it was merged."""
    one = group.best
    reasons = reasons_for(one.comparison, one.candidate.reading, one.candidate.row.name, one.score)
    return Match(
        incident_id=row.id,
        number=row.number,
        reference=row.reference,
        name=row.name,
        name_parts=name_parts(row.name, one.comparison.shared_words, one.candidate.reading.vocabulary),
        summary=row.summary,
        score=one.score.value,
        level=one.level,
        reasons=(*reasons, *facts),
        incident_status_id=row.incident_status_id,
        severity_id=row.severity_id,
        status_category=row.status_category,
        is_open=row.is_open,
        is_private=row.is_private,
        created_at=row.created_at,
        last_activity_at=row.last_activity_at,
        alike=_alike(group, counts),
    )


def _alike(group: Group, counts: dict[str, int]) -> Alike | None:
    if not group.others:
        return None
    candidate = group.best.candidate
    count = counts[alike_token(candidate.reading)]
    return Alike(
        count=min(count, COUNT_LIMIT),
        is_capped=count > COUNT_LIMIT,
        answered_ids=group.answered_ids,
        search=words_alike(candidate.row.name, candidate.reading),
    )


def _facts(compared: Row, row: Row, report_count: int) -> list[Reason]:
    """Return what informs without points: where it stands, who reported it too, and which incident led to it."""
    label = StatusCategory(row.status_category).label
    now = timezone.now()
    facts = [state_reason(is_open=row.is_open, category_label=label, moment=row.last_activity_at, now=now)]
    if report_count:
        facts.append(Reason("reports", f"{report_count} report{'s' if report_count > 1 else ''}", 0))
    if compared.id != row.id:
        facts.append(Reason("merged", f"{compared.reference} “{compared.name}” was merged into it", 0))
    return facts

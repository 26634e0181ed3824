"""Puts labelled incidents into an empty installation, asks of each question what the form would ask, and keeps the answers."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from incidents.models import Actor, Configuration, CustomField, CustomFieldOption, User
from incidents.services.configuration import save_noun
from incidents.services.creation import create_incident
from incidents.services.drafts import IncidentDraft
from incidents.services.similarity import KnownValue, Limits, Question, find_similar
from incidents.services.similarity.window import WINDOW_DAYS
from incidents.text import NAME_LENGTH, SUMMARY_LENGTH

Row = Mapping[str, Any]
Progress = Callable[[int], None]
KINDS = ("service", "region")
BATCH = 200
LIMITS = Limits(rows=10, related=10, least_cosine=0.0)
"""Deeper than the form, which shows five that are near: the figures look at the order of ten."""

_OLDEST = datetime.timedelta(days=WINDOW_DAYS, hours=-1)


def benchmark(rows: Iterable[Row], progress: Progress) -> Iterator[dict[str, Any]]:
    """Load the rows of type "pool", then yield an answer for each of type "query". The database must be empty."""
    rows = list(rows)
    actor, pool_ids = load_pool(rows, progress)
    for row in rows:
        if row["type"] != "query":
            continue
        similar = find_similar(question_of(row), actor, LIMITS)
        yield {
            "qid": row["qid"],
            "results": [
                {"id": pool_ids[match.incident_id], "score": match.score / 100, "level": match.level}
                for match in similar.matches
            ],
        }


def load_pool(rows: Iterable[Row], progress: Progress) -> tuple[Actor, dict[str, int]]:
    """Create the incidents of type "pool"; return who sees them all, and the ids of the data by the incidents' ids."""
    pool = [row for row in rows if row["type"] == "pool"]
    actor = Actor.of_user(
        User.objects.create_user("benchmark@example.com", name="Benchmark", role=User.Role.ADMINISTRATOR)
    )
    _make_fields(pool, actor)
    return actor, _load(pool, actor, progress)


def question_of(row: Row) -> Question:
    """Return a row of type "query" as the form would ask it."""
    return Question(
        name=row["title"],
        summary=row.get("summary") or "",
        field_values=tuple(KnownValue(kind, row[kind]) for kind in KINDS if row.get(kind)),
    )


def _make_fields(pool: Iterable[Row], actor: Actor) -> None:
    """Make a select for each field that the data knows, with its values as options."""
    for kind in KINDS:
        values = sorted({row[kind] for row in pool if row.get(kind)})
        if not values:
            continue
        field = CustomField(
            name=kind.capitalize(), field_type=CustomField.FieldType.SINGLE_SELECT, similarity=kind
        )
        save_noun(field, actor)
        for value in values:
            save_noun(CustomFieldOption(custom_field=field, value=value), actor)


def _load(pool: list[Row], actor: Actor, progress: Progress) -> dict[str, int]:
    configuration = Configuration.current()
    fields = {field.similarity: field.pk for field in configuration.custom_fields}
    now = timezone.now()
    pool_ids: dict[str, int] = {}
    for start in range(0, len(pool), BATCH):
        with transaction.atomic():
            for row in pool[start : start + BATCH]:
                age = min(datetime.timedelta(hours=row.get("age_hours") or 0), _OLDEST)
                draft = _draft(row, configuration, fields)
                incident = create_incident(draft, actor, created_at=now - age).incident
                pool_ids[incident.pk] = row["id"]
        progress(min(start + BATCH, len(pool)))
    return pool_ids


def _draft(row: Row, configuration: Configuration, fields: Mapping[str, str]) -> IncidentDraft:
    status = configuration.first_status("live" if row.get("open", True) else "closed")
    options = {
        kind: next(
            option.pk for option in configuration.options[fields[kind]] if option.value == row[kind].strip()
        )
        for kind in KINDS
        if row.get(kind)
    }
    return IncidentDraft(
        name=row["title"][:NAME_LENGTH],
        summary=(row.get("summary") or "")[:SUMMARY_LENGTH],
        severity_id=next(iter(configuration.severities)).pk,
        incident_status_id=status.pk if status else None,
        mode="standard" if row.get("open", True) else "retrospective",
        custom_fields={fields[kind]: (option,) for kind, option in options.items()},
    )

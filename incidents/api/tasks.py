"""What the routes of actions and follow-ups have in common: which of them a key may see, and which were asked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, Literal, TypeVar

from msgspec import UNSET, Struct, UnsetType

from incidents.api.errors import not_found
from incidents.api.ids import id_in_path, id_sent
from incidents.api.periods import PeriodQuery
from incidents.api.routes import Call
from incidents.api.wire.base import Id
from incidents.models import Action, FollowUp, Incident
from incidents.models.incident_conditions import DEFAULT_MODES
from incidents.models.task_queryset import TaskQuerySet
from incidents.services import drafts

TaskT = TypeVar("TaskT", Action, FollowUp)
MOST_LISTED: Final = 1_000
"""How many the lists hold that have no pages: the newest."""
IncidentMode = Literal["standard", "retrospective", "test", "tutorial", "stream"]


class TasksQuery(Struct):
    """Which of them: those of one incident, or of the incidents of a mode. There are no streams here."""

    incident_id: Id = ""
    incident_mode: IncidentMode | UnsetType = UNSET


class TasksPageQuery(PeriodQuery):
    """Which of them, and which part of the list."""

    incident_id: Id = ""
    incident_mode: IncidentMode | UnsetType = UNSET


def id_to_set(value: str | UnsetType | None) -> str | drafts.Unset | None:
    """Return the id that shall be set, None where null or nothing takes it away, and what leaves it if it is not sent."""
    if value is UNSET:
        return drafts.UNSET
    return value.upper() if value else None


def modes_of(mode: IncidentMode | UnsetType) -> Collection[str]:
    """Return the modes of the incidents that are meant; practice is left out unless it is asked for."""
    return DEFAULT_MODES if mode is UNSET else (mode,)


def asked_tasks(
    kind: type[TaskT], call: Call[Any, Any], modes: Collection[str], incident_id: str
) -> TaskQuerySet[TaskT]:
    """Return those of the modes that the key may see, with what answers tell of them; no query yet.

    Raises:
        ApiError: 422 where the incident's id is none.
    """
    incidents = Incident.objects.visible_to(call.actor).filter(mode__in=modes)
    rows = kind.objects.listed().of_incidents(incidents).for_api()
    named = id_sent(incident_id, "/incident_id")
    return rows if named is None else rows.filter(incident_id=named)


def newest(rows: TaskQuerySet[TaskT]) -> list[TaskT]:
    """Return the newest of them, oldest first; one query."""
    return list(rows.order_by("-id")[:MOST_LISTED])[::-1]


def find_task(kind: type[TaskT], call: Call[Any, Any], pk: str) -> TaskT | None:
    """Return the one of this id, None where there is none that the key may see, or where it was deleted; one query."""
    visible = Incident.objects.visible_to(call.actor)
    return kind.objects.listed().of_incidents(visible).for_api().filter(pk=pk).first()


def task_in_path(kind: type[TaskT], call: Call[Any, Any]) -> TaskT:
    """Return the one that the path names; one query.

    Raises:
        ApiError: 404 as find_task.
    """
    noun = str(kind._meta.verbose_name)
    row = find_task(kind, call, id_in_path(call, noun))
    if row is None:
        raise not_found(noun)
    return row

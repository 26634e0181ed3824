"""Writes the actions and follow-ups of an incident: most have none, a few have many."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Sequence

from incidents.management.seeding.bulk import stored_id, stored_moment, ulid_of
from incidents.management.seeding.cast import Cast
from incidents.management.seeding.plans import Plan
from incidents.management.seeding.recording import Creator, Recording
from incidents.management.seeding.to_do import ACTIONS, FOLLOW_UPS, LABELS
from incidents.models import IncidentEvent, TaskStatus, User
from incidents.services.history import told

_Kind = IncidentEvent.Kind
_WITHOUT = frozenset({"triage", "declined", "canceled", "merged"})
_AFTER = frozenset({"learning", "closed"})
_NEVER_ENDED_SHARE, _DROPPED_SHARE = 0.06, 0.09
_MINUTE, _DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)
# While an incident goes on, the last update is not the end.
_MEANWHILE = 40 * _MINUTE


@dataclasses.dataclass(frozen=True, slots=True)
class Task:
    """What is to be done and by whom, and what became of it; `ended_at` is None while it is open."""

    id: str
    words: str
    assignee: User | None
    creator: Creator
    added_at: datetime.datetime
    ended_at: datetime.datetime | None
    status: TaskStatus

    @property
    def columns(self) -> tuple[str | None, ...]:
        """What both tables hold, from the words on."""
        ended_at = None if self.ended_at is None else stored_moment(self.ended_at)
        return (
            self.words,
            self.status.value,
            None if self.assignee is None else stored_id(self.assignee.pk),
            stored_moment(self.added_at),
            ended_at or stored_moment(self.added_at),
            ended_at if self.status == TaskStatus.COMPLETED else None,
            *self.creator,
        )


def write_tasks(plan: Plan, recording: Recording, cast: Cast, *, now: datetime.datetime) -> None:
    """Note what was to be done during the incident, and what was learned from it; nothing comes after `now`."""
    if recording.status.category in _WITHOUT or plan.mode in {"test", "tutorial"}:
        return
    _Tasks(plan, recording, cast, now).write()


class _Tasks:
    """The tasks of one incident."""

    def __init__(self, plan: Plan, recording: Recording, cast: Cast, now: datetime.datetime) -> None:
        self._plan, self._recording, self._cast, self._now = plan, recording, cast, now
        self._rng = plan.rng
        self._is_over = recording.status.category in _AFTER
        last = recording.changed_at if self._is_over else recording.changed_at + _MEANWHILE
        self._lasts = min(now, last) - plan.declared_at

    def write(self) -> None:
        """Decide how many there are, and note each."""
        is_severe = self._plan.is_severe
        if self._plan.mode == "standard":
            for template in self._some(0.6 if is_severe or not self._is_over else 0.14, ACTIONS):
                takes = self._rng.lognormvariate(3.2, 1.1) * _MINUTE
                self._add_action(self._task(template, self._rng.uniform(0.05, 0.6), takes))
        if self._is_over:
            for template in self._some(0.55 if is_severe else 0.1, FOLLOW_UPS):
                takes = self._rng.lognormvariate(2.6, 1.2) * _DAY
                self._add_follow_up(self._task(template, self._rng.uniform(0.7, 1), takes))

    def _some(self, share: float, templates: Sequence[str]) -> list[str]:
        """Return none for most incidents, one or two for the others, and many for a few."""
        if self._rng.random() >= share:
            return []
        count = min(len(templates), max(1, round(self._rng.lognormvariate(0.5, 0.7))))
        return self._rng.sample(templates, k=count)

    def _task(self, template: str, part: float, takes: datetime.timedelta) -> Task:
        rng, lead = self._rng, self._plan.lead
        added_at = _whole(self._plan.declared_at + self._lasts * part)
        ended_at = _whole(added_at + takes) if rng.random() >= _NEVER_ENDED_SHARE else None
        if ended_at is not None and ended_at > self._now:
            ended_at = None
        status = TaskStatus.OUTSTANDING
        if ended_at is not None:
            status = TaskStatus.NOT_DOING if rng.random() < _DROPPED_SHARE else TaskStatus.COMPLETED
        words = template.format_map(self._plan.story.words)
        return Task(
            id=self._recording.mint.at(added_at),
            words=words[0].upper() + words[1:],
            assignee=self._assignee(),
            creator=(stored_id((lead or rng.choice(self._cast.responders)).pk), None, None, None),
            added_at=added_at,
            ended_at=ended_at,
            status=status,
        )

    def _assignee(self) -> User | None:
        """Return who does it: nobody else than the lead where others would have to be let in first."""
        lead, chance = self._plan.lead, self._rng.random()
        if chance < 0.22:
            return None
        return lead if chance < 0.45 or self._plan.is_private else self._rng.choice(self._cast.responders)

    def _add_action(self, task: Task) -> None:
        self._recording.tables.actions.add(task.id, self._recording.incident_id, *task.columns)
        self._tell(task, _Kind.ACTION_ADDED, _Kind.ACTION_CHANGED, task.words.partition("\n")[0][:80])

    def _add_follow_up(self, task: Task) -> None:
        rng, cast, team = self._rng, self._cast, self._plan.story.service.team
        priority = rng.choice(cast.priorities) if cast.priorities and rng.random() < 0.6 else None
        its_team = cast.configuration.teams.by_slug.get(team.lower()) if rng.random() < 0.4 else None
        labels = rng.sample(LABELS, k=rng.choice((1, 1, 2))) if rng.random() < 0.35 else []
        issue = f"{team[:3].upper()}-{rng.randint(40, 2400)}" if rng.random() < 0.25 else ""
        self._recording.tables.follow_ups.add(
            task.id,
            self._recording.incident_id,
            *task.columns,
            None if priority is None else stored_id(priority.pk),
            None if its_team is None else stored_id(its_team.pk),
            json.dumps(labels),
            "linear" if issue else "",
            issue,
            f"https://linear.app/example/issue/{issue}" if issue else "",
        )
        self._tell(task, _Kind.FOLLOW_UP_ADDED, _Kind.FOLLOW_UP_CHANGED, task.words)

    def _tell(self, task: Task, added: IncidentEvent.Kind, changed: IncidentEvent.Kind, name: str) -> None:
        about = {"task": {"id": ulid_of(task.id), "name": name}, "assignee": told(task.assignee)}
        tell = self._recording.tell_of_task
        tell(added, task.creator, task.added_at, **about, status=TaskStatus.OUTSTANDING.value, changed=[])
        if task.ended_at is None:
            return
        columns = ["status", "completed_at"] if task.status == TaskStatus.COMPLETED else ["status"]
        by_whom = task.creator if task.assignee is None else (stored_id(task.assignee.pk), None, None, None)
        tell(changed, by_whom, task.ended_at, **about, status=task.status.value, changed=columns)


def _whole(moment: datetime.datetime) -> datetime.datetime:
    """Return the moment without its microseconds, which ids do not carry."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

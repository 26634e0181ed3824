"""Decides about each incident of the demo: what it is about, who takes part, and how it goes."""

from __future__ import annotations

import dataclasses
import datetime
import random

from incidents.management.seeding.calendar import RECENT_DAYS, Calendar
from incidents.management.seeding.cast import Cast
from incidents.management.seeding.routes import Route, Statuses, Step, route_to
from incidents.management.seeding.stories import Story, tell, tell_again
from incidents.models import ApiKey, IncidentType, Severity, User, Workflow

_DAY = 86_400.0
_SEVERE_RANK = 3
_MILLISECOND = datetime.timedelta(milliseconds=1)
Automation = ApiKey | Workflow


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """One incident, decided. `creator` is None where an alert of its own made it."""

    rng: random.Random
    index: int
    declared_at: datetime.datetime
    story: Story
    route: Route
    mode: str
    is_private: bool
    incident_type: IncidentType | None
    severity: Severity | None
    creator: User | Automation | None
    lead: User | None
    age_days: float
    twin: Plan | None = None

    @property
    def is_merged(self) -> bool:
        """Whether it ends by being merged into its twin."""
        return bool(self.route.steps) and self.route.steps[-1].stage == "merged"

    @property
    def is_severe(self) -> bool:
        """Whether it begins at least as badly as the third of the severities."""
        return self.severity is not None and self.severity.rank >= _SEVERE_RANK

    @property
    def is_public_and_standard(self) -> bool:
        """Whether another incident may be merged into it, or be taken for it."""
        return self.mode == "standard" and not self.is_private and not self.is_merged


class Planner:
    """Plans one incident after the other; the same seed gives the same plans, but for ids and times."""

    def __init__(self, cast: Cast, *, seed: int, calendar: Calendar, now: datetime.datetime) -> None:
        self._cast, self._seed, self._now = cast, seed, now
        self._calendar = calendar
        self._statuses = Statuses(cast.configuration)
        self._severities = tuple(cast.configuration.severities)
        # Each is about half as frequent as the one below it.
        self._severity_weights = [0.55**rank for rank in range(len(self._severities))]
        types = cast.configuration.incident_types
        self._private_types = tuple(kind for kind in types if kind.private_incidents_only)
        self._supplier_type = types.by_slug.get("supplier")
        self._previous: Plan | None = None

    def plan(self, index: int) -> Plan:
        """Return the plan of the incident at that place, counted from 0; call it in order."""
        rng = random.Random(self._seed * 10_000_019 + index)  # noqa: S311 - believable, not secret
        age = self._calendar.age_days(index, rng.random())
        mode = rng.choices(("standard", "test", "tutorial", "retrospective"), (93, 3, 1.5, 2.5))[0]
        ending = _ending(rng, age)
        twin = self._twin(rng, mode, ending)
        if ending == "merged" and twin is None:
            ending = "closed"
        is_private = twin is None and mode == "standard" and rng.random() < 0.035
        is_alert = not is_private and mode == "standard" and rng.random() < 0.2
        story = (
            tell_again(twin.story, rng)
            if twin is not None
            else tell(rng, mode=mode, is_security=is_private, is_alert=is_alert)
        )
        plan = Plan(
            rng=rng,
            index=index,
            declared_at=self._declared_at(rng, age, twin),
            story=story,
            route=self._route(rng, ending, age, mode=mode),
            mode=mode,
            is_private=is_private,
            incident_type=self._type(story, is_private=is_private),
            severity=self._severity(rng),
            creator=self._creator(rng, story),
            lead=self._lead(rng, ending),
            age_days=age,
            twin=twin,
        )
        self._previous = plan
        return plan

    def _twin(self, rng: random.Random, mode: str, ending: str) -> Plan | None:
        """Return the incident before, where this one is about the same thing."""
        before = self._previous
        if mode != "standard" or before is None or not before.is_public_and_standard:
            return None
        is_overlooked = ending in {"triage", "live"} and rng.random() < 0.25
        return before if ending == "merged" or is_overlooked else None

    def _declared_at(self, rng: random.Random, age: float, twin: Plan | None) -> datetime.datetime:
        moment = self._now - self._calendar.declared_ago(age)
        if self._previous is None:
            return _whole(moment)
        if twin is not None:
            moment = min(moment, twin.declared_at + datetime.timedelta(minutes=rng.uniform(2, 45)))
        return _whole(max(moment, self._previous.declared_at + _MILLISECOND))

    def _route(self, rng: random.Random, ending: str, age: float, *, mode: str) -> Route:
        if mode == "retrospective" and (over := self._statuses.of("resolved")) is not None:
            return Route(over, (Step(min(age * 0.9, 2) * _DAY, "closed", self._statuses.of("closed")),))
        # The calendar moves older ones within their week.
        room = (age if age <= RECENT_DAYS else age - 7) * _DAY
        return route_to(ending, self._statuses, rng, room=room, in_triage=rng.random() < 0.3)

    def _type(self, story: Story, *, is_private: bool) -> IncidentType | None:
        if is_private and self._private_types:
            return self._private_types[0]
        if story.service.kind == "supplier" and self._supplier_type is not None:
            return self._supplier_type
        return self._cast.configuration.default_type

    def _severity(self, rng: random.Random) -> Severity | None:
        return rng.choices(self._severities, self._severity_weights)[0] if self._severities else None

    def _creator(self, rng: random.Random, story: Story) -> User | Automation | None:
        chance = rng.random()
        if story.is_alert:
            return None if chance < 0.6 else self._cast.api_keys[-1]
        if story.service.kind == "supplier" and chance < 0.2:
            return rng.choice(self._cast.workflows)
        return rng.choice(self._cast.api_keys[:-1]) if chance < 0.05 else rng.choice(self._cast.people)

    def _lead(self, rng: random.Random, ending: str) -> User | None:
        chance = 0.15 if ending in {"triage", "declined", "canceled", "merged"} else 0.88
        return rng.choice(self._cast.responders) if rng.random() < chance else None


def _ending(rng: random.Random, age: float) -> str:
    """Return the category in which the incident is by now."""
    if age <= RECENT_DAYS:
        is_open = rng.random() < (0.9 if age < 0.15 else 0.7 if age < 1 else 0.5 if age < 3 else 0.4)
        if is_open:
            return rng.choices(("triage", "live", "paused"), (24, 64, 12))[0]
    elif rng.random() < 0.003:
        return "paused"
    ended = rng.choices(("declined", "canceled", "merged", "over"), (4, 3, 8, 85))[0]
    if ended != "over":
        return ended
    return "learning" if rng.random() < (0.4 if age < 30 else 0.12 if age < 90 else 0.012) else "closed"


def _whole(moment: datetime.datetime) -> datetime.datetime:
    """Return the moment without its microseconds, which ids do not carry."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

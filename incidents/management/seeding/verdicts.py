"""What the company of the demo says of incidents that look like one, with what the duplicate check makes of them."""

from __future__ import annotations

import dataclasses
import datetime
import random
from collections import deque

import msgspec

from incidents.management.seeding.bulk import stored_id, stored_moment
from incidents.management.seeding.cast import Cast
from incidents.management.seeding.plans import Plan
from incidents.management.seeding.recording import Creator, Recording, Update
from incidents.management.seeding.stories import Story
from incidents.models import IncidentEvent, SimilarityVerdict
from incidents.services.similarity import KnownValue, Question, Resemblance, resemblance
from incidents.services.similarity.scoring import VERSION

REMEMBERED_DAYS = 365
"""The page that measures the warnings looks back no further."""
MOST_JUDGED = 2_000
"""Of the newest incidents: comparing takes ten times as long as writing one down."""
_LOOKED_BACK = 80
_JUDGED_SHARE = 0.6
_UNSURE_SHARE = 0.1
_LEAST_SCORE = 20
_Verdict, _Source = SimilarityVerdict.Verdict, SimilarityVerdict.Source


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """Who says what, when and where."""

    verdict: SimilarityVerdict.Verdict
    source: SimilarityVerdict.Source
    creator: Creator
    moment: datetime.datetime


class Judges:
    """Notes verdicts, which change nothing else: their chances come from a generator of their own."""

    def __init__(self, cast: Cast, *, count: int, now: datetime.datetime) -> None:
        self._cast, self._now = cast, now
        self._first = count - MOST_JUDGED
        self._before: deque[tuple[str, Story]] = deque(maxlen=_LOOKED_BACK)

    def judge_report(self, plan: Plan, recording: Recording, report: Update) -> None:
        """Note that somebody who saw the same added a report instead of declaring it again."""
        if self._is_judged(plan):
            said = Said(_Verdict.SAME, _Source.DECLARE, report.creator, report.moment)
            asked = _question(plan.story, name=report.message.split("\n")[0])
            self._add(said, recording, recording.incident_id, self._compare(asked, plan.story), report=report)

    def judge_twin(self, said: Said, plan: Plan, recording: Recording, twin_id: str) -> None:
        """Note what is said of the incident and the one before it, which is about the same."""
        if plan.twin is not None and self._is_judged(plan):
            self._add(said, recording, twin_id, self._compare(_question(plan.story), plan.twin.story))

    def look_back(self, plan: Plan, recording: Recording) -> None:
        """Note what somebody says, on the page of the incident, of the one before that looks most like it."""
        rng = random.Random(plan.index)  # noqa: S311 - believable, not secret
        if not plan.is_public_and_standard:
            return
        if plan.twin is None and self._is_judged(plan) and rng.random() < _JUDGED_SHARE:
            self._judge_nearest(plan, recording, rng)
        self._before.append((recording.incident_id, plan.story))

    def _is_judged(self, plan: Plan) -> bool:
        return plan.age_days <= REMEMBERED_DAYS and plan.index >= self._first

    def _judge_nearest(self, plan: Plan, recording: Recording, rng: random.Random) -> None:
        asked = _question(plan.story)
        rivals = [(pk, story) for pk, story in self._before if story.service is plan.story.service]
        compared = [(self._compare(asked, story), pk) for pk, story in rivals]
        found, other_id = max(compared, key=lambda one: one[0].score, default=(None, ""))
        if found is None or found.score < _LEAST_SCORE:
            return
        verdict = _Verdict.UNSURE if rng.random() < _UNSURE_SHARE else _Verdict.DIFFERENT
        author = stored_id(rng.choice(self._cast.responders).pk), None, None, None
        said = Said(verdict, _Source.PAGE, author, self._soon_after(plan, rng))
        self._add(said, recording, other_id, found)
        recording.note_on_both(
            IncidentEvent.Kind.VERDICT_GIVEN, author, said.moment, other_id, verdict=verdict.value, before=""
        )

    def _soon_after(self, plan: Plan, rng: random.Random) -> datetime.datetime:
        moment = plan.declared_at + datetime.timedelta(seconds=rng.randint(60, 3_600))
        return min(moment, plan.declared_at + (self._now - plan.declared_at) / 2)

    def _compare(self, asked: Question, story: Story) -> Resemblance:
        return resemblance(asked, _question(story), self._cast.configuration)

    def _add(
        self,
        said: Said,
        recording: Recording,
        other_id: str,
        found: Resemblance,
        *,
        report: Update | None = None,
    ) -> None:
        """Note the verdict on the incident and one declared before it, or on an incident and a report."""
        recording.tables.verdicts.add(
            recording.mint.at(said.moment),
            other_id,
            None if report is not None else recording.incident_id,
            report and report.id,
            said.verdict.value,
            said.source.value,
            found.score,
            found.level,
            msgspec.json.encode([dataclasses.asdict(reason) for reason in found.reasons]).decode(),
            VERSION,
            stored_moment(said.moment),
            *said.creator,
        )


def _question(story: Story, *, name: str = "") -> Question:
    """Return what a declarer would have typed; where they type a name of their own, no summary."""
    values = KnownValue("service", story.service.name), KnownValue("region", story.region)
    return Question(name=name or story.name, summary="" if name else story.summary, field_values=values)

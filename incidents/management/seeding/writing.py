"""Turns plans into rows of every table that an incident has."""

from __future__ import annotations

import datetime
from concurrent.futures import Executor

from incidents.management.seeding.bulk import Mint, stored_id, stored_moment
from incidents.management.seeding.cast import Cast
from incidents.management.seeding.messages import SEPARATE_REASONS
from incidents.management.seeding.parts import write_fields, write_roles
from incidents.management.seeding.plans import Plan
from incidents.management.seeding.recording import Creator, Recording, Update
from incidents.management.seeding.routes import Step
from incidents.management.seeding.tables import Tables
from incidents.management.seeding.tasks import write_tasks
from incidents.management.seeding.verdicts import Judges, Said
from incidents.models import ApiKey, IncidentEvent, Severity, SimilarityVerdict, User
from incidents.models.severity import NO_SEVERITY_RANK
from incidents.services.history import told
from incidents.services.lifecycle import timestamps_set_by
from incidents.services.metrics import measure
from incidents.services.search_text import SearchRow, search_text
from incidents.text import slug

_Kind = IncidentEvent.Kind
_Verdict, _Source = SimilarityVerdict.Verdict, SimilarityVerdict.Source
_SEVERE_SHARE = 0.5
_BY_LEAD_SHARE = 0.75


class Writer:
    """Notes the rows of one incident after the other, until they are written together."""

    def __init__(
        self,
        cast: Cast,
        *,
        first_number: int,
        count: int,
        now: datetime.datetime,
        word_reader: Executor | None = None,
    ) -> None:
        self.tables = Tables(word_reader)
        self._now = now
        self._cast, self._configuration = cast, cast.configuration
        self.last_number = first_number - 1
        self._mint = Mint()
        self._judges = Judges(cast, count=count, now=now)
        self._previous_id = ""
        reported = [row.pk for row in self._configuration.incident_timestamps if row.set_at_creation]
        self._set_at_creation = reported
        by_status = {pk for pks in self._configuration.timestamps_by_status.values() for pk in pks}
        # Moments that only people know: nothing that happens in the product sets them.
        self._set_by_people = [
            row.pk
            for row in self._configuration.incident_timestamps
            if row.pk not in by_status and not row.set_at_creation
        ]

    def add(self, plan: Plan) -> None:
        """Note every row of an incident."""
        incident_id = self._mint.at(plan.declared_at)
        creator = self._creator(plan)
        recording = Recording(
            incident_id=incident_id,
            configuration=self._configuration,
            tables=self.tables,
            mint=self._mint,
            status=plan.route.start,
            severity=plan.severity,
            moments=self._first_moments(plan),
            changed_at=plan.declared_at,
        )
        self._declare(plan, recording, creator)
        write_roles(plan, recording, self._cast, creator)
        write_fields(plan, recording, self._cast)
        for step in plan.route.steps:
            self._take(step, plan, recording)
        write_tasks(plan, recording, self._cast, now=self._now)
        self._judges.look_back(plan, recording)
        self._finish(plan, recording, creator)
        self._previous_id = incident_id

    def _creator(self, plan: Plan) -> Creator:
        creator = plan.creator
        if creator is None:
            alert_id = self._mint.at(plan.declared_at)
            moment = stored_moment(plan.declared_at)
            self.tables.alerts.add(alert_id, plan.story.name, moment, moment)
            return None, None, alert_id, None
        stored = stored_id(creator.pk)
        if isinstance(creator, User):
            return stored, None, None, None
        return (None, stored, None, None) if isinstance(creator, ApiKey) else (None, None, None, stored)

    def _first_moments(self, plan: Plan) -> dict[str, datetime.datetime]:
        declared_at, rng = plan.declared_at, plan.rng
        moments = dict.fromkeys(timestamps_set_by(plan.route.start, self._configuration), declared_at)
        moments.update(dict.fromkeys(self._set_at_creation, declared_at))
        if plan.mode == "retrospective":
            moment = declared_at - datetime.timedelta(days=rng.uniform(1, 9))
            for timestamp in self._configuration.incident_timestamps:
                if timestamp.pk in moments or timestamp.pk in self._set_by_people:
                    moments[timestamp.pk] = moment
                    moment += datetime.timedelta(minutes=rng.uniform(4, 90))
        elif rng.random() < 0.6:
            ago = datetime.timedelta(seconds=int(60 * rng.lognormvariate(2.3, 0.9)))
            moments.update(dict.fromkeys(self._set_by_people, declared_at - ago))
        return moments

    def _declare(self, plan: Plan, recording: Recording, creator: Creator) -> None:
        severity, status = plan.severity, plan.route.start
        recording.note(
            _Kind.DECLARED,
            creator,
            plan.declared_at,
            name=plan.story.name,
            incident_status=told(status),
            category=status.category,
            severity=told(severity),
            incident_type=told(plan.incident_type),
            mode=plan.mode,
            visibility="private" if plan.is_private else "public",
        )
        if plan.twin is not None and not plan.is_merged and plan.rng.random() < 0.3:
            self._separate(plan, recording, creator)

    def _separate(self, plan: Plan, recording: Recording, creator: Creator) -> None:
        reason = plan.rng.choice(SEPARATE_REASONS)
        other, moment = self._previous_id, plan.declared_at
        recording.note_on_both(_Kind.DECLARED_SEPARATELY, creator, moment, other, reason=reason)
        said = Said(_Verdict.DIFFERENT, _Source.SEPARATION, creator, moment)
        self._judges.judge_twin(said, plan, recording, other)

    def _take(self, step: Step, plan: Plan, recording: Recording) -> None:
        moment = plan.declared_at + datetime.timedelta(milliseconds=int(step.after * 1000))
        is_report = step.stage == "report"
        author = plan.rng.choice(self._cast.people if is_report else self._cast.responders)
        if plan.lead is not None and not is_report and plan.rng.random() < _BY_LEAD_SHARE:
            author = plan.lead
        update = Update(
            self._mint.at(moment),
            plan.story.message(step.stage, plan.rng),
            (stored_id(author.pk), None, None, None),
            moment,
        )
        if is_report:
            recording.report(update)
            self._judges.judge_report(plan, recording, update)
            return
        if step.stage == "merged":
            said = Said(_Verdict.SAME, _Source.MERGE, update.creator, moment)
            self._judges.judge_twin(said, plan, recording, self._previous_id)
        recording.share(
            update,
            status=step.status,
            severity=self._other_severity(recording.severity, step.stage),
            survivor_id=self._previous_id if step.stage == "merged" else None,
        )

    def _other_severity(self, severity: Severity | None, stage: str) -> Severity | None:
        """Return the next severity up or down where the stage is about that and there is one."""
        direction = {"severity_up": 1, "severity_down": -1}.get(stage, 0)
        rows = self._configuration.severities.rows
        if not direction or severity is None:
            return None
        place = [row.pk for row in rows].index(severity.pk) + direction
        return rows[place] if 0 <= place < len(rows) else None

    def _finish(self, plan: Plan, recording: Recording, creator: Creator) -> None:
        number = self.last_number = self.last_number + 1
        self._add_incident(plan, recording, creator, number)
        incident_id, mint, moments = recording.incident_id, self._mint, recording.moments
        text = search_text(number, plan.story.name, plan.story.summary, recording.messages)
        self.tables.search_texts.add(SearchRow(incident_id, number, recording.status.category, text))
        for timestamp_id, moment in moments.items():
            self.tables.timestamps.add(
                mint.at(recording.changed_at), incident_id, stored_id(timestamp_id), stored_moment(moment)
            )
        for metric in self._configuration.duration_metrics:
            status, seconds = measure(
                moments.get(metric.from_timestamp_id),
                moments.get(metric.to_timestamp_id),
                is_open=recording.status.is_open,
            )
            self.tables.durations.add(
                mint.at(recording.changed_at), incident_id, stored_id(metric.pk), status.value, seconds
            )

    def _add_incident(self, plan: Plan, recording: Recording, creator: Creator, number: int) -> None:
        severity, rng, story = recording.severity, plan.rng, plan.story
        is_over = not recording.status.is_open
        self.tables.incidents.add(
            recording.incident_id,
            number,
            recording.version,
            story.name,
            story.summary,
            plan.mode,
            "private" if plan.is_private else "public",
            stored_id(recording.status.pk),
            None if severity is None else stored_id(severity.pk),
            None if plan.incident_type is None else stored_id(plan.incident_type.pk),
            self._previous_id if plan.is_merged else None,
            recording.status.category,
            NO_SEVERITY_RANK if severity is None else severity.rank,
            stored_moment(plan.declared_at),
            stored_moment(recording.changed_at),
            stored_moment(recording.changed_at),
            f"https://meet.example.com/inc-{number}"
            if plan.is_severe and rng.random() < _SEVERE_SHARE
            else "",
            f"https://docs.example.com/post-mortems/{number}" if plan.is_severe and is_over else "",
            f"inc-{number}-{slug(story.service.name)}" if rng.random() < _SEVERE_SHARE else "",
            int(rng.lognormvariate(4.4, 0.8)) if is_over and rng.random() < _SEVERE_SHARE else None,
            *creator,
        )

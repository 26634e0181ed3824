"""Taking a merge back: exactly, while nobody wrote anything since; later one incident is split off."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from incidents.models import (
    Actor,
    Configuration,
    Incident,
    IncidentBeforeMerge,
    IncidentEvent,
    IncidentMerge,
    IncidentStatus,
    IncidentUpdate,
    StatusCategory,
)
from incidents.models.sources import CREATORS
from incidents.models.ulid import is_ulid
from incidents.services.changes import Changes
from incidents.services.errors import Problems, require_responder
from incidents.services.history import History
from incidents.services.lifecycle import timestamps_set_by
from incidents.services.merge_records import is_untouched, keep_exact, restore
from incidents.services.merge_verdicts import forget_merged
from incidents.services.merging import tell_status, update_of
from incidents.services.metrics import measure_again
from incidents.services.search_text import rewrite_search_text
from incidents.services.similarity import index_incidents

UNDO_WITHIN = datetime.timedelta(minutes=10)
_Kind = IncidentEvent.Kind
_Part = IncidentBeforeMerge.Part
# What the choices of a merge can have changed in the survivor; undoing tells the same the other way round.
_CHANGED_BY_CHOICES = (
    _Kind.SEVERITY_CHANGED,
    _Kind.TYPE_CHANGED,
    _Kind.SUMMARY_CHANGED,
    _Kind.PROPERTY_CHANGED,
    _Kind.ROLE_CHANGED,
    _Kind.FIELD_CHANGED,
    _Kind.TIMESTAMP_CHANGED,
    _Kind.MEMBER_ADDED,
)
_TURNED = {"from": "to", "to": "from", "from_rank": "to_rank", "to_rank": "from_rank"}


class MergeSettledError(Exception):
    """A merge cannot be undone exactly any more; the message says why. The incident can still be split off."""


def latest_merge(incident_id: str) -> IncidentMerge | None:
    """Return the last merge of an incident into another one that was not undone, with who did it; one query."""
    merged = IncidentMerge.objects.filter(
        incidents__incident=incident_id, incidents__part=_Part.SOURCE, undone_at__isnull=True
    )
    return merged.select_related("survivor", *CREATORS).order_by("-id").first()


def last_merge_into(survivor_id: str) -> IncidentMerge | None:
    """Return the last merge into an incident that was not undone, with who did it; one query."""
    merged = IncidentMerge.objects.filter(survivor=survivor_id, undone_at__isnull=True)
    return merged.select_related(*CREATORS).order_by("-id").first()


def sources_of(merge: IncidentMerge) -> list[str]:
    """Return the ids of the incidents that were merged; one query."""
    return list(merge.incidents.filter(part=_Part.SOURCE).values_list("incident_id", flat=True))


def obstacle_to_undo(merge: IncidentMerge) -> str:
    """Return why a merge cannot be undone exactly, or "" if it can; two queries at most."""
    if merge.undone_at is not None or timezone.now() > merge.created_at + UNDO_WITHIN:
        minutes = int(UNDO_WITHIN.total_seconds() // 60)
        return f"A merge can be undone for {minutes} minutes."
    if merge.configuration_token != Configuration.current().token:
        return "The settings were changed since the merge."
    records = merge.incidents.select_related("incident")
    if not all(is_untouched(record, record.incident) for record in records):
        return "Something was written since the merge, which an undo would lose."
    return ""


def undo_merge(incident_id: str, actor: Actor) -> IncidentMerge:
    """Take back the merge that an incident was part of as a source, for all of its incidents at once.

    Raises:
        PermissionDenied: the actor may not change incidents.
        Incident.DoesNotExist: one of them is not there for the actor.
        MergeSettledError: it is not merged, it is too late, or something was written since.
    """
    require_responder(actor)
    with transaction.atomic():
        merge = _merge_to_undo(incident_id, actor)
        records = list(merge.incidents.all())
        incidents = _lock_all(records, actor)
        # Asked again under the locks: the undo of a quicker one is a write, too.
        if obstacle := obstacle_to_undo(merge):
            raise MergeSettledError(obstacle)
        now = timezone.now()
        _tell_undone(merge, records, History(merge.survivor_id, actor, now))
        restore(records, incidents, now)
        keep_exact(records, incidents)
        IncidentMerge.objects.filter(pk=merge.pk).update(undone_at=now)
        forget_merged(merge.survivor_id, sources_of(merge))
        _tell_statuses_again(merge, records, incidents, actor, now)
        restored = [incidents[record.incident_id] for record in records if record.part != _Part.LED_ON]
        for incident in restored:
            rewrite_search_text(incident)
        index_incidents(restored)
    return merge


def split_off_incident(incident_id: str, actor: Actor) -> Incident:
    """Give a merged incident its own life again, with the status it had; the survivor keeps what it has.

    Raises:
        PermissionDenied: the actor may not change incidents.
        Incident.DoesNotExist: it or the survivor is not there for the actor.
        ValidationError: the incident is not merged.
    """
    require_responder(actor)
    configuration = Configuration.current()
    with transaction.atomic():
        survivor, incident = _lock_pair(incident_id, actor)
        now = timezone.now()
        before, merged = status_before(incident, configuration), _status_of(incident, configuration)
        changes = Changes(incident, actor, configuration, now)
        tell_status(changes.history, merged, before)
        changes.history.add(_Kind.SPLIT_OFF, merged_into_incident_id=survivor.pk)
        changes.set(
            incident_status_id=before.pk, status_category=before.category, merged_into_incident_id=None
        )
        changes.save_row()
        _forget_moments(incident, merged, configuration)
        measure_again([incident], configuration)
        update = update_of(incident, actor, now)
        update.save(force_insert=True)
        changes.history.write(update)
        _tell_survivor(survivor, incident, actor, now)
        forget_merged(survivor.pk, [incident.pk])
        rewrite_search_text(incident)
        index_incidents([incident])
    return incident


def status_before(incident: Incident, configuration: Configuration) -> IncidentStatus:
    """Return the status that an incident had before it was merged, as history tells; one query.

    If that status is gone, the first one of its category.
    """
    statuses = configuration.incident_statuses
    events = incident.events.filter(kind=_Kind.STATUS_CHANGED, details__to_category=StatusCategory.MERGED)
    told = events.order_by("-id").values_list("details", flat=True).first() or {}
    status = statuses.by_id.get((told.get("from") or {}).get("id", ""))
    if status is not None and status.category != StatusCategory.MERGED:
        return status
    of_category = configuration.first_status(told.get("from_category", StatusCategory.LIVE))
    return of_category or next(row for row in statuses if row.category != StatusCategory.MERGED)


def _merge_to_undo(incident_id: str, actor: Actor) -> IncidentMerge:
    incident = _visible(incident_id, actor)
    merge = latest_merge(incident.pk)
    if merge is None or incident.merged_into_incident_id is None:
        raise MergeSettledError("Nothing is left to undo.")
    return merge


def _visible(incident_id: str, actor: Actor) -> Incident:
    if not is_ulid(incident_id):
        raise Incident.DoesNotExist
    return Incident.objects.visible_to(actor).get(pk=incident_id)


def _lock_all(records: Sequence[IncidentBeforeMerge], actor: Actor) -> dict[str, Incident]:
    """Lock the incidents of a merge in the order of their ids; two queries.

    Raises:
        Incident.DoesNotExist: one that was chosen is not there for the actor. What followed need not be.
    """
    ids = [record.incident_id for record in records]
    chosen = [record.incident_id for record in records if record.part != _Part.LED_ON]
    rows = Incident.objects.filter(pk__in=ids).select_for_update().order_by("pk")
    locked = {row.pk: row for row in rows}
    if Incident.objects.visible_to(actor).filter(pk__in=chosen).count() != len(chosen):
        raise Incident.DoesNotExist
    return locked


def _lock_pair(incident_id: str, actor: Actor) -> tuple[Incident, Incident]:
    """Return the survivor and what was merged into it, locked in the order of their ids."""
    seen = _visible(incident_id, actor)
    pair = (seen.merged_into_incident_id, seen.pk)
    rows = Incident.objects.visible_to(actor).filter(pk__in=[pk for pk in pair if pk])
    locked = {row.pk: row for row in rows.select_for_update().order_by("pk")}
    incident = locked.get(seen.pk)
    if incident is None:
        raise Incident.DoesNotExist
    if incident.merged_into_incident_id is None:
        problems = Problems()
        problems.add("id", f"{incident.reference} is not merged.", "not_merged")
        problems.raise_if_any()
    survivor = locked.get(incident.merged_into_incident_id or "")
    if survivor is None:
        raise Incident.DoesNotExist
    return survivor, incident


def _status_of(incident: Incident, configuration: Configuration) -> IncidentStatus:
    return configuration.incident_statuses.by_id[incident.incident_status_id]


def _forget_moments(incident: Incident, merged: IncidentStatus, configuration: Configuration) -> None:
    """Empty the timestamps that only a merge sets: it did not end this way."""
    by_others = {
        pk
        for status in configuration.incident_statuses
        if status.category != StatusCategory.MERGED
        for pk in timestamps_set_by(status, configuration)
    }
    by_merge = [pk for pk in timestamps_set_by(merged, configuration) if pk not in by_others]
    if by_merge:
        incident.timestamp_values.filter(incident_timestamp_id__in=by_merge).delete()


def _tell_survivor(survivor: Incident, incident: Incident, actor: Actor, now: datetime.datetime) -> None:
    changes = Changes(survivor, actor, Configuration.current(), now)
    changes.history.add(_Kind.SPLIT_OFF, merged_incident_id=incident.pk)
    changes.save_row()
    changes.history.write()


def _tell_undone(merge: IncidentMerge, records: Sequence[IncidentBeforeMerge], history: History) -> None:
    """Note it with the survivor: what the choices changed is changed back, and each incident goes."""
    told = IncidentEvent.objects.filter(
        incident=merge.survivor_id, created_at=merge.created_at, kind__in=_CHANGED_BY_CHOICES
    )
    for event in told.order_by("-id"):
        turned = {_TURNED.get(key, key): value for key, value in event.details.items()}
        is_grant = event.kind == _Kind.MEMBER_ADDED
        history.add(_Kind.MEMBER_REMOVED if is_grant else _Kind(event.kind), **turned)
    for record in records:
        if record.part != _Part.SURVIVOR:
            history.add(_Kind.MERGE_UNDONE, merged_incident_id=record.incident_id)
    history.write()


def _tell_statuses_again(
    merge: IncidentMerge,
    records: Sequence[IncidentBeforeMerge],
    incidents: Mapping[str, Incident],
    actor: Actor,
    now: datetime.datetime,
) -> None:
    """Note it with each that was merged, as part of an update that tells the API where it stands; two queries."""
    configuration = Configuration.current()
    merged = configuration.first_status(StatusCategory.MERGED)
    updates, events = [], []
    for record in records:
        if record.part == _Part.SURVIVOR:
            continue
        incident = incidents[record.incident_id]
        history = History(incident.pk, actor, now)
        if record.part == _Part.SOURCE and merged is not None:
            tell_status(history, merged, _status_of(incident, configuration))
        history.add(_Kind.MERGE_UNDONE, merged_into_incident_id=merge.survivor_id)
        update = update_of(incident, actor, now)
        update.merged_into_incident_id = incident.merged_into_incident_id
        for event in history.events:
            event.incident_update = update
        updates.append(update)
        events += history.events
    IncidentUpdate.objects.bulk_create(updates)
    IncidentEvent.objects.bulk_create(events)

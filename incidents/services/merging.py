"""Making several incidents one: nothing moves and nothing is deleted, the merged ones point to the one that goes on."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from incidents import text
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
from incidents.models.incident_conditions import DEFAULT_MODES
from incidents.models.ulid import is_ulid, new_ulid
from incidents.services.changes import Changes
from incidents.services.editing import apply_edit, save_changes
from incidents.services.errors import Problems, VersionConflictError, require_responder
from incidents.services.history import History, told
from incidents.services.lifecycle import timestamps_set_by
from incidents.services.merge_records import remember, remember_rows, store_records
from incidents.services.merge_values import edit_of, read_properties
from incidents.services.merge_verdicts import record_merged
from incidents.services.metrics import measure_again
from incidents.services.search_text import rewrite_search_text
from incidents.services.similarity import index_incidents
from incidents.services.status_change import set_moments

MOST_SOURCES = 50
"""How many incidents are merged at once."""
MOST_MERGED = 500
"""How many incidents may have been merged into one."""
_Kind = IncidentEvent.Kind
_Part = IncidentBeforeMerge.Part


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MergeDraft:
    """A merge that somebody wants.

    `choices` maps the key of a property to the id of the incident whose value the survivor takes. `versions` holds
    those that the person saw, by incident id: if one is not the version any more, nothing is merged.
    """

    survivor_id: str
    source_ids: tuple[str, ...]
    choices: Mapping[str, str] = dataclasses.field(default_factory=dict)
    versions: Mapping[str, int] = dataclasses.field(default_factory=dict)
    note: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """The incidents of one merge, locked; `led_on` are those that were merged into a source before."""

    survivor: Incident
    sources: tuple[Incident, ...]
    led_on: tuple[Incident, ...] = ()

    @property
    def merged(self) -> tuple[Incident, ...]:
        """All that point to the survivor afterwards."""
        return (*self.sources, *self.led_on)


def merge_incidents(draft: MergeDraft, actor: Actor) -> IncidentMerge:
    """Merge incidents into the one that goes on, in one transaction.

    About thirty queries, three for the text that the search reads of each, and a dozen for each of the first five: what
    the duplicate check makes of them is kept with the verdict.

    Raises:
        PermissionDenied: the actor may not change incidents.
        Incident.DoesNotExist: the survivor is not there for the actor.
        VersionConflictError: one of them is at another version than the draft says.
        ValidationError: by the names of the fields on the wire.
    """
    require_responder(actor)
    problems = Problems()
    note = problems.text("note", draft.note, limit=text.REASON_LENGTH)
    source_ids = _clean_source_ids(draft, problems)
    problems.raise_if_any()
    configuration = Configuration.current()
    with transaction.atomic():
        group = _lock_group(draft.survivor_id, source_ids, actor)
        for incident in (group.survivor, *group.sources):
            if draft.versions.get(incident.pk, incident.version) != incident.version:
                raise VersionConflictError(incident)
        _require_mergeable(group, configuration)
        return _merge(group, draft, note, Changes(group.survivor, actor, configuration, timezone.now()))


def refusals_of(survivor: Incident, sources: Iterable[Incident]) -> list[str]:
    """Return why these may not be merged, in words for the person who chose them; no query."""
    refusals = []
    if survivor.merged_into_incident_id is not None:
        refusals.append(
            f"{survivor.reference} was merged into another incident itself. Choose one that goes on."
        )
    for source in sources:
        if source.merged_into_incident_id is not None:
            refusals.append(f"{source.reference} was merged before. Leave it out.")
        elif source.is_private and not survivor.is_private:
            refusals.append(
                f"{source.reference} is private and {survivor.reference} is not. Choose {source.reference} as the one"
                " that goes on, or make it visible to everyone first."
            )
        elif survivor.mode not in DEFAULT_MODES and source.mode in DEFAULT_MODES:
            refusals.append(
                f"{survivor.reference} is a {survivor.get_mode_display().lower()}, in which {source.reference} would"
                f" vanish from lists. Choose {source.reference} as the one that goes on."
            )
    return refusals


def _clean_source_ids(draft: MergeDraft, problems: Problems) -> tuple[str, ...]:
    source_ids = tuple(dict.fromkeys(draft.source_ids))
    if not source_ids:
        problems.add("source_incident_ids", "Name at least one incident to merge.", "is_required")
    if len(source_ids) > MOST_SOURCES:
        problems.add("source_incident_ids", f"Merge at most {MOST_SOURCES} incidents at once.", "too_many")
    if draft.survivor_id in source_ids:
        problems.add(
            "source_incident_ids",
            "An incident cannot be merged into itself. Choose another one.",
            "not_allowed",
        )
    return source_ids


def _lock_group(survivor_id: str, source_ids: tuple[str, ...], actor: Actor) -> Group:
    """Lock the incidents and those merged into the sources, in the order of their ids; three queries."""
    if not is_ulid(survivor_id):
        raise Incident.DoesNotExist
    sources = [pk for pk in source_ids if is_ulid(pk)]
    visible = Incident.objects.visible_to(actor).filter(pk__in=[survivor_id, *sources])
    # What was merged into a source follows it, whoever may see it.
    led_on = Incident.objects.filter(merged_into_incident__in=sources)
    locked = {row.pk: row for row in (visible | led_on).select_for_update().order_by("pk")}
    shown = set(visible.values_list("pk", flat=True))
    if survivor_id not in shown:
        raise Incident.DoesNotExist
    if any(pk not in shown for pk in source_ids):
        problems = Problems()
        problems.add("source_incident_ids", "There is no such incident.", "unknown")
        problems.raise_if_any()
    # Read once more: while this waited for the locks, somebody may have merged another one into a source.
    following = tuple(led_on.select_for_update().order_by("pk"))
    return Group(locked[survivor_id], tuple(locked[pk] for pk in source_ids), following)


def _require_mergeable(group: Group, configuration: Configuration) -> None:
    problems = Problems()
    for refusal in refusals_of(group.survivor, group.sources):
        problems.add("source_incident_ids", refusal, "not_allowed")
    if configuration.first_status(StatusCategory.MERGED) is None:
        problems.add(
            "source_incident_ids",
            "There is no status of the category “Merged”. An administrator can add one.",
            "not_configured",
        )
    there = Incident.objects.merged_into(group.survivor.pk).count()
    if there + len(group.merged) > MOST_MERGED:
        problems.add(
            "source_incident_ids", f"At most {MOST_MERGED} incidents can be merged into one.", "too_many"
        )
    problems.raise_if_any()


def _merge(group: Group, draft: MergeDraft, note: str, changes: Changes) -> IncidentMerge:
    """Record what there is, change the survivor, then the merged ones, those that follow first."""
    actor, configuration, now = changes.actor, changes.configuration, changes.now
    record_merged(group.survivor.pk, [source.pk for source in group.sources], actor)
    own = [remember(group.survivor, _Part.SURVIVOR), *(remember(row, _Part.SOURCE) for row in group.sources)]
    remember_rows(own)
    records = [*own, *(remember(row, _Part.LED_ON) for row in group.led_on)]
    merge = IncidentMerge.objects.create(
        survivor=group.survivor,
        note=note,
        configuration_token=configuration.token,
        created_at=now,
        **actor.creator_columns,
    )
    store_records(records, merge, now)
    properties = read_properties([group.survivor, *group.sources], configuration)
    apply_edit(changes, edit_of(properties, group.survivor, draft.choices, configuration))
    for incident in group.merged:
        changes.history.add(_Kind.MERGED, merged_incident_id=incident.pk, note=note)
    save_changes(changes)
    changes.history.write()
    status = configuration.first_status(StatusCategory.MERGED)
    assert status is not None  # noqa: S101 - _require_mergeable
    before = {source.pk: source.incident_status_id for source in group.sources}
    _point(group, status, now)
    _tell_merged(group, before, status, note, changes)
    moments = timestamps_set_by(status, configuration)
    set_moments([source.pk for source in group.sources], moments, now)
    measure_again(group.sources, configuration)
    for source in group.sources:
        rewrite_search_text(source)
    index_incidents(group.sources)
    return merge


def _point(group: Group, status: IncidentStatus, now: datetime.datetime) -> None:
    """Let all of them point to the survivor; two queries. The rows are locked: each is as it was read."""
    point_on(group.led_on, group.survivor, now)
    rows = Incident.objects.filter(pk__in=[source.pk for source in group.sources])
    rows.update(
        incident_status=status,
        status_category=status.category,
        merged_into_incident=group.survivor,
        version=F("version") + 1,
        updated_at=now,
        last_activity_at=now,
    )
    for source in group.sources:
        source.incident_status_id, source.status_category = status.pk, status.category
        source.merged_into_incident_id = group.survivor.pk


def point_on(incidents: Sequence[Incident], survivor: Incident, now: datetime.datetime) -> None:
    """Let incidents that are merged already go on in another one; one query."""
    rows = Incident.objects.filter(pk__in=[incident.pk for incident in incidents])
    rows.update(merged_into_incident=survivor, version=F("version") + 1, updated_at=now, last_activity_at=now)


def _tell_merged(
    group: Group, before: Mapping[str, str], status: IncidentStatus, note: str, changes: Changes
) -> None:
    """Note it with each that is merged, as part of an update that says the same to the API; two queries."""
    statuses = changes.configuration.incident_statuses.by_id
    updates, events = [], []
    for incident in group.merged:
        history = History(incident.pk, changes.actor, changes.now)
        if incident.pk in before:
            tell_status(history, statuses[before[incident.pk]], status)
        history.add(_Kind.MERGED, merged_into_incident_id=group.survivor.pk, note=note)
        update = update_of(incident, changes.actor, changes.now, message=note, survivor=group.survivor)
        for event in history.events:
            event.incident_update = update
        updates.append(update)
        events += history.events
    IncidentUpdate.objects.bulk_create(updates)
    IncidentEvent.objects.bulk_create(events)


def tell_status(history: History, before: IncidentStatus, after: IncidentStatus) -> None:
    """Note a change of status."""
    history.add(
        _Kind.STATUS_CHANGED,
        **{"from": told(before), "to": told(after)},
        from_category=before.category,
        to_category=after.category,
    )


def update_of(
    incident: Incident,
    actor: Actor,
    now: datetime.datetime,
    *,
    message: str = "",
    survivor: Incident | None = None,
) -> IncidentUpdate:
    """Return the update that tells where an incident stands, not stored yet."""
    return IncidentUpdate(
        id=new_ulid(),
        incident_id=incident.pk,
        message=message,
        new_incident_status_id=incident.incident_status_id,
        merged_into_incident=survivor,
        created_at=now,
        **actor.creator_columns,
    )

"""Changes one incident of a bulk change, through the verb that every door takes."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from incidents.models import Actor, BulkChange, BulkChangeRow, Configuration, Incident, IncidentEvent
from incidents.services.bulk_changes.judging import MERGED
from incidents.services.bulk_changes.starting import wanted_of
from incidents.services.bulk_changes.values import EVENT_KINDS, Held, Wanted, read_held
from incidents.services.changes import lock_incident
from incidents.services.drafts import UpdateDraft
from incidents.services.editing import edit_incident
from incidents.services.errors import require_responder
from incidents.services.updates import share_update

CHANGED_SINCE = "Somebody changed it since: it is {label} now, and stays so."
_Outcome = BulkChangeRow.Outcome


def apply_row(row: BulkChangeRow, actor: Actor) -> None:
    """Change the row's incident and note on the row what happened; some twenty queries. The row is not saved here.

    Raises:
        PermissionDenied: the actor may not change incidents.
        Incident.DoesNotExist: the actor does not see it.
        ValidationError: with the reason why it stays as it is.
    """
    require_responder(actor)
    configuration = Configuration.held()
    incident = lock_incident(row.incident_id, actor, version=None)
    wanted = _wanted(row)
    held = read_held(wanted, [incident], configuration)[incident.pk]
    row.before, row.before_label = list(held.values), held.label
    if incident.merged_into_incident_id is not None:
        raise ValidationError(MERGED)
    if held.values == wanted.values:
        row.outcome = _Outcome.UNCHANGED
        return
    if row.undone_row is not None:
        _require_untouched(row.undone_row, _last_event(incident, wanted, configuration), held)
    _change(row.bulk_change, incident, wanted, actor, configuration)
    row.outcome, row.incident_event = _Outcome.CHANGED, _last_event(incident, wanted, configuration)
    if row.undone_row is not None:
        row.undone_row.outcome = _Outcome.UNDONE
        row.undone_row.save(update_fields=["outcome"])


def _wanted(row: BulkChangeRow) -> Wanted:
    wanted = wanted_of(row.bulk_change)
    return wanted if row.undone_row is None else wanted.with_values(row.undone_row.before)


def _require_untouched(undone: BulkChangeRow, last: IncidentEvent | None, held: Held) -> None:
    """Refuse to take back what is not there any more, or what somebody has chosen anew since."""
    is_last = last is not None and last.pk == undone.incident_event_id
    if list(held.values) != undone.bulk_change.values or not is_last:
        raise ValidationError(CHANGED_SINCE.format(label=held.label))


def _last_event(incident: Incident, wanted: Wanted, configuration: Configuration) -> IncidentEvent | None:
    """Return the newest entry of the history that tells a change of the property; one query."""
    events = IncidentEvent.objects.filter(incident=incident, kind=EVENT_KINDS[wanted.kind])
    if wanted.kind == BulkChange.Kind.CUSTOM_FIELD:
        events = events.filter(details__field__id=wanted.field_id)
    if wanted.kind == BulkChange.Kind.LEAD and configuration.lead_role is not None:
        events = events.filter(details__role__id=configuration.lead_role.pk)
    return events.order_by("-id").first()


def _change(
    change: BulkChange, incident: Incident, wanted: Wanted, actor: Actor, configuration: Configuration
) -> None:
    edit = wanted.edit(configuration)
    if not change.message:
        edit_incident(incident.pk, edit, actor)
        return
    first = wanted.values[0]
    is_status = wanted.kind == BulkChange.Kind.STATUS
    update = UpdateDraft(
        message=change.message,
        incident_status_id=first if is_status else None,
        severity_id=None if is_status else first,
    )
    share_update(incident.pk, update, actor)

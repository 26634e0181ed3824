"""Ids of this installation for the examples, as far as the reader may know of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from incidents.models import (
    Action,
    Actor,
    AlertSource,
    ApiKey,
    Configuration,
    FollowUp,
    FollowUpPriority,
    Incident,
    IncidentAttachment,
    IncidentRelationship,
    StatusCategory,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from incidents.api.routes import Route

# What is about an incident that goes on in another one.
_OF_MERGED = ("/actions/unmerge", "/actions/split_off")
Find = Callable[[], str | None]


def finder(route: Route, actor: Actor, configuration: Configuration) -> Callable[[str], str | None]:
    """Return what finds an id for a field of the route's; one query for each name that is asked for, at most."""
    named = _named(route, actor, configuration)

    def find(name: str) -> str | None:
        found = named.get(_own_noun(route) if name == "id" else name)
        return found() if found else None

    return find


def _own_noun(route: Route) -> str:
    """Return the name of the thing that the path of a route is about: `severity_id` for /v1/severities/{id}."""
    noun = route.path.split("/")[2]
    singular = (
        f"{noun.removesuffix('ies')}y"
        if noun.endswith("ies")
        else noun.removesuffix("es" if noun.endswith("ses") else "s")
    )
    return f"{singular}_id"


def _named(route: Route, actor: Actor, configuration: Configuration) -> Mapping[str, Find]:
    visible = Incident.objects.visible_to(actor)
    if route.group == "Incident memberships":
        visible = visible.filter(visibility=Incident.Visibility.PRIVATE)
    if route.path.endswith(_OF_MERGED):
        visible = visible.filter(status_category=StatusCategory.MERGED)
    incidents = visible.newest_first()
    separate = incidents.filter(visibility=Incident.Visibility.PUBLIC, merged_into_incident__isnull=True)
    ids = incidents.values("pk")
    severities = _first_of(configuration.severities)
    statuses = _first_of(status for status in configuration.incident_statuses if status.category == "live")
    sources = AlertSource.objects.order_by("-id")
    return {
        "incident_id": lambda: _newest(incidents),
        "other_incident_id": lambda: _newest(incidents, skipped=1),
        "source_incident_id": lambda: _newest(separate, skipped=1),
        "user_id": lambda: actor.user_id,
        "assignee_id": lambda: actor.user_id,
        "severity_id": severities,
        "to_severity_id": severities,
        "incident_status_id": statuses,
        "incident_statuse_id": statuses,
        "incident_type_id": _first_of(configuration.incident_types),
        "incident_role_id": _first_of(configuration.incident_roles),
        "incident_timestamp_id": _first_of(configuration.incident_timestamps),
        "custom_field_id": _first_of(field for field in configuration.custom_fields if field.is_select),
        "custom_field_option_id": _first_of(
            option for field in configuration.custom_fields for option in configuration.options[field.pk]
        ),
        "follow_up_priority_option_id": lambda: _newest(FollowUpPriority.objects.all()),
        "action_id": lambda: _newest(Action.objects.filter(incident__in=ids).exclude(status="deleted")),
        "follow_up_id": lambda: _newest(FollowUp.objects.filter(incident__in=ids).exclude(status="deleted")),
        "incident_attachment_id": lambda: _newest(IncidentAttachment.objects.filter(incident__in=ids)),
        "incident_relationship_id": lambda: _newest(
            IncidentRelationship.objects.filter(incident__in=ids, other_incident__in=ids)
        ),
        "alert_event_id": lambda: _newest(sources),  # events are sent to their source
        "alert_source_config_id": lambda: _newest(sources),
        "api_key_id": lambda: _newest(ApiKey.objects.usable()) if actor.can_manage_keys else None,
    }


def _first_of(rows: Iterable[object]) -> Find:
    first = next(iter(rows), None)
    return lambda: None if first is None else str(first.pk)  # type: ignore[attr-defined]  # rows of configuration


def _newest(rows: QuerySet[Any, Any], *, skipped: int = 0) -> str | None:
    return next(iter(rows.values_list("pk", flat=True)[skipped : skipped + 1]), None)

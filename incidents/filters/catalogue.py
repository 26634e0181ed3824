"""Every field that incidents can be filtered by, as the installation is configured."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from incidents.filters.custom_fields import custom_field
from incidents.filters.fields import (
    Condition,
    FilterField,
    Kind,
    blankness,
    column,
    full_column,
    having_one_of,
    linked,
    stored,
)
from incidents.filters.statuses import status_category_field, status_field
from incidents.filters.values import Choice
from incidents.models import Incident, IncidentRole, IncidentRoleAssignment
from incidents.models.severity import NO_SEVERITY_RANK
from incidents.models.ulid import first_ulid_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from incidents.filters.values import Period
    from incidents.models import Configuration

_ALIASES = (IncidentRole.RoleType.LEAD, IncidentRole.RoleType.REPORTER)
ROLE, CUSTOM_FIELD = "incident_role", "custom_field"

_cached: tuple[str, Mapping[str, FilterField]] | None = None


def filter_fields(configuration: Configuration) -> Mapping[str, FilterField]:
    """Return the fields by key, in the order in which people are offered them; built once per configuration."""
    global _cached
    if _cached is None or _cached[0] != configuration.token:
        _cached = (configuration.token, {field.key: field for field in _fields(configuration)})
    return _cached[1]


def find_field(name: str, item: str, configuration: Configuration) -> FilterField | None:
    """Return the field of `name[item]`; the item is the id or slug of a role or custom field, else empty."""
    if name == ROLE:
        role = configuration.incident_roles.find(item) or _role_of_type(item, configuration)
        item = role.slug if role else ""
    elif name == CUSTOM_FIELD:
        custom = configuration.custom_fields.find(item)
        item = custom.slug if custom else ""
    return filter_fields(configuration).get(f"{name}[{item}]" if item else name)


def _fields(configuration: Configuration) -> Iterator[FilterField]:
    yield _severity(configuration)
    yield status_field(configuration)
    yield status_category_field(configuration)
    yield _incident_type(configuration)
    for role in configuration.incident_roles:
        yield _role(role)
    for field in configuration.custom_fields:
        yield custom_field(field, configuration)
    yield _team(configuration)
    yield _creator()
    yield FilterField(key="created_at", label="Created", kind=Kind.PERIOD, conditions=_created())
    yield FilterField(key="updated_at", label="Updated", kind=Kind.PERIOD, conditions=_updated())
    yield _mode()
    yield _visibility()


def _severity(configuration: Configuration) -> FilterField:
    ranks = [severity.rank for severity in configuration.severities]
    choices = tuple(
        Choice(severity.slug, severity.name, severity.rank, severity.pk)
        for severity in reversed(configuration.severities.rows)
    )
    # Only the rank has an index. The id is compared as well where two severities share a rank.
    conditions = column("severity_rank") if len(set(ranks)) == len(ranks) else _severity_by_id()
    return FilterField(
        key="severity",
        label="Severity",
        kind=Kind.CHOICES,
        noun="severity",
        choices=choices,
        conditions={
            **conditions,
            "gte": lambda chosen: Q(severity_rank__gte=min(stored(chosen))),
            "lte": lambda chosen: Q(
                severity_rank__gt=NO_SEVERITY_RANK, severity_rank__lte=max(stored(chosen))
            ),
        },
    )


def _severity_by_id() -> Mapping[str, Condition]:
    def one_of(chosen: tuple[Choice, ...]) -> Q:
        return Q(severity_rank__in=stored(chosen), severity__in=[choice.id for choice in chosen])

    return {"one_of": one_of, "not_in": lambda chosen: ~Q(severity__in=[choice.id for choice in chosen])}


def _incident_type(configuration: Configuration) -> FilterField:
    return FilterField(
        key="incident_type",
        label="Type",
        kind=Kind.CHOICES,
        noun="incident type",
        choices=tuple(
            Choice(kind.slug, kind.name, kind.pk, kind.pk) for kind in configuration.incident_types
        ),
        conditions=column("incident_type"),
    )


def _role(role: IncidentRole) -> FilterField:
    assignments = IncidentRoleAssignment.objects.filter(incident_role=role.pk)
    return FilterField(
        key=f"{ROLE}[{role.slug}]",
        label=role.name,
        alias=role.role_type if role.role_type in _ALIASES else "",
        kind=Kind.PEOPLE,
        noun="person",
        conditions={
            "one_of": lambda people: having_one_of(assignments, "assignee", stored(people)),
            **blankness(assignments),
        },
    )


def _team(configuration: Configuration) -> FilterField:
    owners = Incident.teams.through.objects.all()
    return FilterField(
        key="team",
        label="Team",
        kind=Kind.CHOICES,
        noun="team",
        choices=tuple(Choice(team.slug, team.name, team.pk, team.pk) for team in configuration.teams),
        conditions={
            "one_of": lambda teams: having_one_of(owners, "team", stored(teams)),
            "not_in": lambda teams: Q(~linked(owners.filter(team__in=stored(teams)))),
            **blankness(owners),
        },
    )


def _creator() -> FilterField:
    return FilterField(
        key="creator",
        label="Declared by",
        kind=Kind.PEOPLE,
        noun="person",
        conditions={"one_of": lambda people: Q(creator_user__in=stored(people))},
    )


def _created() -> Mapping[str, Condition]:
    """An id begins with the millisecond of creation: the primary key serves."""

    def within(period: Period) -> Q:
        return since(period) & until(period)

    def since(period: Period) -> Q:
        return Q(id__gte=first_ulid_at(period.since))

    def until(period: Period) -> Q:
        return Q(id__lt=first_ulid_at(period.until))

    return {"gte": since, "lte": until, "date_range": within}


def _updated() -> Mapping[str, Condition]:
    """What was changed before a moment was declared before it, which the primary key knows."""

    def since(period: Period) -> Q:
        return Q(updated_at__gte=period.since)

    def until(period: Period) -> Q:
        # An id is minted an instant after the time that the row keeps.
        return Q(updated_at__lt=period.until, id__lt=first_ulid_at(_minute_after(period.until)))

    return {"gte": since, "lte": until, "date_range": lambda period: since(period) & until(period)}


def _minute_after(moment: datetime.datetime) -> datetime.datetime:
    try:
        return moment + datetime.timedelta(minutes=1)
    except OverflowError:
        return moment


def _mode() -> FilterField:
    choices = tuple(Choice(mode.value, str(mode.label), mode.value) for mode in Incident.Mode)
    return _only_one_of("mode", "Mode", choices)


def _visibility() -> FilterField:
    choices = tuple(
        Choice(visibility.value, str(visibility.label), visibility.value)
        for visibility in Incident.Visibility
    )
    return _only_one_of("visibility", "Visibility", choices)


def _only_one_of(key: str, label: str, choices: tuple[Choice, ...]) -> FilterField:
    conditions: dict[str, Any] = {"one_of": full_column(key, choices)["one_of"]}
    return FilterField(
        key=key, label=label, kind=Kind.CHOICES, noun=key, choices=choices, conditions=conditions
    )


def _role_of_type(item: str, configuration: Configuration) -> IncidentRole | None:
    """`lead` and `reporter` name the roles of that type, whatever the installation calls them."""
    if item not in _ALIASES:
        return None
    return next((role for role in configuration.incident_roles if role.role_type == item), None)

"""Writes the parts of an incident that people fill in: roles, members, teams and custom fields."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from incidents.management.seeding.bulk import stored_id, stored_moment
from incidents.management.seeding.cast import Cast
from incidents.management.seeding.plans import Plan
from incidents.management.seeding.recording import Creator, Recording
from incidents.models import CustomField, IncidentEvent, IncidentRole, User
from incidents.services.history import told


def write_roles(plan: Plan, recording: Recording, cast: Cast, creator: Creator) -> None:
    """Note who declared and who leads, the members of a private incident, and the team."""
    configuration, rng = cast.configuration, plan.rng
    held: dict[str, User] = {}
    if configuration.reporter_role is not None and isinstance(plan.creator, User):
        held[configuration.reporter_role.pk] = plan.creator
    if configuration.lead_role is not None and plan.lead is not None:
        held[configuration.lead_role.pk] = plan.lead
        if plan.mode != "retrospective" and rng.random() < 0.65:
            _take_the_lead(plan, recording, configuration.lead_role, creator)
    if plan.is_severe and rng.random() < 0.5:
        others = [role for role in configuration.incident_roles if role.role_type == "custom"]
        held.update({role.pk: rng.choice(cast.responders) for role in others[:1]})
    mint, incident_id, at = recording.mint, recording.incident_id, plan.declared_at
    for role_id, person in held.items():
        recording.tables.roles.add(mint.at(at), incident_id, stored_id(role_id), stored_id(person.pk))
    if plan.is_private:
        _write_members([*held.values(), *rng.sample(cast.people, k=3)], recording, at)
    team = configuration.teams.by_slug.get(plan.story.service.team.lower())
    if team is not None and rng.random() < 0.6:
        recording.tables.teams.add(incident_id, stored_id(team.pk))


def _write_members(people: Iterable[User], recording: Recording, at: datetime.datetime) -> None:
    moment = stored_moment(at)
    for person_id in dict.fromkeys(person.pk for person in people):
        recording.tables.members.add(
            recording.mint.at(at), recording.incident_id, stored_id(person_id), moment, moment
        )


def _take_the_lead(plan: Plan, recording: Recording, role: IncidentRole, creator: Creator) -> None:
    """Tell of the lead as something that happened soon after, before anything else did."""
    first = min((step.after for step in plan.route.steps), default=120.0)
    moment = plan.declared_at + datetime.timedelta(milliseconds=int(min(first * 0.6, 240) * 1000))
    by_whom: Creator = creator if plan.lead is None else (stored_id(plan.lead.pk), None, None, None)
    recording.edit(
        IncidentEvent.Kind.ROLE_CHANGED,
        by_whom,
        moment,
        role=told(role),
        **{"from": None, "to": told(plan.lead)},
    )


def write_fields(plan: Plan, recording: Recording, cast: Cast) -> None:
    """Note the values of the custom fields that are known at the start."""
    for field in cast.configuration.custom_fields:
        for position, (column, value) in enumerate(_values(field, plan, cast)):
            recording.tables.field_entries.add(
                recording.mint.at(plan.declared_at),
                recording.incident_id,
                stored_id(field.pk),
                position,
                *(value if column == named else None for named in _VALUE_COLUMNS),
            )


def _values(field: CustomField, plan: Plan, cast: Cast) -> Iterable[tuple[str, Any]]:
    """Return the columns and values of one field; none where nobody filled it in."""
    rng, story = plan.rng, plan.story
    if plan.mode == "tutorial" or rng.random() > _FILLED.get(field.slug, 0.0):
        return []
    if field.field_type == CustomField.FieldType.NUMERIC:
        return [("value_numeric", int(10 ** rng.uniform(0.5, 4.5)))]
    if field.field_type == CustomField.FieldType.LINK:
        return [("value_link", f"https://graphs.example.com/d/{story.service.external_id}")]
    if field.field_type == CustomField.FieldType.MULTI_SELECT:
        second = "Platform" if story.service.team != "Platform" else "Identity"
        teams = [story.service.team, second] if rng.random() < 0.3 else [story.service.team]
        return [("value_catalog_entry", stored_id(cast.entries[name].pk)) for name in teams]
    chosen = story.region if field.slug == "region" else story.service.name
    option = cast.configuration.options[field.pk].find(chosen)
    return [("value_option", stored_id(option.pk))] if option is not None else []


_VALUE_COLUMNS = ("value_option", "value_catalog_entry", "value_link", "value_numeric")
_FILLED = {
    "affected-service": 0.9,
    "region": 0.75,
    "affected-teams": 0.4,
    "customers-affected": 0.35,
    "dashboard": 0.15,
}

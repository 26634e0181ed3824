"""Asks the filter what tests want to know of it."""

from __future__ import annotations

import datetime

from django.http import QueryDict

from incidents.filters import Grammar, IncidentFilter
from incidents.models import Actor, Configuration, Incident
from tests.make import make_actor


def filtered(query: str, actor: Actor | None = None, zone: datetime.tzinfo = datetime.UTC) -> IncidentFilter:
    actor = actor or make_actor(role="administrator")
    return IncidentFilter(
        QueryDict(query),
        Incident.objects.visible_to(actor),
        actor=actor,
        configuration=Configuration.current(),
        grammar=Grammar(zone=zone),
    )


def names(query: str, actor: Actor | None = None, zone: datetime.tzinfo = datetime.UTC) -> set[str]:
    found = filtered(query, actor, zone)
    assert not found.errors
    return set(found.incidents.values_list("name", flat=True))

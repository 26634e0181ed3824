"""Merges at once, and what the database itself refuses: never a chain, whoever writes."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from incidents.models import Actor, Incident, IncidentEvent, IncidentUpdate, User
from incidents.models.ulid import new_ulid
from incidents.services.drafts import IncidentEdit, UpdateDraft
from incidents.services.editing import edit_incident
from incidents.services.errors import VersionConflictError
from incidents.services.merging import MergeDraft, merge_incidents
from incidents.services.unmerging import split_off_incident
from incidents.services.updates import share_update
from tests.at_once import at_once
from tests.make import make_actor, make_incident, make_user, merge
from tests.services.test_actions import events_of
from tests.services.test_merging import fresh

pytestmark = pytest.mark.django_db
Kind = IncidentEvent.Kind


@pytest.mark.parametrize("chain", ["into a merged one", "of a survivor", "both at once"])
def test_the_database_refuses_chains(chain: str) -> None:
    first, second, third = make_incident("A"), make_incident("B"), make_incident("C")
    merge(second, first)
    pairs = {
        "into a merged one": [(third, first)],
        "of a survivor": [(second, third)],
        "both at once": [(third, second), (second, third)],
    }

    with pytest.raises(DatabaseError), transaction.atomic():
        point_each(pairs[chain])

    assert fresh(third).merged_into_incident is None


def test_the_database_refuses_a_new_incident_at_the_end_of_a_chain() -> None:
    first, second = make_incident("A"), make_incident("B")
    merge(second, first)
    copy = fresh(first)
    copy.pk, copy.number, copy.merged_into_incident = new_ulid(), 99, first

    with pytest.raises(DatabaseError), transaction.atomic():
        copy.save(force_insert=True)


def point_each(pairs: list[tuple[Incident, Incident]]) -> None:
    for source, into in pairs:
        point(source, into)


def point(source: Incident, into: Incident) -> None:
    field = Incident._meta.pk
    parameters = [field.get_db_prep_value(pk, connection) for pk in (into.pk, source.pk)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE incidents_incident SET status_category = 'merged', merged_into_incident_id = %s WHERE id = %s",
            parameters,
        )


def merged_or_not(survivor: Incident, source: Incident, user: User) -> bool:
    draft = MergeDraft(
        survivor_id=survivor.pk, source_ids=(source.pk,), versions={survivor.pk: 1, source.pk: 1}
    )
    try:
        merge_incidents(draft, Actor.of_user(user))
    except (VersionConflictError, ValidationError):
        return False
    return True


@pytest.mark.usefixtures("committed_db")
def test_of_two_merges_that_cross_one_wins() -> None:
    pair, user = (make_incident("A"), make_incident("B")), make_user()

    won = at_once(lambda number: merged_or_not(pair[number % 2], pair[1 - number % 2], user), 8)

    assert sum(won) == 1
    assert Incident.objects.filter(merged_into_incident__isnull=False).count() == 1


@pytest.mark.usefixtures("committed_db")
def test_of_many_merges_of_one_incident_one_wins() -> None:
    source, user = make_incident("A"), make_user()
    survivors = [make_incident(f"S{number}") for number in range(8)]

    won = at_once(lambda number: merged_or_not(survivors[number], source, user), 8)

    assert sum(won) == 1
    assert fresh(source).merged_into_incident == survivors[won.index(True)]


@pytest.mark.usefixtures("committed_db")
def test_a_merge_and_edits_at_once_lose_nothing() -> None:
    survivor, source, actor = make_incident("S"), make_incident("A"), make_actor()

    def act(number: int) -> None:
        if number == 3:
            merge_incidents(MergeDraft(survivor_id=survivor.pk, source_ids=(source.pk,)), actor)
        elif number % 2:
            share_update(source.pk, UpdateDraft(message=f"Seen {number}"), actor)
        else:
            edit_incident(survivor.pk, IncidentEdit(summary=f"By {number}"), actor)

    at_once(act, 8)

    assert fresh(source).merged_into_incident == survivor
    assert IncidentUpdate.objects.filter(incident=source, message__startswith="Seen").count() == 3
    assert events_of(survivor, Kind.MERGED)


@pytest.mark.usefixtures("committed_db")
def test_a_chain_of_merges_at_once_stays_flat() -> None:
    incidents, actor = [make_incident(f"I{number}") for number in range(5)], make_actor()

    def act(number: int) -> None:
        draft = MergeDraft(survivor_id=incidents[number + 1].pk, source_ids=(incidents[number].pk,))
        try:
            merge_incidents(draft, actor)
        except ValidationError:
            return

    at_once(act, 4)

    assert not Incident.objects.filter(merged_into_incident__merged_into_incident__isnull=False).exists()
    for merged in Incident.objects.filter(merged_into_incident__isnull=False):
        assert split_off_incident(merged.pk, actor).status_category == "live"

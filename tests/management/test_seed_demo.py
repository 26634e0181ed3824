"""manage.py seed_demo: believable, consistent, the same for a seed, and never in the way."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from incidents.management.seeding.bulk import Table
from incidents.management.seeding.filling import fill
from incidents.management.seeding.indexes import indexes_made_last
from incidents.management.seeding.tables import table_names
from incidents.management.seeding.verdicts import REMEMBERED_DAYS
from incidents.models import (
    Configuration,
    Incident,
    IncidentEvent,
    IncidentStatus,
    IncidentToken,
    IncidentUpdate,
    ReferenceCounter,
    SimilarityVerdict,
    StatusCategory,
    User,
)
from incidents.models.ulid import moment_of_ulid
from incidents.services.actions import ActionDraft, edit_action
from incidents.services.drafts import IncidentEdit, UpdateDraft
from incidents.services.editing import edit_incident
from incidents.services.follow_ups import FollowUpDraft, edit_follow_up
from incidents.services.search_text import rebuild_search_texts
from incidents.services.updates import share_update
from tests.make import make_action, make_actor, make_follow_up, make_incident, status_of

pytestmark = pytest.mark.django_db


def seed(incidents: int, **options: Any) -> str:
    """Run the command and return what it printed."""
    output = io.StringIO()
    call_command("seed_demo", incidents=incidents, stdout=output, **options)
    return output.getvalue()


def findings() -> str:
    """Run check_incidents and return what it found."""
    output = io.StringIO()
    call_command("check_incidents", stdout=output, stderr=output)
    return output.getvalue()


@pytest.mark.parametrize("count", [0, 1, 5, 60])
def test_any_number_is_consistent(count: int) -> None:
    seed(count)

    assert Incident.objects.count() == count
    assert findings() == f"{count} incidents compared, 0 findings\n"
    connection.check_constraints()


def test_same_seed_tells_the_same_stories() -> None:
    seed(40, seed=7)
    columns = ("name", "summary", "mode", "visibility", "status_category", "severity_rank")
    messages = ("incident__number", "message", "new_incident_status__slug")
    first = (
        [*Incident.objects.order_by("number").values_list(*columns)],
        [*IncidentUpdate.objects.order_by("incident__number", "id").values_list(*messages)],
    )

    seed(40, seed=7, force_add=True)

    again = Incident.objects.filter(number__gt=40).order_by("number")
    updates = IncidentUpdate.objects.filter(incident__number__gt=40).order_by("incident__number", "id")
    assert first[0] == [*again.values_list(*columns)]
    assert first[1] == [(number - 40, *rest) for number, *rest in updates.values_list(*messages)]


def test_another_seed_tells_other_stories() -> None:
    seed(20, seed=1)
    seed(20, seed=2, force_add=True)

    names = [*Incident.objects.order_by("number").values_list("name", flat=True)]
    assert names[:20] != names[20:]


def test_numbers_and_ids_follow_the_time() -> None:
    seed(60)

    rows = [*Incident.objects.order_by("number").values_list("number", "id", "created_at")]
    assert [number for number, _, _ in rows] == list(range(1, 61))
    assert [pk for _, pk, _ in rows] == sorted(pk for _, pk, _ in rows)
    assert all(moment_of_ulid(pk) == created_at for _, pk, created_at in rows)
    assert rows[-1][2] < timezone.now()
    assert ReferenceCounter.objects.get(name="incident").last_number == 60


def test_the_next_incident_has_the_next_number() -> None:
    seed(3)

    assert make_incident().number == 4


def test_nothing_happens_in_the_future_or_out_of_order() -> None:
    seed(120)

    now = timezone.now()
    assert not IncidentEvent.objects.filter(created_at__gt=now).exists()
    for incident in Incident.objects.all():
        events = [*incident.events.order_by("id")]
        assert events[0].kind == IncidentEvent.Kind.DECLARED
        assert [event.created_at for event in events] == sorted(event.created_at for event in events)
        assert incident.updated_at >= incident.created_at


def test_history_leads_to_the_state() -> None:
    seed(120)

    for incident in Incident.objects.select_related("incident_status", "severity"):
        for kind, column, row in (
            ("status_changed", "incident_status", incident.incident_status),
            ("severity_changed", "severity", incident.severity),
        ):
            events = [*incident.events.filter(kind__in=["declared", kind]).order_by("id")]
            told = [event.details[column if event.kind == "declared" else "to"] for event in events]
            assert told[-1] == (None if row is None else {"id": row.pk, "name": row.name})


def test_history_has_the_shape_that_the_services_write() -> None:
    actor = make_actor()
    incident = make_incident(actor=actor)
    minor = Configuration.current().severities.by_slug["minor"]
    fixing = UpdateDraft(message="Found", incident_status_id=status_of("fixing").pk, severity_id=minor.pk)
    share_update(incident.pk, fixing, actor)
    lead = Configuration.current().lead_role
    assert lead is not None
    edit_incident(incident.pk, IncidentEdit(roles={lead.pk: actor.user_id}), actor)
    edit_action(make_action(incident, actor=actor), ActionDraft(status="completed"), actor)
    edit_follow_up(make_follow_up(incident, actor=actor), FollowUpDraft(status="completed"), actor)
    written = shapes(IncidentEvent.objects.all())

    seed(150, force_add=True)

    seeded = shapes(IncidentEvent.objects.exclude(incident=incident))
    assert written.items() <= seeded.items()


def shapes(events: Any) -> dict[str, frozenset[str]]:
    """Return the names of the details by kind of event."""
    return {event.kind: frozenset(event.details) for event in events}


def test_merged_incidents_point_at_visible_survivors() -> None:
    seed(300)

    merged = Incident.objects.filter(status_category=StatusCategory.MERGED)
    survivors = merged.select_related("merged_into_incident")
    assert merged.count() > 1
    for incident in survivors:
        survivor = incident.merged_into_incident
        assert survivor is not None
        assert survivor.visibility == "public"
        assert survivor.status_category != StatusCategory.MERGED
        assert incident.events.filter(details__merged_into_incident_id=survivor.pk).exists()


def test_everything_there_is_to_see_occurs() -> None:
    seed(400)

    incidents = Incident.objects
    assert set(incidents.values_list("status_category", flat=True)) == set(StatusCategory.values)
    assert set(incidents.values_list("mode", flat=True)) == set(Incident.Mode.values)
    assert 0.02 < incidents.open().count() / 400 < 0.08
    assert 0 < incidents.filter(visibility="private").count() < 40
    assert all(incident.memberships.exists() for incident in incidents.filter(visibility="private"))
    for creator in ("creator_user", "creator_api_key", "creator_alert", "creator_workflow"):
        assert incidents.filter(**{f"{creator}__isnull": False}).exists()
    assert IncidentToken.objects.filter(incident__in=incidents.open().in_default_modes()).exists()


@pytest.mark.parametrize("email", ["admin", "responder", "viewer"])
def test_demo_people_log_in_with_the_password_of_the_demo(email: str) -> None:
    seed(0)

    assert Client().login(email=f"{email}@example.com", password="tocsin-demo")


def test_colleagues_have_no_password() -> None:
    seed(0)

    colleagues = User.objects.exclude(
        email__in=[f"{name}@example.com" for name in ("admin", "responder", "viewer")]
    )
    assert colleagues.count() == 12
    assert not any(person.has_usable_password() for person in colleagues)


def test_a_database_with_incidents_is_left_alone() -> None:
    make_incident()

    with pytest.raises(CommandError, match="has incidents already"):
        seed(5)

    assert Incident.objects.count() == 1


def test_production_is_refused(settings: Any) -> None:
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="refused in production"):
        seed(5)

    assert not User.objects.exists()


@pytest.mark.parametrize("count", [-1, 5_000_001])
def test_numbers_out_of_range_are_refused(count: int) -> None:
    with pytest.raises(CommandError, match="a number from 0"):
        seed(count)


def test_missing_statuses_are_told_and_nothing_is_stored() -> None:
    IncidentStatus.objects.filter(category="closed").delete()

    with pytest.raises(CommandError, match="Add an incident status of the category closed"):
        seed(5)

    assert not User.objects.exists()


def test_a_run_that_stops_leaves_whole_incidents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.management.seeding.filling.BATCH", 10)
    write, written = Table.write, []

    def stop_in_the_third_batch(table: Table) -> None:
        if table.name == "incidents_incidentevent":
            written.append(table)
            if len(written) == 3:
                raise KeyboardInterrupt
        write(table)

    monkeypatch.setattr(Table, "write", stop_in_the_third_batch)

    with pytest.raises(KeyboardInterrupt):
        seed(50)

    assert findings() == "20 incidents compared, 0 findings\n"


def _kept_by(table: str) -> dict[str, object]:
    """Return the indexes and constraints of a table by name, without the checks, which no load takes away."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    return {name: facts for name, facts in found.items() if not facts["check"]}


def test_a_large_load_leaves_every_index_and_foreign_key_in_its_place() -> None:
    before = {table: _kept_by(table) for table in table_names()}

    with indexes_made_last(table_names()):
        fill(count=3, seed=1, progress=lambda _: None)

    assert {table: _kept_by(table) for table in table_names()} == before
    assert Incident.objects.count() == 3


def test_incidents_of_many_years_come_more_slowly() -> None:
    seed(500, years=20)

    now = timezone.now()
    ages = [(now - created_at).days for created_at in Incident.objects.values_list("created_at", flat=True)]
    assert max(ages) > 19 * 365
    assert sum(age < 30 for age in ages) < 50


@pytest.mark.parametrize("years", [0, 31])
def test_years_out_of_range_are_refused(years: int) -> None:
    with pytest.raises(CommandError, match="--years is a number from 1 to 30"):
        seed(5, years=years)


def test_words_read_by_another_process_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.management.seeding.filling.LARGE", 20)
    monkeypatch.setattr("incidents.management.seeding.search_texts.CHUNK", 8)

    seed(20)

    loaded = _search_vectors()
    for _ in rebuild_search_texts():
        pass
    assert len(loaded) == 20
    assert _search_vectors() == loaded


def _search_vectors() -> list[tuple[object, ...]]:
    """Return what the search knows of each incident, as either database keeps it."""
    statement = (
        "SELECT incident_id::text, text, words::text FROM incidents_incidentsearchtext ORDER BY 1"
        if connection.vendor == "postgresql"
        else "SELECT rowid, words, stems FROM incidents_searchwords ORDER BY 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def test_who_merges_or_reports_says_that_it_is_the_same() -> None:
    seed(300)
    since = timezone.now() - datetime.timedelta(days=REMEMBERED_DAYS)

    same = SimilarityVerdict.objects.filter(verdict="same")
    merged = Incident.objects.filter(merged_into_incident__isnull=False, created_at__gte=since)
    reports = IncidentUpdate.objects.filter(is_report=True, incident__created_at__gte=since)
    pairs = [(incident.merged_into_incident_id, incident.pk) for incident in merged]
    assert len(pairs) > 5
    assert sorted(same.filter(source="merge").values_list("incident", "other_incident")) == sorted(pairs)
    assert reports.count() > 10
    assert {*same.filter(source="declare").values_list("report", "incident")} == {
        *reports.values_list("id", "incident")
    }


def test_who_declares_separately_says_that_it_is_another() -> None:
    seed(300)

    events = IncidentEvent.objects.filter(kind=IncidentEvent.Kind.DECLARED_SEPARATELY)
    told = {(event.incident_id, event.details["other_incident_id"]) for event in events}
    apart = SimilarityVerdict.objects.filter(source="separation", verdict="different")
    stored = {*apart.values_list("incident", "other_incident")}
    assert stored
    assert stored | {(other, one) for one, other in stored} == told


def test_verdicts_of_pages_are_told_on_both_sides_and_by_the_check() -> None:
    seed(300)

    given = SimilarityVerdict.objects.filter(source="page").select_related("incident", "other_incident")
    assert len(given) > 10
    told = IncidentEvent.objects.filter(kind=IncidentEvent.Kind.VERDICT_GIVEN)
    assert {
        (event.incident_id, event.details["other_incident_id"], event.details["verdict"], event.created_at)
        for event in told
    } == {
        (*pair, one.verdict, one.judged_at)
        for one in given
        for pair in ((one.incident_id, one.other_incident_id), (one.other_incident_id, one.incident_id))
    }
    for one in given:
        assert one.other_incident is not None
        assert one.incident.created_at < one.other_incident.created_at < one.judged_at < timezone.now()
        assert one.score == max(0, sum(reason["points"] for reason in one.reasons))

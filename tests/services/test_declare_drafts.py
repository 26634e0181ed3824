"""Drafts of the declare form, without its pages."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from incidents.models import Actor, Configuration, DeclareDraft, Incident
from incidents.services.creation import Created
from incidents.services.declare_drafts import (
    MOST_BYTES,
    MOST_DRAFTS,
    TypedForm,
    discard_draft,
    finish_draft,
    save_draft,
)
from incidents.services.declaring import HeldBack, declare_incident
from incidents.services.drafts import IncidentDraft
from incidents.services.updates import add_report
from tests.at_once import at_once
from tests.make import make_actor, make_draft, make_incident

TOKEN = "a-form-in-a-browser"
NAME = "Checkout API returning 500s"


def typed(
    name: str = NAME, values: Mapping[str, Sequence[str]] | None = None, token: str = TOKEN
) -> TypedForm:
    return TypedForm(
        form_token=token,
        values={"name": [name]} if values is None else values,
        draft=IncidentDraft(name=name),
    )


def enough(name: str = NAME) -> IncidentDraft:
    return IncidentDraft(name=name, severity_id=Configuration.current().severities.by_slug["major"].pk)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["viewer", "responder", "administrator"])
def test_what_is_typed_is_kept_and_is_no_incident(role: str) -> None:
    actor = make_actor(role=role)

    assert save_draft(typed(values={"name": [NAME], "custom_field[regions]": ["eu", "us"]}), actor)

    draft = DeclareDraft.objects.of(actor).unfinished().get()
    assert (draft.name, draft.values["custom_field[regions]"]) == (NAME, ["eu", "us"])
    assert draft.expires_at - draft.updated_at == datetime.timedelta(hours=24)
    assert not Incident.objects.exists()


@pytest.mark.django_db
def test_a_form_is_one_draft_and_what_did_not_change_is_not_written(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    actor = make_actor()
    save_draft(typed("Check"), actor)

    with django_assert_num_queries(2):
        assert save_draft(typed(), actor)
    with django_assert_num_queries(1):
        assert save_draft(typed(), actor)

    assert DeclareDraft.objects.get().name == NAME


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "name", "values"),
    [
        ("", NAME, {"name": [NAME]}),
        ("short", NAME, {"name": [NAME]}),
        ("x" * 65, NAME, {"name": [NAME]}),
        ("with\x00nul-in-it", NAME, {"name": [NAME]}),
        (TOKEN, "", {"name": [""], "severity": ["major"]}),
        (TOKEN, NAME, {"name": [NAME], "summary": ["x" * MOST_BYTES]}),
        (TOKEN, NAME, {"name": [NAME], "custom_field[a]": ["é" * 1_000] * 100}),
    ],
)
def test_what_cannot_be_kept_is_not(token: str, name: str, values: Mapping[str, Sequence[str]]) -> None:
    assert not save_draft(typed(name, values, token), make_actor())
    assert not DeclareDraft.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("bad", ["a\x00b", "a\ud800b", "x" * 1_000_000], ids=["nul", "surrogate", "long"])
def test_a_value_that_no_database_takes_leaves_the_others(bad: str) -> None:
    actor = make_actor()

    assert save_draft(typed(values={"name": [NAME], "custom_field[note]": [bad]}), actor)

    assert DeclareDraft.objects.get().values == {"name": [NAME]}


@pytest.mark.django_db
def test_a_name_that_is_too_long_to_declare_is_kept_and_shown_by_its_beginning() -> None:
    long = "word " * 100

    assert save_draft(typed("", {"name": [long]}), make_actor())

    draft = DeclareDraft.objects.get()
    assert (len(draft.name), draft.values["name"]) == (200, [long.strip()])


@pytest.mark.django_db
def test_automation_has_no_drafts() -> None:
    alone = Actor(api_key=None, user=make_actor().user, can_declare=True)
    make_draft(actor=alone)

    assert DeclareDraft.objects.of(make_actor("Bob")).count() == 0


@pytest.mark.django_db
def test_one_more_than_there_is_room_for_drops_the_oldest() -> None:
    actor, other = make_actor(), make_actor("Bob")
    kept = make_draft("Somebody else's", actor=other)
    drafts = [make_draft(f"Draft {number}", actor=actor) for number in range(MOST_DRAFTS + 2)]

    assert set(DeclareDraft.objects.of(actor)) == set(drafts[2:])
    assert DeclareDraft.objects.of(other).get() == kept


@pytest.mark.django_db
def test_a_draft_expires_and_is_removed_by_the_next() -> None:
    actor = make_actor()
    draft = make_draft(actor=actor)

    with time_machine.travel(timezone.now() + datetime.timedelta(hours=24, minutes=1), tick=False):
        assert not DeclareDraft.objects.of(actor).unfinished().exists()
        make_draft("Another", actor=make_actor("Bob"))

    assert not DeclareDraft.objects.filter(pk=draft.pk).exists()


@pytest.mark.django_db
def test_declaring_finishes_the_draft_and_a_request_that_comes_late_does_not_bring_it_back() -> None:
    actor = make_actor()
    save_draft(typed(), actor)

    outcome = declare_incident(enough(), actor, form_token=TOKEN)

    finished = DeclareDraft.objects.get()
    assert isinstance(outcome, Created)
    assert (finished.name, finished.values, finished.finished_at is not None) == ("", {}, True)
    assert not save_draft(typed("Typed before, arrived after"), actor)
    assert DeclareDraft.objects.get().name == ""


@pytest.mark.django_db
def test_a_form_that_was_declared_before_its_draft_came_keeps_none() -> None:
    actor = make_actor()

    declare_incident(enough(), actor, form_token=TOKEN)

    assert not save_draft(typed(), actor)
    assert not DeclareDraft.objects.of(actor).unfinished().exists()


@pytest.mark.django_db
def test_who_is_asked_keeps_the_draft_and_whose_report_is_added_does_not() -> None:
    known = make_incident(NAME)
    actor = make_actor("Bob")
    save_draft(typed(), actor)

    assert isinstance(declare_incident(enough(), actor, form_token=TOKEN), HeldBack)
    assert DeclareDraft.objects.of(actor).unfinished().exists()

    add_report(known.pk, enough(), actor, form_token=TOKEN)
    assert not DeclareDraft.objects.of(actor).unfinished().exists()


@pytest.mark.django_db
def test_what_is_rolled_back_keeps_the_draft() -> None:
    actor = make_actor()
    save_draft(typed(), actor)

    with pytest.raises(Incident.DoesNotExist):
        add_report("0" * 26, enough(), actor, form_token=TOKEN)

    assert DeclareDraft.objects.of(actor).unfinished().exists()


@pytest.mark.django_db
def test_only_the_owner_discards_and_only_once() -> None:
    actor, other = make_actor(), make_actor("Bob", role="administrator")
    draft = make_draft(actor=actor)

    for somebody, draft_id in ((other, draft.pk), (actor, "0" * 26), (actor, "nonsense\x00")):
        with pytest.raises(DeclareDraft.DoesNotExist):
            discard_draft(draft_id, somebody)
    discard_draft(draft.pk, actor)

    assert not DeclareDraft.objects.of(actor).unfinished().exists()
    with pytest.raises(DeclareDraft.DoesNotExist):
        discard_draft(draft.pk, actor)


@pytest.mark.usefixtures("committed_db")
def test_requests_of_one_form_at_once_keep_one_draft() -> None:
    actor = make_actor()

    kept = at_once(lambda number: save_draft(typed(f"Checkout {number}"), actor), writers=16)

    assert kept == [True] * 16
    assert DeclareDraft.objects.count() == 1


@pytest.mark.usefixtures("committed_db")
def test_typing_and_declaring_at_once_leaves_no_draft() -> None:
    actor = make_actor()

    def work(number: int) -> None:
        if number:
            save_draft(typed(f"Checkout {number}"), actor)
        else:
            finish_draft(TOKEN, actor)

    at_once(work, writers=16)

    assert not DeclareDraft.objects.of(actor).unfinished().exists()
    assert DeclareDraft.objects.get().values == {}

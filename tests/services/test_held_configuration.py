"""What an incident names may be deleted at that moment: then it is refused by the field, or the deletion is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from incidents.models import (
    Configuration,
    CustomFieldOption,
    Incident,
    IncidentRole,
    IncidentStatus,
    IncidentType,
    Severity,
)
from incidents.services.configuration import delete_noun, save_noun
from incidents.services.creation import create_incident
from incidents.services.drafts import IncidentDraft, IncidentEdit, UpdateDraft
from incidents.services.editing import edit_incident
from incidents.services.updates import share_update
from tests.at_once import at_once
from tests.make import make_actor, make_custom_field, make_incident, status_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from incidents.models import Actor
    from incidents.models.configuration import Noun

pytestmark = pytest.mark.usefixtures("committed_db")

WRITERS = 12


def new_status() -> tuple[Noun, dict[str, Any], str]:
    status = IncidentStatus(name="Looking", category="live", rank=50)
    return status, {"incident_status_id": status.pk}, "incident_status_id"


def new_severity() -> tuple[Noun, dict[str, Any], str]:
    severity = Severity(name="Terrible", rank=50)
    return severity, {"severity_id": severity.pk}, "severity_id"


def new_type() -> tuple[Noun, dict[str, Any], str]:
    incident_type = IncidentType(name="Data loss")
    return incident_type, {"incident_type_id": incident_type.pk}, "incident_type_id"


MAKERS = [new_status, new_severity, new_type]


def delete_during(work: Callable[[int], object], noun: Noun, actor: Actor) -> tuple[bool, list[set[str]]]:
    """Delete the noun while others do their work; return whether it went, and by which fields they were refused."""

    def one(number: int) -> set[str] | bool:
        try:
            if number != WRITERS // 2:
                work(number)
                return set()
            delete_noun(noun, actor)
        except ProtectedError:
            return False
        except ValidationError as error:
            return set(error.message_dict)
        return True

    results = at_once(one, writers=WRITERS)
    refusals = [result for result in results if isinstance(result, set)]
    (is_gone,) = (result for result in results if isinstance(result, bool))
    return is_gone, refusals


@pytest.mark.parametrize("make", MAKERS)
def test_declaring_into_what_is_deleted_meanwhile_is_refused_by_its_field(
    make: Callable[[], tuple[Noun, dict[str, Any], str]],
) -> None:
    actor = make_actor(role="administrator")
    severity = Configuration.current().severities.by_slug["major"].pk
    noun, named, field = make()
    save_noun(noun, actor)

    def declare(number: int) -> None:
        create_incident(
            IncidentDraft(**{"name": f"Number {number}", "severity_id": severity, **named}), actor
        )

    is_gone, refusals = delete_during(declare, noun, actor)

    assert set().union(*refusals) <= {field}
    assert Incident.objects.count() == refusals.count(set())
    assert is_gone == (Incident.objects.filter(**named).count() == 0)
    assert is_gone != type(noun)._default_manager.filter(pk=noun.pk).exists()


@pytest.mark.parametrize("make", MAKERS)
def test_moving_to_what_is_deleted_meanwhile_is_refused_by_its_field(
    make: Callable[[], tuple[Noun, dict[str, Any], str]],
) -> None:
    actor = make_actor(role="administrator")
    noun, named, field = make()
    save_noun(noun, actor)
    incidents = [make_incident(f"Number {number}").pk for number in range(WRITERS)]

    is_gone, refusals = delete_during(
        lambda number: edit_incident(incidents[number], IncidentEdit(**named), actor), noun, actor
    )

    assert set().union(*refusals) <= {field}
    assert is_gone == (Incident.objects.filter(**named).count() == 0)


def test_an_update_into_a_status_that_is_deleted_meanwhile_is_refused_by_its_field() -> None:
    actor = make_actor(role="administrator")
    status, named, field = new_status()
    save_noun(status, actor)
    incidents = [make_incident(f"Number {number}").pk for number in range(WRITERS)]

    is_gone, refusals = delete_during(
        lambda number: share_update(incidents[number], UpdateDraft(message="Hm", **named), actor),
        status,
        actor,
    )

    assert set().union(*refusals) <= {field}
    assert is_gone == (Incident.objects.filter(**named).count() == 0)


def test_roles_and_options_that_are_deleted_meanwhile_are_refused_too() -> None:
    actor = make_actor(role="administrator")
    role = IncidentRole(name="Translator", role_type="custom", rank=50)
    save_noun(role, actor)
    field = make_custom_field("Service", options=("Payouts",))
    option = CustomFieldOption.objects.get(custom_field=field)
    severity = Configuration.current().severities.by_slug["major"].pk

    def declare(number: int) -> None:
        parts = (
            {"roles": {role.pk: actor.user_id}} if number % 2 else {"custom_fields": {field.pk: (option.pk,)}}
        )
        create_incident(IncidentDraft(name=f"Number {number}", severity_id=severity, **parts), actor)

    for noun in (role, option):
        _, refusals = delete_during(declare, noun, actor)
        assert set().union(*refusals) <= {"incident_role_assignments", f"custom_fields.{field.pk}"}


def test_a_configuration_that_is_held_stays_until_the_commit() -> None:
    actor = make_actor(role="administrator")
    with transaction.atomic():
        held = Configuration.held()

    status, _, _ = new_status()
    save_noun(status, actor)

    assert Configuration.current().token != held.token
    with transaction.atomic():
        assert Configuration.held() is Configuration.current()
    assert status_of("looking").pk == status.pk

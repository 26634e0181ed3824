"""The settings of the duplicate check: who may change them, within what, and what follows."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from incidents.models import ApiKey, Configuration, DuplicateSettings, DuplicateSettingsChange
from incidents.services.creation import Created
from incidents.services.declaring import HeldBack, declare_incident
from incidents.services.drafts import IncidentDraft
from incidents.services.duplicate_settings import DuplicateSettingsEdit, edit_duplicate_settings
from incidents.services.similarity import Question, find_similar
from incidents.web.forms.api_key import NewApiKeyForm
from tests.make import make_actor, make_incident

pytestmark = pytest.mark.django_db

NAME = "Checkout API returns 500s for EU merchants"
ALIKE = "Checkout API 500s, EU merchants"


def edit(**settings: Any) -> DuplicateSettings:
    wanted = DuplicateSettingsEdit(**{"warn_at": 50, "stop_at": 50, **settings})
    return edit_duplicate_settings(wanted, make_actor("Ada Okafor", role="administrator"))


def test_defaults_hold_without_a_row() -> None:
    settings = Configuration.current().duplicates

    assert (settings.warn_at, settings.stop_at, settings.alert_policy) == (50, 50, "attach")
    assert not DuplicateSettings.objects.exists()


def test_everybody_reads_the_new_settings_at_once() -> None:
    Configuration.current()

    edit(warn_at=60, stop_at=80, api_key_policy="refuse")

    settings = Configuration.current().duplicates
    assert (settings.warn_at, settings.stop_at, settings.api_key_policy) == (60, 80, "refuse")


def test_who_changed_what_is_kept() -> None:
    edit(warn_at=60, stop_at=80)
    edit(warn_at=60, stop_at=80)
    edit(warn_at=60, stop_at=90, import_policy="skip")

    changes = [row.changes for row in DuplicateSettingsChange.objects.order_by("id")]
    assert changes == [
        {"warn_at": [50, 60], "stop_at": [50, 80]},
        {"stop_at": [80, 90], "import_policy": ["report", "skip"]},
    ]


@pytest.mark.parametrize("role", ["viewer", "responder"])
def test_only_administrators_change_them(role: str) -> None:
    with pytest.raises(PermissionDenied):
        edit_duplicate_settings(DuplicateSettingsEdit(warn_at=60, stop_at=60), make_actor(role=role))


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"warn_at": 29}, "warn_at"),
        ({"warn_at": 101, "stop_at": 101}, "warn_at"),
        ({"warn_at": -1}, "warn_at"),
        ({"warn_at": 60, "stop_at": 59}, "stop_at"),
        ({"stop_at": 101}, "stop_at"),
        ({"admin_policy": "maybe"}, "admin_policy"),
        ({"api_key_policy": "off"}, "api_key_policy"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        edit(**settings)

    assert list(refused.value.message_dict) == [field]
    assert not DuplicateSettings.objects.exists()


def test_the_database_refuses_it_too() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        DuplicateSettings.objects.create(warn_at=80, stop_at=50)


def test_a_warning_begins_where_the_settings_say() -> None:
    make_incident(NAME)
    (match,) = find_similar(Question(name=ALIKE), make_actor()).matches
    assert match.level == "likely"

    edit(warn_at=match.score + 1, stop_at=100)
    assert [one.level for one in find_similar(Question(name=ALIKE), make_actor()).matches] == ["related"]


def test_a_warning_below_the_second_mark_asks_for_no_tick() -> None:
    severity_id = make_incident(NAME).severity_id
    draft = IncidentDraft(name=ALIKE, severity_id=severity_id)
    assert isinstance(declare_incident(draft, make_actor()), HeldBack)

    edit(stop_at=100)

    assert isinstance(declare_incident(draft, make_actor()), Created)


def test_the_same_name_is_held_back_whatever_the_marks() -> None:
    severity_id = make_incident(NAME).severity_id

    edit(warn_at=100, stop_at=100)

    held = declare_incident(IncidentDraft(name=NAME, severity_id=severity_id), make_actor())
    assert isinstance(held, HeldBack)


def test_new_keys_begin_with_the_policy_of_the_settings() -> None:
    edit(api_key_policy="attach")

    call_command("create_api_key", "deploy-marker", roles=["viewer"])

    assert ApiKey.objects.get().similar_policy == "attach"
    assert NewApiKeyForm().initial["similar_policy"] == "attach"

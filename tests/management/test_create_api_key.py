"""manage.py create_api_key."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command

from incidents.models import ApiKey
from incidents.services.api_keys import api_key_of_token

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROLES = ("--role", "viewer", "--role", "incident_creator")


def create(*arguments: str) -> list[str]:
    said = io.StringIO()
    call_command("create_api_key", *arguments, stdout=said)
    return said.getvalue().splitlines()


def test_the_last_line_is_the_token_of_what_the_lines_before_tell() -> None:
    lines = create("ledger-watch", *ROLES)

    api_key = api_key_of_token(lines[-1])
    assert api_key is not None
    assert (api_key.name, api_key.roles) == ("ledger-watch", ["incident_creator", "viewer"])
    assert lines[0] == (
        "API key “ledger-watch” is made: incident_creator, viewer; never expires; 1,200 requests a minute."
    )
    assert len(lines) == 3


@time_machine.travel(NOON, tick=False)
def test_every_property_of_a_key_has_an_option() -> None:
    lines = create(
        "Terraform",
        "--role",
        "manage_settings",
        "--expires-in-days",
        "90",
        "--rate-limit",
        "60",
        "--similar-policy",
        "refuse",
        "--comments",
        "Plans and applies.",
    )

    api_key = ApiKey.objects.get()
    assert api_key.expires_at == NOON + timedelta(days=90)
    assert (api_key.rate_limit, api_key.similar_policy, api_key.comments) == (
        60,
        "refuse",
        "Plans and applies.",
    )
    assert "manage_settings; expires on 21 Feb 2027 at 12:00 UTC; 60 requests a minute." in lines[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("a", "--role", "emperor"), "--role: There is no role “emperor”. Choose among viewer, incident_cr"),
        (("a",), "--role: Give the key at least one role. Choose among viewer"),
        ((" ", *ROLES), "NAME: Say what the key is for."),
        (("x" * 201, *ROLES), "NAME: Shorten this to 200 characters"),
        (("half \udcff", *ROLES), "NAME: This holds half of a character"),
        (("a", *ROLES, "--rate-limit", "0"), "--rate-limit: Answer 1 to 1,000,000 requests a minute."),
        (("a", *ROLES, "--similar-policy", "shrug"), "--similar-policy: The policy is one of warn, refuse"),
        (("a", *ROLES, "--comments", "x" * 5_001), "--comments: Shorten this"),
        (("a", *ROLES, "--expires-in-days", "0"), "--expires-in-days: Give a number from 1 to 36,500."),
        (("a", *ROLES, "--expires-in-days", "9" * 30), "--expires-in-days: Give a number from 1 to 36,500."),
    ],
)
def test_what_cannot_be_is_told_by_its_option(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError) as refusal:
        create(*arguments)

    assert words in str(refusal.value)
    assert refusal.value.returncode == 1
    assert not ApiKey.objects.exists()


def test_a_refusal_ends_the_program_with_1_and_prints_no_token() -> None:
    command = [sys.executable, "manage.py", "create_api_key", "a", "--role", "emperor"]

    ended = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert "There is no role “emperor”." in ended.stderr

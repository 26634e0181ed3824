"""manage.py prepare."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command

from incidents.models import DuplicateCandidate, Incident, User
from tests.make import make_user

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def static_root(settings: Settings, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    return tmp_path


def test_static_files_are_collected_under_names_of_their_content(static_root: Path) -> None:
    prepare()

    assert list(static_root.glob("css/tokens.*.css"))


def test_static_files_are_collected_once() -> None:
    first, second = prepare(), prepare()

    assert "Static files" in first
    assert "Static files" not in second


def test_static_files_are_collected_again_after_a_change(static_root: Path) -> None:
    prepare()
    os.utime(static_root / "staticfiles.json", (0, 0))

    assert "Static files" in prepare()


def test_demo_fills_an_empty_database() -> None:
    said = prepare("--demo")

    assert Incident.objects.count() == 200
    assert "tocsin-demo" in said
    assert DuplicateCandidate.objects.exists()
    assert "warnings without a verdict" in said


def test_demo_leaves_a_database_that_is_in_use_alone() -> None:
    make_user()

    said = prepare("--demo")

    assert User.objects.count() == 1
    assert "tocsin-demo" not in said


def test_demo_is_not_for_production(settings: Settings) -> None:
    settings.PRODUCTION = True

    prepare("--demo")

    assert not User.objects.exists()


def prepare(*arguments: str) -> str:
    said = io.StringIO()
    call_command("prepare", *arguments, stdout=said)
    return said.getvalue()

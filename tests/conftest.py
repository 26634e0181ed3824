"""What every test stands on: plain static files, a database of its own, and no network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from tests.committed import Snapshot, take_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.plugin import DjangoDbBlocker

BROWSER_TESTS = Path(__file__).parent / "browser"


def pytest_configure() -> None:
    """Replace what is slow on purpose, or needs collectstatic first."""
    # How long an example takes says more about the machine than about the code.
    hypothesis.settings.register_profile("tocsin", deadline=None)
    hypothesis.settings.load_profile("tocsin")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser, so that nobody can forget it. By its folder: fixtures elsewhere may share a name."""
    for item in items:
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keep SQLite in a file: threads and servers do not see each other's memory."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "tocsin.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Let transactional tests end in what the migrations left: Django would empty every table, history too."""
    with django_db_blocker.unblock():
        snapshot = take_snapshot(tmp_path_factory.mktemp("snapshot"))
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: restore_database(snapshot))
        yield


@pytest.fixture
def committed_db(transactional_db: None) -> None:
    """Give the test real transactions, also from threads. Afterwards the database is as new."""


def restore_database(snapshot: Snapshot) -> None:
    """Restore from a connection of its own, because a test may leave a broken one."""
    connection.close()
    snapshot.restore()
    connection.close()

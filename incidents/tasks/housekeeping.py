"""Jobs that remove what has had its time."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from django.conf import settings

from incidents.services.bulk_changes import forget_old_bulk_changes
from incidents.services.idempotency import forget_old_keys


def forget_idempotency_keys() -> Iterator[None]:
    """Remove keys by which nobody repeats a request any more."""
    while forget_old_keys():
        yield


def forget_bulk_changes() -> Iterator[None]:
    """Remove bulk changes whose reports nobody looks at any more, one at a time."""
    while forget_old_bulk_changes():
        yield


def end_sessions() -> Iterator[None]:
    """Remove sessions that have expired."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    yield

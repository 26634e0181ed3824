"""Jobs that go on where people closed the page."""

from __future__ import annotations

from collections.abc import Iterator

from incidents.services.bulk_changes import advance_unfinished

SECONDS_OF_A_STEP = 2.0


def advance_bulk_changes() -> Iterator[None]:
    """Take bulk changes further that are not finished."""
    yield from advance_unfinished(seconds=SECONDS_OF_A_STEP)

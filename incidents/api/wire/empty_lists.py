"""Lists of what Tocsin does not have."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from incidents.api.wire.base import PaginationMeta, Wire

NothingEver = Annotated[list[str], Meta(max_length=0)]


class SchedulesList(Wire):
    """No schedules."""

    schedules: NothingEver
    pagination_meta: PaginationMeta


class EscalationsList(Wire):
    """No escalations."""

    escalations: NothingEver
    pagination_meta: PaginationMeta


class WorkflowsList(Wire):
    """No workflows."""

    workflows: NothingEver

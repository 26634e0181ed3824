"""Draws the rows of the list. They are most of the page, and a template takes ten times as long for them.

Everything that people type passes `escape`; the rest is made of numbers and of what was drawn before.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.templatetags.static import static
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from incidents.templatetags.times import ago, duration
from incidents.templatetags.tones import avatar_class, initials

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incidents.web.incident_rows import IncidentRow
    from incidents.web.list_columns import Column

_START, _END = '<tr class="incident-row" role="row">', "</tr>\n"
_CELLS = {
    "severity": '<td class="cell-severity" role="cell">{severity}</td>',
    "reference": '<td class="cell-reference" role="cell">{reference}</td>',
    "name": '<td class="cell-name" role="cell"><div>{lock}<a href="{url}">{name}</a>{tags}</div></td>',
    "status": '<td class="cell-status" role="cell">{status}</td>',
    "lead": '<td class="cell-person" role="cell">{lead}</td>',
    "lasted": '<td class="cell-duration" role="cell"><span class="{duration_class}">{lasted}</span></td>',
    "updated_at": '<td class="cell-updated" role="cell">{updated}</td>',
}
# Every other column shows what was drawn for it, in the order of the columns.
_FURTHER_CELL = '<td class="cell-more" role="cell">{}</td>'
_LOCK = '<svg class="icon-small" role="img" aria-label="Members only"><use href="{}#lock" /></svg>'
_PERSON = (
    '<span class="person"><span class="avatar {}" aria-hidden="true">{}</span>'
    '<span class="person-name">{}</span></span>'
)
_NOBODY = (
    '<span class="person text-tertiary"><span class="avatar avatar-nobody" aria-hidden="true">?</span>'
    '<span class="person-name">Nobody yet</span></span>'
)


def draw_rows(rows: Iterable[IncidentRow], columns: tuple[Column, ...]) -> SafeString:
    """Return table rows with a cell for each column."""
    template = _row_template(columns)
    lock = _LOCK.format(escape(static("icons/icons.svg")))
    return mark_safe("".join([_draw_row(row, template, lock) for row in rows]))  # noqa: S308 - see above


def draw_person(person_id: str, name: str) -> str:
    """Return a person as a cell shows them."""
    return _PERSON.format(avatar_class(person_id), escape(initials(name)), escape(name))


@lru_cache(maxsize=256)
def _row_template(columns: tuple[Column, ...]) -> str:
    cells = [_CELLS.get(column.key, _FURTHER_CELL) for column in columns]
    return f"{_START}{''.join(cells)}{_END}"


def _draw_row(row: IncidentRow, template: str, lock: str) -> str:
    return template.format(
        *row.cells,
        severity=row.severity_badge,
        reference=row.reference,
        lock=lock if row.is_private else "",
        url=row.url,
        name=escape(row.name),
        tags="".join([f'<span class="tag">{escape(tag)}</span>' for tag in row.tags]),
        status=row.status_badge,
        lead=_NOBODY if row.lead_id is None else draw_person(row.lead_id, row.lead_name or ""),
        duration_class="duration-running numeric" if row.is_running else "numeric",
        lasted=duration(row.lasted_seconds) or "—",
        updated=ago(row.updated_at),
    )

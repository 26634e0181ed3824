"""Draws the rows of the list. They are most of the page, and a template takes ten times as long for them.

Everything that people type passes `escape`; the rest is made of numbers and of what was drawn before.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from incidents.templatetags.times import ago, duration
from incidents.templatetags.tones import avatar_class, initials

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incidents.web.incident_rows import IncidentRow
    from incidents.web.list_columns import Column

_START, _END = '<tr class="incident-row" id="{reference}" role="row">', "</tr>\n"
_SELECTION = (
    '<td class="cell-selection" role="cell"><label><input type="checkbox" name="id" value="{reference}">'
    '<span class="visually-hidden">Select {reference}</span></label></td>'
)
_CELLS = {
    "severity": '<td class="cell-severity" role="cell">{severity}</td>',
    "reference": '<td class="cell-reference" role="cell">{reference}</td>',
    "name": '<td class="cell-name" role="cell"><div>{lock}<a href="{url}">{name}</a>{tags}</div>{snippet}</td>',
    "status": '<td class="cell-status" role="cell">{status}</td>',
    "lead": '<td class="cell-person" role="cell">{lead}</td>',
    "lasted": '<td class="cell-duration" role="cell"><span class="{duration_class}">{lasted}</span></td>',
    "updated_at": '<td class="cell-updated" role="cell">{updated}</td>',
}
# Every other column shows what was drawn for it, in the order of the columns.
_FURTHER_CELL = '<td class="cell-more" role="cell">{}</td>'
_GONE = (
    '<tr hx-swap-oob="true" class="incident-row incident-gone" id="{reference}" role="row">'
    '<td class="cell-gone" role="cell" colspan="21">Not visible any more</td></tr>\n'
)
_LOCK = '<svg class="icon-small" role="img" aria-label="Members only"><use href="{}#lock" /></svg>'
_PERSON = (
    '<span class="person"><span class="avatar {}" aria-hidden="true">{}</span>'
    '<span class="person-name">{}</span></span>'
)
_NOBODY = (
    '<span class="person text-tertiary"><span class="avatar avatar-nobody" aria-hidden="true">?</span>'
    '<span class="person-name">Nobody yet</span></span>'
)


def draw_rows(rows: Iterable[IncidentRow], columns: tuple[Column, ...], *, is_selectable: bool) -> SafeString:
    """Return table rows with a cell for each column, after a box to tick if they can be selected."""
    template = _row_template(columns, is_selectable=is_selectable)
    lock = _LOCK.format(escape(static("icons/icons.svg")))
    return mark_safe("".join([_draw_row(row, template, lock) for row in rows]))  # noqa: S308 - see above


def swapped_along(rows: SafeString) -> SafeString:
    """Return rows that were drawn, each to take the place of the one with its id wherever that stands."""
    # People cannot type this piece into a row: their “<” is escaped.
    return mark_safe(  # noqa: S308 - see above
        rows.replace('<tr class="incident-row"', '<tr hx-swap-oob="true" class="incident-row"')
    )


def draw_gone(reference: str) -> SafeString:
    """Return what takes the place of a row whose incident the reader does not see any more."""
    return format_html(_GONE, reference=reference)


@lru_cache(maxsize=1_000)
def draw_person(person_id: str, name: str) -> str:
    """Return a person as a cell shows them."""
    return _PERSON.format(avatar_class(person_id), escape(initials(name)), escape(name))


@lru_cache(maxsize=256)
def _row_template(columns: tuple[Column, ...], *, is_selectable: bool) -> str:
    cells = [_CELLS.get(column.key, _FURTHER_CELL) for column in columns]
    return f"{_START}{_SELECTION if is_selectable else ''}{''.join(cells)}{_END}"


def _draw_row(row: IncidentRow, template: str, lock: str) -> str:
    return template.format(
        *row.cells,
        severity=row.severity_badge,
        reference=row.reference,
        lock=lock if row.is_private else "",
        url=row.url,
        name=row.name,
        snippet=f'<p class="row-snippet">{row.snippet}</p>' if row.snippet else "",
        tags="".join([f'<span class="tag">{escape(tag)}</span>' for tag in row.tags]),
        status=row.status_badge,
        lead=_NOBODY if row.lead_id is None else draw_person(row.lead_id, row.lead_name or ""),
        duration_class="duration-running numeric" if row.is_running else "numeric",
        lasted=duration(row.lasted_seconds) or "—",
        updated=ago(row.updated_at),
    )

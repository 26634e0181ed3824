"""Draws the rows of the list. They are most of the page, and a template takes ten times as long for them.

Everything that people type passes `escape`; the rest is made of numbers and of what was drawn before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from incidents.templatetags.times import ago, duration
from incidents.templatetags.tones import avatar_class, initials

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incidents.web.incident_rows import IncidentRow

_ROW = (
    '<tr class="incident-row" id="{reference}" role="row">{selection}'
    '<td class="cell-severity" role="cell">{severity}</td>'
    '<td class="cell-reference" role="cell">{reference}</td>'
    '<td class="cell-name" role="cell"><div>{lock}<a href="{url}">{name}</a>{tags}</div>{snippet}</td>'
    '<td class="cell-status" role="cell">{status}</td>'
    '<td class="cell-person" role="cell">{lead}</td>'
    '<td class="cell-duration" role="cell"><span class="{duration_class}">{lasted}</span></td>'
    '<td class="cell-updated" role="cell">{updated}</td></tr>\n'
)
_SELECTION = (
    '<td class="cell-selection" role="cell"><label><input type="checkbox" name="id" value="{0}">'
    '<span class="visually-hidden">Select {0}</span></label></td>'
)
_GONE = (
    '<tr hx-swap-oob="true" class="incident-row incident-gone" id="{reference}" role="row">'
    '<td class="cell-gone" role="cell" colspan="20">Not visible any more</td></tr>\n'
)
_LOCK = '<svg class="icon-small" role="img" aria-label="Members only"><use href="{}#lock" /></svg>'
_LEAD = (
    '<span class="person"><span class="avatar {}" aria-hidden="true">{}</span>'
    '<span class="person-name">{}</span></span>'
)
_NOBODY = (
    '<span class="person text-tertiary"><span class="avatar avatar-nobody" aria-hidden="true">?</span>'
    '<span class="person-name">Nobody yet</span></span>'
)


def draw_rows(rows: Iterable[IncidentRow], *, is_selectable: bool) -> SafeString:
    """Return table rows, each with a box to tick if they can be selected."""
    lock = _LOCK.format(escape(static("icons/icons.svg")))
    selection = _SELECTION if is_selectable else ""
    return mark_safe("".join([_draw_row(row, lock, selection) for row in rows]))  # noqa: S308 - see above


def swapped_along(rows: SafeString) -> SafeString:
    """Return rows that were drawn, each to take the place of the one with its id wherever that stands."""
    # People cannot type this piece into a row: their “<” is escaped.
    return mark_safe(  # noqa: S308 - see above
        rows.replace('<tr class="incident-row"', '<tr hx-swap-oob="true" class="incident-row"')
    )


def draw_gone(reference: str) -> SafeString:
    """Return what takes the place of a row whose incident the reader does not see any more."""
    return format_html(_GONE, reference=reference)


def _draw_row(row: IncidentRow, lock: str, selection: str) -> str:
    return _ROW.format(
        selection=selection.format(row.reference),
        severity=row.severity_badge,
        reference=row.reference,
        lock=lock if row.is_private else "",
        url=row.url,
        name=row.name,
        snippet=f'<p class="row-snippet">{row.snippet}</p>' if row.snippet else "",
        tags="".join([f'<span class="tag">{escape(tag)}</span>' for tag in row.tags]),
        status=row.status_badge,
        lead=_draw_lead(row),
        duration_class="duration-running numeric" if row.is_running else "numeric",
        lasted=duration(row.lasted_seconds) or "—",
        updated=ago(row.updated_at),
    )


def _draw_lead(row: IncidentRow) -> str:
    if row.lead_id is None:
        return _NOBODY
    name = row.lead_name or ""
    return _LEAD.format(avatar_class(row.lead_id), escape(initials(name)), escape(name))

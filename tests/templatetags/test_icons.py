"""Icons from the sprite."""

from __future__ import annotations

from incidents.templatetags.icons import icon


def test_icon_is_decoration_from_the_sprite() -> None:
    assert icon("plus", "icon-small") == (
        '<svg class="icon-small" aria-hidden="true"><use href="/static/icons/icons.svg#plus" /></svg>'
    )


def test_icon_name_cannot_break_out() -> None:
    assert '"><script' not in icon('x"><script>')

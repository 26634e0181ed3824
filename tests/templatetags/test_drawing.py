"""Parts of pages that are drawn once for the same values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template import engines
from django.template.base import Template as CompiledTemplate
from django.urls import set_script_prefix

from incidents.templatetags.drawing import drawn
from incidents.web.list_display import MenuLink

if TYPE_CHECKING:
    import pytest

EXPORT_MENU = "incidents/_export_menu.html"


def test_values_are_escaped() -> None:
    html = drawn(EXPORT_MENU, links=(MenuLink("<b>", '/?q="&x'),))

    assert '<a class="menu-item" href="/?q=&quot;&amp;x" download>&lt;b&gt;</a>' in html


def test_other_values_are_drawn_anew() -> None:
    first = drawn(EXPORT_MENU, links=(MenuLink("First", "/1"),))
    second = drawn(EXPORT_MENU, links=(MenuLink("Second", "/1"),))

    assert "First" in first
    assert "Second" in second
    assert "First" not in second


def test_the_same_values_are_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []
    render = CompiledTemplate.render

    def counted(self: CompiledTemplate, context: object) -> str:
        rendered.append(str(self.name))
        return render(self, context)  # type: ignore[arg-type]

    monkeypatch.setattr(CompiledTemplate, "render", counted)
    for _ in range(3):
        drawn(EXPORT_MENU, links=(MenuLink("Drawn once", "/once"),))

    assert rendered == [EXPORT_MENU]


def test_addresses_follow_the_path_under_which_it_is_served() -> None:
    try:
        set_script_prefix("/tocsin/")
        assert 'href="/tocsin/incidents/"' in drawn("components/_nav_head.html", organisation_name="Acme")
    finally:
        set_script_prefix("/")
    assert 'href="/incidents/"' in drawn("components/_nav_head.html", organisation_name="Acme")


def test_pages_are_sent_without_indentation() -> None:
    html = engines["django"].get_template("components/_palette.html").render()

    assert not [line for line in html.splitlines() if line.startswith((" ", "\t"))]
    assert "\n" in html

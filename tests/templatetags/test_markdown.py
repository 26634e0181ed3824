"""Markdown that somebody wrote: useful, and harmless."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest

from incidents.templatetags.markdown import LONGEST_TEXT, markdown


class Elements(HTMLParser):
    """Which elements and attributes a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.addresses.update(value or "" for name, value in attrs if name == "href")


def test_commonmark_becomes_html() -> None:
    html = markdown("Rolled **back** to `4.18.2`:\n\n- zone A\n- zone B")

    assert "<strong>back</strong>" in html
    assert "<code>4.18.2</code>" in html
    assert html.count("<li>") == 2


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "![pixel](https://example.com/pixel.png)",
        '<a href="x" onclick="alert(1)">x</a>',
        "[x](https://example.com 'a\" onmouseover=\"alert(1)')",
    ],
)
def test_nothing_can_run_or_load(text: str) -> None:
    found = Elements()
    found.feed(markdown(text))

    assert found.names <= {"p", "a"}
    assert found.attributes <= {"href", "rel", "title"}
    assert all(address.startswith("https://") for address in found.addresses)


def test_links_tell_nothing_about_where_they_are() -> None:
    html = markdown("[runbook](https://example.com/run)")

    assert 'href="https://example.com/run"' in html
    assert 'rel="nofollow noopener noreferrer"' in html


def test_headings_come_below_those_of_the_page() -> None:
    html = markdown("# Impact\n\n###### Detail")

    assert "<h3>Impact</h3>" in html
    assert "<h6>Detail</h6>" in html


def test_very_long_text_is_shown_as_typed() -> None:
    html = markdown("<b>" + "x" * LONGEST_TEXT)

    assert html.startswith("<p>&lt;b&gt;x")


@pytest.mark.parametrize("text", ["[" * 20_000, "*a_ " * 6_000, "> " * 10_000, "`" * 20_000, "![" * 10_000])
def test_hostile_text_takes_no_long_time(text: str) -> None:
    started = time.process_time()

    markdown(text)

    assert time.process_time() - started < 2


@pytest.mark.parametrize("text", ["", None])
def test_no_text_is_nothing(text: str | None) -> None:
    assert markdown(text) == ""

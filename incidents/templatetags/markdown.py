"""Markdown that somebody wrote, made into HTML that can do no harm."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import nh3
from django import template
from django.utils.html import escape, linebreaks
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore

register = template.Library()

LONGEST_TEXT = 64 * 1024
TAGS = {
    "a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "strong", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
# Pages have their own h1 and h2; a heading in a text comes below them.
HEADING_SHIFT = 2
DEEPEST_HEADING = 6
_CODE = re.compile(r"`([^`]+)`")


@register.filter
def markdown(text: str | None) -> SafeString:
    """Return CommonMark as clean HTML. Text beyond 64 KiB is shown as it was typed."""
    if not text:
        return mark_safe("")
    if len(text) > LONGEST_TEXT:
        return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308 - escaped by linebreaks
    return _render(text)


@register.filter
def code_spans(text: str) -> SafeString:
    """Return a sentence of ours in which what stands between backticks is code."""
    return mark_safe(_CODE.sub(r"<code>\1</code>", escape(text)))  # noqa: S308 - escaped just here


@lru_cache(maxsize=256)
def _render(text: str) -> SafeString:
    clean = nh3.clean(
        _commonmark.render(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="nofollow noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned by nh3 just above


def _shift_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            token.tag = f"h{min(int(token.tag[1]) + HEADING_SHIFT, DEEPEST_HEADING)}"


def _make_commonmark() -> MarkdownIt:
    """Return the parser: no raw HTML, no images (the content security policy would not show them)."""
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable("image")
    parser.core.ruler.push("shift_headings", _shift_headings)
    return parser


_commonmark = _make_commonmark()

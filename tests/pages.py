"""Reads page templates: what a page is made of, and which style sheets and scripts it makes a browser load."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import django_htmx
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"

_PARENT = re.compile(r"{% extends [^%]*?\"([\w/]+\.html)")
_INCLUDED = re.compile(r"{% (?:include|drawn) \"([\w/]+\.html)\"")
_LOADED = re.compile(r"{% static '((?:css|js)/[\w.]+)' %}")
_TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
_WORD = re.compile(r"[a-z][a-z0-9-]*")


def pages() -> list[Path]:
    """Return the templates that are whole pages of ours."""
    named = (path for path in TEMPLATES.rglob("*.html") if not path.name.startswith("_"))
    return sorted(path for path in named if family(path)[-1].name == "skeleton.html")


def name_of(page: Path) -> str:
    return str(page.relative_to(TEMPLATES))


def family(page: Path) -> list[Path]:
    """Return the page, and what it extends up to the top; of two parents the one for people who are logged in."""
    parent = _PARENT.search(page.read_text())
    if parent is None or not (TEMPLATES / parent[1]).exists():
        return [page]
    return [page, *family(TEMPLATES / parent[1])]


def loaded_by(page: Path) -> set[Path]:
    """Return the style sheets and scripts of a page: a block of its own takes the place of its parents'."""
    sources = [member.read_text() for member in family(page)]
    blocks = [_block(sources, name) for name in ("styles", "scripts")]
    text = "\n".join([sources[-1], *blocks])
    files = {STATIC / name for name in _LOADED.findall(text)}
    return files | {HTMX} if "{% htmx_script" in text else files


def classes_in(page: Path) -> set[str]:
    """Return the words in the classes of a page, its parents and what they include."""
    return set().union(*(_classes(member) for member in family(page)))


def classes_drawn_by(sheet: Path) -> set[str]:
    """Return the classes that a style sheet names."""
    source = re.sub(r"/\*.*?\*/|url\(.*?\)", "", sheet.read_text(), flags=re.DOTALL)
    return set(re.findall(r"\.([a-z][a-z0-9-]*)", source))


def _block(sources: list[str], name: str) -> str:
    text = ""
    for source in sources:
        if found := re.search(rf"{{% block {name} %}}(.*?){{% endblock", source, re.DOTALL):
            text += found[1]
            if "block.super" not in found[1]:
                return text
    return text


@cache
def _classes(template: Path) -> frozenset[str]:
    source = template.read_text()
    values = [_TAG.sub(" ", value) for value in re.findall(r'\sclass="(.*?)"(?=[\s>{])', source)]
    own = {word for value in values for word in _WORD.findall(value)}
    parts = (TEMPLATES / name for name in _INCLUDED.findall(source))
    return frozenset(own.union(*(_classes(part) for part in parts if part.exists())))

"""What is sent to every browser: small, allowed by the content security policy, and readable in both themes."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from tests.pages import HTMX, ROOT, STATIC, classes_drawn_by, classes_in, loaded_by, name_of, pages

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = pages()
STYLE_SHEETS = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
# Compressed, what a browser loads for one page.
BUDGET = 40 * 1024

TONES = [(f"tone-{tone}-text", f"tone-{tone}-background") for tone in range(1, 6)]
CATEGORIES = [
    (f"{category}-text", f"{category}-background")
    for category in ("triage", "live", "paused", "learning", "closed", "success", "warning", "danger")
]
ON_SURFACES = [
    (text, surface)
    for text in ("text", "text-secondary", "text-tertiary")
    for surface in ("canvas", "surface", "surface-tinted", "raised", "hover", "press", "selected")
]
ON_MESSAGES = [
    (text, f"{kind}-background")
    for text in ("text", "text-secondary")
    for kind in ("success", "warning", "danger")
]
TEXT_PAIRS = [
    *TONES,
    *CATEGORIES,
    *ON_SURFACES,
    *ON_MESSAGES,
    ("accent", "surface"),
    ("accent", "surface-tinted"),
    ("accent", "danger-background"),
    ("on-ink", "ink"),
    ("text", "highlight"),
]
GRAPHIC_PAIRS = [
    ("focus", "surface"),
    ("focus", "canvas"),
    ("line-control", "surface"),
    *((bar, "surface") for bar in ("bar-quiet", "bar-warm", "bar-late", "bar-night")),
    *((bar, "warning-background") for bar in ("bar-quiet", "bar-warm")),
]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_scripts_and_styles_stay_small(page: Path) -> None:
    compressed = sum(len(gzip.compress(path.read_bytes())) for path in loaded_by(page))

    assert 0 < compressed <= BUDGET


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_page_loads_what_draws_it(page: Path) -> None:
    drawn = {sheet: classes_drawn_by(sheet) for sheet in STYLE_SHEETS if sheet.name != "print.css"}
    loaded = set().union(*(drawn[sheet] for sheet in loaded_by(page) & drawn.keys()))

    assert (classes_in(page) & set().union(*drawn.values())) - loaded == set()


def test_everything_is_loaded_by_some_page() -> None:
    assert set().union(*map(loaded_by, PAGES)) == {*STYLE_SHEETS, *SCRIPTS, HTMX}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_carries_no_inline_style_script_or_handler(template: Path) -> None:
    source = template.read_text()

    assert not re.search(r"\sstyle\s*=|<style\b|\son[a-z]+\s*=|\shx-on|javascript:", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons" / "icons.svg").read_text()))
    sources = "\n".join(path.read_text() for path in TEMPLATES)

    named = set(re.findall(r"""{% icon ["']([\w-]+)["']""", sources))

    assert named
    assert named <= drawn


def test_every_class_that_tags_can_make_is_drawn() -> None:
    styles = "\n".join(path.read_text() for path in STYLE_SHEETS)
    categories = ("triage", "live", "paused", "learning", "closed", "declined", "canceled", "merged")
    made = [f".tone-{tone}" for tone in range(6)]
    made += [f".status-{category}" for category in categories]
    made += [f".glyph-{category}" for category in categories]
    made += [f".avatar-{colour}" for colour in ("violet", "teal", "amber", "blue", "rose")]

    missing = [name for name in made if not re.search(rf"{re.escape(name)}\b", styles)]

    assert missing == []


def test_nothing_is_drawn_for_nobody() -> None:
    styles = "\n".join(
        re.sub(r"/\*.*?\*/|url\(.*?\)", "", path.read_text(), flags=re.DOTALL) for path in STYLE_SHEETS
    )
    drawn = set(re.findall(r"\.([a-z][a-z0-9-]*)", styles))
    made = {name for name in drawn if re.match(r"(tone|status|glyph|avatar)-", name)}

    assert drawn - made - words_in_sources() == set()


def test_sprite_holds_no_icon_for_nobody() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons" / "icons.svg").read_text()))
    made = {name for name in drawn if re.match(r"(severity|status)-", name)}

    assert drawn - made - words_in_sources() == set()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "background"), TEXT_PAIRS)
def test_text_can_be_read(text: str, background: str, theme: str) -> None:
    colours = token_colours(theme)

    assert contrast(colours[text], colours[background]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("graphic", "background"), GRAPHIC_PAIRS)
def test_graphics_can_be_seen(graphic: str, background: str, theme: str) -> None:
    colours = token_colours(theme)

    assert contrast(colours[graphic], colours[background]) >= 3


def words_in_sources() -> set[str]:
    """Return every word that could name a class or an icon, in templates, scripts and Python."""
    sources = [*TEMPLATES, *SCRIPTS, *(ROOT / "incidents").rglob("*.py")]
    return {word for path in sources for word in re.findall(r"[a-z][a-z0-9-]*", path.read_text())}


def token_colours(theme: str) -> dict[str, str]:
    source = (STATIC / "css" / "tokens.css").read_text()
    pairs = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", source)
    return {name: light if theme == "light" else dark for name, light, dark in pairs}


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of WCAG 2.2."""
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

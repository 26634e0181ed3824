"""The keys that pages listen to; static/js/app.js, incident.js, palette.js and select.js do what is told here."""

from __future__ import annotations

import dataclasses

from incidents.web.navigation import BUILT_IN_VIEWS


@dataclasses.dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys, pressed together or one after the other, and what they do."""

    keys: tuple[str, ...]
    does: str


@dataclasses.dataclass(frozen=True, slots=True)
class ShortcutGroup:
    """Shortcuts of one kind of page."""

    name: str
    shortcuts: tuple[Shortcut, ...]


def shortcut_groups() -> tuple[ShortcutGroup, ...]:
    """Return every shortcut."""
    return (
        ShortcutGroup(
            "Everywhere",
            (
                Shortcut(("Ctrl", "K"), "Search or jump to (⌘ K on a Mac)"),
                Shortcut(("/",), "Search"),
                Shortcut(("C",), "Declare an incident"),
                Shortcut(("Ctrl", "Enter"), "Send the form"),
                Shortcut(("?",), "Show this list"),
                Shortcut(("Esc",), "Close what is open"),
            ),
        ),
        ShortcutGroup(
            "Go to",
            (
                Shortcut(("G", "L"), "The list of incidents"),
                Shortcut(("G", "D"), "Declare an incident"),
                Shortcut(("G", "S"), "Settings"),
                Shortcut(("G", f"1…{len(BUILT_IN_VIEWS)}"), "The views, from the top"),
            ),
        ),
        ShortcutGroup(
            "In the list",
            (
                Shortcut(("J",), "Next incident"),
                Shortcut(("K",), "Previous incident"),
                Shortcut(("O",), "Open it, as Enter does"),
                Shortcut(("X",), "Tick it"),
                Shortcut(("Shift", "X"), "Tick all from the last one that was ticked to this"),
                Shortcut(("Esc",), "Untick all"),
                Shortcut(("F",), "Add a filter"),
                Shortcut(("R",), "Load the list anew"),
            ),
        ),
        ShortcutGroup(
            "On an incident",
            (
                Shortcut(("U",), "Write an update"),
                Shortcut(("S",), "Change the status"),
                Shortcut(("V",), "Change the severity"),
                Shortcut(("L",), "Change the lead"),
            ),
        ),
    )

"""Reads a form out of a page and says what a browser without JavaScript would send."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

Attributes = dict[str, str | None]


@dataclass
class ReadForm:
    """The values that would be sent, and the buttons by their words, each with where it leads."""

    action: str = ""
    values: dict[str, list[str]] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)

    def filled(self, **changes: Any) -> dict[str, list[str]]:
        """Return the values with some of them changed; None takes one out."""
        changed = {name: value if isinstance(value, list) else [value] for name, value in changes.items()}
        return {
            name: value for name, value in {**self.values, **changed}.items() if value != [None] and value
        }


def read_form(response: Any, form_id: str) -> ReadForm:
    """Return the form of this id."""
    parser = _FormParser(form_id)
    parser.feed(response.content.decode())
    assert parser.is_found, f"there is no form {form_id}"
    return parser.form


class _FormParser(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.form = ReadForm()
        self.is_found = self.is_inside = False
        self.select = self.textarea = ""
        self.button: Attributes | None = None
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: Attributes = dict(attrs)
        if tag == "form" and given.get("id") == self.form_id:
            self.is_found = self.is_inside = True
            self.form.action = given.get("action") or ""
        elif self.is_inside:
            self._start(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        elif tag == "textarea" and self.textarea:
            # A browser drops the line end that follows the opening tag.
            self._add(self.textarea, "".join(self.words).removeprefix("\r\n").removeprefix("\n"))
            self.textarea = ""
        elif tag == "button" and self.button is not None:
            self.form.buttons[" ".join("".join(self.words).split())] = (
                self.button.get("formaction") or self.form.action
            )
            self.button = None

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def _start(self, tag: str, given: Attributes) -> None:
        name = given.get("name") or ""
        if tag == "input" and name:
            self._add_input(name, given)
        elif tag == "select":
            self.select = name
            self.form.values.setdefault(name, [])
        elif tag == "option" and self.select and "selected" in given:
            self._add(self.select, given.get("value") or "")
        elif tag == "textarea":
            self.textarea, self.words = name, []
        elif tag == "button":
            self.button, self.words = given, []

    def _add_input(self, name: str, given: Attributes) -> None:
        if given.get("type") not in {"radio", "checkbox"} or "checked" in given:
            self._add(name, given.get("value") or "")

    def _add(self, name: str, value: str) -> None:
        self.form.values.setdefault(name, []).append(value)

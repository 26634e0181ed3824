"""Controls that the forms share."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

# Longer lists are found by typing, not by scrolling.
LONGEST_LIST = 100


class ListedInput(forms.Select):
    """A list to choose from; where it would be too long, a box that suggests its values while one types."""

    def __init__(self, *, choices: Collection[tuple[str, Any]] = (), blank: str = "Not chosen") -> None:
        super().__init__()
        self.listed = choices
        self.blank = blank

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """Draw the list, or the box."""
        if len(self.listed) > LONGEST_LIST:
            return SuggestingInput(self.listed, attrs=self.attrs).render(name, value, attrs, renderer)
        self.choices = [("", self.blank), *self.listed]
        return super().render(name, value, attrs, renderer)


class SuggestingInput(forms.TextInput):
    """A box that suggests values while one types."""

    template_name = "components/_suggesting_input.html"

    def __init__(self, suggestions: Collection[tuple[str, Any]], *, attrs: dict[str, Any]) -> None:
        super().__init__(attrs={**attrs, "autocomplete": "off"})
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Add the suggestions, and the id by which the box finds them."""
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["attrs"]["list"] = widget["suggestions_id"] = f"{widget['attrs'].get('id', name)}_suggestions"
        widget["suggestions"] = self.suggestions
        return context

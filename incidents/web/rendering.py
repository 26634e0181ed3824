"""How a form's fields become HTML, in the admin too."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting


class InputBoundField(forms.BoundField):
    """A field whose control carries the class that the style sheet draws."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Add the class, unless the widget brings its own or is a box to tick."""
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if not isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
            attrs.setdefault("class", widget.attrs.get("class", "input"))
        return attrs

    @property
    def is_checkbox(self) -> bool:
        """Say whether the label follows the control."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_optional(self) -> bool:
        """Say whether the label tells that nothing needs to be typed. A list offers its own empty choice."""
        typed = isinstance(self.field.widget, forms.Textarea | forms.widgets.Input)
        return typed and not self.field.required and not self.is_checkbox


class FormRenderer(TemplatesSetting):
    """The project's renderer: labels, hints and errors in the house's markup."""

    bound_field_class = InputBoundField
    field_template_name = "components/_field.html"

"""What our forms have in common: names as on the wire, and the services' refusals by the field."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from incidents.web.rendering import InputBoundField

_NOT_IN_ADDRESSES = re.compile(r"[\[\]]+")


class WireBoundField(InputBoundField):
    """A field whose id can stand in an address after "#": custom_field[region] becomes id_custom_field_region."""

    @property
    def auto_id(self) -> str:
        """Return the control's id."""
        return _NOT_IN_ADDRESSES.sub("_", super().auto_id).rstrip("_")


class WireForm(forms.Form):
    """A form whose controls have the names of the API, values by slug or id.

    `refused_by` names the field for each key under which a service reports a problem.
    """

    bound_field_class = WireBoundField
    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.refused_by: dict[str, str] = {}

    def refuse(self, error: ValidationError) -> None:
        """Show what a service refused by the fields; one that is known to be wrong already says enough."""
        for key, problems in _by_key(error).items():
            field = self.refused_by.get(key, key)
            if field not in self.fields:
                field = NON_FIELD_ERRORS
            if field == NON_FIELD_ERRORS or field not in self.errors:
                self.add_error(None if field == NON_FIELD_ERRORS else field, problems)


def _by_key(error: ValidationError) -> dict[str, list[ValidationError]]:
    return error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}

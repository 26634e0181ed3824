"""What a service refuses while the admin saves is told by the field, in the form that was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict

from incidents.admin.listing import QuickAdmin
from incidents.models import Actor, User


class Refused(Exception):  # noqa: N818 - it is an answer, not a mistake of ours
    """Nothing was stored. `shown` are values of fields that the form takes over when it is drawn again."""

    def __init__(self, error: ValidationError, **shown: str) -> None:
        super().__init__(error)
        self.error = error
        self.shown = shown


class RefusableForm(forms.ModelForm):
    """A form that is told after the fact what the service refused."""

    refusal: Refused | None = None
    # Names on the wire where they differ from those of the form's fields.
    wire_names: Mapping[str, str] = {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.refusal is not None:
            sent = cast("QueryDict", self.data).copy()
            for name, value in self.refusal.shown.items():
                sent[self.add_prefix(name)] = value
            self.data = sent
            for name, errors in _by_field(self.refusal.error).items():
                self._tell(name, errors)
        return cleaned

    def _tell(self, name: str, errors: list[ValidationError]) -> None:
        field = self.wire_names.get(name, name)
        for error in errors:
            self.add_error(field if field in self.fields else None, error)


class RefusableAdmin(QuickAdmin):
    """Saves through a service. Where it refuses, everything is rolled back and the form is drawn again."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (Refused, ValidationError) as refusal:
            cast("Any", request).refusal = refusal if isinstance(refusal, Refused) else Refused(refusal)
            # The same request again: its form carries the refusal now, so that nothing is saved.
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ObjectDoesNotExist:
            # The same request again: the row was removed just now, and Django knows what to say.
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)  # type: ignore[attr-defined]  # a RefusableForm
        return form


def actor_of(request: HttpRequest) -> Actor:
    """Return the administrator who sent the request."""
    return Actor.of_user(cast("User", request.user))


def _by_field(error: ValidationError) -> dict[str, list[ValidationError]]:
    if hasattr(error, "error_dict"):
        return error.error_dict
    return {NON_FIELD_ERRORS: [error]}

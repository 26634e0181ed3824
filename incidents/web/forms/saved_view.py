"""The form of a saved view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from incidents.models.saved_view import NAME_LENGTH
from incidents.services.drafts import UNSET
from incidents.services.saved_views import SavedViewDraft
from incidents.web.forms.base import WireForm

if TYPE_CHECKING:
    from incidents.models import Actor, SavedView


class SavedViewForm(WireForm):
    """Name, who sees it, and whether the list opens with it. Only responders are asked whether to share."""

    # How long it may be the service says, with the field's name.
    name = forms.CharField(
        widget=forms.TextInput(attrs={"maxlength": NAME_LENGTH, "autocomplete": "off"}),
        error_messages={"required": "Give the view a name."},
    )
    is_shared = forms.BooleanField(
        required=False,
        label="Share with everybody",
        help_text="All see the name. Each sees only the incidents that they may see.",
    )
    is_start = forms.BooleanField(
        required=False,
        label="Open the list with this view",
        help_text="For you alone. “Open” in the navigation still leads to what is open.",
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        if not actor.can_respond:
            del self.fields["is_shared"]

    def to_draft(self) -> SavedViewDraft:
        """Return what was typed; the form must be valid."""
        data = self.cleaned_data
        return SavedViewDraft(name=data["name"], is_shared=data.get("is_shared", UNSET))


def initial_of(view: SavedView, actor: Actor) -> dict[str, Any]:
    """Return what the form of a view shows first."""
    is_start = actor.user is not None and actor.user.start_view_id == view.pk
    return {"name": view.name, "is_shared": view.is_shared, "is_start": is_start}

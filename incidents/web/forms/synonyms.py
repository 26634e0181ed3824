"""The form of a group of words of one meaning."""

from __future__ import annotations

from django.http import QueryDict

from incidents.models import SynonymGroup
from incidents.models.synonym_group import MOST_WORDS, WORD_LENGTH
from incidents.web.forms.base import WireForm
from incidents.web.forms.fields import LineField


class SynonymGroupForm(WireForm):
    """Words that mean the same, on one line."""

    words = LineField(
        label="Words that mean the same",
        limit=2 * MOST_WORDS * (WORD_LENGTH + 1),
        help_text="Separate them by blanks or commas, such as “wallet purse balance”. Case does not matter.",
    )

    def __init__(self, data: QueryDict | None = None, *, group: SynonymGroup | None = None) -> None:
        super().__init__(data, initial={"words": group.words if group else ""})
        self.group = group
        if data is None:
            self.fields["words"].widget.attrs["autofocus"] = True

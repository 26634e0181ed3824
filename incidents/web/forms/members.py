"""Who may see a private incident."""

from __future__ import annotations

from django.http import QueryDict

from incidents.web.forms.base import WireForm
from incidents.web.forms.fields import PersonField


class MemberForm(WireForm):
    """One person to let in."""

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        # Made here, because a field of the class would keep the people it read first.
        self.fields["user"] = PersonField(
            label="Person",
            blank="Choose a person",
            error_messages={"required": "Choose who should see this incident."},
        )

"""How an incident hangs together with another one: the form beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from incidents.models import Incident, IncidentRelationship
from incidents.web.forms.base import WireForm
from incidents.web.forms.fields import LineField

if TYPE_CHECKING:
    from django.http import QueryDict

    from incidents.models import Actor

_Kind = IncidentRelationship.Kind
REFERENCE_LENGTH = 50
REVERSED = "reversed_"
# Both ways of each tie, as they are said of the incident whose page it is.
KINDS = {
    _Kind.RELATED: "Related to",
    _Kind.CAUSED_BY: "Caused by",
    f"{REVERSED}{_Kind.CAUSED_BY}": "Cause of",
    _Kind.PARENT: "Part of",
    f"{REVERSED}{_Kind.PARENT}": "Consists of",
}


class RelationshipForm(WireForm):
    """A kind and the reference of the other incident. `other` is that incident, once the form is valid."""

    kind = forms.ChoiceField(label="Relationship", choices=list(KINDS.items()))
    other_incident = LineField(
        label="Incident",
        limit=REFERENCE_LENGTH,
        error_messages={"required": "Name an incident, such as INC-12."},
        widget=forms.TextInput(attrs={"placeholder": "INC-12", "autocomplete": "off"}),
    )

    def __init__(self, data: QueryDict | None = None, *, incident: Incident, actor: Actor) -> None:
        super().__init__(data, auto_id="id_relationship_%s")
        self.incident = incident
        self.actor = actor
        self.other = incident
        self.refused_by = {"other_incident_id": "other_incident"}

    def clean_other_incident(self) -> str:
        """Find the incident; one that is hidden is missing."""
        named = str(self.cleaned_data["other_incident"])
        other = Incident.objects.visible_to(self.actor).by_reference(named.strip()).first()
        if other is None:
            raise ValidationError(
                "There is no such incident. Write a reference such as INC-12.", code="unknown"
            )
        if other == self.incident:
            raise ValidationError("Choose another incident than this one.", code="not_allowed")
        self.other = other
        return named

    @property
    def tie(self) -> dict[str, Any]:
        """The two ends and the kind, as relate_incidents takes them."""
        kind = self.cleaned_data["kind"]
        ends = (self.incident.pk, self.other.pk)
        if kind.startswith(REVERSED):
            ends = (self.other.pk, self.incident.pk)
        return {"incident_id": ends[0], "other_id": ends[1], "kind": kind.removeprefix(REVERSED)}

"""Forms of one field: what is changed where it stands on the incident page."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from incidents.models import Configuration, Incident, IncidentEvent, IncidentRole
from incidents.services.drafts import IncidentEdit
from incidents.web.forms.base import WireForm
from incidents.web.forms.fields import NounField, PersonField


class InPlaceForm(WireForm):
    """One property of an incident, and under `known` what it was when the person saw it."""

    field_name: ClassVar[str]
    noun: ClassVar[str]
    fragment: ClassVar[str]
    kind: ClassVar[IncidentEvent.Kind]

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        incident: Incident,
        configuration: Configuration,
        role: IncidentRole | None = None,
    ) -> None:
        # Forms of several roles may be open on one page.
        auto_id = "id_%s" if role is None else f"id_{role.slug}_%s"
        super().__init__(data, initial={"known": ""}, auto_id=auto_id)
        self.incident = incident
        self.configuration = configuration
        self.role = role
        self.is_saved = False
        self.now_id, self.now_label = self.read_now()
        self.fields["known"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.fields[self.field_name] = self.make_field()

    def read_now(self) -> tuple[str, str]:
        """Return the id of what the property is now, and how people read it."""
        raise NotImplementedError

    def make_field(self) -> forms.Field:
        """Return the control."""
        raise NotImplementedError

    def to_edit(self) -> IncidentEdit:
        """Return what was chosen; the form must be valid."""
        raise NotImplementedError

    @property
    def chosen_id(self) -> str:
        """The id of what was chosen, empty for nobody; the form must be valid."""
        chosen = self.cleaned_data[self.field_name]
        return chosen if isinstance(chosen, str) else getattr(chosen, "pk", "")

    @property
    def chosen_label(self) -> str:
        """What was chosen, as people read it; the form must be valid."""
        return str(self.cleaned_data[self.field_name])

    @property
    def is_outdated(self) -> bool:
        """Whether somebody changed the property since the person saw it, to something else than is wanted now."""
        if "known" not in self.data:
            return False
        return self.cleaned_data["known"] != self.now_id and self.chosen_id != self.now_id


class StatusForm(InPlaceForm):
    """The status."""

    field_name = "incident_status"
    noun = "status"
    fragment = "incidents/_status_form.html"
    kind = IncidentEvent.Kind.STATUS_CHANGED

    def read_now(self) -> tuple[str, str]:
        self.refused_by = {"incident_status_id": self.field_name}
        status = self.configuration.incident_statuses.by_id[self.incident.incident_status_id]
        return status.pk, status.name

    def make_field(self) -> forms.Field:
        return NounField(nouns=self.configuration.incident_statuses, label="Status")

    def to_edit(self) -> IncidentEdit:
        return IncidentEdit(incident_status_id=self.chosen_id)


class SeverityForm(InPlaceForm):
    """The severity."""

    field_name = "severity"
    noun = "severity"
    fragment = "incidents/_severity_form.html"
    kind = IncidentEvent.Kind.SEVERITY_CHANGED

    def read_now(self) -> tuple[str, str]:
        self.refused_by = {"severity_id": self.field_name}
        severity = self.configuration.severities.by_id.get(self.incident.severity_id or "")
        return (severity.pk, severity.name) if severity else ("", "none")

    def make_field(self) -> forms.Field:
        return NounField(nouns=self.configuration.severities, label="Severity")

    def to_edit(self) -> IncidentEdit:
        return IncidentEdit(severity_id=self.chosen_id)


class RoleForm(InPlaceForm):
    """Who has a role. Who has it now is read when the form is made: one query."""

    field_name = "assignee"
    noun = "role"
    fragment = "incidents/_role_form.html"
    kind = IncidentEvent.Kind.ROLE_CHANGED

    def read_now(self) -> tuple[str, str]:
        self.refused_by = {"incident_role_assignments": self.field_name}
        held = (
            self.incident.role_assignments.filter(incident_role=self.role).select_related("assignee").first()
        )
        self.initial[self.field_name] = held.assignee.email if held else ""
        return (held.assignee_id, str(held.assignee)) if held else ("", "nobody")

    def make_field(self) -> forms.Field:
        field = PersonField(required=False, label=str(self.role))
        field.widget.attrs["data-focus"] = True
        return field

    @property
    def chosen_label(self) -> str:
        """The person's name, for whom the list of the control is read."""
        return next((str(person) for _, person in self._people() if person.pk == self.chosen_id), "nobody")

    def to_edit(self) -> IncidentEdit:
        assert self.role is not None  # noqa: S101 - the view finds it first
        return IncidentEdit(roles={self.role.pk: self.chosen_id or None})

    def _people(self) -> Any:
        field = self.fields[self.field_name]
        assert isinstance(field, PersonField)  # noqa: S101 - made above
        return field.people

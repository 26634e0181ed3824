"""The box in which people tell each other what changed."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from incidents.models import Configuration, Incident, IncidentEvent
from incidents.services.drafts import UpdateDraft
from incidents.web.forms.base import WireForm
from incidents.web.forms.fields import NounField


class UpdateForm(WireForm):
    """A message, and the status and severity that come with it.

    `known_status` and `known_severity` are what the person saw: what was left as it was is no change, whatever
    others made of it meanwhile.
    """

    message = forms.CharField(required=False, strip=False, label="Message", widget=forms.Textarea)
    known_status = forms.CharField(required=False)
    known_severity = forms.CharField(required=False)

    def __init__(
        self, data: QueryDict | None = None, *, incident: Incident, configuration: Configuration
    ) -> None:
        super().__init__(data)
        self.incident = incident
        self.configuration = configuration
        self.refused_by = {"incident_status_id": "incident_status", "severity_id": "severity"}
        self.fields["incident_status"] = NounField(
            nouns=configuration.incident_statuses, required=False, label="Status"
        )
        self.fields["severity"] = NounField(nouns=configuration.severities, required=False, label="Severity")

    @property
    def status_id(self) -> str:
        """The id of the status to draw as chosen: the one that was picked, else that of the incident."""
        return self._chosen("incident_status", "known_status", self.incident.incident_status_id)

    @property
    def severity_id(self) -> str:
        """As status_id."""
        return self._chosen("severity", "known_severity", self.incident.severity_id or "")

    def to_draft(self) -> UpdateDraft:
        """Return the update; the form must be valid."""
        return UpdateDraft(
            message=self.cleaned_data["message"],
            incident_status_id=self._changed("incident_status", "known_status"),
            severity_id=self._changed("severity", "known_severity"),
        )

    def clashes(self) -> dict[str, IncidentEvent.Kind]:
        """Return what the person changes and somebody else changed too, by control; the form must be valid."""
        now = {
            "incident_status": (self.incident.incident_status_id, "known_status"),
            "severity": (self.incident.severity_id or "", "known_severity"),
        }
        kinds = {
            "incident_status": IncidentEvent.Kind.STATUS_CHANGED,
            "severity": IncidentEvent.Kind.SEVERITY_CHANGED,
        }
        return {
            name: kinds[name]
            for name, (now_id, known) in now.items()
            if self._changed(name, known) not in {None, now_id}
            and known in self.data
            and self.cleaned_data[known] != now_id
        }

    def _changed(self, name: str, known: str) -> str | None:
        chosen = self.cleaned_data.get(name)
        if chosen is None or chosen.pk == self.cleaned_data.get(known):
            return None
        return str(chosen.pk)

    def _chosen(self, name: str, known: str, now_id: str) -> str:
        if not self.is_bound or not hasattr(self, "cleaned_data"):
            return now_id
        return self._changed(name, known) or now_id

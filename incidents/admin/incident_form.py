"""The form by which administrators declare and change incidents: it only collects, the services judge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError

from incidents import text
from incidents.admin.incident_fields import chosen_roles, custom_field_name, stored_values, typed_values
from incidents.admin.refusals import RefusableForm
from incidents.models import Configuration, Incident
from incidents.models.ulid import new_ulid
from incidents.services.drafts import IncidentDraft, IncidentEdit
from incidents.services.lifecycle import moves_from

COLUMNS = (
    "name",
    "summary",
    "incident_status",
    "severity",
    "incident_type",
    "mode",
    "visibility",
    "teams",
    "call_url",
    "postmortem_document_url",
    "slack_channel_name",
)
# What a draft does not take: it is known only later.
LATER = ("postmortem_document_url", "slack_channel_name")


class IncidentForm(RefusableForm):
    """What was typed, for a draft or an edit; texts stay raw, so that the services' gate sees them."""

    wire_names = {
        "incident_status_id": "incident_status",
        "incident_type_id": "incident_type",
        "severity_id": "severity",
        "team_ids": "teams",
    }
    name = forms.CharField(strip=False, widget=AdminTextInputWidget(attrs={"maxlength": text.NAME_LENGTH}))
    summary = forms.CharField(required=False, strip=False, widget=AdminTextareaWidget(attrs={"rows": 12}))
    call_url = forms.CharField(required=False, label="Call link", widget=AdminTextInputWidget())
    postmortem_document_url = forms.CharField(
        required=False, label="Post-mortem link", widget=AdminTextInputWidget()
    )
    slack_channel_name = forms.CharField(required=False, label="Slack channel", widget=AdminTextInputWidget())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.configuration = Configuration.current()

    def _post_clean(self) -> None:
        """Leave the incident as it is: the services compare it with what was typed, and lock it before."""

    def _save_m2m(self) -> None:
        """Teams are written by the services, too."""

    def _tell(self, name: str, errors: list[ValidationError]) -> None:
        prefix, _, field_id = name.partition("custom_field_entries.")
        super()._tell(custom_field_name(field_id) if not prefix and field_id else name, errors)


class NewIncidentForm(IncidentForm):
    """Declares. Where it may exist already, the second save carries a tick, and for an exact one a reason."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, initial=new_ulid)
    separate_from = forms.CharField(widget=forms.HiddenInput, required=False)
    is_separate = forms.BooleanField(
        required=False,
        label="Save all the same",
        help_text="Yours is another incident than those named above.",
    )
    separate_reason = forms.CharField(
        required=False, label="Because", widget=AdminTextInputWidget(), help_text="Kept in both histories."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["incident_status"].required = False
        self.fields["incident_type"].required = False
        self.fields["severity"].required = True

    def draft(self) -> IncidentDraft:
        """Return what was typed."""
        cleaned = self.cleaned_data
        return IncidentDraft(
            name=cleaned["name"],
            summary=cleaned["summary"],
            severity_id=_id(cleaned["severity"]),
            incident_status_id=_id(cleaned["incident_status"]),
            incident_type_id=_id(cleaned["incident_type"]),
            mode=cleaned["mode"],
            visibility=cleaned["visibility"],
            call_url=cleaned["call_url"],
            custom_fields=typed_values(cleaned, self.configuration),
            roles=chosen_roles(cleaned, self.configuration),
            team_ids=tuple(team.pk for team in cleaned["teams"]),
            idempotency_key=cleaned["idempotency_key"],
            separate_from=tuple(cleaned["separate_from"].split()) if cleaned.get("is_separate") else (),
            separate_reason=cleaned.get("separate_reason", ""),
        )


class ChangeIncidentForm(IncidentForm):
    """Changes. The version that the person began with comes back, so that nobody's change is lost unseen."""

    begun_version = forms.IntegerField(widget=forms.HiddenInput)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    save_over = forms.BooleanField(
        required=False,
        label="Save over",
        help_text="What you typed takes the place of what is stored.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        incident: Incident = self.instance
        self.initial.update(begun_version=incident.version, **stored_values(incident))
        status = self.configuration.incident_statuses.by_id[incident.incident_status_id]
        allowed = [move.status.pk for move in moves_from(status, self.configuration) if move.is_allowed]
        choice = self.fields["incident_status"]
        choice.queryset = choice.queryset.filter(pk__in={status.pk, *allowed})  # type: ignore[attr-defined]

    @property
    def base_version(self) -> int:
        """The version that the person knows of."""
        seen = self.cleaned_data["seen_version"] if self.cleaned_data.get("save_over") else None
        return int(seen or self.cleaned_data["begun_version"])

    def edit(self) -> IncidentEdit:
        """Return what is different from what is stored."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}
        columns: dict[str, Any] = {}
        for name in COLUMNS:
            if name not in changed:
                continue
            if name in {"severity", "incident_status", "incident_type"}:
                columns[f"{name}_id"] = _id(changed[name])
            elif name == "teams":
                columns["team_ids"] = tuple(team.pk for team in changed[name])
            else:
                columns[name] = changed[name]
        return IncidentEdit(
            custom_fields=typed_values(changed, self.configuration),
            roles=chosen_roles(changed, self.configuration),
            **columns,
        )


def _id(row: Any) -> str | None:
    return None if row is None else row.pk

"""The form that declares an incident. docs/declaring.md lists the names of its controls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from incidents import text
from incidents.models import Actor, Configuration, Incident, IncidentType, StatusCategory
from incidents.models.ulid import is_ulid
from incidents.services.creation import check_draft
from incidents.services.declare_drafts import TypedForm
from incidents.services.declaring import is_reason, question_of
from incidents.services.drafts import IncidentDraft
from incidents.web.forms.answers import answer_fields, refused_answers
from incidents.web.forms.base import WireForm
from incidents.web.forms.fields import LineField, MomentField, NounField, PersonField, TextField, zone_words

IMPACT_STARTED = "incident_timestamp[impact-started]"
LEAD = "incident_role[lead]"
STARTS = (StatusCategory.LIVE, StatusCategory.TRIAGE)
# What is asked by the panel, which is drawn anew while one types, and what no person types.
_ANSWERED = frozenset({"separate_reason", "idempotency_key"})


class DeclareForm(WireForm):
    """What an incident begins with: a name and a severity are enough."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        configuration: Configuration,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        default_type = configuration.default_type
        defaults = {
            "status_category": StatusCategory.LIVE.value,
            "incident_type": default_type.slug if default_type else "",
            "visibility": Incident.Visibility.PUBLIC.value,
            "mode": Incident.Mode.STANDARD.value,
        }
        super().__init__(data, initial={**defaults, **(initial or {})})
        self.configuration = configuration
        self.impact_started = configuration.incident_timestamps.by_slug.get("impact-started")
        self.answers = answer_fields(
            (field for field in configuration.custom_fields if field.show_before_creation), configuration
        )
        self.fields = self._start_fields() | self.answers | self._rest_fields()
        self.refused_by = self._refused_by()
        if data is None:
            # From the key C to the first letter without another step; a form that comes back has more to say.
            self.fields["name"].widget.attrs["autofocus"] = True
        for name in self.fields.keys() - _ANSWERED:
            # A change of these is kept, and compared with other incidents, at once.
            self.fields[name].widget.attrs["data-kept"] = ""

    def draft(self) -> IncidentDraft:
        """Return what was typed, as far as it can be read."""
        typed = self._typed()
        severity, incident_type = typed.get("severity"), typed.get("incident_type")
        return IncidentDraft(
            name=typed.get("name", ""),
            summary=typed.get("summary", ""),
            severity_id=severity.pk if severity else None,
            incident_status_id=self._status_id(typed.get("status_category", "")),
            incident_type_id=incident_type.pk if incident_type else None,
            mode=typed.get("mode") or Incident.Mode.STANDARD,
            visibility=typed.get("visibility") or Incident.Visibility.PUBLIC,
            custom_fields={
                field.custom_field.pk: typed.get(name, ()) for name, field in self.answers.items()
            },
            roles=self._roles(typed.get(LEAD)),
            timestamps=self._timestamps(typed.get(IMPACT_STARTED)),
            idempotency_key=typed.get("idempotency_key", ""),
            separate_from=self.separate_from,
            separate_reason=typed.get("separate_reason", ""),
        )

    def typed(self, form_token: str) -> TypedForm:
        """Return what is kept of the form while somebody types; the form must be bound."""
        draft = self.draft()
        typed = self.data if isinstance(self.data, QueryDict) else QueryDict()
        names = (self.fields.keys() | {"separate_from"}) - {"idempotency_key"}
        return TypedForm(
            form_token=form_token,
            values={name: typed.getlist(name) for name in sorted(names) if name in typed},
            draft=draft,
            known_values=question_of(draft, self.configuration).field_values,
            is_private=self._is_private(draft, typed),
        )

    def judge(self, actor: Actor) -> bool:
        """Say whether this can be declared, with all that is wrong shown by its field; the form must be bound."""
        try:
            check_draft(self.draft(), actor, self.configuration)
        except ValidationError as error:
            self.refuse(error)
        return self.is_valid()

    @property
    def separate_from(self) -> tuple[str, ...]:
        """The ids of the incidents that the person says theirs is not."""
        named = self.data.getlist("separate_from") if isinstance(self.data, QueryDict) else []
        return tuple(dict.fromkeys(one for value in named for one in value.split(",") if is_ulid(one)))

    def ask_for_reason(self) -> None:
        """Say by the reason that it is too short to be one; a reason that was not given is asked for elsewhere."""
        reason = self["separate_reason"].value()
        if reason and not is_reason(reason):
            self.add_error("separate_reason", "Say in a few words what is different.")

    @property
    def lead_control(self) -> forms.BoundField | None:
        """The control of the incident lead, if the installation has that role."""
        return self[LEAD] if LEAD in self.fields else None

    @property
    def impact_control(self) -> forms.BoundField | None:
        """The control of the beginning of the impact, if the installation keeps it."""
        return self[IMPACT_STARTED] if IMPACT_STARTED in self.fields else None

    @property
    def narrow_answers(self) -> list[forms.BoundField]:
        """The controls of custom fields that stand in pairs."""
        return [self[name] for name, field in self.answers.items() if not field.is_wide]

    @property
    def wide_answers(self) -> list[forms.BoundField]:
        """The controls of custom fields that take a line of their own."""
        return [self[name] for name, field in self.answers.items() if field.is_wide]

    def _is_private(self, draft: IncidentDraft, typed: QueryDict) -> bool:
        """In doubt it is: also where what was chosen cannot be read, or was refused."""
        incident_type = self.configuration.incident_types.by_id.get(draft.incident_type_id or "")
        chosen = typed.get("visibility") or Incident.Visibility.PUBLIC
        is_always = incident_type is not None and incident_type.private_incidents_only
        return is_always or chosen != Incident.Visibility.PUBLIC

    def _start_fields(self) -> dict[str, forms.Field]:
        severities = self.configuration.severities
        return {
            "name": LineField(
                limit=text.NAME_LENGTH,
                label="What is happening?",
                help_text="One line a colleague would understand. You can change it later.",
                error_messages={"required": "Say in one line what is happening."},
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            ),
            "severity": NounField(
                nouns=severities,
                offered=reversed(severities.rows),
                label="How bad is it?",
                error_messages={"required": "A severity is required: choose how bad it is."},
                widget=forms.RadioSelect,
            ),
            "status_category": forms.ChoiceField(
                choices=[
                    (start.value, start.label) for start in STARTS if self.configuration.first_status(start)
                ],
                required=False,
                label="How sure are you?",
                widget=forms.RadioSelect,
            ),
            "incident_type": NounField(nouns=self.configuration.incident_types, required=False, label="Type"),
        }

    def _rest_fields(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {
            "summary": TextField(
                limit=text.SUMMARY_LENGTH,
                required=False,
                label="Summary",
                help_text="What you see, since when, who is hit. Markdown works.",
                widget=forms.Textarea(attrs={"rows": 4}),
            ),
        }
        if self.impact_started:
            label = f"{self.impact_started.name}, {zone_words()} time"
            fields[IMPACT_STARTED] = MomentField(required=False, label=label)
        if self.configuration.lead_role:
            fields[LEAD] = PersonField(required=False, label=self.configuration.lead_role.name)
        return fields | {
            "visibility": forms.ChoiceField(
                choices=Incident.Visibility.choices,
                required=False,
                label="Who can see it",
                help_text=_private_types(self.configuration),
            ),
            "mode": forms.ChoiceField(
                choices=Incident.Mode.choices,
                required=False,
                label="Mode",
                help_text="Tests and tutorials stay out of lists and numbers. Retrospective: it is over already.",
            ),
            "separate_reason": LineField(
                limit=text.REASON_LENGTH,
                required=False,
                help_text="A few words. They are shown on both incidents.",
            ),
            "idempotency_key": forms.CharField(required=False, strip=False, widget=forms.HiddenInput),
        }

    def _refused_by(self) -> dict[str, str]:
        named = {
            "severity_id": "severity",
            "incident_status_id": "status_category",
            "incident_type_id": "incident_type",
            "incident_role_assignments": LEAD,
        }
        if self.impact_started:
            named[f"incident_timestamp_values.{self.impact_started.pk}"] = IMPACT_STARTED
        return named | refused_answers(self.answers)

    def _typed(self) -> dict[str, Any]:
        self.errors  # noqa: B018 - reads the fields
        return self.cleaned_data

    def _status_id(self, category: str) -> str | None:
        # "Active" is left to the service, which knows the types that always begin in triage.
        status = self.configuration.first_status(category) if category == StatusCategory.TRIAGE else None
        return status.pk if status else None

    def _roles(self, lead_id: str | None) -> dict[str, str | None]:
        role = self.configuration.lead_role
        return {role.pk: lead_id} if role and lead_id else {}

    def _timestamps(self, moment: Any) -> dict[str, Any]:
        return {self.impact_started.pk: moment} if self.impact_started and moment else {}


def _private_types(configuration: Configuration) -> str:
    private: list[IncidentType] = [
        kind for kind in configuration.incident_types if kind.private_incidents_only
    ]
    if not private:
        return ""
    return f"Always members only: {', '.join(kind.name for kind in private)}."

"""Everything about an incident that can be changed, in one form that knows what the person saw when they began."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from incidents import text
from incidents.models import Configuration, Incident, IncidentRole, User
from incidents.services.custom_fields import clean_custom_fields
from incidents.services.drafts import UNSET, IncidentEdit
from incidents.services.errors import Problems
from incidents.services.lifecycle import moves_from
from incidents.services.validation import clean_link, clean_timestamps
from incidents.web.forms.answers import AnswerField, answer_fields, refused_answers
from incidents.web.forms.base import WireForm
from incidents.web.forms.edit_part import FormPart
from incidents.web.forms.edit_values import (
    Values,
    are_same,
    base_values,
    posted_values,
    read_assignees,
    read_values,
    role_name,
    timestamp_name,
    write_base,
)
from incidents.web.forms.fields import LineField, MomentField, NounField, PersonField, TextField

_REFUSED_BY = {
    "severity_id": "severity",
    "incident_status_id": "incident_status",
    "incident_type_id": "incident_type",
    "team_ids": "team",
}
_BASICS = (
    "name", "summary", "severity", "incident_status", "incident_type", "visibility", "mode", "team", "call_url",
    "postmortem_document_url",
)  # fmt: skip


class EditForm(WireForm):
    """The form. What was not touched is neither judged nor sent on, whatever became of it meanwhile.

    Eight queries: roles, fields, timestamps, teams, people, and the entries of catalogs.
    """

    def __init__(
        self, data: QueryDict | None = None, *, incident: Incident, configuration: Configuration
    ) -> None:
        super().__init__(data)
        self.incident = incident
        self.configuration = configuration
        self.assignees = read_assignees(incident)
        self.now: Values = read_values(incident, configuration, self.assignees)
        self._add_basics()
        self._add_roles()
        self.answers: Mapping[str, AnswerField] = answer_fields(configuration.custom_fields, configuration)
        self.fields.update(self.answers)
        for timestamp in configuration.incident_timestamps:
            self.fields[timestamp_name(timestamp.slug)] = MomentField(label=timestamp.name, required=False)
        self.now = {name: self.now[name] for name in self.fields}
        self.initial = {name: self._initial(name) for name in self.fields}
        self.base: Values = self.now if data is None else base_values(data.get("base", ""), self.fields)
        self.mine: Values = self.now if data is None else posted_values(data, self.fields)
        self.refused_by = self._refused_by()

    @property
    def touched(self) -> tuple[str, ...]:
        """The names of the controls that the person changed, without those they gave up in a conflict."""
        return tuple(
            name
            for name in self.fields
            if not self.fields[name].disabled
            and not are_same(self.mine[name], self.base.get(name, ()))
            and self.data.get(f"keep[{name}]") != "theirs"
        )

    @property
    def clashes(self) -> tuple[str, ...]:
        """The names of the controls that the person changed and somebody else changed otherwise."""
        return tuple(
            name
            for name in self.touched
            if name in self.base
            and not are_same(self.base[name], self.now[name])
            and not are_same(self.mine[name], self.now[name])
        )

    @property
    def base_text(self) -> str:
        """What the hidden control keeps: what the person saw when they began."""
        return write_base(self.base)

    @property
    def version(self) -> str:
        """The version that the person began with."""
        return self.data.get("version", "") if self.is_bound else str(self.incident.version)

    @property
    def parts(self) -> list[FormPart]:
        """The parts of the form in order; those without fields are left out."""
        roles = [role_name(role.slug) for role in self.configuration.incident_roles]
        timestamps = [timestamp_name(row.slug) for row in self.configuration.incident_timestamps]
        parts = [
            FormPart("basics", "Basics", "file-text", self._bound(_BASICS)),
            FormPart("roles", "Roles", "users", self._bound(roles)),
            FormPart("fields", "Custom fields", "text-cursor-input", self._bound(self.answers)),
            FormPart("timestamps", "Timestamps", "clock", self._bound(timestamps)),
        ]
        return [part for part in parts if part.fields]

    def full_clean(self) -> None:
        """Judge only what was touched: the rest stays as it is, right or not."""
        super().full_clean()
        if self.is_bound:
            for name in [name for name in self.errors if name in self.fields and name not in self.touched]:
                del self.errors[name]

    def clean(self) -> None:
        """Note already here what the services would refuse later, so that a person sees all of it at once."""
        typed = {name: self.cleaned_data[name] for name in self.touched if name in self.cleaned_data}
        problems = Problems()
        for name in ("call_url", "postmortem_document_url"):
            clean_link(name, typed.get(name, ""), problems)
        answers = {
            field.custom_field.pk: typed[name] for name, field in self.answers.items() if name in typed
        }
        clean_custom_fields(answers, self.configuration, problems)
        moments = {
            row.pk: typed.get(timestamp_name(row.slug)) for row in self.configuration.incident_timestamps
        }
        clean_timestamps(moments, self.configuration, problems)
        try:
            problems.raise_if_any()
        except ValidationError as error:
            self.refuse(error)

    def to_edit(self) -> IncidentEdit:
        """Return what was touched; the form must be valid."""
        touched = {name: self.cleaned_data[name] for name in self.touched}
        columns = {
            name: touched.get(name, UNSET)
            for name in ("name", "summary", "mode", "visibility", "call_url", "postmortem_document_url")
        }
        return IncidentEdit(
            **columns,
            severity_id=_id_of(touched, "severity"),
            incident_status_id=_id_of(touched, "incident_status") or UNSET,
            incident_type_id=_id_of(touched, "incident_type"),
            custom_fields={
                field.custom_field.pk: touched[name]
                for name, field in self.answers.items()
                if name in touched
            },
            roles={
                role.pk: touched[role_name(role.slug)]
                for role in self.configuration.incident_roles
                if role_name(role.slug) in touched
            },
            timestamps={
                timestamp.pk: touched[timestamp_name(timestamp.slug)]
                for timestamp in self.configuration.incident_timestamps
                if timestamp_name(timestamp.slug) in touched
            },
            team_ids=self._team_ids(touched["team"]) if "team" in touched else UNSET,
        )

    def rebased(self) -> EditForm:
        """Return the form on top of what is there now, with what the person changed."""
        data = QueryDict(mutable=True)
        for name in self.fields:
            data.setlist(name, list(self.mine[name] if name in self.touched else self.now[name]))
        data["base"] = write_base(self.now)
        data["version"] = str(self.incident.version)
        return EditForm(data, incident=self.incident, configuration=self.configuration)

    def label_of(self, name: str, values: Iterable[str]) -> str:
        """Return values of a control as people read them."""
        field = self.fields[name]
        if isinstance(field, MomentField):
            return ", ".join(value.replace("T", " ") for value in values)
        labels = {str(value): str(label) for value, label in self._choices(name)}
        return ", ".join(labels.get(value, value) for value in values)

    def _add_basics(self) -> None:
        self.fields["name"] = LineField(
            label="Name",
            limit=text.NAME_LENGTH,
            error_messages={"required": "Say in one line what is happening."},
        )
        self.fields["summary"] = TextField(
            label="Summary",
            help_text="What it is, since when, who is hit. Markdown works.",
            limit=text.SUMMARY_LENGTH,
            required=False,
            widget=forms.Textarea(attrs={"rows": 5}),
        )
        self._add_nouns()
        for name, label, choices in (
            ("visibility", "Who can see it", Incident.Visibility.choices),
            ("mode", "Mode", Incident.Mode.choices),
        ):
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
        for name, label in (("call_url", "Call link"), ("postmortem_document_url", "Post-mortem link")):
            link = LineField(label=label, limit=text.URL_LENGTH, required=False)
            link.widget.attrs.update(type="url", inputmode="url")
            self.fields[name] = link

    def _add_nouns(self) -> None:
        configuration = self.configuration
        worst_first = list(reversed(configuration.severities.rows))
        severity = NounField(
            label="Severity", nouns=configuration.severities, offered=worst_first, required=False
        )
        incident_type = NounField(label="Type", nouns=configuration.incident_types, required=False)
        for name, field in (("severity", severity), ("incident_type", incident_type)):
            if not self.now[name]:
                field.choices = [("", "Not chosen"), *[(row.slug, row) for row in field.nouns]]
            self.fields[name] = field
        self.fields["incident_status"] = NounField(
            label="Status",
            nouns=configuration.incident_statuses,
            offered=self._statuses_offered(),
            required=False,
        )
        if configuration.teams:
            self.fields["team"] = forms.MultipleChoiceField(
                label="Teams",
                choices=[(team.slug, team.name) for team in configuration.teams],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def _add_roles(self) -> None:
        people: Any = None
        for role in self.configuration.incident_roles:
            field = PersonField(label=role.name, required=False)
            field.disabled = role.role_type == IncidentRole.RoleType.REPORTER and role.pk in self.assignees
            # One list for all roles. Who left since keeps a role until somebody else takes it.
            people = people or _with_those_who_left(field.people, self.assignees.values())
            field.people = people
            field.widget.listed = people
            self.fields[role_name(role.slug)] = field

    def _statuses_offered(self) -> list[Any]:
        status = self.configuration.incident_statuses.by_id[self.incident.incident_status_id]
        return [
            move.status
            for move in moves_from(status, self.configuration)
            if move.is_allowed or move.status == status
        ]

    def _initial(self, name: str) -> str | list[str]:
        values = self.now[name]
        if getattr(self.fields[name].widget, "allow_multiple_selected", False):
            return list(values)
        return values[0] if values else ""

    def _refused_by(self) -> dict[str, str]:
        moments = {
            f"incident_timestamp_values.{row.pk}": timestamp_name(row.slug)
            for row in self.configuration.incident_timestamps
        }
        touched_roles = [name for name in self.touched if name.startswith("incident_role[")]
        roles = dict(zip(["incident_role_assignments"], touched_roles, strict=False))
        return _REFUSED_BY | refused_answers(self.answers) | moments | roles

    def _bound(self, names: Iterable[str]) -> tuple[forms.BoundField, ...]:
        return tuple(self[name] for name in names if name in self.fields)

    def _team_ids(self, slugs: Iterable[str]) -> tuple[str, ...]:
        teams = self.configuration.teams.by_slug
        return tuple(teams[slug].pk for slug in slugs)

    def _choices(self, name: str) -> Iterable[tuple[Any, Any]]:
        field = self.fields[name]
        if isinstance(field, PersonField):
            return field.people
        listed = getattr(field.widget, "listed", None) or getattr(field.widget, "choices", None)
        return listed or ()


def _with_those_who_left(
    people: Iterable[tuple[str, User]], assignees: Iterable[User]
) -> list[tuple[str, User]]:
    known = dict(people)
    return [*known.items(), *((person.email, person) for person in assignees if person.email not in known)]


def _id_of(touched: Mapping[str, Any], name: str) -> Any:
    if name not in touched:
        return UNSET
    return None if touched[name] is None else touched[name].pk

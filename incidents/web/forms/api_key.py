"""The forms of API keys: a new one, a changed one, another token."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from incidents.models import ApiKey, Configuration
from incidents.models.api_key import COMMENTS_LENGTH
from incidents.models.api_key_roles import ROLES
from incidents.models.ulid import is_ulid
from incidents.services.api_keys import HIGHEST_RATE_LIMIT, NAME_LENGTH, ApiKeyDraft
from incidents.web.forms.base import WireForm
from incidents.web.forms.fields import LineField, TextField, zone_words

AS_IT_IS, NEVER, ON_A_DAY = "as_it_is", "never", "on"
# The numbers are days.
LIVES = (("30", "30 days"), ("90", "90 days"), ("365", "1 year"), (NEVER, "Never"), (ON_A_DAY, "On a day"))
USUAL_LIFE = "365"
USUAL_ROLES = ("viewer", "incident_creator")
GRACE_MINUTES = 30
_CHOOSE_ONE = {"required": "Choose one of these.", "invalid_choice": "Choose one of these."}
_INCOMPLETE = "A part of this form did not arrive. Check it and send it again."


class ApiKeyForm(WireForm):
    """What a key is called and may do. Subclasses add `expires`."""

    name = LineField(
        limit=NAME_LENGTH,
        help_text="What uses the key, such as ledger-watch.",
        error_messages={"required": "Say what the key is for."},
    )
    roles = forms.MultipleChoiceField(
        choices=[(role, description) for role, (description, _) in ROLES.items()],
        widget=forms.CheckboxSelectMultiple,
        label="What it may do",
        error_messages={
            "required": "Choose at least one.",
            "invalid_choice": "There is no such role. Choose among these.",
        },
    )
    expires_on = forms.CharField(
        required=False, label="Last day", widget=forms.TextInput(attrs={"type": "date"})
    )
    comments = TextField(
        limit=COMMENTS_LENGTH,
        required=False,
        help_text="What others should know of it, such as whom to ask.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    similar_policy = forms.ChoiceField(
        choices=ApiKey.SimilarPolicy.choices,
        widget=forms.RadioSelect,
        label="When it declares a likely duplicate",
        error_messages=_CHOOSE_ONE,
    )
    rate_limit = forms.IntegerField(
        label="Requests a minute",
        help_text="More than these are refused until the next minute begins.",
        widget=forms.NumberInput(attrs={"min": 1, "max": HIGHEST_RATE_LIMIT}),
        error_messages=dict.fromkeys(("required", "invalid"), "Enter a whole number, such as 1200."),
    )

    field_order = ("name", "roles", "expires", "expires_on", "comments", "similar_policy", "rate_limit")

    def __init__(self, data: QueryDict | None, *, api_key: ApiKey, initial: Mapping[str, Any]) -> None:
        shown = {
            name: getattr(api_key, name) for name in ("name", "comments", "similar_policy", "rate_limit")
        }
        super().__init__(data, initial={**shown, **initial})
        self.api_key = api_key
        self.refused_by = {"role_names": "roles", "expires_at": "expires"}
        self.fields["expires_on"].help_text = f"The key works until the end of this day, {zone_words()}."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        # A day that was typed before something else was chosen is nobody's mistake.
        if cleaned.get("expires") == ON_A_DAY:
            self.refused_by["expires_at"] = "expires_on"
            try:
                cleaned["expires_on"] = _end_of_day(cleaned.get("expires_on", ""))
            except ValidationError as error:
                self.add_error("expires_on", error)
        return cleaned

    def to_draft(self) -> ApiKeyDraft:
        """Return the key that is wanted; the form must be valid. What the form does not offer stays."""
        typed, teams = self.cleaned_data, Configuration.current().teams.by_id
        return ApiKeyDraft(
            name=typed["name"],
            roles=(*typed["roles"], *self.roles_without_effect),
            comments=typed["comments"],
            team_ids=tuple(team_id for team_id in self.api_key.team_ids if team_id in teams),
            team_roles=tuple(self.api_key.team_roles),
            expires_at=self._expires_at(),
            similar_policy=typed["similar_policy"],
            rate_limit=typed["rate_limit"],
        )

    @property
    def roles_without_effect(self) -> list[str]:
        """The roles of the key that open nothing here."""
        return [role for role in self.api_key.roles if role not in ROLES]

    def _expires_at(self) -> datetime.datetime | None:
        chosen = self.cleaned_data["expires"]
        if chosen.isdecimal():
            return timezone.now() + datetime.timedelta(days=int(chosen))
        moments: dict[str, datetime.datetime | None] = {
            AS_IT_IS: self.api_key.expires_at,
            ON_A_DAY: self.cleaned_data["expires_on"],
            NEVER: None,
        }
        return moments[chosen]


class NewApiKeyForm(ApiKeyForm):
    """A new key. The form brings the id along, so that it makes one key however often it is sent."""

    expires = forms.ChoiceField(choices=LIVES, widget=forms.RadioSelect, error_messages=_CHOOSE_ONE)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, api_key=ApiKey(), initial=self._usual())
        if data is None:
            self.fields["name"].widget.attrs["autofocus"] = True

    @staticmethod
    def _usual() -> dict[str, Any]:
        policy = Configuration.current().duplicates.api_key_policy
        return {"roles": USUAL_ROLES, "expires": USUAL_LIFE, "similar_policy": policy}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.sent_id is None:
            self.add_error(None, ValidationError(_INCOMPLETE, code="incomplete"))
        return cleaned

    @property
    def sent_id(self) -> str | None:
        """The id that came with the form."""
        sent = str(self.data.get("key_id", "")).upper()
        return sent if is_ulid(sent) else None

    @property
    def key_id(self) -> str:
        """The id that the key will have."""
        return self.sent_id or self.api_key.pk


class ChangedApiKeyForm(ApiKeyForm):
    """A key that there is."""

    expires = forms.ChoiceField(
        choices=((AS_IT_IS, "As it is"), *LIVES), widget=forms.RadioSelect, error_messages=_CHOOSE_ONE
    )

    def __init__(self, data: QueryDict | None = None, *, api_key: ApiKey) -> None:
        super().__init__(data, api_key=api_key, initial={"roles": api_key.roles, "expires": AS_IT_IS})
        self.fields["roles"].required = not self.roles_without_effect


class RotateForm(WireForm):
    """Another token for a key; `issued_at` names the one that it takes the place of."""

    issued_at = forms.CharField(required=False, widget=forms.HiddenInput)
    stops_at_once = forms.BooleanField(
        required=False,
        label="Stop the old token at once",
        help_text="Choose this if somebody got hold of it. What still sends it is refused from then on.",
    )

    def __init__(self, data: QueryDict | None = None, *, api_key: ApiKey) -> None:
        self.seen = api_key.token_last_issued_at.isoformat()
        super().__init__(data, initial={"issued_at": self.seen})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("issued_at"):
            self.add_error(None, ValidationError(_INCOMPLETE, code="incomplete"))
        return cleaned

    @property
    def is_outdated(self) -> bool:
        """Whether the key got another token since the person saw it; the form must be valid."""
        return bool(self.cleaned_data["issued_at"] != self.seen)

    @property
    def grace(self) -> datetime.timedelta:
        """How much longer the old token works; the form must be valid."""
        return (
            datetime.timedelta(0)
            if self.cleaned_data["stops_at_once"]
            else datetime.timedelta(minutes=GRACE_MINUTES)
        )


def _end_of_day(typed: str) -> datetime.datetime:
    """Return the last moment of a day in the person's zone."""
    try:
        day = datetime.date.fromisoformat(typed.strip())
        end = datetime.datetime.combine(day, datetime.time.max, timezone.get_current_timezone())
        return end.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        message = "Choose the last day on which it works, such as 2027-03-31."
        raise ValidationError(message, code="invalid") from None

"""Forms of actions and follow-ups: adding one, and changing one."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from incidents import text
from incidents.models import Action, FollowUp, FollowUpPriority, TaskStatus
from incidents.models.follow_up import TITLE_LENGTH
from incidents.services.actions import ActionDraft
from incidents.services.drafts import UNSET, Unset
from incidents.services.follow_ups import FollowUpDraft
from incidents.web.forms.base import WireForm
from incidents.web.forms.fields import LineField, PersonField, TextField

Task = Action | FollowUp
_REFUSED_BY = {
    "assignee_id": "assignee",
    "description": "description",
    "follow_up_priority_option_id": "priority",
    "title": "title",
}
_QUESTION = "What is to be done?"
_ANSWER = {"required": "Say what is to be done."}


class AddTaskForm(WireForm):
    """What is to be done and by whom; the button that is pressed says whether it is an action or a follow-up."""

    task: Task | None = None

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="id_task_%s")
        self.refused_by = {**_REFUSED_BY, "description": "title"}
        self.fields["title"] = _title()
        self.fields["title"].widget.attrs["data-focus"] = True
        self.fields["assignee"] = PersonField(required=False, label="Assignee")

    def to_action(self) -> ActionDraft:
        """Return an action; the form must be valid."""
        return ActionDraft(description=self.cleaned_data["title"], assignee_id=self.cleaned_data["assignee"])

    def to_follow_up(self) -> FollowUpDraft:
        """Return a follow-up; the form must be valid."""
        return FollowUpDraft(title=self.cleaned_data["title"], assignee_id=self.cleaned_data["assignee"])


class EditTaskForm(WireForm):
    """What a task shall be, and under `known` the moment at which it was what the person saw."""

    def __init__(self, data: QueryDict | None = None, *, task: Task) -> None:
        super().__init__(data, auto_id="id_task_%s")
        self.refused_by = _REFUSED_BY
        self.task = task
        for name, field in self.make_fields().items():
            self.fields[name] = field
        next(iter(self.fields.values())).widget.attrs["data-focus"] = True
        self.fields["assignee"] = PersonField(required=False, label="Assignee")
        self.fields["known"] = forms.DateTimeField(required=False, widget=forms.HiddenInput)
        self.initial.update(assignee=task.assignee_id or "", **self.read_now())

    def make_fields(self) -> dict[str, forms.Field]:
        """Return the controls that come before the assignee."""
        raise NotImplementedError

    def read_now(self) -> dict[str, Any]:
        """Return what those controls show at first."""
        raise NotImplementedError

    def to_draft(self) -> Any:
        """Return what shall change; the form must be valid unless it only moves."""
        raise NotImplementedError

    @property
    def seen_at(self) -> str:
        """The moment at which the task was what is drawn now."""
        return self.task.updated_at.isoformat()

    @property
    def unchanged_since(self) -> datetime.datetime | None:
        """The moment that the person knows of; the form must be valid unless it only moves."""
        known: datetime.datetime | None = None if self.only_moves else self.cleaned_data["known"]
        return known

    @property
    def status(self) -> str | Unset:
        """What the button that was pressed makes of the task; UNSET if it only saves."""
        status: str | Unset = self.data.get("status", UNSET)
        return status

    @property
    def only_moves(self) -> bool:
        """Whether nothing but the status was sent, or the rest does not matter any more."""
        return self.status == TaskStatus.DELETED or self.is_tick

    @property
    def is_tick(self) -> bool:
        """Whether it came from the row of the task, where nothing but the status is sent."""
        return self.status is not UNSET and "assignee" not in self.data


class EditActionForm(EditTaskForm):
    """An action."""

    def make_fields(self) -> dict[str, forms.Field]:
        field = TextField(limit=text.MESSAGE_LENGTH, label=_QUESTION, error_messages=_ANSWER)
        field.widget.attrs["rows"] = 2
        return {"description": field}

    def read_now(self) -> dict[str, Any]:
        assert isinstance(self.task, Action)  # noqa: S101 - the view pairs them
        return {"description": self.task.description}

    def to_draft(self) -> ActionDraft:
        if self.only_moves:
            return ActionDraft(status=self.status)
        return ActionDraft(
            description=self.cleaned_data["description"],
            assignee_id=self.cleaned_data["assignee"],
            status=self.status,
        )


class EditFollowUpForm(EditTaskForm):
    """A follow-up."""

    def make_fields(self) -> dict[str, forms.Field]:
        details = TextField(limit=text.MESSAGE_LENGTH, label="Details", required=False)
        details.widget.attrs["rows"] = 2
        return {
            "title": _title(),
            "description": details,
            "priority": forms.ChoiceField(
                label="Priority",
                required=False,
                choices=[("", "None"), *((row.pk, row.name) for row in FollowUpPriority.objects.all())],
            ),
        }

    def read_now(self) -> dict[str, Any]:
        task = self.task
        assert isinstance(task, FollowUp)  # noqa: S101 - the view pairs them
        return {"title": task.title, "description": task.description, "priority": task.priority_id or ""}

    def to_draft(self) -> FollowUpDraft:
        if self.only_moves:
            return FollowUpDraft(status=self.status)
        return FollowUpDraft(
            title=self.cleaned_data["title"],
            description=self.cleaned_data["description"],
            assignee_id=self.cleaned_data["assignee"],
            priority_id=self.cleaned_data["priority"],
            status=self.status,
        )


def _title() -> LineField:
    return LineField(limit=TITLE_LENGTH, label=_QUESTION, error_messages=_ANSWER)

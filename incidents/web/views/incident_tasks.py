"""The actions and follow-ups on the incident page: listed, added, ticked, changed."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from incidents.models import Action, FollowUp, IncidentEvent, TaskStatus
from incidents.models.ulid import is_ulid
from incidents.services.actions import add_action, edit_action
from incidents.services.errors import TaskChangedError
from incidents.services.follow_ups import add_follow_up, edit_follow_up
from incidents.services.private_views import record_private_view
from incidents.web.conflicts import last_events
from incidents.web.forms.tasks import AddTaskForm, EditActionForm, EditFollowUpForm, EditTaskForm
from incidents.web.htmx import redirect_page, render_page, wants_fragment
from incidents.web.incident_tasks import read_tasks, row_of
from incidents.web.merged_incidents import read_merged
from incidents.web.views.incident_detail import page_context
from incidents.web.visible import actor_of, changeable_incident, hidden_as_missing, visible_incident

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from incidents.models import Actor, Incident

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TaskKind:
    """What is different between actions and follow-ups."""

    noun: str
    model: type[Action | FollowUp]
    form: type[EditTaskForm]
    add: Callable[[str, AddTaskForm, Actor], object]
    edit: Callable[[Any, EditTaskForm, Actor], object]


ACTION = TaskKind(
    noun="action",
    model=Action,
    form=EditActionForm,
    add=lambda incident_id, form, actor: add_action(incident_id, form.to_action(), actor),
    edit=lambda task, form, actor: edit_action(
        task, form.to_draft(), actor, unchanged_since=form.unchanged_since
    ),
)
FOLLOW_UP = TaskKind(
    noun="follow-up",
    model=FollowUp,
    form=EditFollowUpForm,
    add=lambda incident_id, form, actor: add_follow_up(incident_id, form.to_follow_up(), actor),
    edit=lambda task, form, actor: edit_follow_up(
        task, form.to_draft(), actor, unchanged_since=form.unchanged_since
    ),
)
_SAYS = {
    TaskStatus.OUTSTANDING: "reopened",
    TaskStatus.COMPLETED: "done",
    TaskStatus.NOT_DOING: "not to be done",
    TaskStatus.DELETED: "deleted",
}


@require_safe
def incident_tasks(request: HttpRequest, reference: str) -> HttpResponse:
    actor = actor_of(request)
    incident = visible_incident(reference, actor)
    record_private_view(incident, actor)
    if not wants_fragment(request):
        context = page_context(request, incident, actor)
        return render_page(request, "incidents/detail.html", context, fragment="incidents/_tasks.html")
    return _section(request, incident, actor, {"focus": request.GET.get("focus", "")})


@form_methods
def incident_actions(request: HttpRequest, reference: str) -> HttpResponse:
    return _add(request, reference, ACTION)


@form_methods
def incident_action(request: HttpRequest, reference: str, action_id: str) -> HttpResponse:
    return _edit(request, reference, ACTION, action_id)


@form_methods
def incident_follow_ups(request: HttpRequest, reference: str) -> HttpResponse:
    return _add(request, reference, FOLLOW_UP)


@form_methods
def incident_follow_up(request: HttpRequest, reference: str, follow_up_id: str) -> HttpResponse:
    return _edit(request, reference, FOLLOW_UP, follow_up_id)


def _add(request: HttpRequest, reference: str, kind: TaskKind) -> HttpResponse:
    actor = actor_of(request)
    incident = changeable_incident(reference, actor)
    form = AddTaskForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _stored(form, lambda: kind.add(incident.pk, form, actor)):
        return _changed(request, incident, actor, says=f"{kind.noun.capitalize()} added", focus="add")
    status = 422 if form.errors else 200
    return _section(request, incident, actor, {"task_form": form, "kind": kind}, status=status)


def _edit(request: HttpRequest, reference: str, kind: TaskKind, task_id: str) -> HttpResponse:
    actor = actor_of(request)
    incident = changeable_incident(reference, actor)
    task = _task(incident, actor, kind, task_id)
    form = kind.form(request.POST if request.method == "POST" else None, task=task)
    context: dict[str, Any] = {"task_form": form, "kind": kind}
    if not form.is_bound:
        return _section(request, incident, actor, context)
    try:
        if (form.only_moves or form.is_valid()) and _stored(form, lambda: kind.edit(task, form, actor)):
            if form.is_tick and wants_fragment(request):
                ticked = _task(incident, actor, kind, task_id)
                return _ticked(request, incident, actor, ticked, says=_told(kind, form))
            return _changed(request, incident, actor, says=_told(kind, form), focus=_focus(form))
    except TaskChangedError:
        form.task = _task(incident, actor, kind, task_id)
        context["overtaken_by"] = _last_change(form.task.incident, task_id)
        return _section(request, incident, actor, context, status=409)
    return _section(request, incident, actor, context, status=422)


def _task(incident: Incident, actor: Actor, kind: TaskKind, task_id: str) -> Action | FollowUp:
    """Return the task of the incident, or of one that was merged into it."""
    merged = [one.pk for one in read_merged(incident, actor)]
    rows = kind.model.objects.listed().filter(incident__in=[incident.pk, *merged])
    task = rows.filter(pk=task_id.upper()).first() if is_ulid(task_id.upper()) else None
    if task is None:
        raise Http404
    return task


def _stored(form: AddTaskForm | EditTaskForm, write: Callable[[], object]) -> bool:
    """Do what the form asks for; return whether it was done, or else its errors say why not."""
    try:
        with hidden_as_missing():
            write()
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


def _last_change(incident: Incident, task_id: str) -> IncidentEvent | None:
    about = task_id.upper()
    events = last_events(incident)
    return next((event for event in events if (event.details.get("task") or {}).get("id") == about), None)


def _focus(form: EditTaskForm) -> str:
    """Return what has the focus next: the button that opens the form, if it is still there."""
    return "add" if form.status == TaskStatus.DELETED else str(form.task.pk)


def _told(kind: TaskKind, form: EditTaskForm) -> str:
    done = "saved" if not isinstance(form.status, str) else _SAYS.get(TaskStatus(form.status), "saved")
    return f"{kind.noun.capitalize()} {done}"


def _section(
    request: HttpRequest, incident: Incident, actor: Actor, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Answer with the section, or with its form on a page of its own."""
    merged = read_merged(incident, actor)
    tasks = read_tasks(incident, actor, merged=merged, shows_all="all" in request.GET)
    context = {"incident": incident, "tasks": tasks, **context}
    return render_page(
        request, "incidents/task.html", context, fragment="incidents/_tasks.html", status=status
    )


def _ticked(
    request: HttpRequest, incident: Incident, actor: Actor, task: Action | FollowUp, *, says: str
) -> HttpResponse:
    """Answer with the row alone: the form of another task may be open beside it, with text that was typed."""
    incident = visible_incident(incident.reference, actor)
    origins = {one.pk: one for one in read_merged(incident, actor)}
    context = page_context(request, incident, actor) | {"says": says, "row": row_of(task, origins)}
    return render(request, "incidents/_task_ticked.html", context)


def _changed(
    request: HttpRequest, incident: Incident, actor: Actor, *, says: str, focus: str
) -> HttpResponse:
    if not wants_fragment(request):
        messages.success(request, f"{says}.")
        return redirect_page(request, f"{reverse('incidents:detail', args=[incident.reference])}#tasks")
    incident = visible_incident(incident.reference, actor)
    context = page_context(request, incident, actor) | {"says": says, "focus": focus}
    return render(request, "incidents/_tasks_changed.html", context)

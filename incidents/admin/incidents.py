"""Incidents in the admin: found quickly, declared and changed through the services, never removed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from incidents.admin.incident_fields import custom_fields, role_fields
from incidents.admin.incident_form import COLUMNS, LATER, ChangeIncidentForm, NewIncidentForm
from incidents.admin.refusals import RefusableAdmin, Refused, actor_of
from incidents.models import Configuration, DuplicateSettings, Incident
from incidents.services.creation import Created, create_incident
from incidents.services.declaring import HeldBack, declare_incident
from incidents.services.editing import edit_incident
from incidents.services.errors import IdempotencyKeyReusedError, VersionConflictError
from incidents.services.private_views import record_private_view

_DECLARING = ("idempotency_key", "separate_from")
_CHANGING = ("begun_version", "seen_version")


@admin.register(Incident)
class IncidentAdmin(RefusableAdmin):
    list_display = (
        "reference",
        "name",
        "incident_status",
        "severity",
        "incident_type",
        "mode",
        "visibility",
        "created_at",
    )
    list_display_links = ("reference", "name")
    list_filter = ("status_category", "severity", "incident_type", "mode", "visibility")
    list_select_related = ("incident_status", "severity", "incident_type")
    ordering = ("-id",)
    readonly_fields = ("elsewhere",)
    search_fields = ("name",)
    search_help_text = "Reference, or words of the name and the summary"
    sortable_by = ()

    @admin.display(description="incident")
    def reference(self, incident: Incident) -> str:
        return incident.reference

    @admin.display(description="see also")
    def elsewhere(self, incident: Incident) -> SafeString:
        events, updates = (
            f"{reverse(f'admin:incidents_{model}_changelist')}?incident__id__exact={incident.pk}"
            for model in ("incidentevent", "incidentupdate")
        )
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">Updates</a> · <a href="{}">History</a>',
            incident.get_absolute_url(),
            incident.reference,
            updates,
            events,
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Incident], search_term: str
    ) -> tuple[QuerySet[Incident], bool]:
        """A reference finds its incident; anything else is looked for in the search text."""
        named = Incident.objects.by_reference(search_term.strip())
        if search_term.strip() and named.exists():
            return queryset & named, False
        return queryset & Incident.objects.search(search_term), False

    def get_fieldsets(self, request: HttpRequest, obj: Incident | None = None) -> Any:
        configuration = Configuration.current()
        if obj is None:
            columns = [*_DECLARING, *_asked(request), *(name for name in COLUMNS if name not in LATER)]
        else:
            columns = [*_CHANGING, *_asked(request), *COLUMNS, "elsewhere"]
        return (
            (None, {"fields": columns}),
            ("Roles", {"fields": list(role_fields(configuration))}),
            ("Custom fields", {"fields": list(custom_fields(configuration))}),
        )

    def get_form(
        self, request: HttpRequest, obj: Incident | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Add the fields that the configuration asks for."""
        configuration = Configuration.current()
        base = NewIncidentForm if obj is None else ChangeIncidentForm
        fields = role_fields(configuration) | custom_fields(configuration)
        kwargs["form"] = type(base.__name__, (base,), fields)
        return super().get_form(request, obj, change=change, **kwargs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        incident = super().get_object(request, object_id, from_field)
        if isinstance(incident, Incident):
            record_private_view(incident, actor_of(request))
        return incident

    def save_model(self, request: HttpRequest, obj: Incident, form: Any, change: bool) -> None:
        saved = _edit(request, obj, form) if change else _declare(request, form)
        vars(obj).update(vars(saved))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The incident's own history, not the admin's log."""
        events = reverse("admin:incidents_incidentevent_changelist")
        return redirect(f"{events}?incident__id__exact={object_id}")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An incident is declined, canceled or merged."""
        return False


def _asked(request: HttpRequest) -> tuple[str, ...]:
    """Return the fields by which a person insists; they are there once there is something to insist on."""
    refusal: Refused | None = getattr(request, "refusal", None)
    shown = refusal.shown if refusal is not None else {}
    if shown.get("separate_from") or request.POST.get("separate_from"):
        return "is_separate", "separate_reason"
    return ("save_over",) if shown.get("seen_version") or request.POST.get("seen_version") else ()


def _declare(request: HttpRequest, form: NewIncidentForm) -> Incident:
    is_checked = Configuration.current().duplicates.admin_policy != DuplicateSettings.AdminPolicy.OFF
    declare = declare_incident if is_checked else create_incident
    try:
        outcome = declare(form.draft(), actor_of(request))
    except IdempotencyKeyReusedError as reused:
        message = f"This form has declared {reused.incident.reference} already. Open a new one."
        raise Refused(ValidationError(message)) from reused
    if isinstance(outcome, Created):
        return outcome.incident
    raise Refused(
        ValidationError({"is_separate": _warning(outcome)}),
        separate_from=" ".join(match.incident_id for match in outcome.similar.warnings),
    )


def _warning(held_back: HeldBack) -> SafeString:
    named = format_html_join(
        "",
        '<li><a href="{}" target="_blank" rel="noopener">{} {}</a>: {}</li>',
        (
            (
                reverse("admin:incidents_incident_change", args=[match.incident_id]),
                match.reference,
                match.name,
                "; ".join(reason.text for reason in match.reasons),
            )
            for match in held_back.unanswered
        ),
    )
    has_exact = any(match.level == "exact" for match in held_back.unanswered)
    how = "Tick this and say why" if has_exact else "Tick this"
    return format_html("This may exist already: <ul>{}</ul>{} if yours is another incident.", named, how)


def _edit(request: HttpRequest, incident: Incident, form: ChangeIncidentForm) -> Incident:
    try:
        return edit_incident(incident.pk, form.edit(), actor_of(request), version=form.base_version).incident
    except VersionConflictError as conflict:
        now = conflict.incident.version
        message = (
            f"Somebody changed {incident.reference} meanwhile: it is at version {now}, you began with"
            f" {form.base_version}. Compare in another tab, then tick this to save yours over theirs."
        )
        raise Refused(ValidationError({"save_over": message}), seen_version=str(now)) from conflict

"""API keys: listed, made, changed, rotated, revoked. A token is in the answer that makes it, and never again."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from incidents.models import ApiKey
from incidents.models.ulid import is_ulid
from incidents.services.api_keys import (
    Issued,
    edit_api_key,
    issue_api_key,
    replace_token,
    revoke_api_key,
)
from incidents.services.errors import ApiKeyMadeBeforeError, TokenReplacedError
from incidents.web.api_key_rows import BrokenPlaceError, read_api_keys
from incidents.web.confirmation import key_managers_only, password_confirmed
from incidents.web.forms.api_key import GRACE_MINUTES, ChangedApiKeyForm, NewApiKeyForm, RotateForm
from incidents.web.htmx import redirect_page
from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from incidents.web.api_key_rows import ApiKeyPage
    from incidents.web.forms.base import WireForm

form_methods = require_http_methods(["GET", "HEAD", "POST"])


def of_standing_key(view: Callable[[HttpRequest, ApiKey], HttpResponse]) -> Callable[..., HttpResponse]:
    """Find the key that the address names; one that was revoked cannot be changed any more."""

    @wraps(view)
    def with_key(request: HttpRequest, api_key_id: str) -> HttpResponse:
        pk = api_key_id.upper()
        api_key = ApiKey.objects.filter(pk=pk).first() if is_ulid(pk) else None
        if api_key is None:
            raise Http404
        if api_key.revoked_at is not None:
            messages.warning(request, f"“{api_key.name}” is revoked for good. Make a new key instead.")
            return redirect_page(request, reverse("incidents:api_keys"))
        return view(request, api_key)

    return with_key


@require_safe
@key_managers_only
def api_key_list(request: HttpRequest) -> HttpResponse:
    try:
        return _list_page(request, read_api_keys(request.GET.dict()))
    except BrokenPlaceError:
        raise Http404 from None


@form_methods
@key_managers_only
@password_confirmed
def api_key_new(request: HttpRequest) -> HttpResponse:
    form = NewApiKeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            issued = issue_api_key(form.to_draft(), actor_of(request), api_key_id=form.key_id)
        except ApiKeyMadeBeforeError as error:
            return _list_page(request, status=409, made_before=error.api_key)
        except ValidationError as error:
            form.refuse(error)
        else:
            return _token_page(request, issued)
    return _form_page(request, "settings/api_key_new.html", form)


@form_methods
@key_managers_only
@password_confirmed
@of_standing_key
def api_key_edit(request: HttpRequest, api_key: ApiKey) -> HttpResponse:
    form = ChangedApiKeyForm(request.POST if request.method == "POST" else None, api_key=api_key)
    if form.is_valid() and _save(form, request):
        messages.success(request, f"“{form.cleaned_data['name']}” is changed.")
        return redirect_page(request, reverse("incidents:api_keys"))
    return _form_page(request, "settings/api_key_edit.html", form)


@form_methods
@key_managers_only
@password_confirmed
@of_standing_key
def api_key_rotate(request: HttpRequest, api_key: ApiKey) -> HttpResponse:
    form = RotateForm(request.POST if request.method == "POST" else None, api_key=api_key)
    if not form.is_valid():
        context = {"api_key": api_key, "grace_minutes": GRACE_MINUTES}
        return _form_page(request, "settings/api_key_rotate.html", form, **context)
    if form.is_outdated:
        return _list_page(request, status=409, replaced=api_key)
    seen = api_key.token_last_issued_at
    try:
        issued = replace_token(api_key, actor_of(request), issued_at=seen, grace=form.grace)
    except TokenReplacedError as error:
        return _list_page(request, status=409, replaced=error.api_key)
    return _token_page(request, issued, rotation=form)


@form_methods
@key_managers_only
@password_confirmed
@of_standing_key
def api_key_revoke(request: HttpRequest, api_key: ApiKey) -> HttpResponse:
    if request.method != "POST":
        return render(request, "settings/api_key_revoke.html", {"api_key": api_key})
    revoke_api_key(api_key, actor_of(request))
    messages.success(request, f"“{api_key.name}” is revoked.")
    return redirect_page(request, reverse("incidents:api_keys"))


def _save(form: ChangedApiKeyForm, request: HttpRequest) -> bool:
    try:
        edit_api_key(form.api_key, form.to_draft(), actor_of(request))
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


def _form_page(request: HttpRequest, template: str, form: WireForm, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)


def _token_page(request: HttpRequest, issued: Issued, *, rotation: RotateForm | None = None) -> HttpResponse:
    """Show the token. Nothing keeps this answer, and reloading it asks for another one."""
    response = _list_page(request, issued=issued, rotation=rotation)
    response["Cache-Control"] = "private, no-store"
    return response


def _list_page(
    request: HttpRequest, page: ApiKeyPage | None = None, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Show a page of the list, the first one unless another is given, below what there is to say."""
    context |= {"page": page or read_api_keys({}), "grace_minutes": GRACE_MINUTES}
    return render(request, "settings/api_keys.html", context, status=status)

"""Who may come in, and the password once more before something that cannot be taken back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY

from incidents.services.errors import require_key_manager
from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ViewT = TypeVar("ViewT", bound=Callable[..., "HttpResponse"])


def key_managers_only(view: ViewT) -> ViewT:
    """Answer 403 to everybody who may not manage API keys."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_key_manager(actor_of(request))
        return view(request, *args, **kwargs)

    return cast("ViewT", guarded)


def password_confirmed(view: ViewT) -> ViewT:
    """Ask for the password if it was last typed too long ago. A form that was sent goes on once it is confirmed.

    AccountAdapter says how long is too long.
    """
    confirmed = reauthentication_required(view)

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            # A form that somebody gave up when asked must not go on the next time that they type the password.
            request.session.pop(STATE_SESSION_KEY, None)
        return cast("HttpResponse", confirmed(request, *args, **kwargs))

    return cast("ViewT", asked)

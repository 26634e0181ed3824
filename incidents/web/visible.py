"""Finds the incident that an address names, for the person who asks."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from django.http import Http404

from incidents.models import Action, Actor, FollowUp, Incident, SavedView
from incidents.services.errors import require_responder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from incidents.models import User


def actor_of(request: HttpRequest) -> Actor:
    """Return the person who is logged in as the one who acts."""
    return Actor.of_user(cast("User", request.user))


def visible_incident(reference: str, actor: Actor) -> Incident:
    """Return the incident with what its page reads of the row; one query.

    Raises:
        Http404: there is none, or none that the actor may know of. Nobody can tell which.
    """
    named = Incident.objects.visible_to(actor).by_reference(reference)
    incident = named.for_detail().with_report_count().select_related("external_issue_reference").first()
    if incident is None:
        raise Http404
    return incident


def changeable_incident(reference: str, actor: Actor) -> Incident:
    """Return the incident for somebody who may change it.

    Raises:
        Http404: as visible_incident, before anything is said about what the actor may do.
        PermissionDenied: the actor may look only.
    """
    incident = visible_incident(reference, actor)
    require_responder(actor)
    return incident


@contextmanager
def hidden_as_missing() -> Iterator[None]:
    """Answer 404 where an incident went out of sight, or a task or a view was deleted, between two queries of a request."""
    try:
        yield
    except (Incident.DoesNotExist, Action.DoesNotExist, FollowUp.DoesNotExist, SavedView.DoesNotExist):
        raise Http404 from None

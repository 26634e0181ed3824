"""Makes people, configuration and incidents for tests, through the services that the product uses."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from incidents.models import (
    Action,
    Actor,
    AlertSource,
    Configuration,
    CustomField,
    CustomFieldOption,
    DeclareDraft,
    FollowUp,
    Incident,
    IncidentAttachment,
    IncidentMerge,
    IncidentRelationship,
    IncidentStatus,
    SavedView,
    Team,
    User,
)
from incidents.services.actions import ActionDraft, add_action
from incidents.services.api_keys import ApiKeyDraft, Issued, issue_api_key
from incidents.services.attachments import ANY_LINK, AttachmentDraft, attach_resource
from incidents.services.configuration import save_noun
from incidents.services.creation import create_incident
from incidents.services.declare_drafts import TypedForm, save_draft
from incidents.services.drafts import IncidentDraft, IncidentEdit
from incidents.services.editing import edit_incident
from incidents.services.follow_ups import FollowUpDraft, add_follow_up
from incidents.services.merging import MergeDraft, merge_incidents
from incidents.services.relationships import relate_incidents
from incidents.services.saved_views import SavedViewDraft, save_view
from incidents.text import slug

_numbers = itertools.count(1)
PASSWORD = "a quiet harbour at dusk"


def make_user(name: str = "Alice Moreau", *, role: str = "responder", **fields: Any) -> User:
    """Store a person; the e-mail follows the name, with a number that keeps it unique."""
    email = fields.pop("email", f"{slug(name)}-{next(_numbers)}@example.com")
    return User.objects.create_user(email, PASSWORD, name=name, role=role, **fields)


def make_actor(name: str = "Alice Moreau", *, role: str = "responder") -> Actor:
    """Store a person and return them as an actor."""
    return Actor.of_user(make_user(name, role=role))


def make_api_key(name: str = "ledger-watch", *, actor: Actor | None = None, **draft: Any) -> Issued:
    """Issue a key that may look and declare, unless said otherwise; it comes with its token."""
    roles = tuple(draft.pop("roles", ("viewer", "incident_creator")))
    made_by = actor or make_actor("Ada Okafor", role="administrator")
    return issue_api_key(ApiKeyDraft(name=name, roles=roles, **draft), made_by)


def make_incident(
    name: str = "Checkout API returning 500s",
    *,
    actor: Actor | None = None,
    created_at: datetime.datetime | None = None,
    **draft: Any,
) -> Incident:
    """Declare an incident; severity, status and type may be given by slug as severity=, status=, incident_type=."""
    configuration = Configuration.current()
    severity = configuration.severities.by_slug[draft.pop("severity", "major")]
    status = draft.pop("status", None)
    incident_type = draft.pop("incident_type", None)
    if status is not None:
        draft["incident_status_id"] = configuration.incident_statuses.by_slug[status].pk
    if incident_type is not None:
        draft["incident_type_id"] = configuration.incident_types.by_slug[incident_type].pk
    made = create_incident(
        IncidentDraft(name=name, severity_id=severity.pk, **draft),
        actor or make_actor(role="administrator"),
        created_at=created_at,
    )
    return made.incident


def move_incident(incident: Incident, status: str, *, actor: Actor | None = None) -> Incident:
    """Change the incident to the status of that slug."""
    target = status_of(status)
    edit = IncidentEdit(incident_status_id=target.pk)
    return edit_incident(incident.pk, edit, actor or make_actor(role="administrator")).incident


def status_of(slug_of_status: str) -> IncidentStatus:
    """Return the status of that slug."""
    return Configuration.current().incident_statuses.by_slug[slug_of_status]


def make_custom_field(
    name: str = "Affected service", *, options: tuple[str, ...] = (), **fields: Any
) -> CustomField:
    """Store a custom field, a single select unless said otherwise, with its options."""
    actor = make_actor(role="administrator")
    field = CustomField(name=name, **{"field_type": "single_select", **fields})
    save_noun(field, actor)
    for value in options:
        save_noun(CustomFieldOption(custom_field=field, value=value), actor)
    return field


def make_team(name: str = "Payments") -> Team:
    """Store a team."""
    team = Team(name=name)
    save_noun(team, make_actor(role="administrator"))
    return team


def make_action(
    incident: Incident, description: str = "Call the bank", *, actor: Actor | None = None, **draft: Any
) -> Action:
    """Add an action to the incident."""
    draft_of_action = ActionDraft(description=description, **draft)
    return add_action(incident.pk, draft_of_action, actor or make_actor(role="administrator"))


def make_follow_up(
    incident: Incident, title: str = "Alert on pool use", *, actor: Actor | None = None, **draft: Any
) -> FollowUp:
    """Add a follow-up to the incident."""
    draft_of_follow_up = FollowUpDraft(title=title, **draft)
    return add_follow_up(incident.pk, draft_of_follow_up, actor or make_actor(role="administrator"))


def make_attachment(
    incident: Incident, url: str = "https://wiki.example/runbook", **draft: Any
) -> IncidentAttachment:
    """Attach a link to the incident."""
    attachment = AttachmentDraft(resource_type=draft.pop("resource_type", ANY_LINK), url=url, **draft)
    return attach_resource(incident.pk, attachment, make_actor(role="administrator"))


def make_draft(
    name: str = "Checkout API returning 500s",
    *,
    actor: Actor,
    form_token: str = "",
    is_private: bool = False,
    **draft: Any,
) -> DeclareDraft:
    """Keep what the actor has typed so far; each call is a form of its own unless the token says otherwise."""
    token = form_token or f"form-token-{next(_numbers)}"
    incident_draft = IncidentDraft(name=name, **draft)
    values = {"name": [name], "summary": [incident_draft.summary]}
    typed = TypedForm(form_token=token, values=values, draft=incident_draft, is_private=is_private)
    assert save_draft(typed, actor)
    return DeclareDraft.objects.of(actor).get(form_token=token)


def make_alert_source(name: str = "Prometheus", **fields: Any) -> AlertSource:
    """Store a source of alerts."""
    source = AlertSource(name=name, **fields)
    save_noun(source, make_actor(role="administrator"))
    return source


def make_relationship(incident: Incident, other: Incident, kind: str = "related") -> IncidentRelationship:
    """Tie two incidents together."""
    return relate_incidents(incident.pk, other.pk, kind, make_actor(role="administrator"))


def make_saved_view(
    name: str = "Fires",
    query: str = "status_category[one_of]=open&severity[gte]=major",
    *,
    actor: Actor | None = None,
    is_shared: bool = False,
) -> SavedView:
    """Save a view of the list, the person's own unless said otherwise."""
    draft = SavedViewDraft(name=name, query=query, is_shared=is_shared)
    return save_view(draft, actor or make_actor())


def merge(survivor: Incident, *sources: Incident, actor: Actor | None = None, **draft: Any) -> IncidentMerge:
    """Merge the sources into the survivor."""
    source_ids = tuple(source.pk for source in sources)
    wanted = MergeDraft(survivor_id=survivor.pk, source_ids=source_ids, **draft)
    return merge_incidents(wanted, actor or make_actor(role="administrator"))

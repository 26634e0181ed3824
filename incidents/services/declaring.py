"""Declaring with the duplicate check first: people are asked for a word, automation follows the policy of its door."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from django.db import transaction

from incidents.models import Actor, ApiKey, Configuration, Incident, IncidentUpdate
from incidents.models.incident_conditions import DEFAULT_MODES
from incidents.services.creation import Created, check_draft, create_incident
from incidents.services.custom_fields import clean_custom_fields
from incidents.services.declare_drafts import finish_draft
from incidents.services.drafts import IncidentDraft
from incidents.services.duplicate_check import check, check_in_transaction
from incidents.services.duplicates import note_candidates
from incidents.services.errors import Problems, require_declarer
from incidents.services.idempotency import claim_key, incident_made_before
from incidents.services.references import lock_incident_numbers
from incidents.services.separation import visible_others
from incidents.services.similarity import KnownValue, Match, Question, Similar
from incidents.services.updates import add_report
from incidents.services.verdicts import record_report, record_separations

Attach = Callable[[IncidentDraft, Match, Actor], Created]
FEWEST_LETTERS_OF_A_REASON = 3


@dataclasses.dataclass(frozen=True, slots=True)
class HeldBack:
    """Nothing was made: the draft does not say why it is another incident than these."""

    similar: Similar
    unanswered: tuple[Match, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Declared:
    """What became of a draft: an incident of its own, or the one to which it was attached; and what was like it."""

    created: Created
    similar: Similar | None = None
    was_attached: bool = False


def declare_incident(draft: IncidentDraft, actor: Actor, *, form_token: str = "") -> Created | HeldBack:
    """Declare an incident unless it exists already; what is only related stops nobody.

    The draft that was kept of the form with this token is finished in the same transaction.

    People who declare at once go one after the other, so that the second is asked about the first's incident.
    Tests and tutorials repeat each other on purpose: they are not checked.

    Raises:
        PermissionDenied: the actor may not declare.
        ValidationError: by the names of the fields on the wire, with everything that is wrong.
        IdempotencyKeyReusedError: the draft's key stands for another draft.
    """
    require_declarer(actor)
    configuration = Configuration.current()
    question = question_of(draft, configuration)
    with transaction.atomic():
        lock_incident_numbers()
        similar = (
            check_in_transaction(question, actor, configuration) if draft.mode in DEFAULT_MODES else None
        )
        unanswered = _unanswered(similar, draft, configuration) if similar else ()
        if similar is None or not unanswered:
            created = _create_judged(draft, similar, actor)
            finish_draft(form_token, actor)
            return created
        # Pressed twice: the incident that was found may be the one that this very form has just made.
        if made_before := incident_made_before(draft, actor):
            return Created(made_before, is_new=False)
        return HeldBack(similar, unanswered)


def declare_by_policy(
    draft: IncidentDraft, actor: Actor, policy: str, *, attach: Attach | None = None
) -> Declared | HeldBack:
    """Declare an incident for automation, which cannot be asked: its policy decides what a strong match does.

    `warn` declares all the same, `refuse` makes nothing, `attach` adds a report to the open incident that it repeats,
    or does what the door gives as `attach` instead.
    The same request again is answered as the first time, whatever has come since. Tests and tutorials are not checked.

    API keys say which policy is theirs, alert sources too. Imports use `warn`: a history moves in as it was, every
    incident of it, and the report of the import names those that look like duplicates; merging is for people.

    Raises:
        PermissionDenied: the actor may not declare.
        ValidationError: by the names of the fields on the wire, with everything that is wrong.
        IdempotencyKeyReusedError: the draft's key stands for another draft.
    """
    require_declarer(actor)
    if (made_before := incident_made_before(draft, actor)) is not None:
        return Declared(Created(made_before, is_new=False))
    configuration = Configuration.current()
    question = question_of(draft, configuration)
    if draft.mode not in DEFAULT_MODES:
        return Declared(create_incident(draft, actor))
    if policy == ApiKey.SimilarPolicy.WARN:
        similar = check(question, actor, configuration)
        with transaction.atomic():
            return Declared(_create_judged(draft, similar, actor), similar)
    return _declare_unless_open(draft, question, actor, policy, attach or _attach)


def _declare_unless_open(
    draft: IncidentDraft, question: Question, actor: Actor, policy: str, attach: Attach
) -> Declared | HeldBack:
    with transaction.atomic():
        lock_incident_numbers()
        if (made_before := incident_made_before(draft, actor)) is not None:
            return Declared(Created(made_before, is_new=False))
        similar = check_in_transaction(question, actor, Configuration.current())
        repeated = tuple(match for match in similar.warnings if match.is_open) if similar else ()
        if similar is None or not repeated:
            return Declared(_create_judged(draft, similar, actor), similar)
        if policy == ApiKey.SimilarPolicy.REFUSE:
            return HeldBack(similar, repeated)
        return Declared(attach(draft, repeated[0], actor), similar, was_attached=True)


def _attach(draft: IncidentDraft, match: Match, actor: Actor) -> Created:
    """Add what was to be declared to the incident that exists, which from now on is what its key stands for."""
    check_draft(draft, actor, Configuration.current())
    if draft.idempotency_key:
        claim_key(draft, actor, match.incident_id)
    add_report(match.incident_id, draft, actor)
    return Created(Incident.objects.get(pk=match.incident_id), is_new=False)


def report_same(
    incident_id: str, draft: IncidentDraft, actor: Actor, *, form_token: str = ""
) -> IncidentUpdate:
    """Add to an incident what a person was about to declare, and keep that they hold it to be the same.

    The draft that was kept of the form with this token is finished in the same transaction.

    Raises:
        PermissionDenied, Incident.DoesNotExist, ValidationError: as add_report.
    """
    require_declarer(actor)
    configuration = Configuration.current()
    similar = check(question_of(draft, configuration), actor, configuration)
    with transaction.atomic():
        report = add_report(incident_id, draft, actor, form_token=form_token)
        record_report(report, similar, actor)
    return report


def look_for_similar(draft: IncidentDraft, actor: Actor, configuration: Configuration) -> Similar | None:
    """Return what find_similar returns, or None where it failed: nobody is kept from declaring by that."""
    return check(question_of(draft, configuration), actor, configuration)


def question_of(draft: IncidentDraft, configuration: Configuration) -> Question:
    """Return what the duplicate check is asked about a draft; a query for each catalog whose entries it names."""
    default_type = configuration.default_type
    return Question(
        name=draft.name,
        summary=draft.summary,
        field_values=_known_values(draft, configuration),
        incident_type_id=draft.incident_type_id or (default_type.pk if default_type else None),
    )


def is_reason(text: str) -> bool:
    """Tell whether a text can be read as a reason at all."""
    return sum(character.isalpha() for character in text) >= FEWEST_LETTERS_OF_A_REASON


def matches_to_answer(similar: Similar, configuration: Configuration) -> tuple[Match, ...]:
    """Return the warnings that ask a person for a word before they go on: exact ones, and from `stop_at` points on."""
    stop_at = configuration.duplicates.stop_at
    return tuple(match for match in similar.warnings if match.level == "exact" or match.score >= stop_at)


def _create_judged(draft: IncidentDraft, similar: Similar | None, actor: Actor) -> Created:
    """Create the incident, and keep what was said of those like it, and which of them nobody was asked about."""
    created = create_incident(draft, actor)
    if not created.is_new:
        return created
    record_separations(created.incident, visible_others(draft.separate_from, actor), similar, actor)
    if similar is not None:
        note_candidates(created.incident.pk, similar.warnings)
    return created


def _known_values(draft: IncidentDraft, configuration: Configuration) -> tuple[KnownValue, ...]:
    fields = configuration.custom_fields.by_id
    read = {
        pk: values for pk, values in draft.custom_fields.items() if pk in fields and fields[pk].similarity
    }
    return tuple(
        KnownValue(fields[pk].similarity, value.label)
        for pk, values in clean_custom_fields(read, configuration, Problems()).items()
        for value in values
    )


def _unanswered(similar: Similar, draft: IncidentDraft, configuration: Configuration) -> tuple[Match, ...]:
    asked = matches_to_answer(similar, configuration)
    return tuple(match for match in asked if not _is_answered(match, draft))


def _is_answered(match: Match, draft: IncidentDraft) -> bool:
    if not match.is_answered_by(draft.separate_from):
        return False
    return match.level != "exact" or is_reason(draft.separate_reason)

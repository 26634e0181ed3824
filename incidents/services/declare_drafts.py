"""Drafts of the declare form: kept as they are typed, and gone with the transaction that made use of them."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from incidents import text
from incidents.models import Actor, DeclareDraft, User
from incidents.models.declare_draft import SUMMARY_START
from incidents.services.drafts import IncidentDraft
from incidents.services.errors import require_declarer
from incidents.services.similarity import KnownValue

MOST_DRAFTS = 20
"""How many unfinished drafts a person has at most; one more drops the oldest."""
MOST_TIDIED = 100
MOST_BYTES = 80 * 1024
KEPT_FOR = datetime.timedelta(hours=24)

_TOKEN = re.compile(r"[\w-]{8,64}\Z", re.ASCII)
_EMPTY: Mapping[str, Any] = {
    "values": {},
    "name": "",
    "summary_start": "",
    "known_values": [],
    "incident_type_id": None,
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TypedForm:
    """What a form holds: `values` as its controls sent them, `draft` as far as they can be read.

    `known_values` are what the duplicate check reads in the custom fields.
    """

    form_token: str
    values: Mapping[str, Sequence[str]]
    draft: IncidentDraft
    known_values: Sequence[KnownValue] = ()
    is_private: bool = False


def is_form_token(token: str) -> bool:
    """Tell whether a text can stand for a form at all."""
    return _TOKEN.match(token) is not None


def save_draft(typed: TypedForm, actor: Actor) -> bool:
    """Keep what somebody has typed so far, and return whether it is kept now.

    One read, and one write where something changed; the first write of a form tidies up after the others. Nothing is
    kept of a form without a token, without words, larger than 80 KiB, or finished already.

    Raises:
        PermissionDenied: the actor may not declare.
    """
    require_declarer(actor)
    columns = _columns(typed) if is_form_token(typed.form_token) else None
    if columns is None or actor.user is None:
        return False
    stored = DeclareDraft.objects.of(actor).filter(form_token=typed.form_token).first()
    if stored is None:
        is_blank = not columns["name"] and not columns["summary_start"]
        return not is_blank and _insert(typed.form_token, columns, actor, actor.user)
    if stored.finished_at is not None:
        return False
    if all(getattr(stored, column) == value for column, value in columns.items()):
        return True
    return _update(typed.form_token, columns, actor)


def finish_draft(form_token: str, actor: Actor) -> None:
    """Empty the draft of a form whose incident or report was made, inside the transaction that makes it.

    One write, also where there is no draft yet: a request that was on its way must not bring it back.
    """
    if actor.user_id is None or not is_form_token(form_token):
        return
    now = timezone.now()
    finished = DeclareDraft(
        user_id=actor.user_id,
        form_token=form_token,
        updated_at=now,
        expires_at=now + KEPT_FOR,
        finished_at=now,
        **_EMPTY,
    )
    DeclareDraft.objects.bulk_create(
        [finished],
        update_conflicts=True,
        unique_fields=["user", "form_token"],
        update_fields=[*_EMPTY, "updated_at", "finished_at"],
    )


def discard_draft(draft_id: str, actor: Actor) -> None:
    """Empty a draft that its owner does not want any more; one query.

    Raises:
        DeclareDraft.DoesNotExist: the actor has no unfinished draft of this id.
    """
    now = timezone.now()
    mine = DeclareDraft.objects.of(actor).named(draft_id).unfinished()
    if mine.update(**_EMPTY, updated_at=now, finished_at=now) != 1:
        raise DeclareDraft.DoesNotExist


def _columns(typed: TypedForm) -> dict[str, Any] | None:
    """Return what is to be stored, or None where it is more than a draft may hold."""
    values = {name: kept for name, given in typed.values.items() if (kept := _storable(given))}
    if len(json.dumps(values).encode()) > MOST_BYTES:
        return None
    return {
        "values": values,
        # What is too long to be declared is kept, too, and shown by its beginning.
        "name": " ".join((typed.draft.name or _last(values, "name")).split())[: text.NAME_LENGTH],
        "summary_start": (typed.draft.summary or _last(values, "summary"))[:SUMMARY_START],
        "known_values": [[value.kind, value.value] for value in typed.known_values],
        "incident_type_id": typed.draft.incident_type_id,
        "mode": typed.draft.mode,
        "visibility": "private" if typed.is_private else "public",
    }


def _storable(given: Sequence[str]) -> list[str]:
    """Return the values that a database can hold; the form tells what is wrong with the others."""
    kept = []
    for value in given:
        with contextlib.suppress(text.TextError):
            kept.append(text.clean_text(value, limit=MOST_BYTES))
    return kept


def _last(values: Mapping[str, Sequence[str]], name: str) -> str:
    return next(reversed(values.get(name, ())), "")


def _insert(form_token: str, columns: Mapping[str, Any], actor: Actor, user: User) -> bool:
    now = timezone.now()
    draft = DeclareDraft(
        user=user,
        form_token=form_token,
        created_at=now,
        updated_at=now,
        expires_at=now + KEPT_FOR,
        **columns,
    )
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
            _tidy_up(actor, now)
    except IntegrityError:
        # Another request of the same form was quicker.
        return _update(form_token, columns, actor)
    return True


def _update(form_token: str, columns: Mapping[str, Any], actor: Actor) -> bool:
    now = timezone.now()
    mine = DeclareDraft.objects.of(actor).filter(form_token=form_token, finished_at__isnull=True)
    return mine.update(**columns, updated_at=now, expires_at=now + KEPT_FOR) == 1


def _tidy_up(actor: Actor, now: datetime.datetime) -> None:
    """Remove what expired, whoever's it was, and the oldest of a person who has too many."""
    expired = DeclareDraft.objects.filter(expires_at__lte=now).select_for_update(skip_locked=True)
    surplus = list(expired.values_list("pk", flat=True)[:MOST_TIDIED])
    mine = DeclareDraft.objects.of(actor).order_by("-updated_at", "-id").values_list("pk", flat=True)
    for is_unfinished in (True, False):
        kind = mine.filter(finished_at__isnull=is_unfinished)
        surplus += kind[MOST_DRAFTS : MOST_DRAFTS + MOST_TIDIED]
    if surplus:
        DeclareDraft.objects.filter(pk__in=surplus).delete()

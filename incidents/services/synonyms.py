"""Groups of words that an installation takes for one another, kept by administrators."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from incidents.models import Actor, SynonymGroup
from incidents.models.stemming import stem
from incidents.models.synonym_group import MOST_GROUPS, MOST_WORDS, WORD_LENGTH
from incidents.services.configuration import touch_configuration
from incidents.services.errors import Problems, require_administrator
from incidents.services.similarity.rereading import want_reading
from incidents.services.similarity.words import words_of
from incidents.text import fold

_BETWEEN = re.compile(r"[\s,;]+")
_LONGEST_TEXT = 2 * MOST_WORDS * (WORD_LENGTH + 1)


def add_synonym_group(words: str, actor: Actor) -> SynonymGroup:
    """Store a group of words, which are separated by blanks or commas, and have stored tokens read again.

    Raises:
        PermissionDenied: the actor is no administrator.
        ValidationError: under "words", with everything that is wrong.
    """
    return _save(SynonymGroup(), words, actor, ADDITION)


def change_synonym_group(group_id: str, words: str, actor: Actor) -> SynonymGroup:
    """Give a group other words; the rest as add_synonym_group.

    Raises:
        SynonymGroup.DoesNotExist: somebody removed it meanwhile.
    """
    return _save(SynonymGroup(pk=group_id), words, actor, CHANGE)


def delete_synonym_group(group_id: str, actor: Actor) -> None:
    """Remove a group; nothing happens where somebody else was first.

    Raises:
        PermissionDenied: the actor is no administrator.
    """
    require_administrator(actor)
    with transaction.atomic():
        touch_configuration()
        group = SynonymGroup.objects.filter(pk=group_id).first()
        if group is None:
            return
        _note(group, actor, DELETION)
        group.delete()
        want_reading()


def _save(group: SynonymGroup, text: str, actor: Actor, flag: int) -> SynonymGroup:
    require_administrator(actor)
    with transaction.atomic():
        # First, because its row is a lock: of two groups with one word that are added at once, one is refused.
        touch_configuration()
        if flag == CHANGE:
            group = SynonymGroup.objects.get(pk=group.pk)
        others = [other for other in SynonymGroup.objects.all() if other.pk != group.pk]
        group.words = " ".join(_clean(text, others))
        group.save()
        _note(group, actor, flag)
        want_reading()
    return group


def _clean(text: str, others: list[SynonymGroup]) -> list[str]:
    problems = Problems()
    line = problems.line("words", text, limit=_LONGEST_TEXT)
    problems.raise_if_any()
    words = list(dict.fromkeys(word for word in _BETWEEN.split(fold(line)) if word))
    for message in (*_wrong_number(words, others), *_wrong_words(words), *_used_words(words, others)):
        problems.add("words", message)
    problems.raise_if_any()
    return words


def _wrong_number(words: list[str], others: list[SynonymGroup]) -> Iterable[str]:
    if len(words) < 2:
        yield "Give at least two words."
    elif len({token for word in words for token in words_of(word, keep_numbers=True)}) == 1:
        yield "Tocsin reads these as one word already."
    if len(words) > MOST_WORDS:
        yield f"Give at most {MOST_WORDS} words: this has {len(words)}."
    if len(others) >= MOST_GROUPS:
        yield f"There are {MOST_GROUPS} groups, which is as many as there can be."


def _wrong_words(words: list[str]) -> Iterable[str]:
    for word in words:
        if len(word) > WORD_LENGTH:
            yield f"“{word[:WORD_LENGTH]}…” is longer than {WORD_LENGTH} characters."
        elif not word.isalnum() or word.isdigit():
            yield f"“{word}” is no single word: use letters and digits alone."
        elif len(set(words_of(word, keep_numbers=True))) != 1:
            yield f"“{word}” is skipped in every text: it says nothing about an incident."


def _used_words(words: list[str], others: list[SynonymGroup]) -> Iterable[str]:
    groups = {form: group for group in others for word in group.words.split() for form in (word, stem(word))}
    for word in words:
        if group := groups.get(word) or groups.get(stem(word)):
            yield f"“{word}” is in another group already: {group}."


def _note(group: SynonymGroup, actor: Actor, flag: int) -> None:
    """Write who did it where the admin writes it of all other configuration."""
    if actor.user_id is not None:
        changes = {ADDITION: [{"added": {}}], CHANGE: [{"changed": {"fields": ["Words"]}}], DELETION: []}
        LogEntry.objects.create(
            user_id=actor.user_id,
            content_type=ContentType.objects.get_for_model(SynonymGroup),
            object_id=group.pk,
            object_repr=str(group)[:200],
            action_flag=flag,
            change_message=json.dumps(changes[flag]),
        )

"""Words that an installation takes for one another, and how far its incidents were read again with them."""

from __future__ import annotations

from django.db import models

from incidents.models.ulid import ULIDField, new_ulid

MOST_GROUPS = 200
MOST_WORDS = 20
WORD_LENGTH = 40


class SynonymGroup(models.Model):
    """A group of words of one meaning, beside those that Tocsin knows; the duplicate check reads them as one."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    words = models.CharField(max_length=MOST_WORDS * (WORD_LENGTH + 1))
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["words", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(words=""), name="synonym_group_has_words"),
        ]

    def __str__(self) -> str:
        return ", ".join(self.words.split())


class TokenReading(models.Model):
    """One row that tells with which words the tokens of incidents were read.

    They are up to date where `done` is `wanted`; otherwise they are being read again, in the order of their ids, and
    `position` is the last one that was.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    wanted = models.CharField(max_length=26, default=new_ulid)
    done = models.CharField(max_length=26, blank=True)
    position = models.CharField(max_length=26, blank=True)
    read_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="token_reading_single_row"),
        ]

    def __str__(self) -> str:
        return f"{self.read_count:,} of {self.total_count:,}"

    @property
    def is_done(self) -> bool:
        """Whether every incident was read with the words there are."""
        return self.done == self.wanted

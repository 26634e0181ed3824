"""Words of one meaning: what is kept, what is refused, and what the duplicate check makes of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.core.exceptions import PermissionDenied, ValidationError

from incidents.models import Actor, Configuration, SynonymGroup, TokenReading
from incidents.models.synonym_group import MOST_GROUPS, MOST_WORDS
from incidents.services.similarity import Match, Question, find_similar
from incidents.services.similarity.rereading import read_again
from incidents.services.similarity.words import Vocabulary, words_of
from incidents.services.synonyms import add_synonym_group, change_synonym_group, delete_synonym_group
from tests.at_once import at_once
from tests.make import make_actor, make_incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Actor:
    return make_actor("Priya Raman", role="administrator")


def refusal(words: str, admin: Actor) -> str:
    with pytest.raises(ValidationError) as refused:
        add_synonym_group(words, admin)
    assert list(refused.value.message_dict) == ["words"]
    return " ".join(refused.value.messages)


def asked(name: str, actor: Actor) -> Match | None:
    return next(iter(find_similar(Question(name=name), actor).matches), None)


def test_words_are_kept_in_lower_case_each_once(admin: Actor) -> None:
    group = add_synonym_group("  Wallet, purse;BALANCE wallet ", admin)

    assert SynonymGroup.objects.get().words == group.words == "wallet purse balance"
    assert [one.pk for one in Configuration.current().synonym_groups] == [group.pk]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("", "at least two words"),
        ("wallet", "at least two words"),
        ("Wallet wallet", "at least two words"),
        ("database db", "as one word already"),
        ("deploy deploys", "as one word already"),
        ("wallet node-js", "“node-js” is no single word"),
        ("wallet 1234", "“1234” is no single word"),
        ("wallet the", "“the” is skipped"),
        ("wallet " + "x" * 41, "longer than 40"),
        (" ".join(f"word{number}a" for number in range(MOST_WORDS + 1)), "at most 20 words"),
        ("wallet a\x00b", "NUL"),
        ("wallet \ud800", "surrogate"),
        ("x" * 1_000_000, "Shorten this"),
    ],
)
def test_what_is_no_group_is_refused(admin: Actor, words: str, reason: str) -> None:
    assert reason in refusal(words, admin)
    assert not SynonymGroup.objects.exists()


@pytest.mark.parametrize("words", ["purse cash", "PURSES cash"])
def test_a_word_is_in_one_group_only(admin: Actor, words: str) -> None:
    add_synonym_group("wallet purse", admin)

    assert "is in another group already: wallet, purse." in refusal(words, admin)


def test_groups_are_bounded(admin: Actor) -> None:
    SynonymGroup.objects.bulk_create(
        SynonymGroup(words=f"left{number}a right{number}a") for number in range(MOST_GROUPS)
    )

    assert "as many as there can be" in refusal("wallet purse", admin)


@pytest.mark.parametrize("role", ["viewer", "responder"])
def test_only_administrators_change_words(admin: Actor, role: str) -> None:
    group = add_synonym_group("wallet purse", admin)
    other = make_actor(role=role)

    for refused in (
        lambda: add_synonym_group("left right", other),
        lambda: change_synonym_group(group.pk, "left right", other),
        lambda: delete_synonym_group(group.pk, other),
    ):
        with pytest.raises(PermissionDenied):
            refused()


def test_every_change_is_noted(admin: Actor) -> None:
    group = add_synonym_group("wallet purse", admin)
    change_synonym_group(group.pk, "wallet purse balance", admin)
    delete_synonym_group(group.pk, admin)
    delete_synonym_group(group.pk, admin)

    noted = LogEntry.objects.order_by("id").values_list("action_flag", "object_repr", "user_id")
    assert list(noted) == [
        (ADDITION, "wallet, purse", admin.user_id),
        (CHANGE, "wallet, purse, balance", admin.user_id),
        (DELETION, "wallet, purse, balance", admin.user_id),
    ]


def test_a_group_that_is_gone_cannot_be_changed(admin: Actor) -> None:
    group = add_synonym_group("wallet purse", admin)
    delete_synonym_group(group.pk, admin)

    with pytest.raises(SynonymGroup.DoesNotExist):
        change_synonym_group(group.pk, "wallet purse", admin)


def test_one_of_two_that_are_added_at_once_is_refused(committed_db: None, admin: Actor) -> None:
    def add(number: int) -> Any:
        try:
            return add_synonym_group(f"wallet purse{number}x", admin)
        except ValidationError as error:
            return error

    added = at_once(add, 4)

    assert sum(isinstance(one, SynonymGroup) for one in added) == SynonymGroup.objects.count() == 1


def test_the_check_reads_them_as_one_word(admin: Actor) -> None:
    stored = make_incident("Zahlwerk rejects every voucher", actor=admin)
    before = asked("clearinghouse rejects vouchers", admin)
    add_synonym_group("Zahlwerk clearinghouse", admin)
    read_again()

    after = asked("clearinghouse rejects vouchers", admin)

    assert after is not None
    assert before is not None
    assert after.incident_id == stored.pk
    assert after.score > before.score
    assert ("Zahlwerk", True) in after.name_parts


def test_until_it_is_read_again_an_incident_is_found_by_its_other_words(admin: Actor) -> None:
    make_incident("Zahlwerk rejects every voucher", actor=admin)
    add_synonym_group("Zahlwerk clearinghouse", admin)

    meanwhile = asked("clearinghouse rejects vouchers", admin)
    read_again()
    after = asked("clearinghouse rejects vouchers", admin)

    assert meanwhile is not None
    assert after is not None
    assert ("Zahlwerk", True) in meanwhile.name_parts
    assert meanwhile.level == after.level


def test_what_is_declared_meanwhile_is_found_by_the_new_words(admin: Actor) -> None:
    add_synonym_group("Zahlwerk clearinghouse", admin)
    stored = make_incident("Zahlwerk is gone", actor=admin)

    match = asked("clearinghouse vanished", admin)

    assert match is not None
    assert match.incident_id == stored.pk


def test_every_change_has_the_tokens_read_again(admin: Actor) -> None:
    assert TokenReading.objects.get().is_done

    group = add_synonym_group("wallet purse", admin)
    states = [TokenReading.objects.get().is_done]
    read_again()
    change_synonym_group(group.pk, "wallet purse balance", admin)
    states.append(TokenReading.objects.get().is_done)
    read_again()
    delete_synonym_group(group.pk, admin)
    states.append(TokenReading.objects.get().is_done)

    assert states == [False, False, False]


def test_a_group_with_a_word_that_is_known_means_what_that_means() -> None:
    vocabulary = Vocabulary([("vault", "db", "ledgerstore")])

    tokens = [
        words_of(word, keep_numbers=True, vocabulary=vocabulary) for word in ("vaults", "database", "DB")
    ]

    assert tokens[0] == tokens[1] == tokens[2]


def test_humps_hide_no_word_of_a_group() -> None:
    vocabulary = Vocabulary([("zahlwerk", "clearinghouse")])

    assert words_of("ClearingHouse", keep_numbers=True, vocabulary=vocabulary) == ["zahlwerk"]
    assert words_of("PostgreSQL", keep_numbers=True) == words_of("postgres", keep_numbers=True)

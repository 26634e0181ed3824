"""The parts that need no database: words, places, comparison and score."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.services.similarity.comparing import Features, compare
from incidents.services.similarity.identifiers import identifiers_of, other_identifiers
from incidents.services.similarity.marking import name_parts
from incidents.services.similarity.places import differ, places_of
from incidents.services.similarity.reading import KnownValues, read
from incidents.services.similarity.scoring import WITH_KNOWN_FIELDS, WITHOUT_KNOWN_FIELDS, Weights, score_of
from incidents.services.similarity.slips import is_slip
from incidents.services.similarity.weighing import measured_rarity, stored_weights, usual_rarity
from incidents.services.similarity.words import folded, words_of

NOTHING: frozenset[tuple[str, str]] = frozenset()
FEATURES = tuple(field.name for field in dataclasses.fields(Features))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("k8s", "Kubernetes"),
        ("database", "db"),
        ("500s", "5xx"),
        ("NodeNotReady", "node ready"),
        ("failing", "broken"),
        ("caches", "cached"),
        ("stopped", "stops"),
    ],
)
def test_words_that_mean_the_same_share_a_token(left: str, right: str) -> None:
    assert set(words_of(left, keep_numbers=True)) & set(words_of(right, keep_numbers=True))


@pytest.mark.parametrize(
    "text", ["2026-03-04T05:06Z", "14:10", "7f3a9c0d1e2b", "123456789", "93.5 %", "the of and"]
)
def test_what_differs_every_time_is_no_word(text: str) -> None:
    assert words_of(text, keep_numbers=True) == []


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("failing in eu-west-1", "region", "eu-west-1"),
        ("failing in europe-west4", "region", "europe-west4"),
        ("slow in Production", "environment", "prod"),
        ("nodes of prod-a", "environment", "prod-a"),
        ("disk of node 12 full", "host", "node-12"),
        ("db-03:9100 is down", "host", "db-03"),
        ("ping of 10.4.1.17", "host", "10.4.1.17"),
        ("certificate of api.example.com", "host", "api.example.com"),
    ],
)
def test_places_are_read_from_the_text(text: str, kind: str, value: str) -> None:
    assert places_of(text)[kind] == {value}


@pytest.mark.parametrize("text", ["CVE-2024-1234", "sev-1", "utf-8", "step-3 of the guide", "HADOOP-17796"])
def test_what_only_looks_like_a_host_is_none(text: str) -> None:
    assert "host" not in places_of(text)


@pytest.mark.parametrize(
    ("kind", "left", "right", "expected"),
    [
        ("region", "eu-west-1", "us-east-1", True),
        ("region", "eu", "eu-west-1", False),
        ("region", "eu", "us-east-1", True),
        ("environment", "prod", "prod-a", False),
        ("environment", "prod-a", "prod-b", True),
        ("host", "node-1", "node-2", True),
    ],
)
def test_places_differ_unless_one_holds_the_other(
    kind: str, left: str, right: str, *, expected: bool
) -> None:
    assert differ(kind, frozenset({left}), frozenset({right})) is expected
    assert differ(kind, frozenset({right}), frozenset({left})) is expected


def test_measured_values_identify_nothing() -> None:
    assert identifiers_of("Mail delayed by 40 minutes since 14:10, 93% full, HTTP 502") == frozenset()
    assert identifiers_of("Upgrade to 9.4.39") == {("", "9.4.39")}


@pytest.mark.parametrize(
    ("left", "right", "named"),
    [
        ("Upgrade to 1.33", "Upgrade to 1.32", ("1.32",)),
        ("Backport PAY-1768 for release-3.2", "Backport PAY-1765 to release-3.2", ("pay-1765",)),
        ("500s on /v2/orders/items", "500s on /v2/users/items", ("/v2/users/items",)),
        ("Consumer lag on the orders topic", "Consumer lag on the audit topic", ("audit",)),
        ("Customer Globex cannot log in", "Customer Initech cannot log in", ("initech",)),
    ],
)
def test_what_is_named_otherwise_is_seen(left: str, right: str, named: tuple[str, ...]) -> None:
    assert other_identifiers(identifiers_of(left), identifiers_of(right)) == named


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Consumer lag on the orders topic", "Consumer lag on the ordres topic"),
        ("Upgrade to 1.33 fails", "Upgrade fails"),
        ("Backport PAY-1768", "Backport 3.2"),
        ("slow queue", "mail queue"),
    ],
)
def test_a_slip_or_silence_names_nothing_else(left: str, right: str) -> None:
    assert other_identifiers(identifiers_of(left), identifiers_of(right)) == ()


def test_known_value_of_two_words_is_found_whatever_its_case() -> None:
    known = KnownValues([("service", "Pull Requests")])

    assert known.found_in("errors in pull requests") == {("service", "Pull Requests")}


@pytest.mark.parametrize(
    ("left", "right"), [("warehouse", "warehuose"), ("scanner", "scaner"), ("copilot", "copiot")]
)
def test_a_slip_of_the_finger_is_seen(left: str, right: str) -> None:
    assert is_slip(left, right)


@pytest.mark.parametrize(("left", "right"), [("node12", "node13"), ("cat", "cap"), ("orders", "borders2")])
def test_another_word_is_no_slip(left: str, right: str) -> None:
    assert not is_slip(left, right)


@given(left=st.text(max_size=120), right=st.text(max_size=120), summary=st.text(max_size=200))
def test_comparison_is_the_same_from_both_sides(left: str, right: str, summary: str) -> None:
    one, other = read(left, summary, NOTHING), read(right, "", NOTHING)

    there = compare(one, other, 0.5, usual_rarity).features
    back = compare(other, one, 0.5, usual_rarity).features

    assert dataclasses.astuple(there) == pytest.approx(dataclasses.astuple(back))


@pytest.mark.parametrize(
    ("cosine", "next_cosine", "lead"), [(0.8, 0.4, 0.5), (0.8, 0.0, 0.75), (0.4, 0.8, 0.0), (0.0, 0.0, 0.0)]
)
def test_lead_is_a_share_of_the_cosine_over_what_is_usual(
    cosine: float, next_cosine: float, lead: float
) -> None:
    one, other = read("a b", "", NOTHING), read("a c", "", NOTHING)

    comparison = compare(one, other, cosine, usual_rarity, next_cosine=next_cosine)

    assert comparison.features.lead == pytest.approx(lead)


@pytest.mark.parametrize("weights", [WITH_KNOWN_FIELDS, WITHOUT_KNOWN_FIELDS])
def test_weights_name_features_and_push_the_way_these_read(weights: Weights) -> None:
    against = {name for name, weight in weights.by_feature.items() if weight < 0}

    assert set(weights.by_feature) <= set(FEATURES)
    assert against == {name for name in weights.by_feature if "differs" in name or "missing" in name}


@given(
    evidence=st.lists(st.floats(0, 1), min_size=len(FEATURES), max_size=len(FEATURES)),
    weights=st.sampled_from([WITH_KNOWN_FIELDS, WITHOUT_KNOWN_FIELDS]),
    at_least=st.floats(0, 0.5),
    at_most=st.floats(0.5, 1),
)
def test_points_add_up_and_point_where_they_read(
    evidence: list[float], weights: Weights, at_least: float, at_most: float
) -> None:
    features = Features(**dict(zip(FEATURES, evidence, strict=True)))

    score = score_of(features, weights, at_least=at_least, at_most=at_most)

    assert sum(score.points.values()) == score.value
    assert 0 <= score.value <= 100
    assert all(points <= 0 for code, points in score.points.items() if code.endswith("differs"))


@given(name=st.text(max_size=100), shared=st.text(max_size=40))
def test_marked_pieces_join_to_the_name(name: str, shared: str) -> None:
    parts = name_parts(name, set(words_of(shared, keep_numbers=True)))

    assert "".join(part for part, _ in parts) == name


@given(name=st.text(min_size=1, max_size=200), summary=st.text(max_size=500))
def test_stored_weights_have_norm_one_and_fit_the_column(name: str, summary: str) -> None:
    weights = stored_weights(read(name, summary, NOTHING))

    assert not weights or sum(weight**2 for weight in weights.values()) == pytest.approx(1)
    assert all(0 < len(token) <= 80 for token in weights)


def test_a_word_of_few_incidents_is_rarer() -> None:
    rarity = measured_rarity({"ledger": 2, "api": 200}, 1_000)

    assert rarity("ledger") > rarity("api")


def test_names_that_a_reader_calls_equal_fold_to_one() -> None:
    assert folded(" Checkout-API:  down! ") == folded("checkout api down")

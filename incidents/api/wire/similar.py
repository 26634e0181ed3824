"""What the duplicate check answers: of Tocsin's own, beside the contract."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from incidents.api.wire.base import Moment, Wire
from incidents.api.wire.configuration import Category


class SimilarReason(Wire):
    """A piece of evidence: for it with points above 0, against it below; 0 only informs."""

    code: str
    text: str
    points: int


class SimilarAlike(Wire):
    """Near-identical incidents for which one stands: how many more, and whether the count stopped at its limit."""

    count: int
    is_capped: bool


class SimilarIncident(Wire):
    """An incident that may be the same. The points of its reasons add up to its score, 0 to 100."""

    id: str
    external_id: int
    reference: str
    name: str
    permalink: str
    status_category: Category
    visibility: Literal["public", "private"]
    created_at: Moment
    level: Literal["exact", "likely", "related"]
    score: int
    reasons: list[SimilarReason]
    alike: SimilarAlike | UnsetType = UNSET


class SimilarList(Wire):
    """At most five, warnings first; and with how many incidents of how many days the question was compared."""

    similar_incidents: list[SimilarIncident]
    compared: int
    window_days: int

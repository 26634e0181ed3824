"""How common words are, as PostgreSQL last saw it: what a search is planned by, never what it finds."""

from __future__ import annotations

import dataclasses
import math
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.backends.base.base import BaseDatabaseWrapper

_SECONDS_KEPT = 600.0
_STATISTICS = """
SELECT kept.reltuples, seen.most_common_elems::text::text[], seen.most_common_elem_freqs
FROM pg_class AS kept
LEFT JOIN pg_stats AS seen
    ON seen.schemaname = kept.relnamespace::regnamespace::text AND seen.tablename = kept.relname AND seen.attname = 'words'
WHERE kept.oid = 'incidents_incidentsearchtext'::regclass
"""

_kept: tuple[float, WordShares] | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class WordShares:
    """The number of incidents, and which share of them has a word, for the common ones: the only ones that are known."""

    rows: int = 0
    common: Mapping[str, float] = dataclasses.field(default_factory=dict)

    def of(self, form: str) -> float:
        """Return the share that has a form; what is not known is as rare as anything can be that is not."""
        return self.common.get(form, self._unknown)

    def beginning_with(self, beginning: str) -> Mapping[str, float]:
        """Return the known forms with a beginning."""
        return {form: share for form, share in self.common.items() if form.startswith(beginning)}

    @property
    def _unknown(self) -> float:
        return min(self.common.values(), default=0.0) / 2


def one_or_another(shares: Iterable[float]) -> float:
    """Return the share that has at least one of some words, as if words knew nothing of each other."""
    return 1.0 - math.prod(1.0 - share for share in shares)


def known_shares(connection: BaseDatabaseWrapper) -> WordShares:
    """Return the shares as they were at most ten minutes ago: the process keeps them, else it is one query."""
    global _kept
    now = time.monotonic()
    if _kept is None or now - _kept[0] > _SECONDS_KEPT:
        _kept = now, read_shares(connection)
    return _kept[1]


def read_shares(connection: BaseDatabaseWrapper) -> WordShares:
    """Return the shares as the last ANALYZE of PostgreSQL saw them; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_STATISTICS)
        rows, forms, frequencies = cursor.fetchone()
    # Behind the frequencies stand the least and the greatest of them.
    return WordShares(max(0, int(rows)), dict(zip(forms or (), frequencies or (), strict=False)))

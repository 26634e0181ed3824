"""What is promised: each bar with its limit, where it is measured, and a sentence that says what it means."""

from __future__ import annotations

import dataclasses

SMALL, LARGE, HUGE = 1_000, 100_000, 1_000_000
BOTH = ("sqlite", "postgresql")
POSTGRESQL_ONLY = ("postgresql",)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A figure that may be no larger than its limit, or no smaller where `is_least`.

    The measurement is the module that finds the figure, in the database of the last of the sizes; it is told where
    the others are. A ratio of times that does not hold is measured once more where it has two `tries`.
    """

    name: str
    sentence: str
    limit: float
    unit: str
    measurement: str
    sizes: tuple[int, ...] = (LARGE,)
    vendors: tuple[str, ...] = BOTH
    is_least: bool = False
    tries: int = 1

    def holds(self, value: float) -> bool:
        """Tell whether a figure is as good as was promised."""
        return value >= self.limit if self.is_least else value <= self.limit


BARS = (
    Bar(
        name="list-cpu",
        sentence="The list of 25, a whole request with session, login and middleware",
        limit=15,
        unit="ms CPU",
        measurement="listing",
    ),
    Bar(
        name="list-queries",
        sentence="Statements of that request",
        limit=6,
        unit="",
        measurement="listing",
    ),
    Bar(
        name="list-bytes",
        sentence="What it sends, compressed",
        limit=10,
        unit="KB",
        measurement="listing",
    ),
    Bar(
        name="list-floor",
        sentence="Its queries, rows and table against one statement and plain strings",
        limit=4,
        unit="×",
        measurement="listing",
    ),
    Bar(
        name="list-counted",
        sentence="How far the list of everything counts, of 1,000,000 incidents",
        limit=1_001,
        unit="",
        measurement="counting",
        sizes=(HUGE,),
    ),
    Bar(
        name="list-flat",
        sentence="The list at 1,000,000 incidents against the list at 1,000, time of the whole request",
        limit=1.3,
        unit="×",
        measurement="flatness",
        sizes=(SMALL, HUGE),
        tries=2,
    ),
    Bar(
        name="deep-page",
        sentence="Blocks of a page 900,000 incidents down, by its cursor, against the first page",
        limit=1.5,
        unit="×",
        measurement="deep_pages",
        sizes=(HUGE,),
        vendors=POSTGRESQL_ONLY,
    ),
    Bar(
        name="filter-blocks",
        sentence="Blocks that the worst single filter touches, newest first, of all there are",
        limit=200,
        unit="",
        measurement="filters",
        sizes=(HUGE,),
        vendors=POSTGRESQL_ONLY,
    ),
    Bar(
        name="filter-orders",
        sentence="The same in the other orders of the list: by status and severity, and recently updated",
        limit=200,
        unit="",
        measurement="filters",
        sizes=(HUGE,),
        vendors=POSTGRESQL_ONLY,
    ),
    Bar(
        name="filter-pairs",
        sentence="Blocks that the worst two filters touch together, one of each field",
        limit=15_000,
        unit="",
        measurement="filters",
        sizes=(HUGE,),
        vendors=POSTGRESQL_ONLY,
    ),
    Bar(
        name="filter-scans",
        sentence="Filters whose plan reads the table of incidents from end to end",
        limit=0,
        unit="",
        measurement="filters",
        sizes=(HUGE,),
        vendors=POSTGRESQL_ONLY,
    ),
    Bar(
        name="filter-sorts",
        sentence="Filters whose plan sorts more rows than the page shows",
        limit=0,
        unit="",
        measurement="filters",
        sizes=(HUGE,),
        vendors=POSTGRESQL_ONLY,
    ),
    Bar(
        name="search",
        sentence="The slowest text search: common and rare words, two words, a phrase, a beginning",
        limit=30,
        unit="ms SQL",
        measurement="searching",
        sizes=(HUGE,),
    ),
    Bar(
        name="similar-time",
        sentence="One duplicate check among about 10,000 recent incidents, 95 of 100",
        limit=30,
        unit="ms",
        measurement="similar",
        sizes=(HUGE,),
    ),
    Bar(
        name="similar-blocks",
        sentence="Blocks that it touches, 95 of 100",
        limit=500,
        unit="",
        measurement="similar",
        sizes=(HUGE,),
        vendors=POSTGRESQL_ONLY,
    ),
    Bar(
        name="json-floor",
        sentence="A JSON list of 250 whole incidents against plain statements and strings",
        limit=2.5,
        unit="×",
        measurement="json_list",
    ),
    Bar(
        name="json-25",
        sentence="25 whole incidents as JSON against the same floor, without key and middleware",
        limit=2.5,
        unit="×",
        measurement="json_list",
    ),
    Bar(
        name="json-queries",
        sentence="Statements by which lists of 1, 25 and 250 differ",
        limit=0,
        unit="",
        measurement="json_list",
    ),
    Bar(
        name="create-rate",
        sentence="Incidents declared a second by 16 clients",
        limit=150,
        unit="/s",
        measurement="creating",
        vendors=POSTGRESQL_ONLY,
        is_least=True,
    ),
    Bar(
        name="create-sequence",
        sentence="How much slower that is than numbers from a sequence, which have gaps",
        limit=25,
        unit="%",
        measurement="creating",
        vendors=POSTGRESQL_ONLY,
    ),
    Bar(
        name="polling",
        sentence="How much 100 open lists slow down 16 clients that declare",
        limit=20,
        unit="%",
        measurement="polling",
    ),
    Bar(
        name="export-memory",
        sentence="What a CSV file of every incident adds to the memory of the process",
        limit=20,
        unit="MB",
        measurement="exporting",
    ),
    Bar(
        name="assets",
        sentence="JavaScript and CSS of the heaviest page, compressed",
        limit=40,
        unit="KB",
        measurement="assets",
        sizes=(SMALL,),
    ),
)

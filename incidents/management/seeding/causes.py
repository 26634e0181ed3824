"""Why things went wrong, and what was done about it: pairs that belong together."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Cause:
    """A cause, its remedy, and what was learned; halves of sentences that stories.py puts together."""

    cause: str
    fix: str
    lesson: str


_RELEASE = Cause(
    "release {release} opens a new connection for every call",
    "roll back to the release before it",
    "Load-test releases that touch connection handling",
)
_CONFIGURATION = Cause(
    "a configuration change set the timeout to 200 ms",
    "restore the old timeout and restart",
    "Review timeouts like code",
)
_CERTIFICATE = Cause(
    "an intermediate certificate ran out at midnight",
    "install the new chain on all hosts",
    "Watch intermediate certificates too, not only our own",
)
_FLAG = Cause(
    "the feature flag for the new flow was turned on for everybody instead of 5%",
    "turn the flag off",
    "Ask for a second person before a flag goes to everybody",
)
_MIGRATION = Cause(
    "the migration of release {release} locks a busy table",
    "stop the migration and run it in small steps",
    "Run migrations on a copy with real traffic first",
)
_DISK = Cause(
    "old log files were never removed and filled the disk",
    "remove what is older than a week and add 200 GB",
    "Alert on the time until a disk is full, not on its use",
)
_TRAFFIC = Cause(
    "the campaign brought {few} times the usual traffic",
    "double the number of instances",
    "Marketing announces campaigns in the calendar of the platform team",
)
_NODE = Cause(
    "one node has a broken network card and still takes traffic",
    "take {host} out of rotation",
    "Let health checks measure packet loss",
)
_SUPPLIER = Cause(
    "the supplier has a fault in one of their data centres",
    "switch to the second supplier until they are back",
    "Practise the switch every quarter",
)
_LIMIT = Cause(
    "we reached the limit of the plan that we pay for",
    "raise the limit and spread the calls",
    "Show the use of each quota on the dashboard",
)
_POISON = Cause(
    "one malformed message is retried for ever and blocks the rest",
    "move it aside and skip it",
    "Give up after five tries and tell somebody",
)
_CLOCK = Cause(
    "the clocks of two hosts are {few} minutes off, so tokens look expired",
    "fix time synchronisation on both",
    "Alert on clock drift above one second",
)
_CACHE = Cause(
    "the cache was emptied by hand and every request went to the database",
    "warm the cache region by region",
    "Limit how many misses may reach the database at once",
)
_FORMAT = Cause(
    "a partner changed the format of a file without notice",
    "accept both formats and run the job again",
    "Check files before the run, and say which line is wrong",
)
_INDEX = Cause(
    "statistics of the biggest table were out of date after the import",
    "analyse the table and pin the plan",
    "Analyse tables at the end of every import",
)
_KEY = Cause(
    "a signing key was rotated while half of the hosts kept the old one",
    "deploy the new key everywhere and restart",
    "Accept two keys while one is being rotated",
)

_GENERAL = (_RELEASE, _CONFIGURATION, _FLAG, _TRAFFIC)
CAUSES: dict[str, tuple[Cause, ...]] = {
    "api": (*_GENERAL, _MIGRATION, _NODE, _CACHE, _KEY, _CLOCK),
    "web": (*_GENERAL, _CERTIFICATE, _CACHE),
    "search": (_RELEASE, _CONFIGURATION, _DISK, _POISON, _TRAFFIC),
    "queue": (_RELEASE, _CONFIGURATION, _POISON, _NODE, _LIMIT),
    "database": (_MIGRATION, _DISK, _INDEX, _RELEASE, _NODE),
    "cache": (_CACHE, _TRAFFIC, _RELEASE, _NODE),
    "batch": (_FORMAT, _MIGRATION, _INDEX, _DISK),
    "mobile": (_RELEASE, _FLAG, _CERTIFICATE, _CONFIGURATION),
    "identity": (_KEY, _CERTIFICATE, _CLOCK, _FLAG, _RELEASE),
    "supplier": (_SUPPLIER, _LIMIT, _CERTIFICATE),
    "cluster": (_NODE, _DISK, _TRAFFIC, _LIMIT),
    "network": (_NODE, _SUPPLIER, _CONFIGURATION, _CERTIFICATE),
}

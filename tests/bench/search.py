"""What searches of the list cost: `DATABASE_URL=… python -m tests.bench.search [WORDS…]`, on PostgreSQL with demo data.

Prints for each question and order the blocks and the milliseconds of the whole statement: a page of 25 with its count, and
with its tally where the list is grouped.
"""

from __future__ import annotations

import datetime
import os
import sys
from typing import TYPE_CHECKING

import django
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.datastructures import MultiValueDict

from tests.bench.filters import SIZE, blocks_of, plan_of

if TYPE_CHECKING:
    from incidents.models import Actor
    from incidents.models.incident_order import IncidentOrder
    from incidents.models.incident_selection import Sql

RUNS = 3
MOST_COUNTED = 1_000
QUESTIONS = {
    "very common word": "the",
    "common word": "customers",
    "rare word": "autoscaler",
    "one incident": "INC-4711",
    "three common words": "the customers are",
    "common and rare word": "the autoscaler",
    "beginning of very common words": "th*",
    "beginning of a common word": "cust*",
    "longer beginning of a common word": "custome*",
    "beginning of less common words": "revenu*",
    "beginning of rare words": "autosc*",
    "beginning of numbers": "47*",
    "common beginning with a rare word": "cust* autoscaler",
    "common beginning with nothing": "cust* zebra",
    "two common beginnings": "cust* impac*",
    "phrase of common words": '"the customers"',
    "phrase of common words that hardly meet": '"the impact"',
    "long phrase": '"figures go back to normal"',
    "phrase of rare words": '"hit rate"',
    "phrase that is nowhere": '"customers of the"',
    "without a very common word": "customers -the",
    "without a rare word": "customers -autoscaler",
    "without a beginning": "customers -autosc*",
    "without a phrase": 'customers -"customers are"',
    "only without": "-customers",
    "without what all have": "-inc",
    "nothing found": "zebra",
    "beginning of nothing": "zebr*",
    "common words with nothing": "customers replica zebra",
}


def search_statement(words: str, actor: Actor, order: IncidentOrder, categories: tuple[str, ...] = ()) -> Sql:
    """Return the statement of the first page of a search."""
    from incidents.filters import Grammar, IncidentFilter
    from incidents.models import Configuration, Incident
    from incidents.models.incident_listing import Asked, Joined, read_listing
    from incidents.models.incident_order import BY_STATUS_CATEGORY
    from incidents.models.incident_selection import Sql

    filtered = IncidentFilter(
        MultiValueDict({"search": [words], "status_category[one_of]": list(categories)}),
        Incident.objects.visible_to(actor),
        actor=actor,
        configuration=Configuration.current(),
        grammar=Grammar(zone=datetime.UTC),
    )
    assert not filtered.errors, filtered.errors
    with CaptureQueriesContext(connection) as caught:
        read_listing(
            filtered.incidents,
            Asked(order=order, size=SIZE),
            Joined(lead_role_id=None, duration_metric_id=None),
            most_counted=MOST_COUNTED,
            is_tallied=order is BY_STATUS_CATEGORY,
            is_searched=True,
        )
    return Sql(caught[-1]["sql"].replace("%", "%%"), ())


def main() -> None:
    """Print the table."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "incidents_site.settings")
    django.setup()
    from incidents.models import Actor, User
    from incidents.models.incident_order import BY_STATUS_CATEGORY, NEWEST_FIRST

    actor = Actor.of_user(User.objects.filter(role=User.Role.RESPONDER).order_by("id")[0])
    questions = {words: words for words in sys.argv[1:]} or QUESTIONS
    for label, words in questions.items():
        for order in (NEWEST_FIRST, BY_STATUS_CATEGORY):
            plans = [plan_of(search_statement(words, actor, order)) for _ in range(RUNS)]
            milliseconds = min(plan["Execution Time"] for plan in plans)
            what = f"{label}: {words}"
            print(f"{what:60} {order.name:24} {blocks_of(plans[-1]):>8,} {milliseconds:>9.2f} ms", flush=True)


if __name__ == "__main__":
    main()

"""Filters on the status of an incident, and on the category that the status is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from incidents.filters.fields import FilterField, Kind, full_column, stored
from incidents.filters.values import Choice
from incidents.models import StatusCategory
from incidents.models.incident_status import CATEGORY_RANKS, OPEN_CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incidents.models import Configuration


def status_field(configuration: Configuration) -> FilterField:
    """Return the filter of statuses."""
    choices = tuple(
        Choice(status.slug, status.name, status.pk, status.pk) for status in configuration.incident_statuses
    )
    return FilterField(
        key="status",
        label="Status",
        kind=Kind.CHOICES,
        noun="status",
        choices=choices,
        conditions={
            **full_column("incident_status", choices),
            "one_of": lambda chosen: _in_statuses(chosen, configuration),
        },
    )


def status_category_field(configuration: Configuration) -> FilterField:
    """Return the filter of the categories that statuses are in."""
    choices = tuple(
        Choice(category.value, str(category.label), category.value) for category in StatusCategory
    )
    return FilterField(
        key="status_category",
        label="Category",
        kind=Kind.CHOICES,
        noun="status category",
        choices=choices,
        words={
            "open": tuple(choice for choice in choices if choice.stored in OPEN_CATEGORIES),
            "any": choices,
        },
        conditions={
            "one_of": lambda chosen: _in_categories(stored(chosen)),
            "not_in": lambda chosen: _in_categories(
                [other.stored for other in choices if other not in chosen]
            ),
        },
    )


def _in_statuses(chosen: Iterable[Choice], configuration: Configuration) -> Q:
    """Compare the ids, and the ranks of their categories, which more indexes know."""
    ids = stored(chosen)
    categories = {configuration.incident_statuses.by_id[pk].category for pk in ids}
    return Q(incident_status__in=ids) & _in_categories(categories)


def _in_categories(categories: Iterable[str]) -> Q:
    """Compare ranks: the index of the groups begins with them, and a range of them is one piece of it."""
    ranks = sorted(CATEGORY_RANKS[StatusCategory(category)] for category in set(categories))
    if not ranks or ranks != list(range(ranks[0], ranks[-1] + 1)):
        return Q(status_category_rank__in=ranks)
    if len(ranks) == 1:
        return Q(status_category_rank=ranks[0])
    lowest, highest = Q(), Q()
    if ranks[0] > min(CATEGORY_RANKS.values()):
        lowest = Q(status_category_rank__gte=ranks[0])
    if ranks[-1] < max(CATEGORY_RANKS.values()):
        highest = Q(status_category_rank__lte=ranks[-1])
    return lowest & highest

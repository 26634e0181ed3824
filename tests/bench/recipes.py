"""What a database of each size is made of; another recipe means another database."""

from __future__ import annotations

SEED = 4
SIZES = (1_000, 100_000, 1_000_000)
# As many incidents a day in each of the large ones, so that the last month, with which the duplicate check compares,
# has about ten thousand in both: a million in two years would be a hundred thousand.
YEARS = {1_000_000: 20}
USUAL_YEARS = 2
# SQLite writes 16 GB for a million incidents, and takes longer than twenty minutes: it makes them when it is asked to.
USUAL_SIZES = {"sqlite": (1_000, 100_000), "postgresql": SIZES}


def years_of(size: int) -> int:
    """Return over how many years so many incidents are spread."""
    return YEARS.get(size, USUAL_YEARS)


def recipe_for(size: int) -> str:
    """Return it in words, which are kept in the database."""
    return f"{size:,} incidents over {years_of(size)} years, seed {SEED}"

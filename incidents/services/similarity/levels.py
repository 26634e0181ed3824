"""How loudly a similar incident is shown: held back, asked about, or listed."""

from __future__ import annotations

from incidents.services.similarity.comparing import Features
from incidents.services.similarity.question import Level

LIKELY_FROM = 50
EXACT_AT_LEAST = 0.95
DIFFERENT_AT_MOST = 0.29

DIFFERENCES = ("service_differs", "region_differs", "environment_differs", "host_differs")


def is_elsewhere(features: Features) -> bool:
    """Tell whether a service, region, environment or host is known to be another: then nobody is warned."""
    return any(getattr(features, name) for name in DIFFERENCES)


def is_exact(features: Features, *, is_open: bool, is_same_type: bool) -> bool:
    """Tell whether an open incident has this very name and nothing known speaks against it."""
    return bool(features.name_equal) and is_open and is_same_type and not is_elsewhere(features)


def level_of(score: int, *, is_exact: bool, is_dismissed: bool, likely_from: int = LIKELY_FROM) -> Level:
    """Return the level; an incident that was declined or canceled is never warned of."""
    if is_exact:
        return "exact"
    return "likely" if score >= likely_from and not is_dismissed else "related"

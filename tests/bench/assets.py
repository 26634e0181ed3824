"""What a browser loads for a page besides the page."""

from __future__ import annotations

import gzip

from tests.bench.measuring import Figure
from tests.pages import loaded_by, name_of, pages

KILOBYTE = 1_024


def measure() -> dict[str, Figure]:
    """Return the heaviest page."""
    weights = {
        name_of(page): sum(len(gzip.compress(path.read_bytes())) for path in loaded_by(page))
        for page in pages()
    }
    heaviest = max(weights, key=lambda name: weights[name])
    return {"assets": Figure(weights[heaviest] / KILOBYTE, heaviest)}

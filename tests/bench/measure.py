"""Takes one measurement in the database of DATABASE_URL: `python -m tests.bench.measure NAME`.

Prints its figures as JSON, by the names of the bars. Each runs in a process of its own, because the settings read the
database once.
"""

from __future__ import annotations

import importlib
import json
import os
import sys

import django


def main() -> None:
    """Set Django up before the measurement is imported, which needs it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "incidents_site.settings")
    django.setup()
    name, *arguments = sys.argv[1:]
    figures = importlib.import_module(f"tests.bench.{name}").measure(*arguments)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

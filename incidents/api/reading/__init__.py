"""From rows to the shapes on the wire."""

from __future__ import annotations

"""Tocsin: declare incidents, see them, and never declare the same one twice."""

from __future__ import annotations

__version__ = "0.1.0"

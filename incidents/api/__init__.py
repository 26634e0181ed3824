"""JSON in, JSON out: the incident.io API, and what Tocsin adds beside it."""

from __future__ import annotations

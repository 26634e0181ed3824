"""The reference: a page for each route, made of the table that dispatches."""

from __future__ import annotations

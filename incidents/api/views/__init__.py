"""The handlers of the routes, by resource."""

from __future__ import annotations

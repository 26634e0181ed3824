"""The shapes on the wire, by resource, named as the API names them."""

from __future__ import annotations

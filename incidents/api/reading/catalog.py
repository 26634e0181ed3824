"""Catalog types as the API shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Count

from incidents import models
from incidents.api.errors import in_api_time
from incidents.api.wire import catalog as wire

_WORDS = re.compile(r"[^\W_]+")


def read_types_v2() -> list[wire.CatalogTypeV2]:
    """Return every catalog type; one query."""
    return [wire.CatalogTypeV2(**_shared(row, count), semantic_type="custom") for row, count in _counted()]


def read_types_v3() -> list[wire.CatalogTypeV3]:
    """Return every catalog type; one query."""
    return [
        wire.CatalogTypeV3(
            **_shared(row, count),
            engine_resource_type=f'CatalogEntry["{row.pk}"]',
            use_name_as_identifier=False,
        )
        for row, count in _counted()
    ]


def _counted() -> Iterator[tuple[models.CatalogType, int]]:
    # Grouped rows are in no order unless they are told one.
    for row in models.CatalogType.objects.annotate(entry_count=Count("entries")).order_by("name"):
        yield row, row.entry_count


def _shared(row: models.CatalogType, count: int) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "type_name": _type_name(row),
        "description": "",
        "created_at": in_api_time(row.created_at),
        "updated_at": in_api_time(row.updated_at),
        "estimated_count": count,
        "annotations": {},
        "categories": [],
        "color": "violet",
        "icon": "box",
        "is_editable": True,
        "ranked": False,
        "schema": wire.CatalogTypeSchema(version=1, attributes=[]),
    }


def _type_name(row: models.CatalogType) -> str:
    """Return the name as attributes would refer to it: Custom["KubernetesCluster"] for “Kubernetes cluster”."""
    words = [word[0].upper() + word[1:] for word in _WORDS.findall(row.name)]
    return f'Custom["{"".join(words) or row.pk}"]'

"""Catalog types, V2 and V3: the kinds of things that custom fields take their values from."""

from __future__ import annotations

from typing import Literal

from incidents.api.wire.base import Moment, Wire


class CatalogTypeSchema(Wire):
    """What is known of each entry beside its name: nothing here."""

    version: int
    attributes: list[dict[str, str]]


class CatalogType(Wire):
    """A kind of thing that the company keeps a catalog of."""

    id: str
    name: str
    type_name: str
    description: str
    created_at: Moment
    updated_at: Moment
    estimated_count: int
    annotations: dict[str, str]
    categories: list[str]
    color: Literal["violet"]
    icon: Literal["box"]
    is_editable: bool
    ranked: bool
    schema: CatalogTypeSchema


class CatalogTypeV2(CatalogType):
    """A kind of thing that the company keeps a catalog of, as version 2 tells it."""

    semantic_type: str


class CatalogTypeV3(CatalogType):
    """A kind of thing that the company keeps a catalog of, as version 3 tells it."""

    engine_resource_type: str
    use_name_as_identifier: bool


class CatalogTypesListV2(Wire):
    """Every catalog type."""

    catalog_types: list[CatalogTypeV2]


class CatalogTypesListV3(Wire):
    """Every catalog type."""

    catalog_types: list[CatalogTypeV3]

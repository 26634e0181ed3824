"""Catalog types, V2 and V3, which clients may read."""

from __future__ import annotations

from incidents.api.reading.catalog import read_types_v2, read_types_v3
from incidents.api.routes import Call, Nothing, Route
from incidents.api.wire import catalog as wire
from incidents.models.api_key_roles import Scope


def list_types_v2(call: Call[Nothing, Nothing]) -> wire.CatalogTypesListV2:
    return wire.CatalogTypesListV2(catalog_types=read_types_v2())


def list_types_v3(call: Call[Nothing, Nothing]) -> wire.CatalogTypesListV3:
    return wire.CatalogTypesListV3(catalog_types=read_types_v3())


ROUTES = (
    Route(
        method="GET",
        path="/v3/catalog_types",
        group="Catalog types",
        summary="List catalog types",
        handler=list_types_v3,
        scope=Scope.CATALOG_VIEW,
        answer=wire.CatalogTypesListV3,
    ),
    Route(
        method="GET",
        path="/v2/catalog_types",
        group="Catalog types",
        summary="List catalog types (V2)",
        handler=list_types_v2,
        scope=Scope.CATALOG_VIEW,
        answer=wire.CatalogTypesListV2,
        is_deprecated=True,
    ),
)

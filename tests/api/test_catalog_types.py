"""Catalog types V2 and V3."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from incident_io.models.catalog_list_types_result_v2 import CatalogListTypesResultV2
from incident_io.models.catalog_list_types_result_v3 import CatalogListTypesResultV3

from incidents.models import CatalogEntry, CatalogType
from incidents.services.configuration import save_noun
from tests.api.samples import count_queries
from tests.make import make_actor

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi

V2, V3 = "/v2/catalog_types", "/v3/catalog_types"
VERSIONS = (V2, V3)


def make_catalog(name: str, *entries: str) -> CatalogType:
    actor = make_actor(role="administrator")
    catalog_type = CatalogType(name=name)
    save_noun(catalog_type, actor)
    for entry in entries:
        save_noun(CatalogEntry(catalog_type=catalog_type, name=entry), actor)
    return catalog_type


def test_listed_with_how_many_entries_they_have(api: ApiClient) -> None:
    services = make_catalog("Service", "Checkout", "Search")
    make_catalog("Region")

    replies = {path: api.get(path) for path in VERSIONS}

    for reply in replies.values():
        rows = reply.body["catalog_types"]
        assert [(row["name"], row["estimated_count"]) for row in rows] == [("Region", 0), ("Service", 2)]
        assert rows[1]["id"] == services.pk
        assert rows[1]["schema"] == {"version": 1, "attributes": []}
    assert replies[V2].body["catalog_types"][1]["semantic_type"] == "custom"
    assert replies[V3].body["catalog_types"][1]["engine_resource_type"] == f'CatalogEntry["{services.pk}"]'


def test_each_version_is_what_its_client_reads(api: ApiClient) -> None:
    make_catalog("Service")

    [second] = CatalogListTypesResultV2.from_dict(api.get(V2).body).catalog_types
    [third] = CatalogListTypesResultV3.from_dict(api.get(V3).body).catalog_types

    assert second.additional_properties == third.additional_properties == {}


@pytest.mark.parametrize(
    ("name", "type_name"),
    [
        ("Service", 'Custom["Service"]'),
        ("Kubernetes cluster", 'Custom["KubernetesCluster"]'),
        ("API gate-way (old)", 'Custom["APIGateWayOld"]'),
        ("Über_Dienst", 'Custom["ÜberDienst"]'),
    ],
)
def test_the_type_is_named_as_attributes_refer_to_it(api: ApiClient, name: str, type_name: str) -> None:
    make_catalog(name)

    assert api.get(V3).body["catalog_types"][0]["type_name"] == type_name


def test_a_name_without_letters_gives_way_to_the_id(api: ApiClient) -> None:
    signs = make_catalog("!!!")

    assert api.get(V2).body["catalog_types"][0]["type_name"] == f'Custom["{signs.pk}"]'


@pytest.mark.parametrize("path", VERSIONS)
def test_more_types_and_entries_cost_no_more_queries(api: ApiClient, path: str) -> None:
    make_catalog("Service", "Checkout")
    few = count_queries(api, path)
    for number in range(8):
        make_catalog(f"Type {number}", "A", "B")

    assert count_queries(api, path) == few
    assert len(api.get(path).body["catalog_types"]) == 9


@pytest.mark.parametrize("path", VERSIONS)
def test_a_key_that_may_not_view_sees_none(make_api: MakeApi, path: str) -> None:
    assert make_api("manage_settings", "incident_editor").get(path).status == 403

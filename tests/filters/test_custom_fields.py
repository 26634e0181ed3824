"""Filters on custom fields, by the type of the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incidents.models import CatalogEntry, CatalogType, Configuration
from tests.filters.asking import filtered, names
from tests.make import make_custom_field, make_incident

if TYPE_CHECKING:
    from incidents.models import CustomField

pytestmark = pytest.mark.django_db


def option_of(field: CustomField, slug: str) -> str:
    return Configuration.current().options[field.pk].by_slug[slug].pk


def test_select_field() -> None:
    field = make_custom_field("Region", field_type="multi_select", options=("EU West", "US East"))
    eu, us = option_of(field, "eu-west"), option_of(field, "us-east")
    make_incident("both", custom_fields={field.pk: (eu, us)})
    make_incident("us", custom_fields={field.pk: (us,)})
    make_incident("none")

    assert names("custom_field[region][one_of]=eu-west") == {"both"}
    assert names(f"custom_field[{field.pk}][one_of]={us}") == {"both", "us"}
    assert names("custom_field[region][not_in]=eu-west") == {"us", "none"}
    assert names("custom_field[region][is_blank]=true") == {"none"}
    assert names("custom_field[region][is_set]=true") == {"both", "us"}


def test_text_field() -> None:
    field = make_custom_field("Cause", field_type="text")
    make_incident("deploy", custom_fields={field.pk: ("A Deploy of 100% Ärger",)})
    make_incident("disk", custom_fields={field.pk: ("Disk full",)})

    assert names("custom_field[cause][contains]=deploy") == {"deploy"}
    assert names("custom_field[cause][contains]=100%25") == {"deploy"}
    assert names("custom_field[cause][contains]=k_f") == set()
    assert names("custom_field[cause][contains]=ärger") == {"deploy"}
    assert names("custom_field[cause][is]=Disk full") == {"disk"}


@pytest.mark.parametrize("field_type", ["text", "link"])
def test_a_text_is_the_whole_text_however_long(field_type: str) -> None:
    field = make_custom_field("Page", field_type=field_type)
    beginning = f"https://example.com/{'a' * 180}"
    for ending in ("", "x", "xy"):
        make_incident(f"it{ending}", custom_fields={field.pk: (f"{beginning}{ending}",)})

    assert names(f"custom_field[page][is]={beginning}x") == {"itx"}
    assert names(f"custom_field[page][is]={beginning}") == {"it"}
    assert names(f"custom_field[page][is]={beginning}z") == set()


def test_catalog_field() -> None:
    catalog = CatalogType.objects.create(name="Services")
    wallet = CatalogEntry.objects.create(
        catalog_type=catalog, name="Wallet", slug="wallet", external_id="svc-7"
    )
    field = make_custom_field("Affected", catalog_type=catalog)
    make_incident("hit", custom_fields={field.pk: (wallet.pk,)})
    make_incident("spared")

    for named in ("wallet", wallet.pk, "svc-7"):
        assert names(f"custom_field[affected][one_of]={named}") == {"hit"}
    assert names("custom_field[affected][not_in]=wallet") == {"spared"}
    assert filtered("custom_field[affected][one_of]=purse").errors


def test_number_field() -> None:
    field = make_custom_field("Customers hit", field_type="numeric")
    for number in ("7", "70", "700.5"):
        make_incident(number, custom_fields={field.pk: (number,)})

    assert names("custom_field[customers-hit][gte]=70") == {"70", "700.5"}
    assert names("custom_field[customers-hit][lte]=70") == {"7", "70"}
    assert names("custom_field[customers-hit][is]=700.5") == {"700.5"}

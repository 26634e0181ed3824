"""The built-in views of the list, as links."""

from __future__ import annotations

from django.test import RequestFactory
from django.urls import reverse

from incidents.web.navigation import NavigationLink, navigation_links


def links_on(address: str) -> tuple[NavigationLink, ...]:
    return navigation_links(RequestFactory().get(address))


def test_first_view_is_what_is_open() -> None:
    first = links_on("/preferences/")[0]

    assert (first.name, first.url) == ("Open", reverse("incidents:list"))


def test_addresses_can_be_read() -> None:
    urls = [link.url for link in links_on("/preferences/")]

    assert any(url.endswith("&severity[gte]=major") for url in urls)
    assert any(url.endswith("?incident_role[lead][one_of]=me") for url in urls)


def test_each_view_marks_itself_alone() -> None:
    links = links_on("/preferences/")

    marked = [[other.is_current for other in links_on(link.url)] for link in links]

    assert marked == [[place == at for at in range(len(links))] for place in range(len(links))]


def test_filtered_list_is_none_of_the_views() -> None:
    links = links_on(reverse("incidents:list") + "?severity[one_of]=minor")

    assert not any(link.is_current for link in links)


def test_other_pages_are_none_of_the_views() -> None:
    assert not any(link.is_current for link in links_on("/preferences/"))

"""The pages of the settings: one table of them, and who may open each."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from django.urls import reverse

from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from incidents.models import Actor


@dataclasses.dataclass(frozen=True, slots=True)
class SettingsPage:
    """One line of the list at the side; `is_framed` says whether its page shows that list too."""

    group: str
    name: str
    icon: str
    url_name: str
    may_open: Callable[[Actor], bool]
    is_framed: bool = True

    @property
    def url(self) -> str:
        """The address of the page; pages that belong to it have addresses below it."""
        return reverse(self.url_name)


def _anybody(actor: Actor) -> bool:
    return True


def _admin_page(group: str, name: str, icon: str, model: str) -> SettingsPage:
    configures = attrgetter("can_configure")
    return SettingsPage(group, name, icon, f"admin:incidents_{model}_changelist", configures, is_framed=False)


# In the order of the list; pages of one group follow each other.
SETTINGS_PAGES = (
    _admin_page("Incidents", "Severities", "shield-alert", "severity"),
    _admin_page("Incidents", "Statuses", "activity", "incidentstatus"),
    _admin_page("Incidents", "Types", "tag", "incidenttype"),
    _admin_page("Incidents", "Roles", "user-plus", "incidentrole"),
    _admin_page("Incidents", "Custom fields", "text-cursor-input", "customfield"),
    _admin_page("Incidents", "Timestamps", "clock", "incidenttimestamp"),
    _admin_page("Incidents", "Duration metrics", "hourglass", "durationmetric"),
    _admin_page("Incidents", "Alert sources", "zap", "alertsource"),
    _admin_page("Access", "People", "users", "user"),
    SettingsPage("Access", "API keys", "key", "incidents:api_keys", attrgetter("can_manage_keys")),
    SettingsPage("Access", "API reference", "book-open", "api:reference_home", _anybody, is_framed=False),
    SettingsPage(
        "Duplicate check",
        "When to warn",
        "layers",
        "incidents:duplicate_settings",
        attrgetter("can_configure"),
    ),
    SettingsPage("Duplicate check", "Words", "link", "incidents:synonyms", attrgetter("can_configure")),
    SettingsPage("In and out", "Import", "upload", "incidents:imports", attrgetter("can_configure")),
    SettingsPage("Account", "Preferences", "sliders-horizontal", "incidents:preferences", _anybody),
    SettingsPage("Account", "Feeds", "calendar", "incidents:feeds", _anybody),
)


@dataclasses.dataclass(frozen=True, slots=True)
class SettingsLink:
    """A page that the person may open."""

    name: str
    icon: str
    url: str
    is_current: bool


@dataclasses.dataclass(frozen=True, slots=True)
class SettingsGroup:
    """Pages under one heading."""

    name: str
    links: tuple[SettingsLink, ...]


def settings_groups(request: HttpRequest) -> list[SettingsGroup]:
    """Return the pages that the person may open, marking the one that this request belongs to."""
    actor = actor_of(request)
    opened = [page for page in SETTINGS_PAGES if page.may_open(actor)]
    # One page may lie below another: the one with the longest address is meant.
    current = max((page.url for page in opened if request.path.startswith(page.url)), key=len, default="")
    return [
        SettingsGroup(
            group,
            tuple(SettingsLink(page.name, page.icon, page.url, page.url == current) for page in pages),
        )
        for group, pages in groupby(opened, attrgetter("group"))
    ]


def first_settings_url(actor: Actor) -> str:
    """Return the address of the first page of our own that the person may open: everybody has one."""
    return next(page.url for page in SETTINGS_PAGES if page.is_framed and page.may_open(actor))


def is_settings_path(path: str) -> bool:
    """Say whether an address belongs to a page of the settings."""
    return any(path.startswith(page.url) for page in SETTINGS_PAGES if page.is_framed)

"""Issues in trackers, known by their address alone: nothing is asked of the tracker."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from incidents import text
from incidents.models import ExternalIssueReference
from incidents.services.custom_fields import is_web_link
from incidents.services.errors import Problems
from incidents.services.validation import clean_link

NAME_LENGTH = 200
_Provider = ExternalIssueReference.Provider
# The ends of the hosts at which trackers are found.
_HOSTS: Mapping[str, str] = {
    "app.asana.com": _Provider.ASANA,
    "dev.azure.com": _Provider.AZURE_DEVOPS,
    "visualstudio.com": _Provider.AZURE_DEVOPS,
    "app.clickup.com": _Provider.CLICK_UP,
    "freshservice.com": _Provider.FRESHSERVICE,
    "github.com": _Provider.GITHUB,
    "gitlab.com": _Provider.GITLAB,
    "atlassian.net": _Provider.JIRA,
    "linear.app": _Provider.LINEAR,
    "notion.so": _Provider.NOTION,
    "force.com": _Provider.SALESFORCE,
    "salesforce.com": _Provider.SALESFORCE,
    "service-now.com": _Provider.SERVICE_NOW,
    "app.shortcut.com": _Provider.SHORTCUT,
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class IssueLink:
    """An issue in a tracker, by its address. Without a provider, the address says which tracker it is."""

    url: str
    provider: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issue that can be stored."""

    provider: str
    name: str
    permalink: str

    @property
    def title(self) -> str:
        """The name, in words where it is a number alone: GitHub issue 7."""
        return f"{_Provider(self.provider).label} issue {self.name}" if self.name.isdigit() else self.name


def clean_issue(link: IssueLink, problems: Problems) -> Issue:
    """Return the issue, named by the last part of its address, noting why it cannot be one."""
    permalink = clean_link("url", link.url, problems)
    if not link.url.strip():
        problems.add("url", "Give the address of the issue.", "is_required")
    provider = link.provider or _provider_of(permalink)
    if link.provider and provider not in _Provider.values:
        problems.add("provider", f"The provider is one of {', '.join(_Provider.values)}.", "unknown")
    elif permalink and not provider:
        problems.add("url", "This address does not tell which issue tracker it is.", "unknown")
    return Issue(provider=provider, name=_name_of(permalink), permalink=permalink)


def _provider_of(permalink: str) -> str:
    if not is_web_link(permalink):
        return ""
    host = urlsplit(permalink).hostname or ""
    return next((provider for end, provider in _HOSTS.items() if f".{host}".endswith(f".{end}")), "")


def _name_of(permalink: str) -> str:
    if not is_web_link(permalink):
        return ""
    parts = urlsplit(permalink)
    last = unquote(parts.path.rstrip("/").rpartition("/")[2], errors="replace")
    # What the address hides behind percent signs has not been through the text gate.
    name = Problems().line("url", last, limit=text.URL_LENGTH)[:NAME_LENGTH].strip()
    return name or (parts.hostname or "")[:NAME_LENGTH]

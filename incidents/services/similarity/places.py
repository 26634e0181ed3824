"""Where an incident happens, as its text says: region, environment, host. Two that differ are two incidents."""

from __future__ import annotations

import re
from collections.abc import Mapping

Places = Mapping[str, frozenset[str]]

CLOUD_REGION = re.compile(
    r"\b(?:us|eu|ap|sa|ca|me|af|il|mx|cn|europe|asia|australia|northamerica|southamerica)-(?:gov-)?"
    r"(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-?\d{1,2}[a-f]?\b",
    re.IGNORECASE,
)
AREA = re.compile(r"\b(EU|EMEA|US|USA|APAC|UK)\b|\b(Europe|European|America|American|Asia)\b")
AREAS = {
    "EU": "eu", "EMEA": "eu", "UK": "eu", "Europe": "eu", "European": "eu",
    "US": "us", "USA": "us", "America": "us", "American": "us", "APAC": "ap", "Asia": "ap",
}  # fmt: skip
CONTINENTS = {"europe": "eu", "asia": "ap", "australia": "ap", "northamerica": "us", "southamerica": "sa"}
ENVIRONMENT = re.compile(
    r"\b(prod|production|staging|stage|stg|preprod|dev|development|qa|uat|sandbox|test)(-[a-z0-9]{1,2})?\b",
    re.IGNORECASE,
)
ENVIRONMENTS = {
    "prod": "prod", "production": "prod", "staging": "staging", "stage": "staging", "stg": "staging",
    "preprod": "staging", "dev": "dev", "development": "dev",
}  # fmt: skip
HOST = re.compile(
    r"\b(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?"
    r"|(?:[a-z0-9-]++\.)+(?:com|net|org|io|dev|local|internal|cloud|app|eu|de|uk)\b"
    r"|(?:node|host|web|db|app|worker|vm|srv|server|cache|redis|broker|shard|replica|rack|az|zone|gpu)[ _-]?\d{1,4}"
    r"|[a-z]{2,20}+(?:-[a-z]{1,12}){0,3}-\d{1,4}(?![.\w-]))(?::\d{2,5})?\b",
    re.IGNORECASE,
)
# Most texts have neither a number nor a domain: to see that is much quicker than to look for hosts.
MAY_NAME_HOST = re.compile(r"\d|\.[a-z]", re.IGNORECASE)
NOT_HOSTS = frozenset(
    """
    sev cve utf sha md http https tls ssl ipv rfc iso us eu ap sa ca me af top level phase step part version
    branch release sprint week day error code line job build test tier layer java jdk python node-js covid log
    ticket issue inc pr bug task story epic hadoop hdfs yarn east west north south central
    """.split()
)


def places_of(text: str) -> dict[str, frozenset[str]]:
    """Return the named places of a text by kind: "region", "environment", "host"; kinds without one are left out."""
    found = {"region": _regions(text), "environment": _environments(text), "host": _hosts(text)}
    return {kind: values for kind, values in found.items() if values}


def region_of(value: str) -> str:
    """Return the one form of a region's name."""
    return value.casefold().strip()


def area_of(region: str) -> str:
    """Return the part of the world of a region: "eu" for eu-west-1, and for plain "eu"."""
    first = region.split("-")[0]
    return CONTINENTS.get(first, first)


def differ(kind: str, left: frozenset[str], right: frozenset[str]) -> bool:
    """Tell whether two sets of places of one kind cannot be one place."""
    if not left or not right or left & right:
        return False
    if kind == "region":
        return not _same_area(left, right)
    if kind == "environment":
        return not any(_within(a, b) or _within(b, a) for a in left for b in right)
    return True


def _same_area(left: frozenset[str], right: frozenset[str]) -> bool:
    """Tell whether one side names only a part of the world, in which the other side's region lies."""
    return any(("-" not in a or "-" not in b) and area_of(a) == area_of(b) for a in left for b in right)


def _within(whole: str, part: str) -> bool:
    """Tell whether prod-a lies within prod."""
    return part.split("-")[0] == whole


def _regions(text: str) -> frozenset[str]:
    regions = {region_of(found) for found in CLOUD_REGION.findall(text)} if "-" in text else set()
    if regions:
        return frozenset(regions)
    return frozenset(AREAS[one or other] for one, other in AREA.findall(text))


def _environments(text: str) -> frozenset[str]:
    found = ((name.casefold(), suffix.casefold()) for name, suffix in ENVIRONMENT.findall(text))
    return frozenset(
        ENVIRONMENTS.get(name, name) + suffix for name, suffix in found if name != "test" or suffix
    )


def _hosts(text: str) -> frozenset[str]:
    hosts = set()
    for found in HOST.findall(text) if MAY_NAME_HOST.search(text) else ():
        host = re.sub(r":\d+$", "", found.casefold()).replace(" ", "-").replace("_", "-")
        if re.split(r"[-\d]", host)[0] not in NOT_HOSTS and not CLOUD_REGION.fullmatch(host):
            hosts.add(host)
    return frozenset(hosts)

"""Stores who and what the demo's incidents refer to: people, teams, custom fields, the catalog, automation."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from incidents.management.seeding.company import (
    ACCOUNTS,
    API_KEYS,
    COLLEAGUES,
    REGIONS,
    SERVICES,
    TEAMS,
    WORKFLOWS,
    Person,
)
from incidents.models import (
    Actor,
    ApiKey,
    CatalogEntry,
    CatalogType,
    Configuration,
    CustomField,
    CustomFieldOption,
    FollowUpPriority,
    Team,
    User,
    Workflow,
)
from incidents.services.configuration import save_noun
from incidents.text import slug

_Type = CustomField.FieldType
_Similarity = CustomField.Similarity
_CATALOG = "Team"
# Name, type, what the duplicate check reads in it, options; a select without options takes its values from the
# catalog.
_FIELDS: tuple[tuple[str, str, str, Sequence[str]], ...] = (
    ("Affected service", _Type.SINGLE_SELECT, _Similarity.SERVICE, tuple(one.name for one in SERVICES)),
    ("Region", _Type.SINGLE_SELECT, _Similarity.REGION, REGIONS),
    ("Affected teams", _Type.MULTI_SELECT, _Similarity.NONE, ()),
    ("Customers affected", _Type.NUMERIC, _Similarity.NONE, ()),
    ("Dashboard", _Type.LINK, _Similarity.NONE, ()),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Cast:
    """Everything that incidents of the demo refer to, stored."""

    people: tuple[User, ...]
    responders: tuple[User, ...]
    api_keys: tuple[ApiKey, ...]
    workflows: tuple[Workflow, ...]
    entries: dict[str, CatalogEntry]
    priorities: tuple[FollowUpPriority, ...]
    configuration: Configuration


def store_cast(password: str) -> Cast:
    """Store what is missing of the cast, and return it; what is there under the same name stays as it is."""
    accounts = [_person(person, person.email, password) for person in ACCOUNTS]
    colleagues = [_person(person, f"{_address(person.name)}@example.com", None) for person in COLLEAGUES]
    people = accounts + colleagues
    actor = Actor.of_user(accounts[0])
    for name in TEAMS:
        if not Team.objects.filter(name=name).exists():
            save_noun(Team(name=name), actor)
    catalog_type, entries = _catalog(actor)
    _fields(actor, catalog_type)
    return Cast(
        people=tuple(people),
        responders=tuple(person for person in people if person.role != User.Role.VIEWER),
        api_keys=tuple(_api_key(name) for name in API_KEYS),
        workflows=tuple(Workflow.objects.get_or_create(name=name)[0] for name in WORKFLOWS),
        entries=entries,
        priorities=tuple(FollowUpPriority.objects.all()),
        configuration=Configuration.current(),
    )


def _person(person: Person, email: str, password: str | None) -> User:
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_user(
        email, password, name=person.name, role=person.role, time_zone=person.time_zone
    )


def _api_key(name: str) -> ApiKey:
    """Store a key without a token: nobody can use it before an administrator rotates it."""
    roles = ["incident_creator", "viewer"]
    return ApiKey.objects.get_or_create(name=name, defaults={"roles": roles})[0]


def _address(name: str) -> str:
    plain = name.translate(str.maketrans("êíá", "eia"))
    return slug(plain).replace("-", ".")


def _catalog(actor: Actor) -> tuple[CatalogType, dict[str, CatalogEntry]]:
    catalog_type = CatalogType.objects.filter(name=_CATALOG).first()
    if catalog_type is None:
        catalog_type = CatalogType(name=_CATALOG)
        save_noun(catalog_type, actor)
    found = {entry.name: entry for entry in catalog_type.entries.all()}
    for name in TEAMS:
        if name not in found:
            found[name] = CatalogEntry(
                catalog_type=catalog_type,
                name=name,
                external_id=f"team-{slug(name)}",
                aliases=[f"{slug(name)}-on-call"],
            )
            save_noun(found[name], actor)
    return catalog_type, found


def _fields(actor: Actor, catalog_type: CatalogType) -> None:
    for rank, (name, field_type, similarity, options) in enumerate(_FIELDS, 1):
        if CustomField.objects.filter(name=name).exists():
            continue
        field = CustomField(name=name, field_type=field_type, similarity=similarity, rank=rank)
        if field.is_select and not options:
            field.catalog_type = catalog_type
        save_noun(field, actor)
        for sort_key, value in enumerate(options, 1):
            save_noun(CustomFieldOption(custom_field=field, value=value, sort_key=sort_key * 10), actor)

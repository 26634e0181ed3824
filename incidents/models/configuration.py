"""The configuration of the installation, read once and shared by requests until it changes."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, Self, TypeVar

from django.db import connection, models

from incidents.models.custom_field import CustomField, CustomFieldOption
from incidents.models.duplicate_settings import DuplicateSettings
from incidents.models.incident_role import IncidentRole
from incidents.models.incident_status import IncidentStatus, StatusCategory
from incidents.models.incident_timestamp import DurationMetric, IncidentTimestamp
from incidents.models.incident_type import IncidentType
from incidents.models.severity import Severity
from incidents.models.synonym_group import SynonymGroup
from incidents.models.team import Team
from incidents.models.ulid import new_ulid
from incidents.text import fold


class ConfigurationVersion(models.Model):
    """One row whose token changes with every change of configuration, in the same transaction."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    token = models.CharField(max_length=26, default=new_ulid)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="configuration_version_single_row"),
        ]

    def __str__(self) -> str:
        return self.token


Noun = (
    Severity
    | IncidentStatus
    | IncidentType
    | IncidentRole
    | CustomField
    | CustomFieldOption
    | IncidentTimestamp
    | DurationMetric
    | Team
)
NounT = TypeVar("NounT", bound=Noun)


class Nouns(Generic[NounT]):
    """The rows of one kind, in their order, found by id or by slug."""

    def __init__(self, rows: Iterable[NounT]) -> None:
        self.rows = tuple(rows)
        self.by_id: Mapping[str, NounT] = {row.pk: row for row in self.rows}
        self.by_slug: Mapping[str, NounT] = {row.slug: row for row in self.rows}

    def __iter__(self) -> Iterator[NounT]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def find(self, named: str) -> NounT | None:
        """Return the row that an id or a slug names, whatever its case."""
        return self.by_id.get(named.upper()) or self.by_slug.get(fold(named))


@dataclasses.dataclass(frozen=True, slots=True)
class Configuration:
    """A snapshot of every noun that administrators configure. Treat its rows as read-only: requests share them."""

    token: str
    severities: Nouns[Severity]
    incident_statuses: Nouns[IncidentStatus]
    incident_types: Nouns[IncidentType]
    incident_roles: Nouns[IncidentRole]
    custom_fields: Nouns[CustomField]
    options: Mapping[str, Nouns[CustomFieldOption]]
    incident_timestamps: Nouns[IncidentTimestamp]
    timestamps_by_status: Mapping[str, tuple[str, ...]]
    duration_metrics: Nouns[DurationMetric]
    teams: Nouns[Team]
    synonym_groups: tuple[SynonymGroup, ...]
    duplicates: DuplicateSettings

    @classmethod
    def current(cls) -> Self:
        """Return the snapshot: one query while nothing changed, eleven after a change."""
        return cls._read(_LOOK)

    @classmethod
    def held(cls) -> Self:
        """Return the snapshot as it stays until the transaction around this ends; queries as for `current`.

        Who changes the configuration waits for that, so that what is looked up here is still there at the commit.
        Call it before rows of incidents are locked: a change of the configuration locks in the same order. SQLite
        needs no lock: its transactions begin IMMEDIATE.
        """
        if not connection.features.has_select_for_update:
            return cls.current()
        return cls._read(_HOLD)

    @classmethod
    def _read(cls, statement: str) -> Self:
        """Return the snapshot of the token that the statement finds. Every request asks: a queryset takes thrice the time."""
        with connection.cursor() as cursor:
            cursor.execute(statement)
            row = cursor.fetchone()
        return cls._at(row[0] if row else "")

    @classmethod
    def _at(cls, token: str) -> Self:
        global _cached
        if _cached is None or _cached.token != token:
            _cached = cls._load(token)
        return _cached  # type: ignore[return-value]

    @classmethod
    def _load(cls, token: str) -> Self:
        fields = Nouns(CustomField.objects.select_related("catalog_type"))
        options: dict[str, list[CustomFieldOption]] = {field.pk: [] for field in fields}
        for option in CustomFieldOption.objects.all():
            options[option.custom_field_id].append(option)
        return cls(
            token=token,
            severities=Nouns(Severity.objects.all()),
            incident_statuses=Nouns(sorted(IncidentStatus.objects.all(), key=_status_order)),
            incident_types=Nouns(IncidentType.objects.prefetch_related("owning_teams")),
            incident_roles=Nouns(IncidentRole.objects.all()),
            custom_fields=fields,
            options={field_id: Nouns(rows) for field_id, rows in options.items()},
            incident_timestamps=Nouns(IncidentTimestamp.objects.all()),
            timestamps_by_status=_timestamps_by_status(),
            duration_metrics=Nouns(DurationMetric.objects.all()),
            teams=Nouns(Team.objects.all()),
            synonym_groups=tuple(SynonymGroup.objects.all()),
            duplicates=DuplicateSettings.objects.first() or DuplicateSettings(),
        )

    @property
    def default_type(self) -> IncidentType | None:
        """The type an incident has when nobody chose one."""
        return next((kind for kind in self.incident_types if kind.is_default), None)

    @property
    def lead_role(self) -> IncidentRole | None:
        """The role of the incident lead."""
        return self._role_of_type(IncidentRole.RoleType.LEAD)

    @property
    def reporter_role(self) -> IncidentRole | None:
        """The role of whoever declared the incident."""
        return self._role_of_type(IncidentRole.RoleType.REPORTER)

    def first_status(self, category: str) -> IncidentStatus | None:
        """Return the lowest-ranked status of a category."""
        return next((status for status in self.incident_statuses if status.category == category), None)

    def severity_tone(self, severity_id: str | None) -> int:
        """Return how loud a severity is drawn, 1 to 5, by its place among however many there are; 0 for none."""
        if severity_id is None or severity_id not in self.severities.by_id:
            return 0
        place = 1 + [severity.pk for severity in self.severities].index(severity_id)
        return math.ceil(place / len(self.severities) * 5)

    def _role_of_type(self, role_type: str) -> IncidentRole | None:
        return next((role for role in self.incident_roles if role.role_type == role_type), None)


_cached: Configuration | None = None
_LOOK = "SELECT token FROM incidents_configurationversion WHERE id = 1"
# Shared: those who only hold the configuration do not wait for each other.
_HOLD = "SELECT token FROM incidents_configurationversion WHERE id = 1 FOR SHARE"
_CATEGORY_ORDER = {category: place for place, category in enumerate(StatusCategory.values)}


def _status_order(status: IncidentStatus) -> tuple[int, int, str]:
    return _CATEGORY_ORDER[status.category], status.rank, status.pk


def _timestamps_by_status() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    links = IncidentTimestamp.set_by_statuses.through.objects.values_list(
        "incidentstatus_id", "incidenttimestamp_id"
    )
    for status_id, timestamp_id in links:
        found[status_id] = (*found.get(status_id, ()), timestamp_id)
    return found

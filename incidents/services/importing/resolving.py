"""From a row of texts to the draft of an incident, with everything that is wrong and everything that is left out."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import re
import zoneinfo
from collections.abc import Mapping

from django.utils import timezone

from incidents.models import CustomField, Import, Incident, IncidentStatus, StatusCategory, User
from incidents.models.incident_import import SOURCE_ID_LENGTH
from incidents.services.drafts import IncidentDraft
from incidents.services.importing import targets
from incidents.services.importing.files import EXTRA
from incidents.services.importing.moments import EARLIEST, read_moment
from incidents.services.importing.nouns import Vocabulary, category_of
from incidents.services.importing.people import People, email_in
from incidents.text import clean_line, fold

_APOSTROPHE = re.compile("'(?=[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")
_DIGITS = re.compile(r"(\d{1,9})\Z", re.ASCII)
_PRIVATE = {"private", "true", "yes", "1"}
_SHOWN = 60


@dataclasses.dataclass(slots=True)
class Resolved:
    """What a row means. With problems it cannot be imported; notes say what is imported otherwise than it stood there."""

    source_id: str
    likeness: str = ""
    created_at: datetime.datetime | None = None
    creator: User | None = None
    permalink: str = ""
    draft: IncidentDraft | None = None
    is_practice: bool = False
    problems: list[dict[str, str]] = dataclasses.field(default_factory=list)
    notes: list[dict[str, str]] = dataclasses.field(default_factory=list)


class Resolver:
    """Resolves the rows of one batch."""

    def __init__(self, incident_import: Import, vocabulary: Vocabulary, people: People) -> None:
        self._import = incident_import
        self._vocabulary = vocabulary
        self._people = people
        self._zone = zoneinfo.ZoneInfo(incident_import.time_zone)
        self.column_of = {target: column for column, target in incident_import.targets.items() if target}

    def resolve(self, content: Mapping[str, str]) -> Resolved:
        """Return what a row means; one query for each field of the row that is backed by a catalog."""
        return _Row(self, content).resolve()


class _Row:
    """One row on its way to a draft."""

    def __init__(self, resolver: Resolver, content: Mapping[str, str]) -> None:
        self._resolver = resolver
        self._import = resolver._import
        self._vocabulary = resolver._vocabulary
        self._content = content
        self._resolved = Resolved(source_id="")

    def resolve(self) -> Resolved:
        found = self._resolved
        found.source_id = self._source_id()
        if EXTRA in self._content:
            self._problem("", "This row has more cells than the file has columns: look for a sign too many.")
        found.is_practice = fold(self._said(targets.MODE)) in {"test", "tutorial"}
        moments = self._moments()
        found.created_at = self._created_at(moments)
        found.creator = self._person(targets.CREATOR)
        found.permalink = self._said(targets.PERMALINK)
        found.likeness = self._likeness(found.created_at)
        found.draft = IncidentDraft(
            name=self._said(targets.NAME),
            summary=self._said(targets.SUMMARY),
            severity_id=self._noun(targets.SEVERITY),
            incident_status_id=self._status(),
            incident_type_id=self._noun(targets.INCIDENT_TYPE),
            mode=Incident.Mode.RETROSPECTIVE,
            visibility="private" if fold(self._said(targets.VISIBILITY)) in _PRIVATE else "public",
            call_url=self._said("call_url"),
            postmortem_document_url=self._said("postmortem_document_url"),
            slack_channel_name=self._said("slack_channel_name").lstrip("#"),
            number=self._number(),
            custom_fields=self._custom_fields(),
            roles=self._roles(),
            timestamps=moments,
        )
        return found

    def _said(self, target: str) -> str:
        """Return what the row says; an apostrophe that keeps spreadsheets from calculating is taken off again."""
        column = self._resolver.column_of.get(target)
        said = self._content.get(column, "").strip() if column else ""
        return _APOSTROPHE.sub("", said, count=1) if said.startswith("'") else said

    def _problem(self, target: str, message: str) -> None:
        self._resolved.problems.append(self._told(target, message))

    def _note(self, target: str, message: str) -> None:
        self._resolved.notes.append(self._told(target, message))

    def _told(self, target: str, message: str) -> dict[str, str]:
        return {"column": self._resolver.column_of.get(target, ""), "message": message}

    def _source_id(self) -> str:
        """Return the id in the source, or else a digest of everything that the row says."""
        said = self._said(targets.SOURCE_ID)
        if said and len(said) <= SOURCE_ID_LENGTH:
            return clean_line(said, limit=SOURCE_ID_LENGTH)
        canonical = json.dumps(dict(self._content), sort_keys=True)
        return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"

    def _likeness(self, created_at: datetime.datetime | None) -> str:
        if created_at is None:
            return ""
        words = f"{created_at:%Y-%m-%dT%H} {fold(self._said(targets.NAME))}"
        return hashlib.sha256(words.encode()).hexdigest()[:32]

    def _moments(self) -> dict[str, datetime.datetime | None]:
        """Return every timestamp: what the file does not say is not known, whatever the status would set."""
        moments: dict[str, datetime.datetime | None] = {}
        for timestamp in self._vocabulary.configuration.incident_timestamps:
            target = targets.TIMESTAMP_KEY + timestamp.slug
            moment = self._moment(target)
            if moment is not None or not timestamp.set_at_creation:
                moments[timestamp.pk] = moment
        return moments

    def _moment(self, target: str) -> datetime.datetime | None:
        said = self._said(target)
        if not said:
            return None
        moment = read_moment(said, self._resolver._zone)
        if moment is None:
            self._problem(
                target, f"“{said[:_SHOWN]}” is no date that can be read. Write it as 2026-11-23 14:05."
            )
        return moment

    def _created_at(self, moments: Mapping[str, datetime.datetime | None]) -> datetime.datetime | None:
        moment = self._moment(targets.CREATED_AT)
        if moment is None and not self._said(targets.CREATED_AT):
            moment = min((one for one in moments.values() if one), default=None)
            if moment is None:
                self._problem(
                    targets.CREATED_AT, "Nothing says when it was declared. Choose a column for that."
                )
        if moment is not None and not EARLIEST <= moment <= timezone.now():
            self._problem(targets.CREATED_AT, "It must have been declared between 1970 and now.")
            return None
        return moment

    def _person(self, target: str) -> User | None:
        said = self._said(target)
        if not said:
            return None
        person = self._resolver._people.named(said)
        if person is None:
            named = email_in(said) or said[:_SHOWN]
            self._note(target, f"Nobody here has the e-mail “{named}”: left empty.")
        return person

    def _roles(self) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        for role in self._vocabulary.configuration.incident_roles:
            person = self._person(targets.ROLE_KEY + role.slug)
            if person is not None:
                found[role.pk] = person.pk
        return found

    def _noun(self, target: str) -> str | None:
        said = self._said(target)
        noun = self._vocabulary.find(target, said)
        if noun is None and said:
            noun = self._missing(target, said)
        return None if noun is None else str(noun.pk)

    def _missing(self, target: str, said: str, category: str = "") -> object:
        made = self._vocabulary.make(target, said, category)
        noun = target.removeprefix("incident_")
        if made is None:
            self._problem(target, f"There is no {noun} “{said[:_SHOWN]}”. Say which one it means.")
        else:
            self._note(target, f"The {noun} “{said[:_SHOWN]}” is added.")
        return made

    def _status(self) -> str | None:
        """Return the status; what was merged elsewhere is canceled here, because nothing here went on instead."""
        said = self._said(targets.STATUS)
        category = category_of(self._said(targets.STATUS_CATEGORY))
        status = self._vocabulary.find(targets.STATUS, said) if said else None
        configuration = self._vocabulary.configuration
        if said and status is None and category != StatusCategory.MERGED:
            status = self._missing(targets.STATUS, said, category)
            return status.pk if isinstance(status, IncidentStatus) else None
        if status is None and said == "":
            status = configuration.first_status(StatusCategory.CLOSED)
        if status is None or status.category == StatusCategory.MERGED:
            status = configuration.first_status(StatusCategory.CANCELED)
            self._note(targets.STATUS, "It was merged: here it is canceled.")
        return None if status is None else status.pk

    def _number(self) -> int | None:
        said = self._said(targets.NUMBER) if self._import.keep_numbers else ""
        if not said:
            return None
        match = _DIGITS.search(said)
        if match is None or int(match[1]) == 0:
            self._problem(targets.NUMBER, f"“{said[:_SHOWN]}” is no reference such as INC-123.")
            return None
        return int(match[1])

    def _custom_fields(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for field in self._vocabulary.configuration.custom_fields:
            said = self._said(targets.FIELD_KEY + field.slug)
            if not said:
                continue
            found[field.pk] = self._values(field, said) if field.is_select else (said,)
        return found

    def _values(self, field: CustomField, said: str) -> tuple[str, ...]:
        if field.catalog_type_id is not None:
            return self._parts(field, said)
        if whole := self._vocabulary.option(field, said):
            return (whole.pk,)
        return tuple(self._option(field, part) for part in self._parts(field, said))

    def _parts(self, field: CustomField, said: str) -> tuple[str, ...]:
        if field.field_type != CustomField.FieldType.MULTI_SELECT:
            return (said,)
        return tuple(part.strip() for part in re.split(r"[;,]", said) if part.strip())

    def _option(self, field: CustomField, said: str) -> str:
        """Return the id of the option, or the words themselves, which the check of the draft then names."""
        if option := self._vocabulary.option(field, said):
            return option.pk
        made = self._vocabulary.make_option(field, said)
        if made is None:
            return said[:_SHOWN]
        self._note(targets.FIELD_KEY + field.slug, f"The option “{said[:_SHOWN]}” is added.")
        return made

"""The forms of an import: the file, and what its columns are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from incidents.models import Import
from incidents.models.incident_import import ORIGIN_LENGTH
from incidents.services.importing import CHOSEN, ColumnChoice, import_targets
from incidents.text import fold
from incidents.web.forms.base import WireForm
from incidents.web.forms.fields import LineField

if TYPE_CHECKING:
    from incidents.models import Configuration

MEGABYTE = 1024 * 1024
LARGEST_FILE = 50 * MEGABYTE
MOST_ROWS = 100_000
FORMATS = [
    (Import.Format.CSV, "Any tool, one incident a row"),
    (Import.Format.INCIDENT_IO, "JSON of the API, or of Tocsin’s export"),
    (Import.Format.FIREFIGHTER, "CSV of its incidents API"),
]


class FileForm(WireForm):
    """A file, and where it comes from."""

    format = forms.ChoiceField(
        label="Where from",
        choices=FORMATS,
        initial=Import.Format.CSV,
        widget=forms.RadioSelect,
        error_messages={"required": "Say where the file comes from."},
    )
    file = forms.FileField(
        label="File",
        help_text=f"Up to {LARGEST_FILE // MEGABYTE} MB and {MOST_ROWS:,} incidents.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.json,.jsonl"}),
        max_length=200,
    )
    origin = LineField(
        label="Name of the source",
        limit=ORIGIN_LENGTH,
        required=False,
        help_text="Such as Opsgenie. An id of one source is never imported twice.",
    )

    def clean_file(self) -> Any:
        """Refuse what is too large for a page."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(
                f"The file has {file.size / MEGABYTE:,.0f} MB. Use manage.py import_incidents for it."
            )
        return file


class ColumnsForm(forms.Form):
    """What each column fills, and what the words of some of them mean."""

    use_required_attribute = False

    def __init__(self, data: Any, *, incident_import: Import, configuration: Configuration) -> None:
        super().__init__(data)
        self.incident_import = incident_import
        self.configuration = configuration
        targets = [
            ("", "Leave out"),
            *((target.key, target.label) for target in import_targets(configuration)),
        ]
        for place, column in enumerate(incident_import.columns):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=column["name"],
                choices=targets,
                required=False,
                initial=incident_import.targets.get(column["name"], ""),
            )
        for target, column in self._chosen():
            for place, word in enumerate(column["values"]):
                self.fields[f"{target}-{place}"] = forms.ChoiceField(
                    label=word,
                    choices=[("", "As it is written"), *self._nouns(target)],
                    required=False,
                    initial=incident_import.values.get(target, {}).get(fold(word), ""),
                )
        self.fields["keep_numbers"] = forms.BooleanField(
            label="Keep the old references",
            required=False,
            initial=incident_import.keep_numbers,
            help_text="INC-123 stays INC-123 where that number is free. Otherwise each gets the next number.",
        )
        self.fields["make_missing"] = forms.BooleanField(
            label="Add what is missing",
            required=False,
            initial=incident_import.make_missing,
            help_text="Severities, statuses, types and options that only the file knows.",
        )

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The columns of the file, each with its choice."""
        return [
            {**column, "field": self[f"column-{place}"]}
            for place, column in enumerate(self.incident_import.columns)
        ]

    @property
    def vocabularies(self) -> list[dict[str, Any]]:
        """The columns whose words are chosen among what is configured."""
        return [
            {
                "target": target.removeprefix("incident_"),
                "name": column["name"],
                "words": [
                    {"word": word, "count": count, "field": self[f"{target}-{place}"]}
                    for place, (word, count) in enumerate(column["values"].items())
                ],
            }
            for target, column in self._chosen()
        ]

    def to_choice(self) -> ColumnChoice:
        """Return what was chosen."""
        cleaned = self.cleaned_data
        return ColumnChoice(
            targets={
                column["name"]: cleaned[f"column-{place}"]
                for place, column in enumerate(self.incident_import.columns)
            },
            values={
                target: {word: cleaned[f"{target}-{place}"] for place, word in enumerate(column["values"])}
                for target, column in self._chosen()
            },
            keep_numbers=cleaned["keep_numbers"],
            make_missing=cleaned["make_missing"],
        )

    def refuse(self, error: ValidationError) -> None:
        """Show what was refused by the columns."""
        names = {
            column["name"]: f"column-{place}" for place, column in enumerate(self.incident_import.columns)
        }
        for key, messages in error.message_dict.items():
            self.add_error(names.get(key), messages)

    def _chosen(self) -> list[tuple[str, dict[str, Any]]]:
        by_target = {
            self.incident_import.targets.get(column["name"], ""): column
            for column in self.incident_import.columns
        }
        return [(target, by_target[target]) for target in CHOSEN if by_target.get(target, {}).get("values")]

    def _nouns(self, target: str) -> list[tuple[str, str]]:
        nouns: dict[str, Any] = {
            "severity": self.configuration.severities,
            "incident_status": self.configuration.incident_statuses,
            "incident_type": self.configuration.incident_types,
        }
        return [(noun.slug, noun.name) for noun in nouns[target]]

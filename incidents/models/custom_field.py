"""Custom fields, their options and catalog entries, and the values that incidents have in them."""

from __future__ import annotations

import decimal

from django.core.exceptions import ValidationError
from django.db import models

from incidents.models.ulid import ULIDField, new_ulid


class CatalogType(models.Model):
    """A kind of thing that the company keeps a catalog of: services, regions, customers."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    name = models.CharField(max_length=100, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CatalogEntry(models.Model):
    """One thing of a catalog; clients may name it by id, external id or alias."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    catalog_type = models.ForeignKey(CatalogType, models.PROTECT, related_name="entries")
    name = models.CharField(max_length=200)
    slug = models.CharField(max_length=80, editable=False)
    external_id = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 - unique, absent is not ""
    aliases = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "id"]
        verbose_name_plural = "catalog entries"
        constraints = [
            models.UniqueConstraint(
                fields=["catalog_type", "external_id"], name="catalog_entry_external_id_unique"
            ),
            models.UniqueConstraint(fields=["catalog_type", "slug"], name="catalog_entry_slug_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class CustomField(models.Model):
    """A question that the company asks of each incident (incident.io API, Custom Fields V2)."""

    class FieldType(models.TextChoices):
        SINGLE_SELECT = "single_select", "Single select"
        MULTI_SELECT = "multi_select", "Multi select"
        TEXT = "text", "Text"
        LINK = "link", "Link"
        NUMERIC = "numeric", "Number"

    class Required(models.TextChoices):
        NEVER = "never", "Never"
        BEFORE_RESOLUTION = "before_resolution", "Before the incident is resolved"
        ALWAYS = "always", "Always"

    class Similarity(models.TextChoices):
        NONE = "", "Not compared"
        SERVICE = "service", "The affected service"
        REGION = "region", "The affected region"
        COMPONENT = "component", "The affected component"

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    name = models.CharField(max_length=50, unique=True)
    slug = models.CharField(max_length=80, unique=True, editable=False)
    description = models.TextField(max_length=1000, blank=True)
    field_type = models.CharField(max_length=20, choices=FieldType)
    catalog_type = models.ForeignKey(
        CatalogType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The values of a select come from this catalog instead of options.",
    )
    required = models.CharField(max_length=20, choices=Required, default=Required.NEVER)
    similarity = models.CharField(
        max_length=10,
        choices=Similarity,
        blank=True,
        default=Similarity.NONE,
        help_text="What the duplicate check reads in the field.",
    )
    show_before_creation = models.BooleanField("on the declare form", default=True)
    show_before_closure = models.BooleanField("asked when closing", default=False)
    rank = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["rank", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    field_type__in=["single_select", "multi_select", "text", "link", "numeric"]
                ),
                name="custom_field_type_known",
            ),
            models.CheckConstraint(
                condition=models.Q(catalog_type__isnull=True)
                | models.Q(field_type__in=["single_select", "multi_select"]),
                name="custom_field_catalog_is_select",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a field that everybody has to fill and nobody is asked for (incident.io API, Custom Fields V1).

        Raises:
            ValidationError: by the name of the column.
        """
        if self.required == self.Required.ALWAYS and not self.show_before_creation:
            raise ValidationError(
                {"show_before_creation": "What is always required has to be on the declare form."}
            )

    @property
    def is_select(self) -> bool:
        """Whether the values are chosen from options or catalog entries."""
        return self.field_type in {self.FieldType.SINGLE_SELECT, self.FieldType.MULTI_SELECT}


class CustomFieldOption(models.Model):
    """A value that a select offers (incident.io API, Custom Field Options V1)."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    custom_field = models.ForeignKey(CustomField, models.CASCADE, related_name="options")
    value = models.CharField(max_length=200)
    slug = models.CharField(max_length=80, editable=False)
    sort_key = models.IntegerField(default=1000)

    class Meta:
        ordering = ["sort_key", "value", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["custom_field", "value"], name="custom_field_option_value_unique"
            ),
            models.UniqueConstraint(fields=["custom_field", "slug"], name="custom_field_option_slug_unique"),
        ]

    def __str__(self) -> str:
        return self.value


_VALUE_COLUMNS = ("value_option", "value_catalog_entry", "value_text", "value_link", "value_numeric")


def _exactly_one_value() -> models.Q:
    condition = models.Q()
    for filled in _VALUE_COLUMNS:
        others = {f"{other}__isnull": True for other in _VALUE_COLUMNS if other != filled}
        condition |= models.Q(**{f"{filled}__isnull": False}, **others)
    return condition


class Beginning(models.Func):
    """The first characters of a text: as many as an index takes of any language."""

    LENGTH = 200
    # The number is no parameter: SQLite compares what is written with what the index is made of.
    template = "SUBSTR(%(expressions)s, 1, 200)"
    output_field = models.TextField()


class CustomFieldEntry(models.Model):
    """One value of an incident in a custom field; a multi select has one row for each, by position."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    incident = models.ForeignKey(
        "incidents.Incident", models.PROTECT, related_name="custom_field_entries", db_index=False
    )
    custom_field = models.ForeignKey(CustomField, models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField(default=0)
    value_option = models.ForeignKey(
        CustomFieldOption, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    value_catalog_entry = models.ForeignKey(
        CatalogEntry, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    value_text = models.TextField(null=True, blank=True)  # noqa: DJ001 - exactly one value column is not null
    value_link = models.TextField(null=True, blank=True)  # noqa: DJ001 - as above
    # 15 digits are what both databases keep exactly: SQLite stores decimals as doubles.
    value_numeric = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name_plural = "custom field entries"
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "custom_field", "position"], name="custom_field_entry_position_unique"
            ),
            models.CheckConstraint(condition=_exactly_one_value(), name="custom_field_entry_one_value"),
        ]
        indexes = [
            models.Index(
                "value_option",
                models.F("incident").desc(),
                condition=models.Q(value_option__isnull=False),
                name="custom_field_entry_option",
            ),
            models.Index(
                "value_catalog_entry",
                models.F("incident").desc(),
                condition=models.Q(value_catalog_entry__isnull=False),
                name="custom_field_entry_catalog",
            ),
            models.Index("custom_field", models.F("incident").desc(), name="custom_field_entry_field"),
            # With the position, PostgreSQL knows that each incident comes once, and reads them in their order.
            models.Index(
                "custom_field",
                "value_numeric",
                models.F("incident").desc(),
                "position",
                condition=models.Q(value_numeric__isnull=False),
                name="custom_field_entry_numbers",
            ),
            models.Index(
                "custom_field",
                Beginning("value_text"),
                models.F("incident").desc(),
                "position",
                condition=models.Q(value_text__isnull=False),
                name="custom_field_entry_text",
            ),
            models.Index(
                "custom_field",
                Beginning("value_link"),
                models.F("incident").desc(),
                "position",
                condition=models.Q(value_link__isnull=False),
                name="custom_field_entry_link",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.custom_field_id} of {self.incident_id}"

    @property
    def label(self) -> str:
        """The value as people read it; needs the option or the catalog entry selected along."""
        if self.value_option is not None:
            return self.value_option.value
        if self.value_catalog_entry is not None:
            return self.value_catalog_entry.name
        if self.value_numeric is not None:
            return plain_number(self.value_numeric)
        return self.value_text or self.value_link or ""


def plain_number(number: decimal.Decimal) -> str:
    """Return the number without exponent and without zeros after the last digit that counts."""
    written = f"{number:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written

"""Catalog types and their entries in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin

from incidents import text
from incidents.admin.nouns import NounAdmin, NounForm
from incidents.models import CatalogEntry, CatalogType

ALIAS_LENGTH = 200
MOST_ALIASES = 50


class CatalogEntryForm(NounForm):
    """Aliases are typed one to a line."""

    aliases = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Other names for it, one to a line.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["aliases"] = "\n".join(self.instance.aliases)

    def clean_external_id(self) -> str | None:
        return self.cleaned_data["external_id"] or None

    def clean_aliases(self) -> list[str]:
        lines = self.cleaned_data["aliases"].splitlines()
        if len(lines) > MOST_ALIASES:
            raise forms.ValidationError(f"Enter at most {MOST_ALIASES} aliases.")
        try:
            aliases = [text.clean_line(line, limit=ALIAS_LENGTH) for line in lines]
        except text.TextError as error:
            raise forms.ValidationError(error.message) from error
        return list(dict.fromkeys(alias for alias in aliases if alias))


@admin.register(CatalogType)
class CatalogTypeAdmin(NounAdmin):
    fields = ("name",)
    list_display = ("name", "updated_at")
    search_fields = ("name",)


@admin.register(CatalogEntry)
class CatalogEntryAdmin(NounAdmin):
    autocomplete_fields = ("catalog_type",)
    fields = ("catalog_type", "name", "external_id", "aliases")
    form = CatalogEntryForm
    list_display = ("name", "catalog_type", "external_id", "slug")
    list_filter = ("catalog_type",)
    list_select_related = ("catalog_type",)
    search_fields = ("name", "external_id")

"""Custom fields in the admin, with their options."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.http import HttpRequest

from incidents.admin.nouns import NounAdmin, NounForm, refuse_used
from incidents.models import CustomField, CustomFieldOption

# Beyond this a page of options is too long to work with, and too large to send.
MOST_OPTIONS_INLINE = 150


class OptionInline(admin.TabularInline):
    """The options of a select, on the page of their field."""

    extra = 1
    fields = ("value", "sort_key")
    form = NounForm
    model = CustomFieldOption

    def get_formset(self, request: HttpRequest, obj: Any | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.hand_clean_DELETE = refuse_used  # type: ignore[attr-defined]  # Django looks for it there
        return formset


@admin.register(CustomField)
class CustomFieldAdmin(NounAdmin):
    autocomplete_fields = ("catalog_type",)
    fields = (
        "name",
        "description",
        "field_type",
        "catalog_type",
        "required",
        "similarity",
        "show_before_creation",
        "show_before_closure",
        "rank",
    )
    list_display = ("name", "field_type", "catalog_type", "required", "similarity", "rank", "slug")
    list_filter = ("field_type",)
    list_select_related = ("catalog_type",)
    search_fields = ("name",)

    def get_inlines(self, request: HttpRequest, obj: CustomField | None) -> list[type[InlineModelAdmin]]:
        """Offer options where the field has some of its own, and not too many."""
        if obj is None or not obj.is_select or obj.catalog_type_id is not None:
            return []
        return [OptionInline] if obj.options.count() <= MOST_OPTIONS_INLINE else []


@admin.register(CustomFieldOption)
class CustomFieldOptionAdmin(NounAdmin):
    autocomplete_fields = ("custom_field",)
    fields = ("custom_field", "value", "sort_key")
    list_display = ("value", "custom_field", "sort_key", "slug")
    list_filter = ("custom_field",)
    list_select_related = ("custom_field",)
    search_fields = ("value",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only selects with options of their own can have one more."""
        if db_field.name == "custom_field":
            selects = [CustomField.FieldType.SINGLE_SELECT, CustomField.FieldType.MULTI_SELECT]
            kwargs["queryset"] = CustomField.objects.filter(field_type__in=selects, catalog_type=None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any | None = None) -> tuple[str, ...]:
        """An option stays with its field: incidents hold it there."""
        return () if obj is None else ("custom_field",)

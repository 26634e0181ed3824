"""Lists that stay quick whatever the number of rows: counted up to a limit, filtered by what is offered alone."""

from __future__ import annotations

from functools import cached_property
from typing import Any, cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from incidents.admin.suggestions import SuggestedRow, SuggestedRows

COUNT_LIMIT = 1_000
_SUFFIXES = ("", "__exact", "__id__exact", "__in", "__isnull")


class CappedPaginator(Paginator):
    """Counts no further than the limit: beyond it people search or filter."""

    @cached_property
    def count(self) -> int:
        return min(self._reached, COUNT_LIMIT)

    @property
    def is_capped(self) -> bool:
        """Whether there are more than are counted."""
        return self._reached > COUNT_LIMIT

    @cached_property
    def _reached(self) -> int:
        rows = cast("QuerySet[Any]", self.object_list)
        return rows[: COUNT_LIMIT + 1].count()


class QuickAdmin(admin.ModelAdmin):
    """What every list of the admin has in common."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 50
    save_as = False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Django allows every lookup on own columns, regular expressions among them: offer what the list offers."""
        names = [item[0] if isinstance(item, tuple) else item for item in self.list_filter]
        return lookup in {f"{name}{suffix}" for name in names for suffix in _SUFFIXES}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = SuggestedRow(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = SuggestedRows(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class ReadOnlyAdmin(QuickAdmin):
    """Rows that can be looked at, and that nothing changes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

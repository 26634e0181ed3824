"""People in the admin: who they are, what they may do, and a password for those who cannot reset theirs."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from incidents.admin.nouns import NounForm
from incidents.admin.refusals import RefusableAdmin, actor_of
from incidents.models import User
from incidents.services.people import save_person

_PERSON = ("email", "name", "role", "is_active", "time_zone", "slack_user_id", "shortcuts_enabled")


def _zones() -> list[tuple[str, str]]:
    return [("", "The browser’s own"), *((name, name) for name in sorted(zoneinfo.available_timezones()))]


class PersonForm(NounForm):
    time_zone = forms.ChoiceField(choices=_zones, required=False)

    class Meta:
        model = User
        fields = _PERSON

    def clean_email(self) -> str:
        """Addresses differ by more than their case."""
        email: str = self.cleaned_data["email"].lower()
        if User.objects.exclude(pk=self.instance.pk).filter(email=email).exists():
            raise forms.ValidationError("Somebody has this address already.")
        return email


class NewPersonForm(PersonForm):
    """A new person has no password: they ask for a link, or an administrator sets one."""

    def save(self, commit: bool = True) -> Any:
        self.instance.set_unusable_password()
        return super().save(commit=commit)


@admin.register(User)
class PersonAdmin(RefusableAdmin, UserAdmin):
    add_fieldsets = ((None, {"fields": ("email", "name", "role", "time_zone", "slack_user_id")}),)
    add_form = NewPersonForm
    fieldsets = (
        (None, {"fields": ("email", "name", "role", "is_active", "password_page")}),
        ("Preferences", {"fields": ("time_zone", "slack_user_id", "shortcuts_enabled")}),
        ("Since", {"fields": ("created_at", "last_login")}),
    )
    filter_horizontal = ()
    form = PersonForm
    list_display = ("name", "email", "role", "is_active", "time_zone", "last_login")
    list_filter = ("role", "is_active")
    ordering = ("name", "id")
    readonly_fields = ("password_page", "created_at", "last_login")
    search_fields = ("name", "email")

    @admin.display(description="password")
    def password_page(self, person: User) -> SafeString:
        kept = "There is one." if person.has_usable_password() else "There is none."
        return format_html(
            '{} <a href="../password/">Set a password</a>, or let them reset it from the login page.', kept
        )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        save_person(obj, actor_of(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """History names people: they are deactivated, not removed."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Who is not here any more is found in the list, but offered for nothing."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if request.resolver_match is not None and request.resolver_match.url_name == "autocomplete":
            found = found.filter(is_active=True)
        return found, may_repeat

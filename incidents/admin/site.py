"""The admin site: its name, and what Django registers that means nothing here."""

from __future__ import annotations

from allauth.account import admin as account_admin  # noqa: F401 - registers EmailAddress, likewise
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth import admin as auth_admin  # noqa: F401 - registers Group, which is taken out below
from django.contrib.auth.models import Group

admin.site.site_header = "Tocsin administration"
admin.site.site_title = "Tocsin administration"
admin.site.index_title = "Configuration"
admin.site.empty_value_display = "–"
# The lists need the room.
admin.site.enable_nav_sidebar = False
# Removing many at once would go past the services.
admin.site.disable_action("delete_selected")
# Roles decide what people may do, not groups; and a person has one address, kept with them.
admin.site.unregister([Group, EmailAddress])

"""The addresses of an installation."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("incidents.web.urls")),
    path("", include("incidents.api.urls")),
    path("accounts/", include("incidents.web.account_urls")),
    path("admin/login/", secure_admin_login(admin.site.login)),
    path("admin/", admin.site.urls),
]

handler400 = "incidents_site.errors.bad_request"
handler403 = "incidents_site.errors.permission_denied"
handler404 = "incidents_site.errors.page_not_found"
handler500 = "incidents_site.errors.server_error"

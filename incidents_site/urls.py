"""The addresses of an installation."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("incidents.web.urls")),
    path("accounts/", include("incidents.web.account_urls")),
    path("admin/login/", secure_admin_login(admin.site.login)),
    path("admin/", admin.site.urls),
]

handler400 = "incidents.web.views.errors.bad_request"
handler403 = "incidents.web.views.errors.permission_denied"
handler404 = "incidents.web.views.errors.page_not_found"
handler500 = "incidents.web.views.errors.server_error"

"""Where the API is: everything below a version goes through the table of routes."""

from __future__ import annotations

from django.urls import path, re_path

from incidents.api.dispatch import api
from incidents.api.export import export_json
from incidents.api.openapi import openapi_document
from incidents.api.reference.views import reference_home, reference_route

app_name = "api"

urlpatterns = [
    path("docs/api/", reference_home, name="reference_home"),
    path("docs/api/<str:method>/<path:path>", reference_route, name="reference"),
    path("incidents/export.json", export_json, name="export_json"),
    path("v1/openapiV3.json", openapi_document, name="openapi"),
    re_path(r"^(?P<path>v[123](?:/.*)?)\Z", api, name="api"),
]

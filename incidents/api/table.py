"""Every route there is."""

from __future__ import annotations

from incidents.api.routes import RouteTable
from incidents.api.views import incidents, severities, similar

TABLE = RouteTable((*incidents.ROUTES, *similar.ROUTES, *severities.ROUTES))

"""Every route there is."""

from __future__ import annotations

from incidents.api.routes import RouteTable
from incidents.api.views import incidents, severities

TABLE = RouteTable((*incidents.ROUTES, *severities.ROUTES))

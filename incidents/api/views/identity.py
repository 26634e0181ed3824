"""Identity V1: what a key learns about itself."""

from __future__ import annotations

from django.conf import settings

from incidents.api.routes import Call, Nothing, Route
from incidents.api.wire import api_keys as wire


def show_identity(call: Call[Nothing, Nothing]) -> wire.IdentityShow:
    api_key, teams = call.api_key, call.configuration.teams.by_id
    return wire.IdentityShow(
        identity=wire.Identity(
            name=api_key.name,
            dashboard_url=settings.BASE_URL,
            roles=api_key.roles,
            team_roles=api_key.team_roles,
            teams=[
                wire.IdentityTeam(id=team_id, name=teams[team_id].name)
                for team_id in api_key.team_ids
                if team_id in teams
            ],
        )
    )


ROUTES = (
    Route(
        method="GET",
        path="/v1/identity",
        group="Identity",
        summary="Show who asks",
        description="The key's own name, roles and teams. Use it to try a key.",
        handler=show_identity,
        scope=None,
        answer=wire.IdentityShow,
    ),
)

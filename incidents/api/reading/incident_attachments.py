"""Incident attachments as the API shows them."""

from __future__ import annotations

from typing import cast

from incidents import models
from incidents.api.wire import incident_attachments as wire


def attachment_of(row: models.IncidentAttachment) -> wire.IncidentAttachment:
    """Return an attachment."""
    return wire.IncidentAttachment(
        id=row.pk,
        incident_id=row.incident_id,
        resource=wire.ExternalResource(
            external_id=row.external_id,
            permalink=row.permalink,
            resource_type=cast("wire.ResourceType", row.resource_type),
            title=row.title or row.permalink or row.external_id,
        ),
    )

"""Alert events V2 on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from incidents import text
from incidents.api.wire.base import Wire
from incidents.models.alert import KEY_LENGTH


class AlertEventsCreatePayload(Wire):
    """What a monitoring system reports (AlertEventsCreateHTTPPayloadV2)."""

    title: Annotated[str, Meta(min_length=1, max_length=500)]
    status: Literal["firing", "resolved"]
    deduplication_key: Annotated[
        str, Meta(max_length=KEY_LENGTH, description="The same key again is the same alert, and is counted.")
    ] = ""
    description: Annotated[
        str, Meta(max_length=text.SUMMARY_LENGTH, description="More about the alert, in Markdown.")
    ] = ""
    source_url: Annotated[
        str, Meta(max_length=text.URL_LENGTH, description="Where the alert can be seen.")
    ] = ""
    metadata: Annotated[dict[str, Any], Meta(description="Anything more, kept with the alert.")] = {}


class AlertEventsCreateResult(Wire):
    """That it was taken in, and under which key (AlertEventsCreateHTTPResultV2)."""

    deduplication_key: str
    message: str
    status: str

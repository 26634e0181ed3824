"""A feed of incidents in Atom (RFC 4287)."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed

from incidents.templatetags.markdown import markdown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incidents.web.feed_entries import FeedEntry

# What XML 1.0 cannot hold, not even escaped.
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Feed(Atom1Feed):
    """Atom as Django writes it; without entries it was updated when it began, not now."""

    def __init__(self, *, began_at: datetime.datetime, title: str, link: str) -> None:
        super().__init__(title=title, link=link, description="", language=settings.LANGUAGE_CODE)
        self._began_at = began_at

    def latest_post_date(self) -> datetime.datetime:
        """Return when the newest entry was updated."""
        return max((item["updateddate"] for item in self.items), default=self._began_at)


def write_atom(entries: Iterable[FeedEntry], *, title: str, link: str, began_at: datetime.datetime) -> bytes:
    """Return the feed. Its id and link are the list's: the address of the feed is a secret, and feeds get forwarded."""
    feed = _Feed(began_at=began_at, title=_text(title), link=link)
    for entry in entries:
        feed.add_item(
            title=_text(entry.title),
            link=entry.url,
            # Readers take it for HTML, so that it has to be clean HTML.
            description=_text(str(markdown(entry.summary))),
            author_name=_text(settings.ORGANISATION_NAME),
            unique_id=f"{settings.BASE_URL}/incidents/{entry.id}/",
            pubdate=entry.created_at,
            updateddate=entry.updated_at,
            categories=[_text(name) for name in (entry.severity, entry.status) if name],
        )
    return feed.writeString("utf-8").encode()


def _text(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)

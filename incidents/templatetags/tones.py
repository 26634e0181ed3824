"""How severities, statuses and people are coloured. The words are always printed too."""

from __future__ import annotations

import zlib

from django import template

from incidents.models import Configuration, IncidentStatus, User

register = template.Library()

AVATAR_COLOURS = ("violet", "teal", "amber", "blue", "rose")


@register.filter
def tone(configuration: Configuration, severity_id: str | None) -> int:
    """Return how loud a severity is drawn, 1 to 5; 0 without one."""
    return configuration.severity_tone(severity_id)


@register.filter
def severity_glyph(severity_tone: int) -> str:
    """Return the icon of a tone."""
    return f"severity-{severity_tone or 1}"


@register.filter
def status_class(status: IncidentStatus | str) -> str:
    """Return the class of a status or a category, which is also the name of its icon."""
    category = status.category if isinstance(status, IncidentStatus) else status
    return f"status-{category}"


@register.filter
def glyph_class(status: IncidentStatus | str) -> str:
    """Return the class that colours the icon of a status alone."""
    return status_class(status).replace("status-", "glyph-")


@register.filter
def initials(person: User | str) -> str:
    """Return one or two letters for a person: those of the first and the last word of the name."""
    words = [word for word in str(person).split("@")[0].replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    letters = words[0][0] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()


@register.filter
def avatar_class(person: User | str) -> str:
    """Return one of five colours, the same for the same person everywhere."""
    name = person.pk if isinstance(person, User) else str(person)
    return f"avatar-{AVATAR_COLOURS[zlib.crc32(name.encode()) % len(AVATAR_COLOURS)]}"

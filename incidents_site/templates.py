"""How templates are read: without what indents their lines, which is a tenth of a page and says nothing to a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.template.loaders import filesystem

if TYPE_CHECKING:
    from django.template import Origin

_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class Loader(filesystem.Loader):
    """Reads the project's templates. Lines keep their numbers, and what is put into a template stays as it is."""

    def get_contents(self, origin: Origin) -> str:
        """Return the text of a template; of HTML, without indentation. No template writes out a `pre` of its own."""
        text = super().get_contents(origin)
        return _INDENTATION.sub("", text) if str(origin.name).endswith(".html") else text

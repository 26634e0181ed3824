"""Where static files are found."""

from __future__ import annotations

from functools import cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Compressed files with hashes in their names, which stay for the life of the process: looked up once each.

    A page names about twenty files, and each look-up costs as much as a row of a list.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self.url = cache(super().url)  # type: ignore[method-assign]

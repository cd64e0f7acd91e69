"""Where the files of the pages stand: asked once each, for every page names eight of them."""

from __future__ import annotations

from django.contrib.staticfiles.storage import StaticFilesStorage


class StaticFiles(StaticFilesStorage):
    """Django's storage, which remembers the addresses it gave: they stand in templates, so they are few."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, str] = {}

    def url(self, name: str | None) -> str:
        """Return where a file stands."""
        if name is None:
            return super().url(name)
        if name not in self._known:
            self._known[name] = super().url(name)
        return self._known[name]

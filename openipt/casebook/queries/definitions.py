"""What was kept of forms and manuals when they were first used."""

from __future__ import annotations

from django.db import DatabaseError

from openipt.casebook.models import Definition
from openipt.therapy.shelf.kept import Kind

# A version never changes and its row is never removed: asked once per process, however many old sheets a page reads.
_known: dict[tuple[Kind, str, str], str] = {}


def kept_text(kind: Kind, name: str, version: str | None) -> str | None:
    """Return the kept text of a definition: of a version, or the one kept last. None where none was, or no store is."""
    if version is None:
        return _asked(kind, name, None)
    text = _known.get((kind, name, version)) or _asked(kind, name, version)
    if text is not None:
        _known[kind, name, version] = text
    return text


def forget_texts() -> None:
    """Forget what was read: another database is about to be opened."""
    _known.clear()


def _asked(kind: Kind, name: str, version: str | None) -> str | None:
    found = Definition.objects.filter(kind=kind, name=name)
    if version is not None:
        found = found.filter(version=version)
    try:
        return found.order_by("-first_used_at").values_list("text", flat=True).first()
    except DatabaseError:  # a command that reads the shelf alone runs without a record
        return None

"""What was kept of forms and manuals when they were first used."""

from __future__ import annotations

from django.db import DatabaseError

from openipt.casebook.models import Definition
from openipt.therapy.shelf.kept import Kind


def kept_text(kind: Kind, name: str, version: str | None) -> str | None:
    """Return the kept text of a definition: of a version, or the one kept last. None where none was, or no store is."""
    found = Definition.objects.filter(kind=kind, name=name)
    if version is not None:
        found = found.filter(version=version)
    try:
        return found.order_by("-first_used_at").values_list("text", flat=True).first()
    except DatabaseError:  # a command that reads the shelf alone runs without a record
        return None

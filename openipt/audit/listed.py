"""A list in a column, as one exact text: what was hashed is what is stored, byte for byte, on both engines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import models

_COMPACT = json.JSONEncoder(separators=(",", ":"))


def as_text(value: Any) -> str:
    """Write a list of texts, or of lists of texts, as compact JSON in ASCII."""
    return _COMPACT.encode(value)


class ListField(models.TextField):  # type: ignore[type-arg]  # cannot be given types when it runs
    """A list of texts, or of lists of texts."""

    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, *_: object) -> Any:
        """Read the stored text."""
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        """Read a list from its text; leave a list as it is."""
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        """Write the text that is stored; an expression of the database passes unchanged."""
        if value is None or isinstance(value, str) or hasattr(value, "resolve_expression"):
            return value
        return as_text(value)

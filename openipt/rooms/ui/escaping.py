"""Text set on a page: escaped where it holds what has to be."""

from __future__ import annotations

import html
import re

from django.utils.safestring import SafeString

_to_escape = re.compile("[&<>\"']").search


def escape(text: str) -> str:
    """Escape a text. Few of the hundreds on a page hold anything to escape, and to see that is the quicker thing."""
    return html.escape(text) if _to_escape(text) else text


def as_written(text: str) -> SafeString:
    """Say of a text that whoever wrote it has escaped it: the page sets it as it is.

    Django's `mark_safe` says the same, and asks of each text whether it is one that is made later.
    """
    return SafeString(text)

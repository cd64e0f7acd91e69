"""Filters of the sheets that are laid out by hand."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import template

from openipt.rooms.ui.templatetags.words import long_date

register = template.Library()
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}\Z")


@register.filter
def when(moment: Any) -> str:
    """Write a day, a month or a year as far as it is known; words stay as they are."""
    if isinstance(moment, str) and not _DATE.match(moment):
        return moment
    if isinstance(moment, (str, datetime)):
        return long_date(moment)
    return "" if moment is None else str(moment)

"""What a sheet that was saved still lacks for a complete one, by the names its page gave it. Nothing waits for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from openipt.therapy.forms import Form, has_form, open_form
from openipt.therapy.forms.items import GroupItem
from openipt.therapy.record import Entry, Record
from openipt.therapy.words import Sentence, say

STEP = re.compile(r"^(\w+)(?:\[(\d+)\])?$")
NAMED = 4  # as many as are read in a line; the page itself marks them all


def wanting(record: Record, entry: Entry) -> Sentence | None:
    """Name what is marked “for a complete sheet” and blank; None where nothing is, or a score says it already."""
    if entry.kind != "answers" or not has_form(entry.form):
        return None
    form = open_form(entry.form, entry.version)
    blank = () if form.primary else record.result(entry).missing.items
    called = list(dict.fromkeys(_called(form, path) for path in blank))
    if not called:
        return None
    more = [say("wanting.more", n=len(called) - NAMED)] if len(called) > NAMED else []
    return say("wanting.still", what=(*called[:NAMED], *more))


def _called(form: Form, path: str) -> Sentence | str:
    """Return what the page calls a place: `lines[0].said` is the question, in the row that it was asked in."""
    items: Sequence[Any] = form.items
    row: tuple[str, int] | None = None
    words = path
    for part in path.split("."):
        found = STEP.match(part)
        item = next((one for one in items if found and one.id == found[1]), None)
        if found is None or item is None:
            return words
        words = f"“{item.label or item.topic or item.id}”"
        items = item.items if isinstance(item, GroupItem) else ()
        if found[2] is not None:
            row = (str(getattr(item, "row", None) or "row"), int(found[2]) + 1)
            words = ""
    if row is None:
        return words
    return (
        say("wanting.in_row", row=row[0], n=row[1], what=words) if words else say("wanting.rows", row=row[0], n=row[1])
    )

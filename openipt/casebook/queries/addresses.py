"""What the table means by `no_address`: where somebody can be reached is left out, how they want it to be stays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID

from openipt.casebook.models import Entry as Row
from openipt.casebook.models.sealed import read_body
from openipt.casebook.queries.visible import Seen
from openipt.therapy.forms import has_form, open_form
from openipt.therapy.record import Entry

BOUND = "no_address"
NAMES = ("email", "address")  # beside every item that is a telephone number


@cache
def address_items(form: str, version: str = "") -> frozenset[str]:
    """Return the questions of a form whose answers are an address or a number."""
    if not has_form(form):
        return frozenset()
    return frozenset(one.id for one in open_form(form, version or None).items if one.kind == "phone" or one.id in NAMES)


def without_address(entry: Entry) -> Entry:
    """Return an entry without the answers by which somebody can be reached."""
    hidden = address_items(entry.form, entry.version or "")
    if not hidden:  # its text need not be opened
        return entry
    left = {name: one for name, one in entry.answers.items() if name not in hidden}
    return entry if len(left) == len(entry.answers) else replace(entry, answers=left)


def with_address(seen: Seen, form: str, answers: Mapping[str, Any], replaces: UUID | None) -> Mapping[str, Any]:
    """Return the answers of a newer version, with the addresses of the older one where its writer could not see them.

    Args:
        seen: The enrolment, with what the table says of whoever writes.
        form: The form.
        answers: What was written.
        replaces: The entry that it replaces, if any.
    """
    if BOUND not in seen.ruling.bounds or replaces is None:
        return answers
    row = Row.objects.filter(id=replaces, form=form, enrolment=seen.enrolment).first()
    known = _answers(row) if row else {}
    return {**_of(known, address_items(form) - set(answers)), **answers}


def _answers(row: Row) -> Mapping[str, Any]:
    body = read_body(row.scope, "entry", row.id, bytes(row.body))
    answers: Mapping[str, Any] = body.get("answers") or {}
    return answers


def _of(answers: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: one for name, one in answers.items() if name in names}

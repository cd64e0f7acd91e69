"""Sixteen people who write the same formulations at the same time, each starting from the version they have read."""

from __future__ import annotations

import os
import uuid
from collections import Counter

from evidence.home import actor, courses, minute
from evidence.saving import SPACE, save

from openipt.casebook.models import Draft, Entry, Flag
from openipt.casebook.models.sealed import read_body
from openipt.casebook.operations.saving import save_entry
from openipt.therapy.forms import open_form

FORM = "formulation"
EDITORS = 16
open_form(FORM)


def prepare() -> None:
    """Give every course a formulation to begin with."""
    for place in range(len(courses())):
        _write(place, -1, place, None)


def edit(editor: int, number: int) -> tuple[str, str]:
    """Read the newest formulation of a course and replace it; return the new id and the one it was to replace."""
    place = (3 * editor + number) % len(courses())
    known = Entry.objects.filter(enrolment__label=courses()[place], form=FORM)
    head = known.order_by("-seq").values_list("id", flat=True).first()
    return str(_write(place, editor, number, head)), str(head)


def send_again(_editor: int, number: int) -> str:
    """Save a sheet that all others send at the same moment: a telephone that sends twice, and more."""
    return save(0, number)


def what_became(saved: list[str]) -> dict[str, list[str]]:
    """Return what was lost, what says something else now, and versions of which two took the place."""
    stored = {str(row.id): row for row in Entry.objects.filter(form=FORM)}
    bases = Counter(str(row.replaces_id) for row in stored.values() if row.replaces_id)
    said = {key: _said("entry", row) for key, row in stored.items()}
    drafts = Draft.objects.filter(form=FORM, conflicts_with__isnull=False)
    kept = {*said.values(), *(_said("draft", row) for row in drafts)}
    tried = [(editor, number) for editor in range(EDITORS) for number in range(int(os.environ["SAVES"]) // EDITORS)]
    return {
        "lost": sorted(set(saved) - stored.keys()),
        "replaced twice": sorted(base for base, times in bases.items() if times > 1),
        "says something else": sorted(
            str(_id(*one)) for one in tried if said.get(str(_id(*one)), _text(*one)) != _text(*one)
        ),
        "neither saved nor kept": sorted(_text(*one) for one in tried if _text(*one) not in kept),
    }


def sent_once(_saved: list[str]) -> dict[str, list[str]]:
    """Return sheets that are not there exactly once, with their flag."""
    each = int(os.environ["SAVES"]) // EDITORS
    stored = [str(key) for key in Entry.objects.filter(form="phq-9").values_list("id", flat=True)]
    expected = [str(uuid.uuid5(SPACE, f"0/{number}")) for number in range(each)]
    flags = Flag.objects.filter(rule__in=("R1", "R2")).count()
    return {
        "not once": sorted(set(stored) ^ set(expected)),
        "drafts": [str(key) for key in Draft.objects.values_list("id", flat=True)],
        "flags": [] if flags == each // 2 else [f"{flags} flags for {each // 2} answers about danger"],
    }


def _write(place: int, editor: int, number: int, head: uuid.UUID | None) -> uuid.UUID:
    return save_entry(
        by=actor(),
        at=minute(number + 1),
        enrolment=courses()[place],
        form=FORM,
        answers={"link_statement": _text(editor, number)},
        id=_id(editor, number),
        replaces=head,
    ).id


def _said(table: str, row: Entry | Draft) -> str:
    return str(read_body(row.scope, table, row.id, bytes(row.body))["answers"]["link_statement"])


def _text(editor: int, number: int) -> str:
    return f"Editor {editor} wrote this as number {number}."


def _id(editor: int, number: int) -> uuid.UUID:
    return uuid.uuid5(SPACE, f"edit {editor}/{number}")

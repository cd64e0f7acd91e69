"""What is done to a service while it is killed: PHQ-9s are saved, half of them with an answer about danger.

This module is loaded before the harness forks. What every process would read from the shelf first is read here once.
"""

from __future__ import annotations

import uuid
from importlib import import_module
from zoneinfo import ZoneInfo

from django.db import connection
from evidence.home import actor, courses, minute

from openipt.casebook.operations.defining import sha_of
from openipt.casebook.operations.saving import save_entry
from openipt.policy import Actor, kind_of, may
from openipt.therapy.course import derived_flags, standing
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import open_manual
from openipt.therapy.record import Entry, Record

SPACE = uuid.UUID("0d3f6b7e-94f0-4f7e-9d0c-8f6f4b7f1d11")


def answers(number: int) -> dict[str, int]:
    """A PHQ-9; every second one says yes to the ninth question."""
    danger = (number // 2) % 3 + 1 if number % 2 else 0
    return {f"q{item}": (number + item) % 4 for item in range(1, 9)} | {"q9": danger}


def save(worker: int, number: int) -> str:
    """Save one sheet and return its id. Called again with the same numbers, it is the same sheet."""
    key = uuid.uuid5(SPACE, f"{worker}/{number}")
    save_entry(
        by=actor(),
        at=minute(number),
        enrolment=_course(number),
        form="phq-9",
        answers=answers(number),
        id=key,
    )
    return str(key)


def _course(number: int) -> str:
    # The next sheet of a course comes late: it does not mend at once what a kill broke.
    return courses()[number % len(courses())]


def _warm_up() -> None:
    """Do in memory what saving a sheet does, so that a child is at work within milliseconds. No database is opened."""
    form, manual = open_form("phq-9"), open_manual("ipt-classic")
    one = Entry("1", form.id, minute(0), minute(0), answers(1))
    known = Record("K-1", "1", manual.id, manual.version, began_on=minute(0).date(), entries=(one,))
    standing(manual, known, minute(0).date())
    derived_flags(manual, known, minute(0).date())
    kind = kind_of(form.id, form.kind, form.visibility)
    may(Actor("1", "1", frozenset({"therapist"})), {"assigned"}, kind, "write")
    sha_of(form)
    ZoneInfo("UTC")
    import_module("cryptography.hazmat.primitives.ciphers.aead")
    connection.ops.compiler("SQLCompiler")


_warm_up()

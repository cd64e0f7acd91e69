"""Known danger at home: what the newest questions asked alone were answered with, for whoever prepares a session."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from openipt.therapy.record import Record, alias, violence_checks
from openipt.therapy.record.views import FEARED, Asked
from openipt.therapy.vocabulary import label
from openipt.therapy.words import Sentence, say

EVERYBODY = "all_current"


def danger_at_home(record: Record, today: date) -> tuple[Sentence, ...]:
    """Say of whom the newest check found fear, coercion or violence, or that hard things are not safe to raise.

    Nothing that a client's phone shows may be made from this.
    """
    return tuple(_said(record, person, check) for person, check in _newest(record, today) if _grave(check))


def _newest(record: Record, today: date) -> Iterator[tuple[str, Asked]]:
    """Yield the newest check about each person; one about everybody puts the earlier ones of that side behind it."""
    known: dict[tuple[bool, str], Asked] = {}
    for check in violence_checks(record):
        if not check.counts or check.on > today:
            continue
        if EVERYBODY in check.about:
            known = {key: one for key, one in known.items() if key[0] != check.of_partner}
        known |= {(check.of_partner, person): check for person in check.about}
    yield from ((person, check) for (_, person), check in known.items())


def _grave(check: Asked) -> bool:
    return check.result in FEARED or check.safe_to_raise == "no"


def _said(record: Record, person: str, check: Asked) -> Sentence:
    name = say("gate.violence.somebody") if person == EVERYBODY else alias(record, person)
    line = "at_home.not_safe" if check.safe_to_raise == "no" else "at_home.answered"
    return say(line, person=name, on=check.on, result=label("person_safety", check.result))

"""Sign off a decision as the second person; where one clinician works alone, after a delay and with a reason."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from openipt.casebook.models import Entry, Mark, Thing
from openipt.casebook.operations.acting import act
from openipt.casebook.operations.changing import write_mark
from openipt.casebook.operations.sheet import Sheet
from openipt.casebook.operations.standing import restate
from openipt.casebook.operations.together import write_sheet
from openipt.casebook.queries.record import record
from openipt.casebook.queries.signing import DECISION, SIGN_OFF, SIGN_OFFS, may_sign_from, rules_on
from openipt.casebook.queries.visible import NotAllowed, NotVisible, Seen
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor, Ruling

ANSWERS = ("agreed", "think_again")
LOOKED_AGAIN = "looked_again"
ENDED = "ended"


class TakesAnother(PermissionError):  # noqa: N818
    """Whoever decided cannot be the second person as well."""


class TooEarly(ValueError):  # noqa: N818
    """Where one clinician works alone a day lies between the decision and the second look."""

    def __init__(self, may_from: datetime) -> None:
        super().__init__(f"this can be looked at again from {may_from:%d %B, %H:%M}")
        self.may_from = may_from


class AnsweredAlready(ValueError):  # noqa: N818
    """Somebody has answered this; what they wrote stands."""


def sign_off(
    *,
    by: Actor,
    at: datetime,
    enrolment: str,
    decision: str,
    says: str,
    words: str,
    id: UUID,  # noqa: A002 - the word of the field
) -> bool:
    """Write what the second person made of a decision; return False where the same had come before.

    Args:
        by: The second person; the same one only where one clinician works alone.
        at: The server's time: the delay runs from when the server recorded the decision.
        enrolment: The enrolment's label.
        decision: The id of the decision record.
        says: `agreed` or `think_again`; of the same person it is always a second look.
        words: What they say, without names; never empty.
        id: The entry's id, made with the page.

    Raises:
        NotVisible: no such decision waits in a course of this actor.
        NotAllowed: the table says no.
        TakesAnother: whoever decided tries to sign.
        TooEarly: one who works alone, before the delay is over.
        AnsweredAlready: somebody was faster.
    """
    if not words.strip():
        raise ValueError("a decision is signed off with words: say in a sentence what you make of it")
    seen = find_enrolment(by, enrolment, SIGN_OFFS, "read", at)
    thing = Thing.objects.filter(enrolment=seen.enrolment, kind="decision", label=decision).first()
    decided = Entry.objects.filter(form=DECISION, enrolment=seen.enrolment, id=decision).first() if thing else None
    if thing is None or decided is None:
        raise NotVisible(decision)
    same = str(decided.by) == by.id
    _ask_the_table(by, at, seen, decided)
    said = {"says": LOOKED_AGAIN if same else says if says in ANSWERS else ANSWERS[0], "words": words.strip()}
    if Entry.objects.filter(id=id, enrolment=seen.enrolment, form=SIGN_OFF).exists():
        return False
    with act("sign_off", by=by.id, at=at, owner=seen.enrolment) as it:
        if Mark.objects.filter(target=thing.id, what=ENDED).exists():
            raise AnsweredAlready(decision)
        write_sheet(it, Sheet(SIGN_OFF, said, at, id, about=decision), by)
        write_mark(it, thing.id, ENDED, UUID(by.id), said["says"])
        restate(it, record(seen.enrolment, naming=False), at)
    return True


def _ask_the_table(by: Actor, at: datetime, seen: Seen, decided: Entry) -> None:
    """Ask whether this person may be the second one, now."""
    may_from = may_sign_from(by, decided.by, decided.recorded_at)
    if may_from is None:
        raise TakesAnother("a decision is signed off by somebody else than whoever made it")
    met = {"written_reason"} | ({"delay"} if at >= may_from else set())
    if str(decided.by) != by.id:
        met.add("second_person")
    allowed, wanting = rules_on(by, seen, frozenset(met))
    if not allowed:
        raise NotAllowed(Ruling(False, "none", "policy.denied.not_for_role"))
    if wanting:
        raise TooEarly(may_from)

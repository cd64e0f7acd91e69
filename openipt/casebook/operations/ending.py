"""End a course: what happened is always written down; the course closes where nothing is wanting any more.

No course ends in silence, and none is held back: a course that still wants something stays on the list and says what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

from openipt.casebook.models import Enrolment, Flag
from openipt.casebook.operations.acting import Act
from openipt.casebook.operations.flagging import responsible, write_step
from openipt.casebook.operations.sheet import Sheet
from openipt.casebook.operations.standing import day_of
from openipt.casebook.operations.together import write_sheet, write_together
from openipt.casebook.queries.linked import course_sheet
from openipt.casebook.queries.manuals import manual_of
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor
from openipt.therapy.course import DerivedFlag, closing, open_flags
from openipt.therapy.course.flags import SELF_HARM_RULES
from openipt.therapy.record import Record
from openipt.therapy.words import Sentence

ENDING, CARD, COURSE = "ending", "session-record", "course-sheet"


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of an ending: whether the course is closed, and what it still wants where it is not."""

    closed: bool
    wanting: tuple[Sentence, ...]


def to_settle(known: Record, today: date) -> tuple[DerivedFlag, ...]:
    """Return the flags without an outcome that stand before the end of a course."""
    return tuple(one for one in open_flags(manual_of(known), known, today) if one.rule in SELF_HARM_RULES)


def end_course(
    *,
    by: Actor,
    at: datetime,
    enrolment: str,
    answers: Mapping[str, Any],
    id: UUID,  # noqa: A002 - the word of the field
    replaces: UUID | None = None,
    beside: Sequence[Sheet] = (),
    tasks: Sequence[str] = (),
    settled: str = "",
) -> Ended:
    """Write how a course ended. It is closed in the same act where the record wants nothing more.

    Args:
        by: Who has the course in charge.
        at: The server's time.
        enrolment: The enrolment's label.
        answers: Of the sheet `ending`.
        id: The entry's id, made with the page: sent twice it is one ending.
        replaces: The ending as it stood when the page was opened; None for the first.
        beside: Other sheets written with it: the talk about the ending, the plan for keeping well.
        tasks: Tasks of the last session that were done and are not on its card yet (`END.08`).
        settled: What was done about answers that asked for a person and have no outcome, in words; empty leaves them.

    Raises:
        NotVisible, NotAllowed, Invalid, SameIdOtherBody, Replaced: as for `save_entry`; nothing was stored.
    """
    seen = find_enrolment(by, enrolment, "session_records", "write", at)
    if settled.strip():
        find_enrolment(by, enrolment, "risk_flags", "write", at)
    owner = seen.enrolment
    today = day_of(owner, at)

    def close(it: Act) -> None:
        if settled.strip():
            _settle(it, owner, record(owner, naming=False), today, settled.strip(), by)
        _add_tasks(it, record(owner, naming=False), tasks, by)
        now = record(owner, naming=False)
        if not closing(manual_of(now), now, today).wanting:
            _write_end(it, owner, str(answers.get("on") or today.isoformat()), by)

    write_together(
        "end_course",
        [Sheet(ENDING, answers, at, id, replaces=replaces), *beside],
        by=by,
        at=at,
        enrolment=enrolment,
        in_its_place=lambda known: known.newest(ENDING),
        then=close,
    )
    now = record(owner, naming=False)
    return Ended(now.ended_on is not None, closing(manual_of(now), now, today).wanting)


def _settle(it: Act, owner: Enrolment, known: Record, today: date, words: str, by: Actor) -> None:
    """Write the same outcome to each open flag; one that came with its story from elsewhere gets its row now."""
    for flag in to_settle(known, today):
        row = _row_of(it, owner, known, flag)
        write_step(it, row, "outcome", by=UUID(by.id), said={"words": words, "assessed": False}, state="closed")


def _row_of(it: Act, owner: Enrolment, known: Record, flag: DerivedFlag) -> Flag:
    if flag.handled is not None:
        rows = Flag.objects.filter(enrolment=owner).select_related("enrolment__client")
        return next(one for one in rows if flag.handled.id in (one.label, str(one.id)))
    answered = next((one.happened_at for one in known.entries if one.id == flag.entry), it.at)
    return it.add(
        Flag(
            id=uuid7(),
            organisation_id=owner.organisation_id,
            enrolment=owner,
            entry_id=UUID(flag.entry) if flag.entry else None,
            rule=flag.rule,
            item=flag.item or "",
            state=flag.state,
            answered_at=answered,
            received_at=it.at,
            recorded_at=it.at,
            due_at=it.at,
            owner=responsible(owner, it.at),
        )
    )


def _add_tasks(it: Act, known: Record, tasks: Sequence[str], by: Actor) -> None:
    """Put tasks on the card of the last session held that are not there yet."""
    if not tasks or not known.held():
        return
    last = known.held()[-1]
    card = known.newest(CARD, last.id)
    said = dict(card.answers) if card else {}
    new = [task for task in tasks if task not in (said.get("tasks") or ())]
    if new:
        said["tasks"] = [*(said.get("tasks") or ()), *new]
        older = UUID(card.id) if card else None
        made = uuid5(UUID(card.id) if card else uuid7(), f"end {it.at.isoformat()}")
        write_sheet(it, Sheet(CARD, said, last.happened_at, made, about=last.id, replaces=older), by)


def _write_end(it: Act, owner: Enrolment, on: str, by: Actor) -> None:
    said = {**course_sheet(owner), "ended_on": on}
    write_sheet(it, Sheet(COURSE, said, it.at, uuid7()), by)


def close_if_ready(*, by: Actor, at: datetime, enrolment: str) -> bool:
    """Close a course whose ending is written where nothing is wanting any more; return whether it is closed now."""
    seen = find_enrolment(by, enrolment, "session_records", "write", at)
    known = record(seen.enrolment, naming=False)
    ending = known.newest(ENDING)
    today = day_of(seen.enrolment, at)
    if known.ended_on is not None or ending is None or closing(manual_of(known), known, today).wanting:
        return known.ended_on is not None
    said = {**course_sheet(seen.enrolment), "ended_on": str(ending.answers.get("on") or today.isoformat())}
    write_together(
        "close_course", [Sheet(COURSE, said, at, uuid5(UUID(ending.id), "close"))], by=by, at=at, enrolment=enrolment
    )
    return True

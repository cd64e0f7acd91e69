"""What a session left in the record of its own accord, and what one tap may say was done in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openipt.therapy.forms import has_form, open_form
from openipt.therapy.manuals import Manual, sheets_of
from openipt.therapy.record import Entry, Record, Session, shared_at, was_shared
from openipt.therapy.vocabulary import vocabulary

LOOKED_AT = ("MID.02", "INI.02")  # the questionnaire, looked at together: to type it in is not to look at it
STEP_TASK, OPENING_TASK = "MID.07", "MID.01"
SAID = "formulation, said"  # a sheet of this name holds the choice of a focus, too: that alone is no formulation
OWN_SHEETS = {"INI.14": "consent", "INI.09": "formulation", "INI.10": SAID, "MID.10": "mid-review"}
AGREED = {**OWN_SHEETS, "INI.11": "contract"}  # nobody agreed what is not written
SPOKEN_SAFETY = ("safety-conversation", "violence-check", "medical-review")


@dataclass(frozen=True, slots=True)
class Left:
    """What stands in the record from one session."""

    sheets: frozenset[str]
    answered: bool  # a questionnaire came in on its day
    written: Mapping[str, int]  # how many of each sheet


def left(record: Record, session: Session, entries: Iterable[tuple[str, Entry]]) -> Left:
    """Return what was written in a session, and whether a questionnaire was answered for it."""
    since, known = session.happened_at, [entry for _, entry in entries]
    here = [entry for entry in known if entry.about == session.id or entry.happened_at >= since]
    here = [entry for entry in here if not _is_one_line(entry)]
    said = any(one.form == "formulation" and was_shared(one) and since <= shared_at(record, one) for one in here)
    answered = any(has_form(entry.form) and open_form(entry.form).kind == "questionnaire" for entry in known)
    written = Counter([*(entry.form for entry in here), *([SAID] if said else [])])
    return Left(frozenset(written), answered, written)


def _is_one_line(entry: Entry) -> bool:
    """Whether an incident was only caught: a line that is kept is no pattern that was looked for."""
    return entry.form == "pattern-log" and not entry.answers.get("i_did")


def traced(manual: Manual, tasks: Iterable[str], found: Left) -> frozenset[str]:
    """Return the tasks that left a trace: their own sheet was written in the session.

    A sheet may serve six tasks, and one that was written speaks for one of them: the first in this order. Where a task
    asks for several things aloud and alone, one of their sheets does not speak for the others.
    """
    return frozenset(_speaks_for(manual, tasks, Counter(found.written)))


def _speaks_for(manual: Manual, tasks: Iterable[str], left_over: Counter[str]) -> Iterator[str]:
    for task in tasks:
        own = set() if task in LOOKED_AT else _own_sheets(manual, task)
        if own and all(left_over[sheet] for sheet in own):
            left_over.subtract(own if len(own) == 1 else ())
            yield task


def sharing(manual: Manual, tasks: Iterable[str], form: str) -> tuple[str, ...]:
    """Return the tasks whose own sheet a form is."""
    return tuple(task for task in tasks if task not in LOOKED_AT and form in _own_sheets(manual, task))


def alike(manual: Manual, tasks: Iterable[str]) -> frozenset[str]:
    """Return the tasks that are made with the same sheet as another of them: their names alone do not tell them apart.

    What is asked about danger has its own words, whichever sheets it shares.
    """
    own = {task: _own_sheets(manual, task) - {*SPOKEN_SAFETY} for task in tasks if task not in LOOKED_AT}
    shared = Counter(sheet for sheets in own.values() for sheet in sheets)
    return frozenset(task for task, sheets in own.items() if any(shared[sheet] > 1 for sheet in sheets))


def followed(said: Mapping[str, Any], step: bool) -> frozenset[str]:
    """Return the tasks that follow from what stands on a card: what came first, the step agreed."""
    opened = said.get("opener_first") or said.get("mood") not in (None, "")
    return frozenset([*([OPENING_TASK] if opened else []), *([STEP_TASK] if step else [])])


def at_one_tap(manual: Manual, tasks: Iterable[str], found: Left) -> tuple[str, ...]:
    """Return the tasks that one tap may say were done.

    Never what was asked about danger, and never what there would be something to show for: a consent that nobody
    wrote, a questionnaire that nobody answered, a step (that depends on the card).
    """
    return tuple(task for task in tasks if task != STEP_TASK and not _needs_a_tap(manual, task, found))


def _needs_a_tap(manual: Manual, task: str, found: Left) -> bool:
    if task in LOOKED_AT:
        return not found.answered
    if task in AGREED:
        return AGREED[task] not in found.sheets
    sheets = _sheets(manual, task)
    return bool(sheets) and (sheets[0] in SPOKEN_SAFETY or "violence-check" in sheets)


def _own_sheets(manual: Manual, task: str) -> set[str]:
    if task in OWN_SHEETS:
        return {OWN_SHEETS[task]}
    sheets = _sheets(manual, task)
    if sheets and sheets[0] in SPOKEN_SAFETY:
        return {sheet for sheet in sheets if sheet in SPOKEN_SAFETY}
    return set(sheets[:1])


def _sheets(manual: Manual, task: str) -> list[str]:
    folders = vocabulary()["worksheet_aliases"]
    return [folders[code] for code in sheets_of(manual, task) if code in folders]

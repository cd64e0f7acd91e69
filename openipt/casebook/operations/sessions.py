"""A session as two acts: that it was held or missed, and what happened in it. Each is written whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from openipt.casebook.models import Enrolment, Entry, Thing
from openipt.casebook.models.sealed import fingerprint
from openipt.casebook.operations.acting import Act, act
from openipt.casebook.operations.changing import write_mark
from openipt.casebook.operations.drafting import drop_drafts
from openipt.casebook.operations.fitting import refit_later
from openipt.casebook.operations.flagging import raise_flags
from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody, Saved, save_entry, write_entry
from openipt.casebook.operations.sheet import Sheet
from openipt.casebook.operations.standing import restate
from openipt.casebook.operations.together import keep_beside
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotVisible
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor, kind_of, kind_of_thing
from openipt.therapy.forms import open_form, score
from openipt.therapy.record import Entry as Known
from openipt.therapy.record import Record, Session, step_after
from openipt.therapy.vocabulary import vocabulary

SHEET, RECORD, STEP = "session-sheet", "session-record", "between-session-step"
MISSED = ("late_cancel", "no_show")  # nobody met


class NumberTaken(ValueError):  # noqa: N818
    """The course has a session of this number already: two people, or two tabs, began the same one."""

    def __init__(self, number: int) -> None:
        super().__init__(f"there is a session {number} already; open it, or look at the course again")
        self.number = number


class _Conflict(Exception):  # noqa: N818 - undoes an act: something else stands in this place
    def __init__(self, known: Entry) -> None:
        super().__init__(str(known.id))
        self.known = known


class _Arrived(Exception):  # noqa: N818 - undoes an act: the same had come before
    pass


def uses_of(kind: str) -> int:
    """Return how many contracted sessions a kind uses, where the contract says nothing else."""
    return int(vocabulary()["session_kinds"][kind]["uses"])


def hold_session(
    *,
    by: Actor,
    at: datetime,
    enrolment: str,
    number: int,
    kind: str,
    happened_at: datetime,
    id: UUID,  # noqa: A002 - the word of the field
    minutes: int | None = None,
    modality: str | None = None,
    with_people: Sequence[str] = (),
    uses: int | None = None,
    missed_reason: str = "",
) -> Saved:
    """Write that a session was held, or was to be held and was not: its row and its sheet in one act.

    Args:
        by: A therapist, or who leads the group.
        at: The server's time.
        enrolment: The enrolment's label.
        number: Its number in the course; 0 for one that uses no contracted session.
        kind: A kind of the vocabulary (`attended`, `joint`, `late_cancel`, ...): it says whether it counts.
        happened_at: When it was, or was to be.
        id: Its id, made before it arrived: sent twice it is one session.
        minutes: How long.
        modality: Where or how.
        with_people: People of the circle who were there.
        uses: Contracted sessions it uses, where the contract says other than the kind.
        missed_reason: Why nobody met, in words.

    Raises:
        NotVisible, NotAllowed: as policy rules.
        Invalid: something that the session sheet cannot take.
        NumberTaken: there is one of this number.
        SameIdOtherBody: this id names a session that says something else.
    """
    sheets = [_sheet_of(id, number, kind, happened_at, minutes, modality, with_people, uses)]
    if missed_reason.strip():
        said = {"missed_reason": missed_reason.strip()}
        sheets.append(Sheet(RECORD, said, happened_at, uuid5(id, RECORD), about=str(id)))
    seen, *_ = [_may_write(by, at, enrolment, sheet) for sheet in sheets]
    try:
        with act("hold_session", by=by.id, at=at, owner=seen) as it:
            _ask_whether_it_came(sheets[0], seen)
            if number and any(one.number == number for one in record(seen, naming=False).sessions):
                raise NumberTaken(number)
            _thing(it, "session", id, by)
            for sheet in sheets:
                _write(it, sheet, by)
            flags = _afterwards(it, seen, None)
    except _Arrived:
        return Saved(id, False, None, ())
    except _Conflict as other:
        raise SameIdOtherBody(other.known.id, keep_beside(by, at, seen, sheets[0], other.known, "card")) from None
    return Saved(id, True, None, flags)


def _sheet_of(
    id: UUID,  # noqa: A002
    number: int,
    kind: str,
    happened_at: datetime,
    minutes: int | None,
    modality: str | None,
    with_people: Sequence[str],
    uses: int | None,
) -> Sheet:
    answers = sheet_answers(number, kind, minutes, modality, with_people, uses)
    return Sheet(SHEET, answers, happened_at, uuid5(id, SHEET), about=str(id))


def sheet_answers(
    number: int,
    kind: str,
    minutes: int | None = None,
    modality: str | None = None,
    with_people: Sequence[str] = (),
    uses: int | None = None,
) -> dict[str, Any]:
    """Return the session sheet of one session; what was not said is left out."""
    known = kind in vocabulary()["session_kinds"]
    said: dict[str, Any] = {"number": number, "kind": kind, "minutes": minutes, "modality": modality}
    said["uses"] = uses if uses is not None else uses_of(kind) if known else 0
    said["attended"] = kind not in MISSED
    said["with_people"] = list(with_people) or None
    return {name: value for name, value in said.items() if value is not None}


def amend_session(
    *,
    by: Actor,
    at: datetime,
    enrolment: str,
    session: str,
    answers: Mapping[str, Any],
    happened_at: datetime,
    id: UUID,  # noqa: A002
) -> Saved:
    """Write a new version of a session's sheet: another time, another kind. The older one stays.

    Raises:
        NotVisible: no such session; and what `save_entry` raises.
    """
    seen = find_enrolment(by, enrolment, kind_of(SHEET, "worksheet"), "write", at)
    if Entry.objects.filter(id=id).exists():
        return Saved(id, False, None, ())
    current = Entry.objects.filter(enrolment=seen.enrolment, form=SHEET, about=session).order_by("seq").last()
    if current is None:
        raise NotVisible(session)
    return save_entry(
        by=by,
        at=at,
        enrolment=enrolment,
        form=SHEET,
        answers=answers,
        happened_at=happened_at,
        id=id,
        about=session,
        replaces=current.id,
    )


def close_session(
    *,
    by: Actor,
    at: datetime,
    enrolment: str,
    session: str,
    answers: Mapping[str, Any],
    id: UUID,  # noqa: A002
    replaces: UUID | None = None,
    step: Mapping[str, Any] | None = None,
    last: Mapping[str, Any] | None = None,
) -> Saved:
    """Write the After card: what happened, the step agreed, how the last one went. One act, one audit event.

    Args:
        by: Who writes.
        at: The server's time.
        enrolment: The enrolment's label.
        session: The session's label.
        answers: Of the session record.
        id: The entry's id, made with the card: sent twice it is one.
        replaces: The card as it was when this one was opened; None for the first.
        step: Of the step agreed: `text`, `person` ...; without text there is none, and one written before goes.
        last: How the step of the session before went: `status`, `what_happened`.

    Raises:
        NotVisible, NotAllowed: as policy rules; also where there is no such session.
        Invalid: an answer that cannot be taken; nothing was stored.
        SameIdOtherBody, Replaced: somebody was faster. That stands, and this waits as a draft.
    """
    card = Sheet(RECORD, answers, at, id, about=session, replaces=replaces)
    seen = _may_write(by, at, enrolment, card)
    if step or last:
        find_enrolment(by, enrolment, kind_of_thing("step"), "write", at)
    try:
        with act("close_session", by=by.id, at=at, owner=seen) as it:
            flags = _close(it, seen, by, card, step, last)
    except _Arrived:
        return Saved(id, False, None, ())
    except _Conflict as other:
        draft = keep_beside(by, at, seen, card, other.known, "card")
        kind = SameIdOtherBody if other.known.id == id else Replaced
        raise kind(other.known.id, draft) from None
    return Saved(id, True, None, flags)


def _close(
    it: Act,
    seen: Enrolment,
    by: Actor,
    card: Sheet,
    step: Mapping[str, Any] | None,
    last: Mapping[str, Any] | None,
) -> tuple[str, ...]:
    """Write the card and the steps on it, under the lock of the enrolment: what was read there still stands."""
    _ask_whether_it_came(card, seen)
    known = record(seen, naming=False)
    met = next((one for one in known.sessions if one.id == card.about), None)
    if met is None:
        raise NotVisible(str(card.about))
    _ask_who_was_first(card, known)
    for one in (_dated(card, met), *_last_step(known, met, last, card.id), *_next_step(known, met, step, card.id)):
        _begin_step(it, one, seen, by)
        _write(it, one, by)
    if step is not None and not step.get("text"):
        _take_back(it, known, met, by)
    drop_drafts(by, [card.id])
    return _afterwards(it, seen, card.id)


# ---- steps between sessions ----


def _last_step(known: Record, met: Session, last: Mapping[str, Any] | None, card: UUID) -> Iterable[Sheet]:
    """A new version of the last step where something new is said of it."""
    step = step_before(known, met)
    said = {name: value for name, value in (last or {}).items() if value}
    if step is None or all(step.answers.get(name) == value for name, value in said.items()):
        return
    answers = {**step.answers, **said}
    made = uuid5(card, "last")
    yield Sheet(STEP, answers, met.happened_at, made, about=step.about, replaces=_row(step))


def step_before(known: Record, met: Session) -> Known | None:
    """Return the step that was agreed before a session, as it stands now: of the newest session that has one."""
    ids = [one.id for one in known.sessions]
    earlier = [one for one in known.sessions[: ids.index(met.id)] if one.attended] if met.id in ids else []
    return step_after(known, earlier[-1]) if earlier else None


def _next_step(known: Record, met: Session, step: Mapping[str, Any] | None, card: UUID) -> Iterable[Sheet]:
    if not step or not step.get("text"):
        return
    said = {name: value for name, value in step.items() if value}
    before = step_after(known, met)
    if before is not None:
        if all(before.answers.get(name) == said.get(name) for name in step):
            return
        said = {**{name: one for name, one in before.answers.items() if name not in step}, **said}
    said = {"status": "planned", **said, "agreed_in": met.id}
    about = before.about if before else str(uuid5(card, "step"))
    made = uuid5(card, "step-entry")
    yield Sheet(STEP, said, met.happened_at, made, about=about, replaces=_row(before) if before else None)


def _begin_step(it: Act, sheet: Sheet, seen: Enrolment, by: Actor) -> None:
    if sheet.form == STEP and not Thing.objects.filter(enrolment=seen, kind="step", label=sheet.about).exists():
        _thing(it, "step", UUID(sheet.about), by)


def _take_back(it: Act, known: Record, met: Session, by: Actor) -> None:
    """Take a step back that was written on an earlier version of the card and is no longer on it."""
    step = step_after(known, met)
    for entry in known.entries if step else ():
        if step and entry.form == STEP and entry.about == step.about and entry.retracted_at is None:
            write_mark(it, UUID(entry.id), "retracted", UUID(by.id), "No longer on the card of the session.")


def _row(entry: Known) -> UUID:
    return UUID(entry.id)


# ---- what both acts need ----


def _may_write(by: Actor, at: datetime, enrolment: str, sheet: Sheet) -> Enrolment:
    form = open_form(sheet.form)
    return find_enrolment(by, enrolment, kind_of(form.id, form.kind, form.visibility), "write", at).enrolment


def _dated(sheet: Sheet, met: Session) -> Sheet:
    """The card tells of the session's own day, whenever it is written."""
    return Sheet(sheet.form, sheet.answers, met.happened_at, sheet.id, about=sheet.about, replaces=sheet.replaces)


def _ask_whether_it_came(sheet: Sheet, seen: Enrolment) -> None:
    """Ask, under the lock of the enrolment, whether this id is there already, with the same text or another."""
    known = Entry.objects.filter(id=sheet.id).first()
    if known is None:
        return
    if known.enrolment_id == seen.id and bytes(known.mark) == fingerprint(known.scope, sheet.body):
        raise _Arrived
    raise _Conflict(known)


def _ask_who_was_first(sheet: Sheet, known: Record) -> None:
    """Ask whether the card has another version than the one this was opened with."""
    current = known.newest(RECORD, sheet.about)
    if current is not None and current.id != str(sheet.replaces or ""):
        raise _Conflict(Entry.objects.get(id=current.id))


def _thing(it: Act, kind: str, made: UUID, by: Actor) -> None:
    it.add(
        Thing(
            id=made,
            organisation_id=it.owner.organisation_id,
            kind=kind,
            label=str(made),
            seq=it.next_seq(),
            created_at=it.at,
            by=UUID(by.id),
            **it.whose,
        )
    )


def _write(it: Act, sheet: Sheet, by: Actor) -> None:
    form = open_form(sheet.form)
    if not isinstance(it.owner, Enrolment):
        raise TypeError("a session of a client belongs to an enrolment")
    result = score(form, sheet.answers)
    if not result.valid:
        raise Invalid(result.errors)
    write_entry(it, form, sheet, UUID(by.id), it.owner, result)


def _afterwards(it: Act, seen: Enrolment, entry: UUID | None) -> tuple[str, ...]:
    now = record(seen, naming=False)
    flags = raise_flags(it, now, it.at, entry=entry)
    restate(it, now, it.at)
    refit_later(seen, now, RECORD, it.at)
    return tuple(flag.rule for flag in flags)

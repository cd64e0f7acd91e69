"""Raise the flags that rules derive, and write what became of them. A flag is closed only by a person, with words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from uuid_utils.compat import uuid7

from openipt.casebook.models import Enrolment, Flag, FlagStep, Tie
from openipt.casebook.models.sealed import read_body, seal_body
from openipt.casebook.operations.acting import Act, act
from openipt.casebook.operations.standing import restate
from openipt.casebook.queries.manuals import manual_of
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotVisible, live
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.casebook.queries.waiting import PASSED
from openipt.policy import Actor
from openipt.therapy.course import DerivedFlag, deadline, derived_flags, promise
from openipt.therapy.course.conversations import may_be_said_alone, was_spoken_about
from openipt.therapy.course.flags import PLAN_HOLDS, SELF_HARM_RULES, plan_is_current
from openipt.therapy.record import Record
from openipt.therapy.record.views import day_of

Outcome = Literal["closed", "known", "open"]
SENTENCE = 4  # words at least


class WrittenAlready(ValueError):  # noqa: N818
    """The page that sends this wrote something else before: that stands, and nothing was added."""


class NotKnown(ValueError):  # noqa: N818
    """A flag cannot be known like this: it takes a recorded assessment, a plan that holds, and a day to look again.

    Attributes:
        lacks: What is missing, by name: `rule`, `assessed`, `plan`, `review_by`.
    """

    def __init__(self, lacks: tuple[str, ...]) -> None:
        super().__init__(f"not known with a current plan: {', '.join(lacks)} missing (CLINICAL-RULES 2.2)")
        self.lacks = lacks


class _CameBefore(Exception):  # noqa: N818 - undoes an act that was done already
    pass


def raise_flags(it: Act, known: Record, at: datetime, entry: UUID | None = None) -> list[Flag]:
    """Write a row for each flag that follows from a new entry, or from where the course stands today.

    Older answers raised their flags when they came in; they are not raised again.
    """
    enrolment = it.owner
    assert isinstance(enrolment, Enrolment)  # noqa: S101 - a group has no risk answers of its own
    today = at.astimezone(ZoneInfo(enrolment.organisation.zone)).date()
    new = list(_new(manual_of(known), known, today, str(entry) if entry else None))
    owner = responsible(enrolment, at) if new else None
    given = promise(enrolment.organisation.promise, enrolment.organisation.zone)
    due = {flag.rule: deadline(flag.rule, at, given) for flag in new}
    together = min((due[rule] for rule in due if rule in ("R1", "R2", "R3")), default=None)
    return [
        it.add(
            Flag(
                id=uuid7(),
                organisation_id=enrolment.organisation_id,
                enrolment=enrolment,
                entry_id=UUID(flag.entry) if flag.entry else None,
                rule=flag.rule,
                item=flag.item or "",
                state=flag.state,
                answered_at=_answered(known, flag, at),
                received_at=at,
                recorded_at=at,
                due_at=(together or due[flag.rule]) if flag.rule == "R12" else due[flag.rule],
                owner=owner,
            )
        )
        for flag in new
    ]


def _new(manual: object, known: Record, today: date, entry: str | None) -> Iterator[DerivedFlag]:
    for flag in derived_flags(manual, known, today):  # type: ignore[arg-type]
        fresh = flag.entry == entry if flag.entry else flag.on == today
        if fresh and flag.handled is None:
            yield flag


def _answered(known: Record, flag: DerivedFlag, at: datetime) -> datetime:
    return next((entry.happened_at for entry in known.entries if entry.id == flag.entry), at)


def responsible(enrolment: Enrolment, at: datetime) -> UUID | None:
    """Return whose task a flag is: whoever covers now, else the therapist or facilitator in charge."""
    tied = Tie.objects.filter(live(at), enrolment=enrolment, kind__in=("cover", "assigned", "group")).order_by("since")
    found = dict(tied.values_list("kind", "account"))
    return found.get("cover") or found.get("assigned") or found.get("group")


def write_step(it: Act, flag: Flag, kind: str, *, by: UUID | None, said: dict[str, object], **more: object) -> FlagStep:
    """Write one step of a flag inside an act."""
    enrolment = flag.enrolment
    step = more.pop("id", None) or uuid7()
    assert isinstance(step, UUID)  # noqa: S101 - callers hand over ids
    return it.add(
        FlagStep(
            id=step,
            seq=it.next_seq(),
            flag=flag,
            enrolment=enrolment,
            kind=kind,
            by=by,
            scope=enrolment.client.scope,
            body=seal_body(enrolment.client.scope, "flagstep", step, said),
            **{"at": it.at, "recorded_at": it.at, **more},
        )
    )


def see_flag(*, by: Actor, at: datetime, flag: UUID) -> None:
    """Note that somebody has seen a flag. Seen is not answered: it stays open."""
    found = _flag(by, flag, "read", at)
    if not found.steps.filter(kind="seen", by=by.id).exists():
        with act("see_flag", by=by.id, at=at, owner=found.enrolment) as it:
            write_step(it, found, "seen", by=UUID(by.id), said={})


def answer_flag(
    *,
    by: Actor,
    at: datetime,
    flag: UUID,
    words: str,
    closes: bool,
    assessed: bool = True,
    no_conversation: str = "",
    id: UUID | None = None,  # noqa: A002 - the word of the field
    **more: object,
) -> Outcome:
    """Write what was done about a flag. It is closed, or known with a current plan, or still open.

    What happened is always kept. An answer about self-harm is closed by a safety conversation on a sheet since then
    that asked what has to be asked, or by the reason why there was none; with neither, the words are kept and the flag
    stays open in the same hands.

    Args:
        by: A clinician.
        at: The server's time.
        flag: The flag's id.
        words: What was done, in words; never empty.
        closes: Whether it is closed by this; else it is known from now on.
        assessed: Whether a structured conversation about it was recorded; kept only where its sheet is there.
        no_conversation: Why there was no safety conversation since the answer, in a sentence.
        id: Of what is written, made before it arrived: sent twice it is one.
        more: `supervisor_informed`, `next_contact`, `review_by` (days as text), `done_at` (a moment; else `at`).

    Returns:
        How it stands from now on.

    Raises:
        NotVisible, NotAllowed: as policy rules.
        WrittenAlready: the page that sends this wrote something else before.
        NotKnown: it is to be known, and what that takes is not there.
    """
    if not words.strip():
        raise ValueError("a flag is answered with words: say what was done")
    found = _flag(by, flag, "write", at)
    done_at = more.pop("done_at", at)
    before = record(found.enrolment, naming=False)
    spoken = spoken_since(before, found)
    said = {"words": words.strip(), "assessed": assessed and _alone_since(before, found), **more}
    if no_conversation.strip():
        said["no_conversation"] = no_conversation.strip()
    became: Outcome = "closed" if closes else "known"
    if closes and not spoken and not is_reason(no_conversation) and _waits_for_a_conversation(found):
        became = "open"
    with suppress(_CameBefore), act("answer_flag", by=by.id, at=at, owner=found.enrolment) as it:
        _ask_whether_it_came(id, found, said)
        if became == "open":
            to, due_at = _in_whose_hands(found, by)
            write_step(it, found, "handed_over", by=UUID(by.id), said=said, to=to, due_at=due_at, at=done_at, id=id)
        else:
            if became == "known":
                _ask_whether_known(found, said, at, before)
            write_step(it, found, "outcome", by=UUID(by.id), said=said, state=became, at=done_at, id=id)
        restate(it, record(found.enrolment, naming=False), at)
    return became


def spoken_since(known: Record, flag: Flag) -> bool:
    """Whether a safety conversation since an answer is on a sheet, with nothing blank that has to be asked."""
    return was_spoken_about(known, _day_of(flag))


def _alone_since(known: Record, flag: Flag) -> bool:
    return may_be_said_alone(known, _day_of(flag))


def _day_of(flag: Flag) -> date:
    return flag.answered_at.astimezone(ZoneInfo(flag.enrolment.organisation.zone)).date()


def is_reason(words: str) -> bool:
    """Whether words can stand as the reason why nobody spoke: a sentence, not a nod."""
    return len(words.split()) >= SENTENCE


def _waits_for_a_conversation(flag: Flag) -> bool:
    """Whether an answer about self-harm has no outcome yet; one that has may have more written to it."""
    return flag.rule in SELF_HARM_RULES and not flag.steps.filter(kind="outcome").exists()


def _in_whose_hands(flag: Flag, by: Actor) -> tuple[UUID, datetime | None]:
    """Return whose task a flag is now and until when: staying open, it keeps both."""
    last = flag.steps.filter(kind__in=PASSED).defer("body").order_by("seq", "recorded_at", "id").last()
    owner = last.to if last else flag.owner
    return owner or UUID(by.id), (last.due_at if last else None) or flag.due_at


def hand_over_flag(
    *,
    by: Actor,
    at: datetime,
    flag: UUID,
    to: UUID,
    words: str,
    due_at: datetime,
    id: UUID | None = None,  # noqa: A002
    cover_until: datetime | None = None,
    assessed: bool = False,
    **more: object,
) -> None:
    """Pass a flag to somebody else, until when it must be answered. It stays open.

    Args:
        by: Whose task it is, or who sees to it.
        at: The server's time.
        flag: The flag's id.
        to: Whose task it is from now on; the same person where it is still open and stays theirs.
        words: What was done so far.
        due_at: By when it must be answered.
        id: Of what is written, made before it arrived: sent twice it is one.
        cover_until: Until when they stand in for the one in charge, where nothing ties them to the course yet:
            a task is nobody's who cannot open it.
        assessed: Whether a structured conversation about it was recorded; kept only where its sheet is there.
        more: `supervisor_informed`, `next_contact` (a day as text).
    """
    found = _flag(by, flag, "write", at)
    said = {"words": words, **more}
    if assessed and _alone_since(record(found.enrolment, naming=False), found):
        said["assessed"] = True
    with suppress(_CameBefore), act("hand_over_flag", by=by.id, at=at, owner=found.enrolment) as it:
        _ask_whether_it_came(id, found, said)
        if cover_until is not None:
            it.add(Tie(account_id=to, enrolment=found.enrolment, kind="cover", since=at, until=cover_until))
        write_step(it, found, "handed_over", by=UUID(by.id), said=said, to=to, due_at=due_at, id=id)
        restate(it, record(found.enrolment, naming=False), at)


def _ask_whether_it_came(step: UUID | None, flag: Flag, said: dict[str, object]) -> None:
    """Ask whether this step was written already. A page is sent twice; what was done was done once."""
    known = FlagStep.objects.filter(id=step).first() if step else None
    if known is None:
        return
    if known.flag_id != flag.id:
        raise NotVisible(str(step))
    if read_body(known.scope, "flagstep", known.id, bytes(known.body)) != said:
        raise WrittenAlready(f"step {known.id} says something else")
    raise _CameBefore


def _ask_whether_known(flag: Flag, said: dict[str, object], at: datetime, before: Record) -> None:
    """Ask whether a flag can be known: assessed, a safety plan that holds, looked at again in four weeks at most."""
    today = at.astimezone(ZoneInfo(flag.enrolment.organisation.zone)).date()
    review = day_of(said.get("review_by"))
    there = {
        "rule": flag.rule in SELF_HARM_RULES,
        "assessed": bool(said.get("assessed")),
        "plan": plan_is_current(before, today),
        "review_by": review is not None and today <= review <= today + PLAN_HOLDS,
    }
    lacks = tuple(name for name, holds in there.items() if not holds)
    if lacks:
        raise NotKnown(lacks)


def _flag(by: Actor, flag: UUID, action: str, at: datetime) -> Flag:
    """Return a flag the actor may act on; what is not theirs looks like what does not exist."""
    found = (
        Flag.objects.filter(id=flag, organisation_id=by.organisation)
        .select_related("enrolment__client", "enrolment__organisation")
        .first()
    )
    if found is None:
        raise NotVisible(str(flag))
    find_enrolment(by, found.enrolment.label, "risk_flags", action, at, escalated(by, found))
    return found


def escalated(by: Actor, flag: Flag) -> tuple[str, ...]:
    """Return the fact of the policy's table that holds where the tick passed a flag on to this actor."""
    passed_on = FlagStep.objects.filter(flag=flag, kind="passed_on", to=by.id).exists()
    return ("escalated",) if passed_on else ()

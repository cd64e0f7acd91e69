"""Which reminders follow from where a course stands: pure, so that zones and changes of the clocks can be tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from openipt.post.reminding.wall import DAY, Daytime, meant, shown

QUESTIONS, APPOINTMENT, STEP, FOLLOW_UP, DEVICE = KINDS = ("questions", "appointment", "step", "follow_up", "device")
UNCOUNTED = (DEVICE,)  # a notice that keeps somebody safe is none of the two a week
EVENING, MORNING = time(17), time(10)
STEP_AFTER = timedelta(days=3)
STEP_STAYS = timedelta(days=14)  # CLINICAL-RULES 4: old steps vanish after two weeks
ASKED_FOR = timedelta(days=14)  # after the day of a follow-up
HEARD_OF = timedelta(days=7)  # after a new phone or computer came in
AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a course says about reminders.

    Attributes:
        session: The next session, where one is agreed.
        answered: Whether the client said something about it.
        questions: The questionnaire that is due before it; empty where none is.
        step: When the step was agreed that is open now.
        check_ins: Days on which client and clinic look at how it is, after the end.
        follow_up: The questionnaire of such a day.
        pause: Until when the client wants to be asked nothing.
        devices: New phones and computers: when each came in, by its id.
    """

    session: datetime | None = None
    answered: bool = False
    questions: str = ""
    step: datetime | None = None
    check_ins: tuple[date, ...] = ()
    follow_up: str = ""
    pause: date | None = None
    devices: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """One reminder: what it is about, when a clock on the wall shows its time, and when it is of no use any more."""

    kind: str
    cause: str
    wall: datetime
    due_at: datetime
    expires_at: datetime
    form: str = ""


def wanted(facts: Facts, day: Daytime, at: datetime) -> list[Wanted]:
    """Return the reminders that are wanted from now on, the first one due standing first.

    Args:
        facts: Where the course stands.
        day: When a note may come.
        at: The server's time.
    """
    found = [*_session(facts, day), *_step(facts, day), *_check_ins(facts, day), *_devices(facts, day)]
    moved = [_from(one, day, at) for one in found]
    useful = [one for one in moved if one.due_at < one.expires_at and one.due_at - at < AHEAD]
    quiet = [one for one in useful if not _is_paused(one, facts.pause, day)]
    return sorted(quiet, key=lambda one: (one.due_at, one.kind))


def _session(facts: Facts, day: Daytime) -> Iterator[Wanted]:
    """On the day before: with a questionnaire where one is due, else to say whether one comes."""
    if facts.session is None:
        return
    eve = shown(facts.session, day.zone).date() - DAY
    cause = f"{facts.session:%Y%m%dT%H%M%z}"
    if facts.questions:
        yield _one(QUESTIONS, cause, eve, EVENING, facts.session, day, facts.questions)
    elif not facts.answered:
        yield _one(APPOINTMENT, cause, eve, MORNING, facts.session, day)


def _step(facts: Facts, day: Daytime) -> Iterator[Wanted]:
    if facts.step is None:
        return
    on = shown(facts.step + STEP_AFTER, day.zone).date()
    ends = min(facts.step + STEP_STAYS, facts.session or facts.step + STEP_STAYS)
    yield _one(STEP, f"{facts.step:%Y%m%dT%H%M%z}", on, EVENING, ends, day)


def _check_ins(facts: Facts, day: Daytime) -> Iterator[Wanted]:
    for on in facts.check_ins:
        ends = meant(datetime.combine(on, MORNING), day.zone) + ASKED_FOR
        yield _one(FOLLOW_UP, f"{on:%Y%m%d}", on, MORNING, ends, day, facts.follow_up)


def _devices(facts: Facts, day: Daytime) -> Iterator[Wanted]:
    for name, since in facts.devices:
        wall = shown(since, day.zone).replace(second=0, microsecond=0)
        yield Wanted(DEVICE, name, wall, day.next(since), since + HEARD_OF)


def _one(kind: str, cause: str, on: date, when: time, ends: datetime, day: Daytime, form: str = "") -> Wanted:
    wall = datetime.combine(on, day.within(when))
    return Wanted(kind, cause, wall, day.next(meant(wall, day.zone)), ends, form)


def _from(one: Wanted, day: Daytime, at: datetime) -> Wanted:
    """Return a reminder whose time has passed as one of the next moment at which a note may come."""
    if one.due_at >= at:
        return one
    return Wanted(one.kind, one.cause, one.wall, day.next(at), one.expires_at, one.form)


def _is_paused(one: Wanted, pause: date | None, day: Daytime) -> bool:
    return pause is not None and one.kind not in UNCOUNTED and shown(one.due_at, day.zone).date() < pause

"""Typed readings of the sheets that the course turns on: contract, formulation, sessions, safety facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openipt.therapy.record.facts import Entry, Session
from openipt.therapy.record.record import Record

FEARED = ("fear_or_coercion", "current_violence")  # answers of a violence check
SHARED = ("link_statement", "client_fit", "client_words", "disagrees")  # what stands only where it was said to somebody


@dataclass(frozen=True, slots=True)
class Agreement:
    """The contract as it stands: sessions and end date, extension included."""

    sessions: int
    planned_end: date | None
    start: date | None
    minutes: int | None
    cadence: str | None
    agreed_at: datetime
    extension: int = 0
    extension_until: date | None = None
    extension_reason: str | None = None

    @property
    def total(self) -> int:
        """All sessions agreed, the extension included."""
        return self.sessions + self.extension


@dataclass(frozen=True, slots=True)
class Fit:
    """The formulation as the client met it."""

    at: datetime
    version: int
    client_fit: float | None
    client_words: str | None
    area: str | None
    second_area: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One violence check: asked alone or not, about whom, when, with what result."""

    on: date
    asked_alone: bool
    about: tuple[str, ...]  # ("all_current",) stands for everybody in the client's life
    result: str
    safe_to_raise: str
    source: str
    of_partner: bool = False  # with a couple: the partner was asked, not the client

    @property
    def reassures(self) -> bool:
        """Whether what was answered speaks for a hard talk. A clear "not safe" outweighs every other answer."""
        return self.safe_to_raise != "no" and (self.result == "none" or self.safe_to_raise == "yes")

    @property
    def opens(self) -> bool:
        """Whether this fact lets a hard talk be offered."""
        return self.asked_alone and self.reassures

    @property
    def counts(self) -> bool:
        """Whether this fact says anything: asked with others there, good news is none, and bad news is heard."""
        return self.asked_alone or self.result in FEARED or self.safe_to_raise == "no"

    def covers(self, person: str | None) -> bool:
        """Whether it was asked about this person, or about everybody."""
        return "all_current" in self.about or (person is not None and person in self.about)


@dataclass(frozen=True, slots=True)
class Recovery:
    """Time to recover: duties put down, until when."""

    since: date
    until: date | None
    duties: tuple[str, ...]
    ended: bool


def day_of(text: Any) -> date | None:
    """Read a full date out of an answer; None where it is known less exactly or not at all."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def agreement(record: Record) -> Agreement | None:
    """Return the newest contract that names a number of sessions."""
    return record.remember(("agreement",), lambda: _agreed(record))


def _agreed(record: Record) -> Agreement | None:
    for entry in reversed(record.of("contract")):
        said = entry.answers
        if said.get("sessions_n"):
            more = said.get("extension") or {}
            return Agreement(
                sessions=said["sessions_n"],
                planned_end=day_of(said.get("planned_end")),
                start=day_of(said.get("start")),
                minutes=said.get("minutes"),
                cadence=said.get("cadence"),
                agreed_at=entry.happened_at,
                extension=more.get("sessions") or 0,
                extension_until=day_of(more.get("until")),
                extension_reason=more.get("reason"),
            )
    return None


def fit(record: Record, by: date | None = None) -> Fit | None:
    """Return the formulation as it was shared with the client; with `by`, as it stood on that day.

    The focus stands on the same sheet and is chosen before anything is said: while the newest sheet holds a focus
    alone, nothing that was said of an older one counts.
    """
    known = [one for one in _formulations(record) if by is None or one[1].date() <= by]
    return _fit(*known[-1]) if known and was_shared(known[-1][0]) else None


def fits(record: Record) -> tuple[Fit, ...]:
    """Return every formulation that was shared, oldest first."""
    return tuple(_fit(entry, at) for entry, at in _formulations(record) if was_shared(entry))


def _formulations(record: Record) -> tuple[tuple[Entry, datetime], ...]:
    """Return the sheets of focus and formulation, each with when it was said."""
    sheets = [entry for entry in record.of("formulation") if entry.kind != "without_content"]
    return record.remember(("formulations",), lambda: tuple((one, shared_at(record, one)) for one in sheets))


def was_shared(entry: Entry) -> bool:
    """Whether a formulation was said to the client: the words, what the client made of them, or the copy given."""
    said = entry.answers
    return any(said.get(item) not in (None, "") for item in SHARED) or said.get("shared_copy") is True


def shared_at(record: Record, entry: Entry) -> datetime:
    """Return when what a sheet says was said: a newer version of it with another focus or day says it no later."""
    known = {one.id: one for one in record.entries} if entry.replaces else {}
    older = known.get(entry.replaces or "")
    while older is not None and all(older.answers.get(item) == entry.answers.get(item) for item in SHARED):
        entry, older = older, known.get(older.replaces or "")
    return entry.happened_at


def _fit(entry: Entry, at: datetime) -> Fit:
    said = entry.answers
    return Fit(
        at=at,
        version=said.get("version") or 1,
        client_fit=said.get("client_fit"),
        client_words=said.get("client_words"),
        area=said.get("area_primary"),
        second_area=said.get("area_secondary"),
    )


def focus(record: Record) -> tuple[str, ...]:
    """Return the problem areas in focus, the first one primary; empty before the focus is chosen."""
    said = record.says("formulation")
    first = said.get("area_primary") or record.says("contract").get("focus")
    return tuple(area for area in (first, said.get("area_secondary")) if area)


def alias(record: Record, person: str | None) -> str | None:
    """Return what the client calls a person of the circle; the id where no sheet names them yet."""
    if person is None:
        return None
    return record.says("interpersonal-inventory", person).get("alias") or person


def focus_people(record: Record) -> tuple[str, ...]:
    """Return the people marked as part of the focus, in the client's own order."""
    return tuple(
        thing.id for thing in record.people if record.says("interpersonal-inventory", thing.id).get("in_focus") is True
    )


def session_sheet(record: Record, session: Session) -> dict[str, Any]:
    """Return the session record (tasks, techniques, mood, opener, note words) of one session."""
    return record.says("session-record", session.id)


def done_tasks(record: Record) -> Mapping[str, Sequence[Session]]:
    """Return task id -> the sessions in which it was done, in order."""
    return record.remember(("done",), lambda: _done_tasks(record))


def _done_tasks(record: Record) -> dict[str, list[Session]]:
    done: dict[str, list[Session]] = {}
    for session in record.sessions:
        for task in session_sheet(record, session).get("tasks") or ():
            done.setdefault(task, []).append(session)
    return done


def step_after(record: Record, session: Session) -> Entry | None:
    """Return the step agreed in a session, as it stands now: the first, where several were agreed in it."""
    found = None
    for thing in reversed(record.steps):  # mostly it is the last of all: what is not looked at stays sealed
        entry = record.newest("between-session-step", thing.id)
        if entry and entry.answers.get("agreed_in") == session.id:
            found = entry
        elif found is not None:
            break
    return found


def violence_checks(record: Record) -> tuple[Asked, ...]:
    """Return every recorded violence check, in the order they were asked."""
    checks = (
        Asked(
            on=day_of(said.get("date")) or entry.happened_at.date(),
            asked_alone=said.get("asked_alone") is True,
            about=tuple(said.get("about") or ()),
            result=said.get("result") or "unsure",
            safe_to_raise=said.get("safe_to_raise") or "unsure",
            source=said.get("source") or "WS_VIOLENCE",
            of_partner=said.get("asked") == "partner",
        )
        for entry in record.of("violence-check")
        if entry.kind != "without_content"
        for said in (entry.answers,)
    )
    return tuple(sorted(checks, key=lambda check: check.on))


def recovery(record: Record) -> Recovery | None:
    """Return the time to recover as last agreed, ended or renewed."""
    sheets = [entry for entry in record.of("time-to-recover") if entry.kind != "without_content"]
    if not sheets:
        return None
    ended = sheets[-1].answers.get("ended") is True
    begun = next(
        (entry for entry in reversed(sheets) if entry.answers.get("until") or entry.answers.get("duties_reduced")),
        sheets[0],
    )
    duties = tuple(row.get("text", "") for row in begun.answers.get("duties_reduced") or ())
    return Recovery(begun.happened_at.date(), day_of(begun.answers.get("until")), duties, ended)

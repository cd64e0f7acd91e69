"""One enrolment's record: immutable, and the same for page, command line, API and notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from operator import is_
from typing import Any, TypeVar

from openipt.therapy.forms import Form, Result, open_form, score
from openipt.therapy.record.expected import ExpectedCourse
from openipt.therapy.record.facts import Entry, Flag, Session, Thing

T = TypeVar("T")
_CURRENT, _SCORED, _NOTHING = ("current",), ("scored",), object()


@dataclass(frozen=True, slots=True)
class Reading:
    """One usable score of a measure, on its day."""

    at: datetime
    value: float
    entry: Entry
    prorated: bool = False

    @property
    def day(self) -> date:
        """The calendar day it was answered."""
        return self.at.date()


@dataclass(frozen=True)
class Record:
    """A client in a course: the focus, formulation, contract, goals and decisions hang here (RULINGS 3)."""

    enrolment: str
    client: str
    manual: str
    manual_version: str
    began_on: date | None = None
    age: int | None = None
    pronouns: str = "they/them"
    staff: str | None = None
    supervisor: str | None = None
    solo: bool = False
    entries: tuple[Entry, ...] = ()
    sessions: tuple[Session, ...] = ()
    people: tuple[Thing, ...] = ()
    goals: tuple[Thing, ...] = ()
    steps: tuple[Thing, ...] = ()
    events: tuple[Thing, ...] = ()
    flags: tuple[Flag, ...] = ()
    ended_on: date | None = None
    expected: tuple[ExpectedCourse, ...] = ()  # what its service learned from finished courses of this manual
    _memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Keep sessions in the order they took place, also where one was told late."""
        object.__setattr__(self, "sessions", tuple(sorted(self.sessions, key=lambda session: session.happened_at)))

    def as_of(self, moment: datetime) -> Record:
        """Return the record as it was known at a moment: what had been recorded by then, in the version of then."""
        return self._other(
            ("as_of", moment),
            lambda: {
                "entries": tuple(_as_known(entry, moment) for entry in self.entries if entry.recorded_at <= moment),
                "sessions": tuple(one for one in self.sessions if one.recorded_at <= moment),
                "people": _existing(self.people, moment),
                "goals": _existing(self.goals, moment),
                "steps": _existing(self.steps, moment),
                "events": _existing(self.events, moment),
                "flags": tuple(_flag_known(flag, moment) for flag in self.flags if flag.received_at <= moment),
                "ended_on": self.ended_on if self.ended_on and self.ended_on <= moment.date() else None,
            },
        )

    def before(self, session: Session) -> Record:
        """Return the record as it stands for a session: everything known, without it and the sessions after it."""
        return self._other(
            ("before", session.happened_at),
            lambda: {"sessions": tuple(one for one in self.sessions if one.happened_at < session.happened_at)},
        )

    def _other(self, key: tuple[Any, ...], changes: Callable[[], dict[str, Any]]) -> Record:
        """Return the record with changes, made once: a page asks four times for one, and each reckons for itself."""
        known: Record | None = self._memo.get(key)
        if known is None:
            known = self.but(**changes())
            if known is not self:  # else it would hold itself, and stay until somebody looks for garbage
                self._memo[key] = known
        return known

    def but(self, **changes: Any) -> Record:
        """Return the record with some facts left out or put in, or itself where that leaves it as it is.

        No entry may change its answers under the id it has: what is scored for one of them is scored for all.
        """
        if all(_same(getattr(self, name), value) for name, value in changes.items()):
            return self
        shared: dict[Any, Any] = {_SCORED: self._scored()}
        if _same(self.entries, changes.get("entries", self.entries)):
            shared[_CURRENT] = self._current()
        return replace(self, **changes, _memo=shared)

    def of(self, form: str, about: str | None = None) -> tuple[Entry, ...]:
        """Return the current entries of a form (not replaced, not retracted), in the order they happened."""
        return self._current().get((form, about), ())

    def newest(self, form: str, about: str | None = None) -> Entry | None:
        """Return the newest current entry of a form that holds something; a sheet without content says nothing."""
        for entry in reversed(self.of(form, about)):
            if entry.kind != "without_content":
                return entry
        return None

    def says(self, form: str, about: str | None = None) -> dict[str, Any]:
        """Return the answers of the newest entry of a form; empty where there is none."""
        entry = self.newest(form, about)
        return _own(entry.answers) if entry else {}

    def remember(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """Return what was made for a key before, or make it now. Sound because a record never changes."""
        made: Any = self._memo.get(key, _NOTHING)
        if made is _NOTHING:
            made = self._memo[key] = make()
        known: T = made
        return known

    def result(self, entry: Entry) -> Result:
        """Return the full result of an entry, scored once."""
        scored = self._scored()
        if entry.id not in scored:
            scored[entry.id] = score(self.form_of(entry), _own(entry.answers))
        made: Result = scored[entry.id]
        return made

    def form_of(self, entry: Entry) -> Form:
        """Return the form of an entry in the version it was filled in on; opened once, for a record has many of one."""
        opened = self._scored()
        key = (entry.form, entry.version)
        if key not in opened:
            opened[key] = open_form(entry.form, entry.version)
        form: Form = opened[key]
        return form

    def _scored(self) -> dict[Any, Any]:
        """Results by the entry's id and forms by name and version: one table for a record and all made from it."""
        table: dict[Any, Any] | None = self._memo.get(_SCORED)
        if table is None:
            table = self._memo[_SCORED] = {}
        return table

    def readings(self, form: str) -> tuple[Reading, ...]:
        """Return the usable scores of a measure in time order; a sheet that cannot be scored is not among them."""
        return self.remember(("readings", form), lambda: tuple(self._read(form)))

    def held(self) -> tuple[Session, ...]:
        """Return the sessions that took place, in order."""
        return self.remember(("held",), lambda: tuple(session for session in self.sessions if session.attended))

    def counted(self) -> int:
        """Return how many contracted sessions were used so far."""
        return sum(session.uses for session in self.sessions)

    def _read(self, form: str) -> Iterator[Reading]:
        primary = open_form(form).primary
        for entry in self.of(form):
            if entry.kind == "total_only" and entry.total is not None:
                yield Reading(entry.happened_at, entry.total, entry)
            elif entry.kind == "answers" and primary:
                result = self.result(entry)
                value = result.scores.get(primary)
                if result.valid and value is not None:
                    yield Reading(entry.happened_at, value, entry, result.missing.prorated)

    def _replaced(self) -> set[str]:
        """Return the ids of all entries that a version which still stands has replaced, however far back."""
        older = {entry.id: entry.replaces for entry in self.entries}
        gone: set[str] = set()
        for entry in self.entries:
            before = entry.replaces if entry.retracted_at is None else None
            while before is not None and before not in gone:
                gone.add(before)
                before = older.get(before)
        return gone

    def _current(self) -> dict[tuple[str, str | None], tuple[Entry, ...]]:
        table: dict[tuple[str, str | None], tuple[Entry, ...]] | None = self._memo.get(_CURRENT)
        if table is None:  # a page asks three hundred times
            table = self._memo[_CURRENT] = self._by_form()
        return table

    def _by_form(self) -> dict[tuple[str, str | None], tuple[Entry, ...]]:
        """Current entries by form, and by form and what they are about."""
        replaced = self._replaced()
        table: dict[tuple[str, str | None], list[Entry]] = {}
        for entry in sorted(self.entries, key=lambda one: (one.happened_at, one.recorded_at)):
            if entry.id not in replaced and entry.retracted_at is None:
                table.setdefault((entry.form, None), []).append(entry)
                if entry.about is not None:
                    table.setdefault((entry.form, entry.about), []).append(entry)
        return {key: tuple(entries) for key, entries in table.items()}


def _same(before: Any, after: Any) -> bool:
    """Whether facts are the very same ones; equal ones would have to be read to be told."""
    if not isinstance(after, tuple):
        return bool(before == after)
    return len(before) == len(after) and all(map(is_, before, after))


def _own(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers as a mapping of one's own; in one step where they know how, because every sheet is asked for."""
    copy = getattr(answers, "copy", None)
    made: dict[str, Any] = copy() if copy is not None else dict(answers)
    return made


def _existing(things: tuple[Thing, ...], moment: datetime) -> tuple[Thing, ...]:
    return tuple(_thing_known(thing, moment) for thing in things if thing.created_at <= moment)


def _thing_known(thing: Thing, moment: datetime) -> Thing:
    """Forget an end that had not come yet."""
    return replace(thing, ended_at=None) if thing.ended_at and thing.ended_at > moment else thing


def _as_known(entry: Entry, moment: datetime) -> Entry:
    """Forget a retraction that had not been made yet."""
    if entry.retracted_at and entry.retracted_at > moment:
        return replace(entry, retracted_at=None, retracted_why=None)
    return entry


def _flag_known(flag: Flag, moment: datetime) -> Flag:
    """Forget outcomes, and that it was seen, where these came later; a state rests on the outcomes written so far."""
    outcomes = tuple(outcome for outcome in flag.outcomes if outcome.at <= moment)
    seen = flag.seen_at if flag.seen_at and flag.seen_at <= moment else None
    if len(outcomes) == len(flag.outcomes):
        return replace(flag, seen_at=seen) if seen != flag.seen_at else flag
    if flag.state == "known" and outcomes:
        return replace(flag, outcomes=outcomes, seen_at=seen)
    return replace(flag, outcomes=outcomes, seen_at=seen, state="new")

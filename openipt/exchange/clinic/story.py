"""One made-up course in the making: what has been written so far, in the order it happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from openipt.exchange.clinic.answering import Answering
from openipt.exchange.clinic.calendar_of_course import Calendar
from openipt.exchange.clinic.casting import Cast
from openipt.exchange.clinic.chance import Chance, likely, weighted
from openipt.exchange.clinic.course_of_illness import Illness
from openipt.exchange.clinic.wording import Wording
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import Manual
from openipt.therapy.record import Entry, Flag, Record, Session, Thing

# Sheets that no question about the course is answered from: left out where the agenda is asked again and again.
QUIET = frozenset(
    {
        "mood-diary",
        "talk-about",
        "gad-7",
        "gds-15",
        "audit-c",
        "alliance-5",
        "openipt-session-feedback",
        "own-functioning",
        "closeness-circle",
        "goals-and-boundaries",
        "role-transition",
        "grief-reconstruction",
        "isolation",
        "relapse-plan",
        "medication",
    }
)
DIARY = 34  # entries in a course, on average
THINGS = ("people", "goals", "steps", "events")


class Manner:
    """How one client goes about it: how much is written, when questionnaires are answered, what is hard."""

    def __init__(self, chance: Chance, days: int) -> None:
        stream = chance.of("manner")
        self.diary = min(0.8, stream.gammavariate(2.2, DIARY / 2.2) / days)  # how likely an entry is on a day
        self.answers = weighted(stream, {"evening": 0.3, "morning": 0.2, "door": 0.5})
        self.forgets = stream.betavariate(1.2, 14)  # share of questionnaires
        self.misfits = likely(stream, 0.08)  # the first formulation does not fit
        self.afraid = False  # of the person in the focus
        self.steps_used: set[str] = set()


class Story:
    """What one course has come to. `write` adds an entry, `known` gives the record as it stands."""

    def __init__(
        self, chance: Chance, manual: Manual, cast: Cast, calendar: Calendar, illness: Illness, staff: str, lead: str
    ) -> None:
        self.chance, self.manual, self.cast = chance, manual, cast
        self.calendar, self.illness = calendar, illness
        self.staff, self.supervisor = staff, lead
        self.answering = Answering(illness)
        self.words = Wording(chance, _stage(manual, cast), who=cast.who.alias, other=cast.other.alias)
        self.entries: list[Entry] = []
        self.asked: list[Entry] = []  # those of the entries that the agenda reads
        self.sessions: list[Session] = []
        self.flags: list[Flag] = []
        self.things: dict[str, dict[str, Thing]] = {kind: {} for kind in THINGS}
        self.ended_on: date | None = None
        self.manner = Manner(chance, illness.days)
        self._forms: dict[str, tuple[str, str]] = {}

    def write(
        self,
        form: str,
        answers: Mapping[str, Any],
        at: datetime,
        path: str,
        *,
        about: str | None = None,
        told: datetime | None = None,
        by_client: bool = False,
        visibility: str | None = None,
    ) -> Entry:
        """Write one sheet that happened at a moment; `told` is when it was recorded, if later. Blanks are left out."""
        version, usual = self._form(form)
        entry = Entry(
            id=self.chance.id(path),
            form=form,
            happened_at=at,
            recorded_at=told or at,
            answers={item: value for item, value in answers.items() if value is not None},
            by=None if by_client else self.staff,
            about=about,
            version=version,
            visibility=visibility or usual,
        )
        self.entries.append(entry)
        if form not in QUIET:
            self.asked.append(entry)
        return entry

    def thing(self, kind: str, label: str, at: datetime) -> None:
        """Let a person, goal, step or event begin, unless it is there."""
        self.things[kind].setdefault(label, Thing(label, at))

    def newest(self, form: str, about: str | None = None) -> dict[str, Any]:
        """Return the answers of the newest sheet of a form (about somebody or something); empty where there is none."""
        found = (one for one in reversed(self.entries) if one.form == form and about in (None, one.about))
        return dict(next((one.answers for one in found), {}))

    def known(self, moment: datetime) -> Record:
        """Return the record as it was known at a moment, without the sheets that the agenda does not read."""
        entries = tuple(entry for entry in self.asked if entry.recorded_at <= moment)
        things = {kind: tuple(t for t in made.values() if t.created_at <= moment) for kind, made in self.things.items()}
        return self._record(entries, things)

    def record(self) -> Record:
        """Return the whole record, its entries in the order they were recorded."""
        entries = sorted(self.entries, key=lambda entry: (entry.recorded_at, entry.happened_at))
        whole = self._record(tuple(entries), {kind: tuple(made.values()) for kind, made in self.things.items()})
        return replace(whole, ended_on=self.ended_on)

    def _record(self, entries: tuple[Entry, ...], things: dict[str, tuple[Thing, ...]]) -> Record:
        return Record(
            enrolment=f"SIM-{self.chance.seed:04d}",
            client=f"SIM-CL-{self.chance.seed:04d}",
            manual=self.manual.id,
            manual_version=self.manual.version,
            began_on=self.calendar.slots[0].day,
            age=self.cast.age,
            pronouns=self.cast.pronouns,
            staff=self.staff,
            supervisor=self.supervisor,
            entries=entries,
            sessions=tuple(self.sessions),
            flags=tuple(self.flags),
            people=things["people"],
            goals=things["goals"],
            steps=things["steps"],
            events=things["events"],
        )

    def _form(self, form: str) -> tuple[str, str]:
        if form not in self._forms:
            known = open_form(form)
            self._forms[form] = (known.version, known.visibility)
        return self._forms[form]


def _stage(manual: Manual, cast: Cast) -> str:
    return "perinatal" if manual.id == "ipt-perinatal" else cast.stage

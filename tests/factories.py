"""Build a record in a test the way a course is told: this happened, then that, on these days.

    course = Course().session(0).phq9(0, 18).session(7).phq9(7, 12)
    state(course.manual, course.record, course.day(7))

Days count from the first day of the course. Nothing here checks what is written: a record takes what happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from openipt.therapy.manuals import Manual, open_manual
from openipt.therapy.record import Entry, Flag, Outcome, Record, Session, Thing

BEGAN = date(2025, 9, 1)
DOOR, MEETING, AFTER, EVENING = 9, 10, 11, 20  # hours of a day with a session

HELD = {"attended": 1, "joint": 1, "double": 2, "phone_check": 0, "pre_group": 0}  # kind -> contracted sessions used


def phq9_items(total: int, q9: int = 0) -> dict[str, int]:
    """Nine answers that add up to a total, with the answer to question 9 as wished."""
    rest, answers = total - q9, {}
    assert 0 <= rest <= 24, f"no sheet has the total {total} with {q9} on question 9"
    for n in range(1, 9):
        answers[f"q{n}"] = min(3, rest)
        rest -= answers[f"q{n}"]
    return {**answers, "q9": q9}


class Course:
    """A course in the making. Each step returns the course, so that it reads as a story."""

    def __init__(
        self,
        manual: str | Manual = "ipt-classic",
        *,
        age: int = 40,
        began: date = BEGAN,
        taken_in: bool = True,
        **more: Any,
    ) -> None:
        self.manual = open_manual(manual) if isinstance(manual, str) else manual
        self.began = began
        self.more: dict[str, Any] = {"age": age, "began_on": began, **more}
        self.entries: list[Entry] = []
        self.sessions: list[Session] = []
        self.flags: list[Flag] = []
        self.things: dict[str, list[Thing]] = {"people": [], "goals": [], "steps": [], "events": []}
        if taken_in:  # a lawful course begins with an intake: without one its tasks are held back
            self.write("intake", -7, {"alias": "Ada", "diagnosis": "Depression"}, id="intake")

    @property
    def record(self) -> Record:
        """The record of everything told so far."""
        things = {kind: tuple(made) for kind, made in self.things.items()}
        return Record(
            enrolment="E-1",
            client="CL-1",
            manual=self.manual.id,
            manual_version=self.more.get("manual_version", self.manual.version),
            entries=tuple(self.entries),
            sessions=tuple(self.sessions),
            flags=tuple(self.flags),
            **things,
            **{key: value for key, value in self.more.items() if key != "manual_version"},
        )

    def day(self, n: int) -> date:
        """The n-th day of the course."""
        return self.began + timedelta(days=n)

    def at(self, n: int, hour: int = MEETING) -> datetime:
        """An hour of the n-th day."""
        return datetime(self.began.year, self.began.month, self.began.day, hour) + timedelta(days=n)

    # ---- what happens ----

    def session(self, n: int, kind: str = "attended", tasks: Iterable[str] = (), **more: Any) -> Course:
        """A session, held (`attended`, `joint`, `double`, ...) or not (`no_show`, `late_cancel`)."""
        number = len(self.sessions) + 1
        held = kind in HELD
        made = Session(
            f"S{number:02d}",
            number,
            kind,
            self.at(n),
            self.at(n, AFTER),
            50 if held else None,
            "in_person" if held else None,
            HELD.get(kind, 0),
            held,
            tuple(more.pop("with_people", ())),
        )
        self.sessions.append(made)
        if tasks or more:
            self.write("session-record", n, {"tasks": list(tasks), **more}, about=made.id)
        return self

    def weekly(self, n: int, first: int = 0) -> Course:
        """So many sessions, a week apart."""
        for week in range(n):
            self.session(first + 7 * week)
        return self

    def write(
        self,
        form: str,
        n: int,
        answers: Mapping[str, Any],
        *,
        about: str | None = None,
        hour: int = AFTER,
        recorded: datetime | None = None,
        **more: Any,
    ) -> Course:
        """A sheet that was filled in on a day; recorded at once unless told otherwise."""
        happened = self.at(n, hour)
        name = more.pop("id", f"en-{len(self.entries) + 1}")
        self.entries.append(Entry(name, form, happened, recorded or happened, dict(answers), about=about, **more))
        return self

    def phq9(self, n: int, total: int, q9: int = 0, hour: int = DOOR) -> Course:
        """A full PHQ-9 at the door."""
        return self.write("phq-9", n, phq9_items(total, q9), hour=hour)

    def total(self, n: int, total: float, form: str = "phq-9", hour: int = DOOR) -> Course:
        """A reported score without answers."""
        return self.write(form, n, {}, hour=hour, kind="total_only", total=total)

    def thing(self, kind: str, name: str, n: int) -> Course:
        """Something with a life of its own begins: a person, goal, step or event."""
        self.things[kind].append(Thing(name, self.at(n)))
        return self

    def person(self, name: str, n: int = 0, alias: str | None = None, **said: Any) -> Course:
        """Somebody of the circle, as said on a day."""
        if not any(thing.id == name for thing in self.things["people"]):
            self.thing("people", name, n)
        told = {"alias": alias or name, "relation": "partner", "status": "current", **said}
        return self.write("interpersonal-inventory", n, told, about=name)

    def event(self, name: str, told_on: int, kind: str, when: str, text: str = "It happened") -> Course:
        """A life event, told on a day."""
        self.thing("events", name, told_on)
        said = {"mark": "event", "type": kind, "date": when, "text": text}
        return self.write("timeline", told_on, said, about=name)

    def formulation(self, n: int, fit: float | None = 8, area: str = "PA_DISPUTE", **said: Any) -> Course:
        """A formulation shared with the client; `fit` is how well it fits, 0 to 10, None where not asked."""
        said = {"condition_label": "Depression", "area_primary": area, "client_fit": fit, **said}
        return self.write("formulation", n, {key: value for key, value in said.items() if value is not None})

    def contract(self, n: int, sessions: int = 16, end: int | None = 120, **said: Any) -> Course:
        """An agreement on sessions and end."""
        planned = {"planned_end": self.day(end).isoformat()} if end is not None else {}
        return self.write("contract", n, {"sessions_n": sessions, **planned, **said})

    def violence_check(self, n: int, about: Iterable[str] = ("all_current",), **said: Any) -> Course:
        """A violence check: asked alone and nothing to fear, unless told otherwise."""
        told = {"asked_alone": True, "result": "none", "safe_to_raise": "yes", "source": "WS_VIOLENCE", "by": "TH"}
        told |= {"date": self.day(n).isoformat(), "about": list(about), **said}
        return self.write("violence-check", n, told)

    def safety_plan(self, n: int, review: int | None = None) -> Course:
        """A safety plan, with the day on which it is looked at again."""
        until = {"review_by": self.day(review).isoformat()} if review is not None else {}
        return self.write("safety-plan", n, {"made_with": "TH", **until})

    def flag(self, n: int, rule: str = "R1", state: str = "new", outcome: int | None = None, **more: Any) -> Course:
        """What was done about a flag of a day; `outcome` is the day of the recorded assessment."""
        at = self.at(n, DOOR)
        done = (Outcome(self.at(outcome, AFTER), "TH", "Spoken about"),) if outcome is not None else ()
        name = f"fl-{len(self.flags) + 1}"
        self.flags.append(Flag(name, rule, state, at, at, outcomes=more.pop("outcomes", done), **more))
        return self

    def decide(self, n: int, point: str, action: str = "none", **said: Any) -> Course:
        """A decision record."""
        return self.write("decision-record", n, {"point": point, "action": action, "client_says": "Good", **said})

    def end(self, n: int, ending: str = "finished", closed: bool = True, **said: Any) -> Course:
        """How the course ended."""
        if closed:
            self.more["ended_on"] = self.day(n)
        return self.write("ending", n, {"ending": ending, **said})

    def retract(self, name: str, n: int) -> Course:
        """An entry is taken back, with a reason."""
        self.entries = [
            replace(entry, retracted_at=self.at(n, EVENING), retracted_why="Wrong client")
            if entry.id == name
            else entry
            for entry in self.entries
        ]
        return self

"""Every word a picture may write on its own, in English. Another language hands over its own `Words`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from openipt.pictures.svg import number

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TIES = MappingProxyType(
    {
        "close": "close",
        "cut_off": "cut off",
        "messenger": "carries messages between",
        "sides_with": "sides with",
        "family_line": "family line",
    }
)


@dataclass(frozen=True)
class Words:
    """Axis and legend words. Names in braces are filled in by the picture."""

    months: tuple[str, ...] = _MONTHS
    day_form: str = "{day} {month} {year}"
    day_short: str = "{day} {month}"
    until: str = "{start} to {end}"
    no_name: str = "no name"
    no_text: str = "no words yet"
    none: str = "none"

    when: str = "Date"
    what: str = "What"
    kind: str = "Kind"
    event: str = "Life event"
    told: str = "Told from memory"
    told_legend: str = "told from memory, {low} to {high}"
    score: str = "Score"
    score_legend: str = "{measure}, measured"
    no_answers: str = "no answers"
    gap_legend: str = "gap: no answers"
    session_legend: str = "session"
    cut_off: str = "cut-off {value}"
    phase: str = "Phase"
    medication: str = "Medication"
    numbered: str = "Life events"
    phases: str = "Phases"
    timeline: str = "From {start} to {end}. Life events: {events}. Scores: {scores}. Last score: {last}."
    earlier: str = "Earlier, before this line begins"

    session: str = "Session"
    session_n: str = "Session {n}"
    last_score: str = "Session {n}: {value}"
    last_and_first: str = "Session {n}: {value}, from {first} in session {first_n}"
    trajectory: str = "{measure} over sessions {first_n} to {last_n}. {last}."
    sparkline: str = "{measure}, oldest first: {values}."
    no_scores: str = "No answers yet"
    order: str = "Order"

    me: str = "me"
    person: str = "Person"
    people: str = "People"
    place: str = "Place"
    wished: str = "Wished place"
    state: str = "State"
    ring: str = "ring {n}"
    not_placed: str = "not on the circle"
    died: str = "died"
    died_name: str = "{name}, died"
    lost: str = "lost or out of contact"
    marked: str = "the person this is about"
    wished_legend: str = "wished place"
    circle: str = "Four rings around {me}; the innermost is the closest. People: {people}. Ties: {ties}."
    pair: str = "{then} and {now}, side by side. {circle}"
    not_shown: str = "not shown"
    ties_title: str = "Ties"
    tie: str = "{one} and {other}: {kind}"
    tie_kinds: Mapping[str, str] = field(default_factory=lambda: _TIES)

    done: str = "done"
    now: str = "now"
    left: str = "left"
    of_total: str = "of {total}"
    beyond: str = "{total} + {extra}"
    counter: str = "Sessions done: {done}. Session now: {now}. Planned: {total}."
    planned: str = "planned"
    count: str = "Number"
    no_plan: str = "no plan yet"

    goal: str = "Goal"
    start: str = "start"
    hoped: str = "hoped for"
    not_rated: str = "not rated yet"
    goals: str = "{count} goals from {low} to {high}: where each began, where it is now, and what is hoped for."
    goal_now: str = "now {value}"

    def day(self, when: date) -> str:
        """A date in full."""
        return self._filled(self.day_form, when)

    def short_day(self, when: date) -> str:
        """A date without its year."""
        return self._filled(self.day_short, when)

    def amount(self, value: float | None) -> str:
        """A number in words, or the word for none."""
        return self.none if value is None else number(value)

    def _filled(self, form: str, when: date) -> str:
        return form.format(day=when.day, month=self.months[when.month - 1], year=when.year)


ENGLISH = Words()

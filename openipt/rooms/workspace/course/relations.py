"""What became of life with people: told beside the symptoms as their equal, also while these stay where they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from openipt.exchange.drawing import circles_by_day
from openipt.therapy.course import outcome_form
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import Manual
from openipt.therapy.progress import progress, rises
from openipt.therapy.progress.change import worse_is_higher
from openipt.therapy.record import Entry, Record
from openipt.therapy.vocabulary import label
from openipt.therapy.words import Sentence, say

Way = Literal["further", "same", "back", "done"]

SUPPORT = ("mos-sss", "mspss")
PRACTICE = ("role-play",)  # a replay of what was said is no practice of what will be
STAGES = ("dissolution", "impasse", "renegotiation")


@dataclass(frozen=True, slots=True)
class Gain:
    """One thing about life with people: which way it went since the start, in words; `name` is it in two words."""

    way: Way
    words: Sentence
    name: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Gains:
    """All of them under one sentence."""

    headline: Sentence
    lines: tuple[Gain, ...]


def gains(manual: Manual, record: Record, names: dict[str, str]) -> Gains:
    """Gather what became of life with people.

    Args:
        manual: Whose measure says whether symptoms changed.
        record: The course, as known on a day.
        names: What the people are called on this page.
    """
    lines = (
        *_stage(record),
        *_support(record),
        *_circle(record, names),
        *_satisfaction(record, names),
        *_goals(record),
        *_contacts(record),
        *_practice(record),
    )
    return Gains(_headline(manual, record, lines), lines)


def _headline(manual: Manual, record: Record, lines: tuple[Gain, ...]) -> Sentence:
    """Say first what went further; that symptoms have not changed takes nothing away from it."""
    what = tuple(dict.fromkeys(one.name for one in lines if one.way == "further" and one.name))
    unchanged = symptoms_unchanged(manual, record)
    if what:
        return say("gains.unchanged_but" if unchanged else "gains.better", what=what)
    if unchanged:
        return say("gains.unchanged")
    return say("gains.same" if any(one.way != "done" for one in lines) else "gains.nothing")


def symptoms_unchanged(manual: Manual, record: Record) -> bool:
    """Whether the measure has been answered twice or more and shows no reliable change, from the start or its best."""
    form = outcome_form(manual, record)
    values = [reading.value for reading in record.readings(form.id)]
    made = progress(form, values)
    if made is None or made.n < 2 or made.reliable != "unchanged":
        return False
    return rises(values[1:], values[0], form.change, worse_is_higher(form))[-1] is not True


def _stage(record: Record) -> Iterator[Gain]:
    stages = [entry.answers["stage"] for entry in record.of("dispute-map") if entry.answers.get("stage")]
    if len(stages) < 2:
        return
    before, now = stages[0], stages[-1]
    if (before, now) == ("impasse", "renegotiation"):
        yield Gain("further", say("gains.stage_forward"), say("gains.name.stage"))
    elif before == now:
        yield Gain("same", say("gains.stage_same", stage=label("dispute_stages", now).lower()))
    else:
        words = (label("dispute_stages", stage).lower() for stage in (before, now))
        further = now in STAGES and before in STAGES and STAGES.index(now) > STAGES.index(before)
        said = say("gains.stage_other", before=next(words), now=next(words))
        yield Gain("further" if further else "back", said, say("gains.name.stage"))


def _support(record: Record) -> Iterator[Gain]:
    for name in SUPPORT:
        form = open_form(name)
        values = [reading.value for reading in record.readings(name)]
        if len(values) > 1:
            sign = -1 if worse_is_higher(form) else 1
            said = say("gains.support", form=form.name, first=values[0], last=values[-1])
            yield Gain(_way(sign * (values[-1] - values[0])), said, say("gains.name.support"))


def _circle(record: Record, names: dict[str, str]) -> Iterator[Gain]:
    """Whoever stands on another ring than on the first circle that showed them."""
    drawn = circles_by_day(record)
    if len(drawn) < 2:  # one day shows nobody where they stood before, however often its circle was saved
        return
    first: dict[str, int] = {}
    for entry in drawn:
        first = {**_rings(entry), **first}
    changed = {who: first[who] - ring for who, ring in _rings(drawn[-1]).items() if first[who] != ring}
    for who, nearer in changed.items():
        name = names.get(who, who)
        if nearer > 0:
            yield Gain("further", say("gains.nearer", who=name), say("gains.name.nearer", who=name))
        else:
            yield Gain("back", say("gains.further", who=name))
    if not changed:
        yield Gain("same", say("gains.circle_same"))


def _rings(entry: Entry) -> dict[str, int]:
    return {
        row["person"]: row["ring"] for row in entry.answers.get("places") or () if row.get("ring") and row.get("person")
    }


def _satisfaction(record: Record, names: dict[str, str]) -> Iterator[Gain]:
    """Each person apart: answers about different people are never added."""
    for person in record.people:
        values = _asked_of(record, person.id)
        if len(values) > 1:
            name = names.get(person.id, person.id)
            said = say("gains.satisfied", who=name, first=values[0], last=values[-1])
            yield Gain(_way(values[-1] - values[0]), said, say("gains.name.satisfied", who=name))


def _asked_of(record: Record, person: str) -> list[float]:
    asked = [one for one in record.of("own-satisfaction") if person in (one.about, one.answers.get("person"))]
    entries = sorted((*asked, *record.of("interpersonal-inventory", person)), key=lambda one: one.happened_at)
    return [one.answers["satisfaction"] for one in entries if one.answers.get("satisfaction") is not None]


def _goals(record: Record) -> Iterator[Gain]:
    """How many goals came closer; each by itself is drawn elsewhere on the page."""
    sheets = [record.says("goals-and-boundaries", thing.id) for thing in record.goals]
    rated = [ratings_of(said) for said in sheets if said.get("baseline") is not None and said.get("ratings")]
    if not rated:
        return
    further = sum(values[-1] > values[0] for values in rated)
    back = sum(values[-1] < values[0] for values in rated)
    words = say("gains.goals_back" if back else "gains.goals", n=further, of=len(rated), back=back)
    yield Gain("further" if further else _way(-back), words, say("gains.name.goal", n=further))


def ratings_of(said: dict[str, Any]) -> list[float]:
    """Return where a goal stood: at the start, then at each review."""
    reviews = (row.get("value") for row in said.get("ratings") or ())
    return [value for value in (said.get("baseline"), *reviews) if value is not None]


def _contacts(record: Record) -> Iterator[Gain]:
    weeks = record.says("isolation").get("weeks") or ()
    values = [row["contacts"] for row in weeks if row.get("contacts") is not None]
    if len(values) > 1:
        said = say("gains.contacts", first=values[0], last=values[-1])
        yield Gain(_way(values[-1] - values[0]), said, say("gains.name.contacts"))


def _practice(record: Record) -> Iterator[Gain]:
    done = sum(entry.kind == "answers" for form in PRACTICE for entry in record.of(form))
    if done:
        yield Gain("done", say("gains.practised", n=done))


def _way(change: float) -> Way:
    return "further" if change > 0 else "back" if change < 0 else "same"


@dataclass(frozen=True, slots=True)
class Stuck:
    """A goal that two reviews in a row found no further than before: the goal, the plan or the hope is to change."""

    words: Sentence
    in_my_hands: bool | None
    goal: str = ""


def stuck_goals(record: Record) -> tuple[Stuck, ...]:
    """Return the goals that have not come closer in the last two reviews and are not reached (CLINICAL-RULES 9)."""
    found = []
    for thing in record.goals:
        said = record.says("goals-and-boundaries", thing.id)
        if is_stuck(said):
            words = say("gains.stuck", goal=said.get("statement"), value=ratings_of(said)[-1])
            found.append(Stuck(words, said.get("in_my_hands"), thing.id))
    return tuple(found)


def is_stuck(said: dict[str, Any]) -> bool:
    """Whether two reviews found a goal no further, and nothing was changed since the last of them."""
    values, target, reviews = ratings_of(said), said.get("target"), said.get("ratings") or ()
    if len(reviews) < 2 or len(values) < 3 or max(values[-2:]) > values[-3]:
        return False
    last = max(row.get("session") or 0 for row in reviews)
    answered = any(row.get("session", 0) >= last for row in said.get("changes") or ())
    return not answered and (target is None or values[-1] < target)

"""The chips of the After card: what was typed, else what is known; nothing that was said stands unmarked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from openipt.rooms.filling.typed import Pairs
from openipt.rooms.workspace.sessions.from_sheets import Said, StepOnSheet, from_sheets, step_on_sheets
from openipt.rooms.workspace.sessions.meeting import Meeting
from openipt.rooms.workspace.sessions.next_date import NextDate, next_date
from openipt.rooms.workspace.sheets.traced import OPENING_TASK, STEP_TASK, alike, followed
from openipt.therapy.forms import open_form
from openipt.therapy.forms.checking import choices_of
from openipt.therapy.manuals import open_task, open_technique, technique_ids
from openipt.therapy.record import Entry, Record, alias, focus_people
from openipt.therapy.vocabulary import label, vocabulary
from openipt.therapy.words import render as put
from openipt.therapy.words import say

STEP_TEXT, STEP_PERSON, LAST, LAST_WORDS = "_step_text", "_step_person", "_last", "_last_words"
WORD, PAUSE = re.compile(r"\w+"), re.compile(r"[,:;?]")
FOLLOW = "_follow"  # the tasks of its agenda that follow from what is written on it
MARKED = "_marked"  # the tasks that were marked already when the page was made


@dataclass(frozen=True, slots=True)
class Chip:
    """One answer that takes a tap."""

    value: str
    words: str
    marked: bool = False
    line: str = ""  # what it is, where its name alone does not tell it from another


@dataclass(frozen=True, slots=True)
class Card:
    """The card as it is shown: its chips, what was typed, what cannot be taken."""

    id: UUID
    replaces: str
    written: bool  # there is one in the record
    openers: tuple[Chip, ...]
    meetings: tuple[Chip, ...]  # of the manual, beside its sessions
    moods: tuple[Chip, ...]
    mood_in_diary: str  # which mood the sentence below it comes from; nobody's answer for today
    link: str
    link_from: str  # the day of the diary it comes from, as long as it stands as it was put there
    tasks: tuple[Chip, ...]
    before_tasks: tuple[Chip, ...]  # done in an earlier session, and offered again if it helps
    more_tasks: tuple[Chip, ...]
    techniques: tuple[Chip, ...]
    more_techniques: tuple[Chip, ...]
    people: tuple[Chip, ...]
    other_people: str
    feelings: tuple[Chip, ...]
    more_feelings: tuple[tuple[str, tuple[Chip, ...]], ...]
    offered: tuple[str, ...]  # the tasks that one tap marks
    with_step: str  # the task it marks where a step is written, too
    left_out: tuple[str, ...]  # what it does not mark, by name
    marked: tuple[str, ...]  # what was marked already for whoever wrote on it: taken out, it stays out
    follow: tuple[str, ...]  # the tasks of this agenda that follow from what is written on it: the opening, the step
    safety: str
    safety_said: tuple[Chip, ...]
    last: Entry | None
    last_statuses: tuple[Chip, ...]
    last_words: str
    step: str
    step_from: str  # the sheet it was agreed on, as long as it stands as it does there
    step_people: tuple[Chip, ...]
    next_date: NextDate
    note: str
    from_sheets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by question: what a sheet says, in words
    kept_at: datetime | None = None
    wrong: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notice: str = ""

    @property
    def mood(self) -> str:
        """The mood that is marked; empty where none is."""
        return next((chip.words for chip in self.moods if chip.marked), "")

    @property
    def done(self) -> frozenset[str]:
        """The tasks that it marks: those that follow from what stands on it are among them, unless taken out."""
        return frozenset(chip.value for chip in self.tasks if chip.marked)


def chips(met: Meeting, pairs: Pairs, last: Entry | None, written: bool = False) -> dict[str, Any]:
    """Return the chips and texts of a card.

    Args:
        met: The session.
        pairs: What was typed, or stands in the record.
        last: The step agreed before.
        written: Whether the card is in the record: then it says what was done, and no trace says more, but that a mood
            and a step stand on it.
    """
    marked: dict[str, list[str]] = {}
    for name, text in pairs:
        marked.setdefault(name, []).append(text)
    said = {name: texts[-1] for name, texts in marked.items()}
    record = met.course.record
    shown = said.get(MARKED, "").split()
    sheets = {} if written else from_sheets(record, met.session, met.entries)
    for name, values in sheets.items():
        marked.setdefault(name, []).extend(
            value for value in values if f"{name}:{value}" not in shown and value not in marked.get(name, [])
        )
    step = None if written else _step_known(met)
    if step and not _has_step(said) and step.mark not in shown:
        said |= {STEP_TEXT: step.text, STEP_PERSON: said.get(STEP_PERSON) or step.person}
    follow = _can_follow(met)
    follows = [task for task in follow if task in followed(said, _has_step(said)) and task not in shown]
    return {
        **_mood_and_event(record, said, None if written else _lowest_day(met)),
        "meetings": tuple(_meeting_chips(met, said.get("meeting", ""))),
        "openers": tuple(Chip(name, words, said.get("opener_first") == name) for name, words in _said("opener_first")),
        **_work_chips(met, marked, follows if written else [*_new_traces(met, shown), *follows]),
        **_feeling_chips(marked.get("feelings", [])),
        "people": tuple(_person_chips(record, marked.get("people", []))),
        "other_people": said.get("people.other", ""),
        "safety": said.get("safety_asked", ""),
        "safety_said": tuple(
            Chip(name, words, said.get("safety_said") == name) for name, words in _said("safety_said")
        ),
        **_one_tap(met),
        "marked": tuple(sorted({*met.traced, *shown, *follows, *_tokens(sheets), *([step.mark] if step else [])})),
        "follow": follow,
        "from_sheets": {
            name: tuple(_words_of(record, name, one) for one in values if one in marked[name])
            for name, values in sheets.items()
        },
        **_step_before(last, said),
        "step": said.get(STEP_TEXT, ""),
        "step_from": put(step.source) if step and step.source and said.get(STEP_TEXT, "").strip() == step.text else "",
        "step_people": tuple(_person_chips(record, [said.get(STEP_PERSON, "")])),
        "next_date": next_date(met, said),
        "note": said.get("note", ""),
    }


def _mood_and_event(record: Record, said: dict[str, str], lowest: Entry | None) -> dict[str, Any]:
    """The mood, and the sentence on mood and event: begun from the lowest day of the diary, with its source."""
    begun = _link(record, lowest) if lowest else ""
    link = said.get("mood_event_link", begun)
    return {
        "moods": tuple(Chip(str(n), str(n), said.get("mood") == str(n)) for n in range(11)),
        "mood_in_diary": _mood_then(lowest) if lowest else "",
        "link": link,
        "link_from": put(say("after.link_from", on=lowest.happened_at)) if lowest and begun and link == begun else "",
    }


def _step_before(last: Entry | None, said: dict[str, str]) -> dict[str, Any]:
    """The step agreed before, how it stands and what happened."""
    status = said.get(LAST) or (str(last.answers.get("status")) if last else "")
    statuses = [(name, words) for name, words in vocabulary()["step_statuses"].items() if name != "planned"]
    return {
        "last": last,
        "last_statuses": tuple(Chip(name, words, name == status) for name, words in statuses),
        "last_words": said.get(LAST_WORDS, str(last.answers.get("what_happened") or "") if last else ""),
    }


def _meeting_chips(met: Meeting, marked: str) -> Iterator[Chip]:
    """The meetings that the manual has beside its sessions; what an earlier manual called so stays marked."""
    known = {one.id: one.label for one in met.course.manual.meetings}
    if marked and marked not in known:
        known[marked] = marked
    yield from (Chip(name, words, name == marked) for name, words in known.items())


def offered(met: Meeting, *, step: bool) -> tuple[str, ...]:
    """Return the tasks that one tap marks; to agree a step is one of them where a step is written."""
    tap = _one_tap(met)
    return (*tap["offered"], *([tap["with_step"]] if step and tap["with_step"] else []))


def _can_follow(met: Meeting) -> tuple[str, ...]:
    """Return the tasks of this agenda that need no tap: the opening that brought a mood, the step that was written."""
    here = {item.task for item in met.told.agenda.items}
    return tuple(task for task in (OPENING_TASK, STEP_TASK) if task in here)


def _step_known(met: Meeting) -> StepOnSheet | None:
    """Return the step that stands in the record of a session already, else the one agreed on its sheets."""
    if met.next_step:
        agreed = met.next_step.answers
        return StepOnSheet(str(agreed.get("text") or ""), str(agreed.get("person") or ""))
    return step_on_sheets(met.course.record, met.session, met.entries)


def _has_step(said: Mapping[str, str]) -> bool:
    return bool(said.get(STEP_TEXT, "").strip())


def with_what_follows(tasks: Sequence[str], said: Mapping[str, str]) -> list[str]:
    """Return the tasks of a card that is handed in, with those that follow from it; what was taken out stays out."""
    able, shown = said.get(FOLLOW, "").split(), said.get(MARKED, "").split()
    found = followed(said, _has_step(said))
    return [*tasks, *(one for one in able if one in found and one not in shown and one not in tasks)]


def _tokens(sheets: Said) -> Iterator[str]:
    """Yield what was proposed from a sheet, as the page remembers it: taken out, it stays out."""
    yield from (f"{name}:{value}" for name, values in sheets.items() for value in values)


def _words_of(record: Record, question: str, value: str) -> str:
    if question == "people":
        return alias(record, value) or value
    return _way_words(value) if question == "techniques" else label("feelings", value)


def _in_front(met: Meeting) -> list[str]:
    """Return what stands open on the agenda of this session; what was done before and may be done again is folded."""
    offered = met.told.agenda.offered
    return list(dict.fromkeys(one.task for one in offered if not (one.reason == "again" and one.done_before)))


def _one_tap(met: Meeting) -> dict[str, Any]:
    every = _in_front(met)
    left = [_task_words(task) for task in every if task not in met.at_one_tap and task != STEP_TASK]
    return {
        "offered": tuple(task for task in met.at_one_tap if task in every),
        "with_step": STEP_TASK if STEP_TASK in every else "",
        "left_out": tuple(left),
    }


def _said(question: str) -> list[tuple[str, str]]:
    """Return the answers of a question of the card."""
    form = open_form("session-record")
    item = next(one for one in form.items if one.id == question)
    return [(str(value), words) for value, words in choices_of(form, item)]  # type: ignore[arg-type]


def _work_chips(met: Meeting, marked: Mapping[str, list[str]], traces: Sequence[str]) -> dict[str, tuple[Chip, ...]]:
    """Tasks and techniques: what this session offered stands first, everything else of the manual behind a fold."""
    manual = met.course.manual
    tasks, ways = [*traces, *marked.get("tasks", [])], marked.get("techniques", [])
    tasks = list(dict.fromkeys(tasks))
    offered = list(dict.fromkeys(item.task for item in met.told.agenda.offered))
    every = [offer.task for offer in manual.offers] + [step for area in manual.areas for step in area.steps]
    first = list(dict.fromkeys([*_in_front(met), *tasks]))
    before = [task for task in offered if task not in first]
    here = [*filter(_known, [*first, *before])]
    twins = alike(manual, here) | near_twins(tuple((task, open_task(task).name) for task in here))
    near = [way for task in offered if _known(task) for way in open_task(task).techniques]
    near = list(dict.fromkeys([*ways, *near]))[: max(8, len(ways))]
    return {
        "tasks": tuple(Chip(name, _task_words(name), name in tasks, _line(name, twins)) for name in first),
        "before_tasks": tuple(Chip(name, _task_words(name), line=_line(name, twins)) for name in before),
        "more_tasks": tuple(
            Chip(name, _task_words(name)) for name in dict.fromkeys(every) if name not in (*first, *before)
        ),
        "techniques": tuple(Chip(name, _way_words(name), name in ways) for name in near),
        "more_techniques": tuple(Chip(name, _way_words(name)) for name in technique_ids() if name not in near),
    }


@lru_cache(maxsize=256)
def near_twins(names: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """Return the tasks whose names are nearly the same: all words of one, up to its first comma, stand in the other.

    One word is no name: `Act` is not nearly `Act together`.
    """
    words = {task: frozenset(WORD.findall(name.lower())) for task, name in names}
    heads = {task: frozenset(WORD.findall(PAUSE.split(name, maxsplit=1)[0].lower())) for task, name in names}
    pairs = ((one, other) for one in heads for other in words if one != other)
    return frozenset(
        task for pair in pairs if len(heads[pair[0]]) > 1 and heads[pair[0]] <= words[pair[1]] for task in pair
    )


def _new_traces(met: Meeting, shown: Sequence[str]) -> list[str]:
    """Return the tasks marked by a trace of this session, and nothing by habit; not what was shown marked before.

    A draft may be older than a sheet: what its author saw marked and took out stays out.
    """
    return [item.task for item in met.told.agenda.items if item.task in met.traced and item.task not in shown]


def _known(task: str) -> bool:
    try:
        open_task(task)
    except (KeyError, ValueError):
        return False
    return True


def _task_words(task: str) -> str:
    try:
        return open_task(task).name
    except (KeyError, ValueError):
        return label("tasks", task)


def _line(task: str, twins: Collection[str]) -> str:
    return open_task(task).line if task in twins and _known(task) else ""


def _way_words(way: str) -> str:
    try:
        return open_technique(way).name
    except KeyError:
        return way


def _feeling_chips(marked: list[str]) -> dict[str, Any]:
    families = vocabulary()["feelings"].values()
    first = {next(iter(family["words"])) for family in families} | set(marked)
    words = {name: text for family in families for name, text in family["words"].items()}
    more = (
        (family["label"], tuple(Chip(name, text) for name, text in family["words"].items() if name not in first))
        for family in families
    )
    return {
        "feelings": tuple(Chip(name, text, name in marked) for name, text in words.items() if name in first),
        "more_feelings": tuple(more),
    }


def _person_chips(record: Record, marked: list[str]) -> Iterable[Chip]:
    """The people of the circle, those of the focus first."""
    near = focus_people(record)
    ids = [*near, *(thing.id for thing in record.people if thing.ended_at is None and thing.id not in near)]
    for name in dict.fromkeys([*ids, *(one for one in marked if one)]):
        yield Chip(name, alias(record, name) or name, name in marked)


def _lowest_day(met: Meeting) -> Entry | None:
    """Return the lowest day of the diary since last time with somebody in it; None where there is none."""
    record = met.course.record.as_of(met.session.happened_at)
    since = met.before.recorded_at if met.before else None
    days = [
        entry
        for entry in record.of("mood-diary")
        if (since is None or entry.happened_at > since)  # first: a day that is long past is not even unsealed
        and entry.answers.get("interactions")
        and entry.answers.get("mood") is not None
    ]
    return min(days, key=lambda entry: (entry.answers["mood"], -entry.happened_at.timestamp()), default=None)


def _mood_then(lowest: Entry) -> str:
    """Say the mood of a day of the diary. It marks nothing: a mood of another day is no answer for today."""
    return put(say("after.mood_in_diary", on=lowest.happened_at, mood=lowest.answers["mood"]))


def _link(record: Record, lowest: Entry) -> str:
    """Begin the sentence on mood and event with what happened on a day of the diary, in the client's own words.

    The mood is asked beside it.
    """
    row = lowest.answers["interactions"][0]
    kinds = ", ".join(_begun_small(label("event_kinds", kind)) for kind in row.get("kinds") or ())
    person = alias(record, row.get("person"))
    words = put(say("after.quoted", words=kinds)) if kinds else ""
    event = f"{person}: {words}" if person and words else person or words
    return put(say("after.link", on=lowest.happened_at, event=event)) if event else ""


def _begun_small(words: str) -> str:
    """Set words inside a sentence: only the first letter changes, and never that of an I."""
    return words if words.startswith(("I ", "I’", "I'")) else words[:1].lower() + words[1:]

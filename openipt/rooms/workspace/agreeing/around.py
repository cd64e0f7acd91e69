"""What stands around the questions of a page: evidence beside the areas, the picture above the timeline, reviews."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openipt.rooms.filling.asked_for import names_of
from openipt.rooms.filling.sheet import Sheet
from openipt.rooms.filling.typed import Pairs
from openipt.rooms.workspace.agreeing.presets import Known, last_day, session_now
from openipt.rooms.workspace.agreeing.steps import Step
from openipt.rooms.workspace.agreeing.understood import NOW, NUMBER, PLACES, ROLE, STUCK, STUCK_WORDS, missing
from openipt.rooms.workspace.course.drawing import draw_timeline
from openipt.rooms.workspace.course.relations import is_stuck
from openipt.therapy.course import AreaEvidence, evidence_for_areas
from openipt.therapy.course.chosen import area_name, areas_of, focus_history, left_out, not_done
from openipt.therapy.record import Entry, Record, alias, focus, was_shared
from openipt.therapy.record.views import day_of
from openipt.therapy.words import Sentence, say

WIDE, NARROW = 1100, 358


@dataclass(frozen=True, slots=True)
class Offered:
    """An area on the page where the focus is chosen: what speaks for it, and where it was marked."""

    evidence: AreaEvidence
    name: str
    place: str  # primary, secondary, runner_up; empty where nothing was marked
    left_out: tuple[str, ...]  # steps of it that this manual does not take


@dataclass(frozen=True, slots=True)
class Happened:
    """One mark of the timeline on its list."""

    entry: Entry
    when: str
    who: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number of sessions on the card, with the day it ends."""

    value: int
    words: Sentence
    marked: bool


def around(step: Step, sheet: Sheet, known: Known) -> dict[str, Any]:
    """Return what a page shows besides its questions.

    Args:
        step: The page.
        sheet: The sheet with what was typed so far.
        known: The course and the day.
    """
    item_ids = [item.id for item in sheet.form.items]
    hidden = {*step.kept, *_WRITTEN.get(step.id, ())}
    own = {*step.first, *hidden, *_OWN.get(step.id, ())}
    later = [name for name in item_ids if name not in own]
    older = sheet.asked.replaces
    asked = {item.id: item.label for item in sheet.form.items}
    page = {
        "tab": "agreed",
        "still_missing": [(name, asked[name]) for name in (missing(step, sheet.pairs) if older else ())],
        "all": known.course,
        "step": step,
        "later": later,
        "carried": [(name, text) for name, text in sheet.pairs if name.partition(".")[0] in hidden],
        "latest": known.course.newest,
    }
    maker = _MAKERS.get(step.id)
    return {**page, **(maker(sheet, known) if maker else {})}


def _said(pairs: Pairs, name: str) -> str:
    return next((text for one, text in reversed(pairs) if one == name), "")


# ---- timeline ----


def _timeline(sheet: Sheet, known: Known) -> dict[str, Any]:
    course = known.course
    return {
        "wide": draw_timeline(course, "wide", WIDE),
        "narrow": draw_timeline(course, "narrow", NARROW),
        "marks": list(marks(course.record)),
        "drugs": course.record.of("medication"),
        "editing": sheet.asked.replaces,
    }


def marks(record: Record) -> Iterator[Happened]:
    """Yield what stands on the timeline, oldest first."""
    said = [entry for entry in record.of("timeline") if entry.kind == "answers"]
    for entry in sorted(said, key=lambda one: str(one.answers.get("date") or "")):
        who = ", ".join(alias(record, person) or person for person in entry.answers.get("people") or ())
        yield Happened(entry, str(entry.answers.get("date") or ""), who)


# ---- focus and formulation ----


def _focus(sheet: Sheet, known: Known) -> dict[str, Any]:
    manual, record = known.course.manual, known.course.record
    older = sheet.asked.replaces
    return {
        "areas": [
            Offered(one, area_name(manual, one.area.id), _place(sheet, one.area.id), not_done(manual, one.area.id))
            for one in evidence_for_areas(manual, record, known.today)
        ],
        "two": manual.areas_most > 1,
        "left_out": left_out(manual),
        "history": focus_history(record),
        "had": [area_name(manual, area) for area in areas_of(older.answers)] if older else [],
    }


def _place(sheet: Sheet, area: str) -> str:
    """Return where an area was marked: on this page, else in the sheet that stands; never by the software."""
    marked = {name.removeprefix(ROLE): text for name, text in sheet.pairs if name.startswith(ROLE)}
    if marked:
        return marked.get(area, "")
    return next((place for place, item in PLACES.items() if _said(sheet.pairs, item) == area), "")


def _formulation(sheet: Sheet, known: Known) -> dict[str, Any]:
    record, manual = known.course.record, known.course.manual
    chosen = {text for name, text in sheet.pairs if name.startswith("precipitants.") and name.endswith(".event")}
    events = [(thing.id, record.says("timeline", thing.id)) for thing in record.events]
    known_ids = {name for name, _ in events}
    return {
        "focus_names": [area_name(manual, area) for area in focus(record)],
        "happened": [(name, said, name in chosen) for name, said in events if said.get("text")],
        "happened_else": sorted(text for text in chosen if text and text not in known_ids),
        "versions": list(versions(record)),
    }


def versions(record: Record) -> Iterator[Entry]:
    """Yield every formulation that was said to the client, newest first; replaced ones too."""
    said = [one for one in record.entries if one.form == "formulation" and one.retracted_at is None]
    for entry in sorted(said, key=lambda one: (one.happened_at, one.recorded_at), reverse=True):
        if was_shared(entry):
            yield entry


# ---- contract ----


def _contract(sheet: Sheet, known: Known) -> dict[str, Any]:
    dose = known.course.manual.dose
    marked = _said(sheet.pairs, NUMBER) or _said(sheet.pairs, "sessions_n")
    offered = sorted({dose.least, dose.usual, dose.most})
    return {
        "numbers": [Number(n, _ends(n, sheet), marked == str(n)) for n in offered],
        "other_number": marked not in {str(n) for n in offered},
    }


def _ends(number: int, sheet: Sheet) -> Sentence:
    """Say when a number of sessions ends: as it was agreed, else counted from the first session."""
    before = sheet.asked.replaces.answers if sheet.asked.replaces else {}
    if before.get("sessions_n") == number and (agreed := day_of(before.get("planned_end"))):
        return say("agreed.ends", n=number, end=agreed)
    end = last_day(day_of(_said(sheet.pairs, "start")), number, _said(sheet.pairs, "cadence"))
    return say("agreed.ends", n=number, end=end) if end else say("agreed.sessions", n=number)


# ---- goals ----


def _goal(sheet: Sheet, known: Known) -> dict[str, Any]:
    older = sheet.asked.replaces
    said = dict(older.answers) if older else {}
    people = [("self", "For the client alone"), *names_of(known.course.record).items()]
    scope = _said(sheet.pairs, "scope")
    if scope and scope not in dict(people):
        people.append((scope, scope))
    return {
        "scopes": [(value, words, value == scope) for value, words in people],
        "goal": said,
        "stuck": bool(older) and is_stuck(said),
        "number": session_now(known.course, known.today),
        "nows": [(str(n), _said(sheet.pairs, NOW) == str(n)) for n in range(11)],
        "changes": _WHAT_CHANGES,
        "stuck_said": _said(sheet.pairs, STUCK),
        "stuck_words": _said(sheet.pairs, STUCK_WORDS),
    }


_WHAT_CHANGES = [
    ("goal", "The goal"),
    ("plan", "The plan"),
    ("expectation", "What is hoped for"),
    ("nothing", "Nothing yet"),
]
_WRITTEN: Mapping[str, Sequence[str]] = {  # what pages write themselves
    "focus": ("version",),
    "formulation": ("version",),
    "goal": ("ratings", "changes"),
}
_OWN: Mapping[str, Sequence[str]] = {"formulation": ("precipitants",), "timeline": ("precision",)}  # asked in own ways
_MAKERS: Mapping[str, Callable[[Sheet, Known], dict[str, Any]]] = {
    "timeline": _timeline,
    "medication": _timeline,
    "focus": _focus,
    "formulation": _formulation,
    "contract": _contract,
    "goal": _goal,
}

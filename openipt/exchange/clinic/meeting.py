"""One session of a made-up course: what the agenda offers that day, what of it is done, and what is written."""

from __future__ import annotations

from datetime import datetime, timedelta

from openipt.exchange.clinic import agreeing, beginning, deciding, parting, people, timeline, working
from openipt.exchange.clinic.asking import ask_alone, asks_again, talk_about_safety
from openipt.exchange.clinic.calendar_of_course import Slot
from openipt.exchange.clinic.chance import likely, whole
from openipt.exchange.clinic.choosing import choose
from openipt.exchange.clinic.flagging import look_after, settle
from openipt.exchange.clinic.living import agree_step, tell_step
from openipt.exchange.clinic.story import Story
from openipt.therapy.course import Agenda, agenda, derived_flags
from openipt.therapy.course.flags import ADULT
from openipt.therapy.manuals import open_task
from openipt.therapy.record import Record, Session
from openipt.therapy.vocabulary import vocabulary

ASKED, WORKED, WRITTEN = timedelta(minutes=10), timedelta(minutes=40), timedelta(minutes=55)
JOINT = ("ADO.01", "ADO.04", "ADO.06")


def hold(story: Story, slot: Slot, number: int, *, decides: bool = True) -> None:
    """Hold one session: ask the course what is offered now, do some of it, write what follows from it."""
    at, path = slot.at, slot.label
    tell_step(story, at - timedelta(minutes=6))
    if number == 1:
        people.people(story, at - timedelta(minutes=7), "first", whole_sheet=False)
    known = story.known(at)
    last = number == story.calendar.last
    waiting = [flag for flag in derived_flags(story.manual, known, at.date()) if flag.handled is None]
    settled = [] if last else settle(story, waiting, at, came=True)
    plan = agenda(story.manual, known, at.date())
    tasks = choose(story, plan, number, flagged=bool(waiting))
    _session(story, slot, number, tasks)
    sheets = _sheets(story, known, tasks, slot, number)
    if last or waiting or story.manner.afraid:  # what was asked in the session, and that it is the last, may raise more
        raised = derived_flags(story.manual, story.known(at + WORKED), at.date())
        settled += settle(story, raised, at, came=True)
    look_after(story, known, settled, at + WORKED, path)
    if decides:
        deciding.decide(story, known, at + WORKED, number, path, last=last)
    if "MID.07" in tasks:
        agree_step(story, at + WRITTEN, path)
    _record(story, slot, plan, tasks, sheets)


def miss(story: Story, slot: Slot) -> None:
    """Note a date that nobody came to; where an answer was waiting, somebody rings the same day."""
    story.sessions.append(Session(slot.label, 0, slot.kind, slot.at, slot.at + WRITTEN, uses=0, attended=False))
    said = {"missed_reason": story.words.phrase("missed_reason"), "note": story.words.phrase("note_missed")}
    story.write("session-record", said, slot.at + WRITTEN, f"{slot.label}/record", about=slot.label)
    known = story.known(slot.at + WRITTEN)
    settle(story, derived_flags(story.manual, known, slot.day), slot.at, came=False)


def _session(story: Story, slot: Slot, number: int, tasks: list[str]) -> None:
    joint = any(task in JOINT for task in tasks)
    others = tuple(one.id for one in people.caregivers(story)) if joint else ()
    minutes = whole(story.chance.of("minutes", number).gauss(story.manual.dose.minutes, 3), 20, 90)
    kind = "joint" if others else "attended"
    where = agreeing.modality(story)
    story.sessions.append(
        Session(slot.label, number, kind, slot.at, slot.at + WRITTEN, minutes, where, 1, True, others)
    )


def _sheets(story: Story, known: Record, tasks: list[str], slot: Slot, number: int) -> list[str]:
    """Write what the tasks of this session leave behind; return the codes of the sheets used."""
    at, path = slot.at + WORKED, slot.label
    used = list(_of_beginning(story, known, tasks, slot, number))
    if asks_again(story, number) and "DSP.08" not in tasks:
        about = ["all_current"] if story.cast.age < ADULT else [story.cast.who.id]
        ask_alone(story, slot.at + ASKED, number, about, "WS_VIOLENCE", path)
    if code := working.area_sheet(story, tasks, at, number, path):
        used.append(code)
    if "MID.10" in tasks or number == story.calendar.last or (_open_ended(story) and number % 6 == 0):
        people.circle(story, at, path, working.done_so_far(story, at))
        agreeing.rate_goals(story, at, path, number)
        used.append("WS_CLOSENESS")
    used += parting.prepare(story, known, tasks, at, path)
    _change_of_contract(story, at, path, number)
    return used


def _open_ended(story: Story) -> bool:
    return story.manual.purpose == "maintenance"


def _of_beginning(story: Story, known: Record, tasks: list[str], slot: Slot, number: int) -> list[str]:
    at, path, used = slot.at + WORKED, slot.label, []
    if number == 1:
        beginning.consent(story, slot.at + ASKED)
        ask_alone(story, slot.at + ASKED, number, ["all_current"], "INI.01", path)
    if "DSP.08" in tasks and story.cast.who.status != "deceased":
        ask_alone(story, slot.at + ASKED, number, [story.cast.who.id], "DSP.08", f"{path}/dispute")
    if "INI.01" in tasks and not story.newest(story.manual.outcome[0]).get("q9") and number in (1, 4, 8):
        talk_about_safety(story, slot.at + ASKED, number, path)
    if "INI.04" in tasks:
        agreeing.time_to_recover(story, at, path, number)
        used.append("WS_RECOVER")
    if "INI.06" in tasks and not known.events:
        timeline.timeline(story, at)
        used.append("WS_TIMELINE")
    if "INI.07" in tasks and not story.newest("interpersonal-inventory", "P1").get("closeness"):
        people.people(story, at, path, whole_sheet=True)
        used.append("WS_INVENTORY")
    if "INI.08" in tasks and "MID.10" not in tasks and number != story.calendar.last:
        people.circle(story, at, path, working.done_so_far(story, at))
        used.append("WS_CLOSENESS")
    return used + _agreed(story, known, tasks, at, path)


def _agreed(story: Story, known: Record, tasks: list[str], at: datetime, path: str) -> list[str]:
    used = []
    carried_over = _open_ended(story) and not known.of("formulation")
    if "INI.10" in tasks or carried_over:
        agreeing.formulation(story, at, path, fits=not (story.manner.misfits and not known.of("formulation")))
        used.append("WS_FORMULATION")
    if "INI.11" in tasks and not known.of("contract"):
        agreeing.contract(story, at, path)
        used.append("WS_CONTRACT")
    if ("INI.12" in tasks or carried_over) and not story.things["goals"]:
        agreeing.goals(story, at, path)
        used.append("WS_GOALS")
    return used


def _change_of_contract(story: Story, at: datetime, path: str, number: int) -> None:
    """Agree on another number of sessions: earlier where the course goes on elsewhere, more where it needs more."""
    calendar = story.calendar
    if calendar.ending in ("referred", "moved") and number == calendar.last - 1:
        agreeing.shorten(story, at, f"{path}/shorter")
    if calendar.extension and number == calendar.agreed - 1:
        agreeing.extend(story, at, f"{path}/longer", number)


def _record(story: Story, slot: Slot, plan: Agenda, tasks: list[str], sheets: list[str]) -> None:
    stream, words = story.chance.of("record", slot.label), story.words
    mood = whole(story.answering.mood(slot.day) + stream.gauss(0, 0.8), 0, 10)
    kind = plan.position.phase.kind
    part = "initial" if kind in ("initial", "assessment") else "end" if kind == "termination" else "middle"
    link = None if plan.position.number == 1 else words.phrase("link_better" if mood >= 5 else "link_worse")
    said = {
        "opener": plan.opener if likely(stream, 0.6) or slot.label == "S01" else words.phrase("openers"),
        "opener_first": stream.choice(("mood_first", "event_first")),
        "mood": mood,
        "mood_thermometer": max(1, mood) if "ADO.03" in tasks else None,
        "mood_event_link": link,
        "phase": kind,
        "tasks": tasks,
        "techniques": _techniques(story, tasks, slot.label),
        "worksheets": [code for code in dict.fromkeys(sheets) if code in vocabulary()["worksheets"]] or None,
        "safety_asked": "INI.01" in tasks or None,
        "gap_note": slot.gap,
        "note": words.phrase(f"note_{part}") if likely(stream, 0.8) else None,
    }
    story.write("session-record", said, slot.at + WRITTEN, f"{slot.label}/record", about=slot.label)


def _techniques(story: Story, tasks: list[str], label: str) -> list[str]:
    area = story.manual.area(story.cast.area)
    of_tasks = [technique for task in tasks for technique in open_task(task).techniques]
    fitting = [one for one in of_tasks if area and one in area.techniques] + of_tasks
    kept = set(list(dict.fromkeys(fitting))[: story.chance.of("techniques", label).randint(2, 5)])
    return [one for one in vocabulary()["techniques"] if one in kept]

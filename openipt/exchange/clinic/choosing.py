"""What is done in a session of a made-up course: chosen among what the agenda offers that day, never beside it."""

from __future__ import annotations

from openipt.exchange.clinic.chance import likely, some
from openipt.exchange.clinic.story import Story
from openipt.therapy.course import Agenda, AgendaItem
from openipt.therapy.manuals import Manual

BEGINNING = ("initial", "assessment")  # kinds of phases in which nothing is worked on yet
FIRST = ("INI.01", "INI.14", "INI.02", "INI.03", "ADO.01", "INI.06", "INI.11", "INI.07", "INI.05", "INI.15", "INI.13")
LAST_OF_BEGINNING = ("DSP.08", "INI.06", "INI.07", "INI.08", "INI.09", "INI.10", "INI.12", "INI.11", "INI.13")
NOT_BEFORE_THE_LAST = frozenset({"INI.09", "INI.10", "INI.12"})
AT_THE_VERY_END = ("END.08", "END.09")
MUST = ("END.01", "END.07", "MID.10", "ADO.03", "ADO.04", "ADO.06", "MNT.01", "MNT.04", *AT_THE_VERY_END)
REVIEW = ("INI.04", "again")  # the time to recover comes to its end
BEFORE_PARTING = ("END.05", "END.03", "END.04")
OFTEN = {"MID.01": 0.95, "MID.02": 0.9, "MID.03": 0.9, "MID.04": 0.7, "MID.05": 0.4, "MID.06": 0.35, "MID.07": 0.85}
USUALLY = 0.55
MOST_TASKS = 9


def choose(story: Story, plan: Agenda, number: int, *, flagged: bool) -> list[str]:
    """Return the tasks of a session, in the order of the agenda. What is offered with a warning waits."""
    last = number == story.calendar.last
    free = [item for item in plan.items if item.status == "offered" or (last and item.gate == "ending_raised")]
    free = [item for item in free if item.task not in (("MID.07",) if last else AT_THE_VERY_END)]
    begins = plan.position.phase.kind in BEGINNING
    chosen = _in_the_beginning(story, free, number) if begins else _later(story, free, number)
    musts = _musts(story, number, last, flagged)
    forced = [item.task for item in free if item.task in musts or (item.task, item.reason) == REVIEW]
    kept = [item.task for item in free if item.task in chosen and item.task not in forced]
    if not begins:
        room = max(0, MOST_TASKS - len(forced))
        kept = some(story.chance.of("room", number), kept, room, room)
    return [item.task for item in free if item.task in (*forced, *kept)]


def _musts(story: Story, number: int, last: bool, flagged: bool) -> set[str]:
    must = set(MUST)
    if flagged:
        must.add("INI.01")
    if last:
        must |= set(BEFORE_PARTING)
    if number == 1 and story.manual.purpose == "maintenance":
        must |= {"INI.14", "INI.11", "INI.01"}
    return must


def _in_the_beginning(story: Story, free: list[AgendaItem], number: int) -> set[str]:
    """Choose in the beginning: what opens a course first, and all that is missing in the last session of it."""
    first, last = _beginning_of(story.manual)
    every = [item.task for item in free if item.reason == "every" and likely(story.chance.of(number, item.task), 0.8)]
    fresh = {item.task for item in free if not item.done_before}
    due = [task for task in FIRST if task in fresh]
    if number > first and "INI.04" in fresh and likely(story.chance.of("time to recover"), 0.4):
        every.append("INI.04")
    left = [task for task in LAST_OF_BEGINNING if task in fresh]
    revised = {item.task for item in free if item.task == "INI.10"}
    if number >= last:
        return {*left, *revised, *every[: max(2, MOST_TASKS - len(left))]}
    early = [task for task in due if task not in NOT_BEFORE_THE_LAST]
    if number == first:
        return {*every[:2], *early[:6]}
    return {*every, *early[:4], *[task for task in left if task not in NOT_BEFORE_THE_LAST][:3]}


def _beginning_of(manual: Manual) -> tuple[int, int]:
    kinds = {phase.id: phase.kind for phase in manual.phases}
    return next((bounds for name, bounds in manual.ranges().items() if kinds[name] in BEGINNING), (1, 1))


def _later(story: Story, free: list[AgendaItem], number: int) -> set[str]:
    """Choose in the middle and at the end: what every session has, and one or two steps of the focus."""
    area = story.manual.area(story.cast.area)
    steps = area.steps if area else ()
    stream = story.chance.of("tasks", number)
    drawn = {item.task for item in free if likely(stream, OFTEN.get(item.task, USUALLY))}
    drawn -= {item.task for item in free if item.reason == "area" or item.task in steps or item.task.startswith("INI")}
    fresh = sorted((item for item in free if item.task in steps), key=lambda item: item.done_before)
    return drawn | {item.task for item in fresh[: story.chance.of("steps", number).choice((1, 1, 2))]}

"""What happens between the sessions of a made-up course: the diary, the step that was agreed, the questionnaires."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from openipt.exchange.clinic.calendar_of_course import Slot
from openipt.exchange.clinic.chance import likely, weighted, whole
from openipt.exchange.clinic.diary import note
from openipt.exchange.clinic.story import Story
from openipt.exchange.clinic.timeline import new_event
from openipt.therapy.manuals.definition import Measure

DAY = timedelta(days=1)


def between(story: Story, since: datetime, until: datetime, slot: Slot) -> None:
    """Write what happened from one date to the next: diary entries, now and then an event, what to talk about."""
    stream, days = story.chance.of("between", slot.label), story.chance.of("diary", slot.label)
    day = since.date() + (DAY if since.date() != until.date() else timedelta())
    while day < until.date():
        if likely(days, story.manner.diary):
            note(story, day)
        day += DAY
    if likely(stream, 0.07) and (until - since).days > 2:
        new_event(story, until - timedelta(minutes=20), until.date() - timedelta(days=2))
    if likely(stream, 0.25):
        said = {"most": story.words.phrase("talk_about"), "session_date": until.date().isoformat()}
        story.write("talk-about", said, until - timedelta(hours=2), f"{slot.label}/talk-about", by_client=True)


def agree_step(story: Story, at: datetime, session: str) -> None:
    """Agree one small thing until next time: one of the story's own steps, or one that always fits."""
    stream = story.chance.of("step", session)
    own = list(story.cast.plot["steps"])
    fresh = [one for one in own if one not in story.manner.steps_used]
    text = fresh[0] if fresh and likely(stream, 0.6) else None
    if text:
        story.manner.steps_used.add(text)
    label = f"step-{session.lower()}"
    said = {
        "text": story.words.fill(text) if text else story.words.phrase("step_general"),
        "person": story.cast.who.id if text and "{who}" in text else None,
        "size": stream.randint(2, 6),
        "likely_obstacle": story.words.phrase("obstacles") if likely(stream, 0.3) else None,
        "agreed_in": session,
        "status": "planned",
    }
    story.thing("steps", label, at)
    story.write("between-session-step", said, at, f"{session}/step", about=label)


def tell_step(story: Story, at: datetime) -> None:
    """Tell how the last step went, on the way into the next session."""
    label = next(reversed(story.things["steps"]), None)
    planned = story.newest("between-session-step", label) if label else {}
    if not planned or planned["status"] != "planned":
        return
    stream = story.chance.of("went", label)
    better = story.illness.kind in ("recovers", "improves")
    went = weighted(stream, {"done": 0.52 if better else 0.32, "tried": 0.22, "changed": 0.07, "not_now": 0.2})
    told = {**planned, "status": went, "what_happened": story.words.phrase(f"step_{went}")}
    if went != "not_now" and likely(stream, 0.5):
        before = whole(story.answering.mood(at.date()) + stream.gauss(0, 1), 0, 10)
        told |= {"mood_before": before, "mood_after": whole(before + stream.choice((-1, 0, 1, 2, 2)), 0, 10)}
    story.write("between-session-step", told, at, f"{label}/went", about=label, by_client=True)


def questionnaires(story: Story, slot: Slot, number: int, last: int, *, thoughts: int | None = None) -> None:
    """Answer what is due for a session: at home the evening before, that morning, or at the door."""
    stream = story.chance.of("answers", slot.label)
    at = _when(stream, story.manner.answers, slot.at)
    form = story.manual.outcome[0]
    if thoughts is not None or number in (1, last) or not likely(stream, story.manner.forgets):
        answers = story.answering.depression(form, at.date(), thoughts=thoughts)
        story.write(form, answers, at, f"{slot.label}/{form}", by_client=True)
    if slot.kind != "held":
        return
    at += timedelta(minutes=4)
    for measure in story.manual.measures:
        name = next((one for one in measure.first_of if one in _OTHERS), None)
        if name and name != form and _due(measure, number, last) and likely(stream, 0.93):
            story.write(name, _answers(story, name, at.date()), at, f"{slot.label}/{name}", by_client=True)


_OTHERS = ("gad-7", "openipt-session-feedback", "alliance-5", "audit-c", "gds-15", "own-functioning")


def _due(measure: Measure, number: int, last: int) -> bool:
    places = {"start": 1, "middle": -(-last // 2), "end": last}
    by_place = number in measure.sessions or any(number == places[place] for place in measure.at)
    return by_place or (measure.every is not None and number % measure.every == 0)


def _answers(story: Story, form: str, day: date) -> dict[str, int]:
    if form == "gad-7":
        return story.answering.anxiety(day)
    if form == "gds-15":
        return story.answering.late_life(day)
    if form == "audit-c":
        return story.answering.alcohol()
    if form == "own-functioning":
        return {"functioning": whole(story.answering.mood(day) + 0.3, 0, 10)}
    return story.answering.agreement(form, day)


def _when(stream: Random, habit: str, at: datetime) -> datetime:
    if habit == "evening":
        return (at - DAY).replace(hour=19, minute=stream.randint(0, 59))
    if habit == "morning":
        return at.replace(hour=6, minute=stream.randint(5, 40))
    if habit != "door":
        return datetime.fromisoformat(habit)
    return at - timedelta(minutes=stream.randint(9, 14))

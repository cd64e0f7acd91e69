"""The timeline of a made-up course: early years, what came before the illness, how bad it was, what happened since."""

from __future__ import annotations

from datetime import date, datetime
from random import Random

from openipt.exchange.clinic.chance import some, whole
from openipt.exchange.clinic.rows import months_before
from openipt.exchange.clinic.story import Story
from openipt.exchange.clinic.wording import page

GROWN_UP = ("work", "birth", "relationship")  # kinds of events that a childhood does not have
ONSET = 0.65  # the illness begins when a third of the time since the event has passed


def timeline(story: Story, at: datetime) -> None:
    """Write the timeline as it was first drawn: early events, what came before the illness, how bad it was when."""
    stream, cast = story.chance.of("timeline"), story.cast
    first = story.calendar.slots[0].day
    early = page("talk")["early_events_teen" if cast.stage == "teen" else "early_events"]
    for n, mark in enumerate(some(stream, early, 1, 3), 1):
        of_age = 19 if mark["type"] in GROWN_UP else 7
        year = first.year - stream.randint(2, max(3, min(25, cast.age - of_age)))
        _event(story, at, f"E{n}", str(year), mark["type"], mark["text"], _valence(stream, mark["type"]))
    before = cast.plot["before"]
    for n, mark in enumerate(cast.plot["events"], 5):
        month = months_before(first, before if n == 5 else before * 0.75)
        _event(story, at, f"E{n}", month, mark["type"], story.words.fill(mark["text"]), -2, who=True, link=n == 5)
    _event(story, at, "E8", months_before(first, before * ONSET), "symptom_onset", story.words.phrase("onset"), -3)
    for n, share in enumerate((1.15, 0.8, 0.5, 0.2), 1):
        level = whole(2 + (story.illness.start / 3 - 1) * (1.2 - share) + stream.gauss(0, 0.7), 0, 10)
        told = {"mark": "symptom_level", "date": months_before(first, before * share), "severity": level}
        story.write("timeline", told, at, f"timeline/level-{n}")


def _valence(stream: Random, kind: str) -> int:
    good, bad = ("school", "work", "birth"), ("death", "episode", "health")
    return (
        stream.randint(1, 3) if kind in good else -stream.randint(1, 3) if kind in bad else stream.choice((-2, -1, 1))
    )


def _event(
    story: Story, at: datetime, label: str, day: str, kind: str, text: str, valence: int, *, who: bool = False,
    link: bool = False,
) -> None:  # fmt: skip
    story.thing("events", label, at)
    said = {
        "mark": "event",
        "date": day,
        "precision": "year" if len(day) == 4 else "month" if len(day) == 7 else "day",
        "type": kind,
        "text": text,
        "valence": valence,
        "people": [story.cast.who.id] if who else None,
        "suspected_onset_link": True if link else None,
    }
    story.write("timeline", said, at, f"timeline/{label}", about=label)


def new_event(story: Story, at: datetime, day: date) -> None:
    """Write an event that happened while the course was running."""
    mark = story.words.draw(
        "new_events", page("talk")["new_events_teen" if story.cast.stage == "teen" else "new_events"]
    )
    label = f"E{20 + len(story.things['events'])}"
    good = "first" in mark["text"] or "well" in mark["text"]
    _event(story, at, label, day.isoformat(), mark["type"], mark["text"], 2 if good else -1)

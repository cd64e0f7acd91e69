"""The diary of a made-up client: the curve that the questionnaires follow, and how contact with each person feels."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from openipt.exchange.cases.clock import on
from openipt.exchange.clinic.casting import Somebody
from openipt.exchange.clinic.chance import likely, weighted, whole
from openipt.exchange.clinic.story import Story
from openipt.exchange.clinic.working import done_so_far

# kinds of contact, by how they feel; what each may be depends on how far the work has come
GOOD = {"closeness": 3, "shared_fun": 2, "supported": 3, "asked_for_help": 1.5, "said_what_i_felt": 1.5, "helped": 1}
BAD = {"conflict": 3, "criticised": 2, "ignored": 2, "rejected": 1, "avoided": 2, "role_demand": 2}
NOBODY_GOOD = {"mastery": 2, "alone_by_choice": 2}
NOBODY_BAD = {"lonely": 3, "loss_reminder": 1, "role_demand": 1}
SKILLED = ("said_what_i_felt", "asked_for_help", "supported", "conflict", "closeness", "criticised")


def note(story: Story, day: date) -> None:
    """Write the entry of one evening: whom the client met, how it felt, and the mood that goes with it."""
    stream = story.chance.of("diary", day)
    contacts = list(_contacts(story, stream, day))
    felt = sum(row["valence"] for row in contacts) / max(1, len(contacts))
    mood = whole(story.answering.mood(day) + 0.55 * felt + stream.gauss(0, 0.9), 0, 10)
    at = on(day).replace(hour=stream.randint(17, 21), minute=stream.randint(0, 59))
    late = likely(stream, 0.08)
    with_people = any("person" in row for row in contacts)
    tone = "diary_flat" if not with_people or abs(felt) < 0.7 else "diary_good" if felt > 0 else "diary_bad"
    said = {
        "at": at.isoformat(timespec="minutes"),
        "mood": mood,
        "interactions": contacts,
        "note": story.words.phrase(tone) if likely(stream, 0.45) else None,
        "sleep_h": whole(7.6 - story.illness.at(day) / 8 + stream.gauss(0, 0.8), 2, 10)
        if likely(stream, 0.2)
        else None,
    }
    private = "client_private" if likely(stream, 0.03) else None
    told = at + timedelta(hours=11) if late else at + timedelta(minutes=2)
    story.write("mood-diary", said, at, f"diary/{day}", told=told, by_client=True, visibility=private)


def _contacts(story: Story, stream: Random, day: date) -> Iterator[dict[str, Any]]:
    """Yield what happened with people: a day's mood and the person's own warmth decide how it felt."""
    for n in range(weighted(stream, {0: 0.06, 1: 0.62, 2: 0.32})):
        alone = likely(stream, 0.15)
        who = None if alone else _met(story, stream, n)
        if who is not None and story.cast.who is who:
            warmth = who.warmth + 2.2 * done_so_far(story, on(day)) * (story.illness.kind in ("recovers", "improves"))
        else:
            warmth = who.warmth if who else 0.0
        felt = whole(warmth + (story.answering.mood(day) - 5) * 0.18 + stream.gauss(0, 1.3), -3, 3)
        yield _contact(story, stream, who, felt, day)


def _met(story: Story, stream: Random, n: int) -> Somebody:
    weights = {one.id: 3.0 if one.in_focus and n == 0 else 1.0 for one in story.cast.living}
    found = weighted(stream, weights)
    return next(one for one in story.cast.living if one.id == found)


def _contact(story: Story, stream: Random, who: Somebody | None, felt: int, day: date) -> dict[str, Any]:
    if who is None:
        kind = weighted(stream, NOBODY_GOOD if felt > 0 else NOBODY_BAD)
        return {"kinds": [kind], "valence": felt if felt else -1}
    kind = "other" if felt == 0 else weighted(stream, GOOD if felt > 0 else BAD)
    row: dict[str, Any] = {"person": who.id, "kinds": [kind], "valence": felt}
    if kind in SKILLED:
        row["skill"] = likely(stream, 0.25 + 0.45 * done_so_far(story, on(day)))
    if likely(stream, 0.3):
        row["my_part"] = stream.choice(("initiated", "received", "both"))
    return row

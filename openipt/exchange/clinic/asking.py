"""What is asked aloud and alone in a made-up course: violence and coercion, thoughts of death."""

from __future__ import annotations

from datetime import datetime

from openipt.exchange.clinic.story import Story
from openipt.therapy.course.flags import ADULT


def ask_alone(story: Story, at: datetime, number: int, about: list[str], source: str, path: str) -> None:
    """Write a violence check: always asked alone. Where somebody is afraid, no hard talk is prepared."""
    afraid = story.manner.afraid and number > 1
    said = {
        "date": at.date().isoformat(),
        "session": number,
        "asked_alone": True,
        "about": about,
        "result": "fear_or_coercion" if afraid else "none",
        "safe_to_raise": "no" if afraid else "yes",
        "source": source,
        "by": story.staff,
        "note": story.words.phrase("alone_afraid" if afraid else "alone_safe"),
    }
    story.write("violence-check", said, at, f"{path}/alone")


def asks_again(story: Story, number: int) -> bool:
    """Whether safety with the people of a hard talk is asked again in a session: before each that may come next."""
    if number == 1 or story.manner.afraid:
        return False
    if story.cast.age < ADULT:
        return number in (5, 7, story.calendar.agreed - 2)
    return story.cast.area == "PA_DISPUTE" and number % 3 == 2


def talk_about_safety(story: Story, at: datetime, number: int, path: str) -> None:
    """Write a conversation about safety in which no thoughts were named; it is asked aloud whatever was ticked."""
    said = {
        "date": at.date().isoformat(),
        "session": number,
        "asked_alone": True,
        "thoughts": 0,
        "intent": False,
        "plan": False,
        "recent_self_harm": False,
        "protective": story.words.phrase("protective"),
        "agreed": "To say so if it changes; numbers are on the card",
        "by": story.staff,
    }
    story.write("safety-conversation", said, at, f"{path}/safety-talk")

"""What client and therapist of a made-up course agree on: the formulation, the contract, the goals, what may wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from openipt.exchange.clinic.chance import likely, whole
from openipt.exchange.clinic.rows import texts
from openipt.exchange.clinic.story import Story
from openipt.exchange.clinic.wording import page

SECOND_AREA = 0.1


def formulation(story: Story, at: datetime, path: str, *, fits: bool = True) -> None:
    """Write the formulation as it was said to the client, with how well it fits and the client's own words.

    A second version is written where the first did not fit.
    """
    stream, plot = story.chance.of("formulation", fits), story.cast.plot
    own = [story.words.fill(line) for line in plot["words"]] + page("talk")["client_words_general"][:1]
    version = 1 + len(story.known(at).of("formulation"))
    said = {
        "version": version,
        "condition_label": "Depression",
        "plain_name": story.words.phrase("plain_names"),
        "precipitants": [{"event": "E5"}] if "E5" in story.things["events"] else None,
        "area_primary": story.cast.area,
        "area_secondary": _second(story),
        "why_now": story.words.fill(plot["why_now"]),
        "link_statement": story.words.phrase_with("link", theme=story.words.fill(plot["theme"])),
        "vulnerability": {
            "biological": story.words.phrase("vulnerability_body"),
            "psychological": story.words.phrase("vulnerability_coping"),
            "attachment": story.words.phrase("vulnerability_ties"),
            "social": story.words.phrase("vulnerability_life"),
        },
        "strengths": texts(story.words.several("strengths", 2)),
        "plan_sentence": story.words.phrase("plan"),
        "client_fit": whole(stream.triangular(6, 10, 8), 6, 10) if fits else stream.randint(3, 5),
        "client_words": story.words.draw("client_words", own),
        "disagrees": None if fits else story.words.phrase("disagrees"),
        "shared_copy": likely(stream, 0.7),
    }
    story.write("formulation", said, at, f"{path}/formulation")


def _second(story: Story) -> str | None:
    """Draw a second focus for a few, where the manual takes two."""
    stream = story.chance.of("second area")
    others = [area.id for area in story.manual.areas if area.id != story.cast.area]
    if story.manual.areas_most < 2 or not others or not likely(stream, SECOND_AREA):
        return None
    return stream.choice(others)


def contract(story: Story, at: datetime, path: str) -> None:
    """Write the contract: how many sessions, until when, on what, and what each of the two does."""
    story.write("contract", _contract(story), at, f"{path}/contract")


def shorten(story: Story, at: datetime, path: str) -> None:
    """Write that the course will end earlier than agreed: it goes on elsewhere."""
    last = story.calendar.slots[-1].day
    said = {
        **_contract(story),
        "sessions_n": story.calendar.total,
        "planned_end": last.isoformat(),
        "review_points": [],
    }
    story.write("contract", said, at, f"{path}/contract")


def extend(story: Story, at: datetime, path: str, number: int) -> None:
    """Write that further sessions are agreed, until when, and why."""
    more = {
        "sessions": story.calendar.extension,
        "agreed_session": number,
        "cadence": "weekly",
        "until": story.calendar.slots[-1].day.isoformat(),
        "reason": story.words.phrase("extension_reason"),
    }
    story.write("contract", {**_contract(story), "extension": more}, at, f"{path}/contract")


def _contract(story: Story) -> dict[str, Any]:
    talk, calendar, manual = page("talk"), story.calendar, story.manual
    points = [point.due.session for point in manual.decision_points if isinstance(point.due.session, int)]
    return {
        "agreed_on": calendar.slots[0].day.isoformat(),
        "sessions_n": calendar.agreed,
        "minutes": manual.dose.minutes,
        "cadence": "monthly" if "monthly" in manual.dose.cadence else "weekly",
        "start": calendar.slots[0].day.isoformat(),
        "planned_end": calendar.planned_end.isoformat(),
        "modality": modality(story),
        "focus": story.cast.area,
        "review_points": [{"session": number} for number in points if number < calendar.agreed],
        "between_contact_rule": talk["between_contact"],
        "missed_session_rule": talk["missed_rule"],
        "confidentiality_limits_ack": True,
        "crisis_plan_ack": True,
        "client_duties": talk["client_duties"],
        "therapist_duties": talk["therapist_duties"],
    }


def modality(story: Story) -> str:
    """Return how a course meets: by telephone where the manual is made for it, by video for a few."""
    if story.manual.id == "ipt-phone":
        return "phone"
    return "video" if likely(story.chance.of("modality"), 0.15) else "in_person"


def goals(story: Story, at: datetime, path: str) -> None:
    """Set the goals: those of the story, with where the client stands now and where would be good enough."""
    with_whom = story.cast.who.id if story.cast.who.status != "deceased" else "self"
    for n, statement in enumerate(story.cast.plot["goals"], 1):
        story.thing("goals", f"G{n}", at)
        said = _goal(story, n, statement, with_whom if n == 1 else "self")
        story.write("goals-and-boundaries", said, at, f"{path}/G{n}", about=f"G{n}")


def _goal(story: Story, n: int, statement: str, scope: str) -> dict[str, Any]:
    stream = story.chance.of("goal", n)
    return {
        "scope": scope,
        "statement": story.words.fill(statement),
        "area_link": story.cast.area,
        "baseline": stream.randint(0, 3),
        "target": stream.randint(7, 9),
        "in_my_hands": likely(stream, 0.8) or None,
    }


def rate_goals(story: Story, at: datetime, path: str, number: int) -> None:
    """Look at the goals again: the new rating stands beside the earlier ones."""
    for label in story.things["goals"]:
        before = story.newest("goals-and-boundaries", label)
        gained = 1 - story.illness.at(at.date()) / max(story.illness.start, 1)
        near = before["target"] - before["baseline"]
        value = whole(
            before["baseline"] + near * gained * 1.15 + story.chance.of("rating", label, number).gauss(0, 1), 0, 10
        )
        ratings = [*before.get("ratings", []), {"session": number, "value": value}]
        story.write("goals-and-boundaries", {**before, "ratings": ratings}, at, f"{path}/{label}", about=label)


def time_to_recover(story: Story, at: datetime, path: str, number: int) -> None:
    """Put a few duties down for a time; for many it ends at its review."""
    ended = bool(story.known(at).of("time-to-recover"))
    if ended:
        story.write("time-to-recover", {"ended": True}, at, f"{path}/recover")
        return
    told = [one.id for one in story.cast.living if one.relation in ("partner", "parent", "friend")][:2]
    said = {
        "can_reduce": "partly",
        "duties_reduced": texts(story.words.several("recover_duties", 2)),
        "begins": at.date().isoformat(),
        "until": (at.date() + timedelta(days=35)).isoformat(),
        "told": told or [story.cast.other.id],
        "review_session": number + 5,
    }
    story.write("time-to-recover", said, at, f"{path}/recover")

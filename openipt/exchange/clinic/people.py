"""The people of a made-up course: a sheet for each, the circle then and now, who agreed for a young person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from openipt.exchange.clinic.casting import Somebody
from openipt.exchange.clinic.chance import some, whole
from openipt.exchange.clinic.rows import months_before
from openipt.exchange.clinic.story import Story
from openipt.exchange.clinic.wording import page

NEAR, CLOSE, IN_TOUCH, FAR = 1, 2, 3, 4


def caregivers(story: Story) -> list[Somebody]:
    """Return who agreed for a young person: the parents of the circle, else another grown-up."""
    parents = [one for one in story.cast.living if one.relation == "parent"]
    return parents or [one for one in story.cast.living if one.relation in ("grandparent", "relative")][:1]


def people(story: Story, at: datetime, path: str, *, whole_sheet: bool) -> None:
    """Write a sheet for each person: a name at first, all of it once the inventory is made."""
    for one in story.cast.people:
        story.thing("people", one.id, at)
        said = {"alias": one.alias, "relation": one.relation, "relation_words": one.words, "status": one.status}
        if one.status == "deceased":
            said["date_of_death"] = months_before(story.calendar.slots[0].day, story.cast.plot["before"])
        if whole_sheet:
            said |= _sheet(story, one)
        story.write("interpersonal-inventory", said, at, f"{path}/{one.id}", about=one.id)


def _sheet(story: Story, one: Somebody) -> dict[str, Any]:
    stream = story.chance.of("person", one.id)
    good, hard = page("people")["good"][one.relation], page("people")["hard"][one.relation]
    close = closeness(story, one)
    dead, dispute = one.status == "deceased", one.in_focus and story.cast.area == "PA_DISPUTE"
    said: dict[str, Any] = {
        "closeness": close,
        "wished_closeness": whole(close + stream.choice((0, 0, 1, 2, 3)), 0, 10),
        "satisfying": stream.choice(good),
        "unsatisfying": stream.choice(hard),
        "ring": ring(close),
        "conflict": stream.choice((3, 4)) if dispute else stream.choice((0, 0, 0, 1)),
        "role_in_onset": "clear" if one.in_focus else "none",
        "in_focus": one.in_focus,
    }
    if dead:
        return said | {"conflict": None}
    return said | {
        "contact_per_week": stream.choice((1, 2, 3, 7, 14)),
        "modes": some(stream, ["face", "phone", "text"], 1, 3),
        "conflict_open": stream.choice(("hidden", "partly", "spoken")) if dispute else None,
        "knows_about_condition": stream.choice(("yes", "partly", "no")),
        "turns_to": one.id == story.cast.other.id or None,
        "safety": "fear_or_coercion" if dispute and story.manner.afraid else "none",
    }


def closeness(story: Story, one: Somebody, done: float = 0.0) -> int:
    """Return how close somebody feels, 0 to 10; `done` is how much of the way to getting better has been gone."""
    stream = story.chance.of("closeness", one.id)
    start = stream.uniform(2, 5) if one.in_focus and one.status != "deceased" else stream.uniform(4, 8.5)
    better = story.illness.kind in ("recovers", "improves")
    return whole(start + (stream.uniform(0.5, 3.2) * done if better else 0), 0, 10)


def ring(close: int) -> int:
    """Return the ring of the circle for a closeness of 0 to 10."""
    return NEAR if close >= 8 else CLOSE if close >= 6 else IN_TOUCH if close >= 3 else FAR


def circle(story: Story, at: datetime, session: str, done: float) -> None:
    """Draw the circle as it stands."""
    places = [
        {"person": one.id, "ring": ring(closeness(story, one, done)), "wished_ring": ring(closeness(story, one, 1.5))}
        for one in story.cast.living
    ]
    said = {"places": places, "lost_or_out": [one.id for one in story.cast.people if one.status == "deceased"] or None}
    story.write("closeness-circle", said, at, f"{session}/circle", about=session)

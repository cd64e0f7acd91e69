"""Who a made-up course is about: the client, the story it turns on, and the people of the circle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from openipt.exchange.clinic.chance import Chance, likely, weighted
from openipt.exchange.clinic.wording import PLOTS, order_of, page
from openipt.therapy.manuals import Manual

ADULTS = (19, 62)
AGES = {"ipt-a": (13, 17), "ipt-late-life": (64, 84), "ipt-perinatal": (21, 42), "ipt-m": (28, 66), "ipc": (20, 70)}
ONLY_WOMEN = ("ipt-perinatal",)
AREAS = {
    "PA_DISPUTE": 0.36,
    "PA_TRANSITION": 0.32,
    "PA_GRIEF": 0.17,
    "PA_DEFICIT": 0.12,
    "PA_COMPLICATED_PREGNANCY": 0.15,
}
# relation -> how likely somebody of this kind stands in the circle, by the age of the client
AROUND = {
    "teen": {"parent": 1.0, "sibling": 0.6, "classmate": 0.9, "grandparent": 0.5, "relative": 0.3, "professional": 0.4},
    "adult": {
        "partner": 0.62,
        "parent": 0.7,
        "child": 0.5,
        "sibling": 0.55,
        "friend": 0.95,
        "colleague": 0.5,
        "relative": 0.3,
        "neighbour": 0.3,
        "ex": 0.12,
        "manager": 0.2,
    },
    "older": {
        "partner": 0.5,
        "child": 0.8,
        "sibling": 0.4,
        "friend": 0.75,
        "neighbour": 0.6,
        "relative": 0.3,
        "acquaintance": 0.3,
    },
}
CONFIDANTS = ("friend", "sibling", "classmate", "relative", "grandparent", "child", "neighbour", "parent", "partner")
MOST_PEOPLE = 7


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person of the circle. `warmth` is how contact with them usually feels, -3 to 3: the diary is made from it."""

    id: str
    alias: str
    relation: str
    words: str
    status: str
    warmth: float
    in_focus: bool = False


@dataclass(frozen=True, slots=True)
class Cast:
    """The client, the story, and everybody in it."""

    alias: str
    pronouns: str
    woman: bool
    age: int
    area: str
    plot: dict[str, Any]
    people: tuple[Somebody, ...]

    @property
    def who(self) -> Somebody:
        """Return the person the story turns on."""
        return self.people[0]

    @property
    def living(self) -> tuple[Somebody, ...]:
        """Return everybody who is alive."""
        return tuple(one for one in self.people if one.status != "deceased")

    @property
    def other(self) -> Somebody:
        """Return somebody to turn to."""
        near = [one for kind in CONFIDANTS for one in self.living if one.relation == kind and not one.in_focus]
        return near[0] if near else self.living[0]

    @property
    def stage(self) -> str:
        """Return the stage of life that words are chosen by."""
        return "teen" if self.age < 18 else "older" if self.age >= 63 else "adult"


def cast(chance: Chance, manual: Manual, area: str | None = None) -> Cast:
    """Draw the people of one course; `area` is the focus, or None to draw it among those the manual has."""
    stream = chance.of("client")
    low, high = AGES.get(manual.id, ADULTS)
    age = stream.randint(low, high)
    woman = manual.id in ONLY_WOMEN or likely(stream, 0.62)
    alias, culture = _names(woman)[chance.seed % len(_names(woman))]
    area = area or weighted(stream, {name: share for name, share in AREAS.items() if _plots(manual, name, age)})
    plots = _plots(manual, area, age) or _plots(manual, area, None)
    if not plots:
        known = ", ".join(name for name in PLOTS if _plots(manual, name, None))
        raise ValueError(f"{manual.id} has no story for the area {area}; expected one of {known}")
    plot = stream.choice(plots)
    pronouns = "they/them" if likely(stream, 0.03) else "she/her" if woman else "he/him"
    people = tuple(_people(chance.of("circle"), area, plot, age, _Names(chance.of("names"), culture, alias, woman)))
    return Cast(alias, pronouns, woman, age, area, plot, people)


@cache
def _names(woman: bool) -> list[tuple[str, str]]:
    """Every first name with where it comes from, in one order for all: neighbouring seeds never share a name."""
    kind = "women" if woman else "men"
    return order_of(kind, [(name, place) for place, names in page("people")["names"].items() for name in names[kind]])


def _plots(manual: Manual, area: str, age: int | None) -> list[dict[str, Any]]:
    if manual.area(area) is None or area not in PLOTS:
        return []
    fit = [plot for plot in page(PLOTS[area]) if age is None or plot["ages"][0] <= age <= plot["ages"][1]]
    own = [plot for plot in fit if manual.id in plot.get("manuals", ())]
    return own or [plot for plot in fit if "manuals" not in plot]


class _Names:
    """First names of one place that nobody in this circle bears yet."""

    def __init__(self, stream: Random, culture: str, client: str, woman: bool) -> None:
        self.stream, self.woman = stream, woman
        bearers = page("people")["names"][culture]
        self.left = {
            kind: [name for name in stream.sample(bearers[kind], len(bearers[kind])) if name != client]
            for kind in _KINDS
        }

    def kind(self, relation: str) -> str:
        """Draw whether somebody is a woman or a man."""
        if relation in ("partner", "ex"):
            return _KINDS[self.woman ^ likely(self.stream, 0.08)]
        return self.stream.choice(_KINDS)


_KINDS = ("women", "men")


def _people(stream: Random, area: str, plot: dict[str, Any], age: int, names: _Names) -> Iterator[Somebody]:
    kind = plot.get("who_is") or names.kind(plot["who"])
    words = plot.get("who_word") or stream.choice(page("people")["words"][plot["who"]][kind])
    status = "deceased" if area == "PA_GRIEF" else "current"
    warmth = {"PA_DISPUTE": -1.1, "PA_DEFICIT": 0.5}.get(area, 0.3)
    yield Somebody("P1", names.left[kind].pop(), plot["who"], words, status, warmth, in_focus=True)
    for n, relation in enumerate(_around(stream, plot, age, area == "PA_DEFICIT"), 2):
        kind = names.kind(relation)
        words = stream.choice(page("people")["words"][relation][kind])
        yield Somebody(f"P{n}", names.left[kind].pop(), relation, words, "current", stream.gauss(0.8, 0.7))


def _around(stream: Random, plot: dict[str, Any], age: int, lonely: bool) -> list[str]:
    """Name the relations around a client: two people at least, few where the story is loneliness."""
    stage = "teen" if age < 18 else "older" if age >= 63 else "adult"
    rare = 0.35 if lonely else 1.0
    drawn = [kind for kind, share in AROUND[stage].items() if likely(stream, share if age < 18 else share * rare)]
    taken = {plot["who"]} & {"partner", "ex", "manager"}
    if plot["who"] == "ex":
        taken.add("partner")
    kept = [kind for kind in drawn if kind not in taken]
    for kind in ("friend" if age >= 18 else "classmate", "sibling"):
        if len(kept) < 2 and kind not in kept:
            kept.append(kind)
    return kept[: MOST_PEOPLE - 1]

"""Diaries simulated from what a worked case says of its truth (`simulation_truth`), with that truth beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from openipt.exchange.cases import open_case
from openipt.exchange.cases.opening import case_files
from openipt.therapy.insight import DiaryEntry, Interaction
from openipt.therapy.insight.kinds import groups
from openipt.therapy.vocabulary import vocabulary

MONDAY = datetime(2025, 9, 1, 21)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Simulated:
    """One diary: mood points per valence point of each person, and per kind for each column of the kind view."""

    name: str
    entries: tuple[DiaryEntry, ...]
    people: Mapping[str, float]
    kinds: Mapping[str, float]


def truths() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and truth of each diary that a worked case on the shelf can be simulated for."""
    for path in case_files():
        case = open_case(path)
        truth = case.about.get("simulation") or {}
        if "mood_model" in truth:
            yield case.id, dict(truth)
        for member, own in (truth.get("diary") or {}).items():
            model = {**truth["mood_model_defaults"], "person_effect_per_valence": own["person_effect_per_valence"]}
            shared = {"days": truth["days"], "kind_rate_per_day": truth["kind_rate_per_day"], "mood_model": model}
            yield f"{case.id} {member}", {**shared, "seed": own["seed"], "contacts": own["contacts"]}


def simulate(name: str, truth: Mapping[str, Any], turn: int = 0) -> Simulated:
    """Live the days of a case; each turn is another life with the same truth."""
    chance = np.random.default_rng([truth["seed"], turn])
    model = truth["mood_model"]
    effects, kind_effects = model["person_effect_per_valence"], model.get("kind_effect", {})
    entries: list[DiaryEntry] = []
    off = 0.0  # how far the day before lay from its base
    for day in range(truth["days"]):
        contacts = _contacts(chance, truth["contacts"])
        kinds = [kind for kind, rate in _rates(truth, day).items() if chance.random() < rate]
        pull = sum(effects.get(who, 0.0) * _clip(sum(rated)) for who, rated in contacts.items())
        pull += sum(kind_effects.get(kind, 0.0) for kind in kinds) + _weekday(model, day)
        pull += _begun(chance, truth, day, contacts)
        base = model["baseline"] + model["weekly_drift"] * day / 7
        mood = float(np.clip(base + model["ar1"] * off + pull + chance.normal(0, model["noise_sd"]), 0, 10))
        off = mood - base
        if chance.random() >= model["missing_rate"]:
            entries.append(
                DiaryEntry(MONDAY + timedelta(days=day), float(round(mood)), _written(chance, contacts, kinds))
            )
    return Simulated(name, tuple(entries), effects, _of_columns(kind_effects, truth))


def _contacts(chance: np.random.Generator, people: Mapping[str, Any]) -> dict[str, list[int]]:
    found = {}
    for who, how in people.items():
        rated = chance.normal(how["valence_mean"], how["valence_sd"], chance.poisson(how["rate_per_day"]))
        if len(rated):
            found[who] = [_clip(round(one)) for one in rated]
    return found


def _clip(valence: float) -> int:
    return int(max(-3, min(3, valence)))


def _rates(truth: Mapping[str, Any], day: int) -> dict[str, float]:
    rates = dict(truth["kind_rate_per_day"])
    for change in truth.get("kind_rate_changes", ()):
        if day >= change["from_day"]:
            rates[change["kind"]] = change["rate_per_day"]
    return rates


def _weekday(model: Mapping[str, Any], day: int) -> float:
    effect = model.get("weekday_effect")
    if effect is None or day >= effect["until_day"] or WEEKDAYS[day % 7] != effect["weekday"]:
        return 0.0
    return float(effect["effect"])


def _begun(chance: np.random.Generator, truth: Mapping[str, Any], day: int, contacts: Mapping[str, list[int]]) -> float:
    """Contacts that the client began lift mood where a case says so; their share grows."""
    how = truth.get("initiated")
    if how is None:
        return 0.0
    share = how["share_start"] + (how["share_end"] - how["share_start"]) * day / max(truth["days"] - 1, 1)
    return float(how["bonus"] * chance.binomial(sum(map(len, contacts.values())), share))


def _written(
    chance: np.random.Generator, contacts: Mapping[str, list[int]], kinds: list[str]
) -> tuple[Interaction, ...]:
    """A kind is written on a contact of its sign, else as something with nobody."""
    signs = vocabulary()["event_kinds"]
    lines = [(who, valence) for who, rated in contacts.items() for valence in rated]
    named: dict[int, set[str]] = {}
    alone: list[Interaction] = []
    for kind in kinds:
        sign = signs[kind]["sign"]
        fit = [place for place, (_, valence) in enumerate(lines) if np.sign(valence) == sign]
        if fit:
            named.setdefault(int(chance.choice(fit)), set()).add(kind)
        else:
            alone.append(Interaction(None, sign, frozenset({kind})))
    met = [
        Interaction(who, valence, frozenset(named.get(place, {"other"}))) for place, (who, valence) in enumerate(lines)
    ]
    return (*met, *alone)


def _of_columns(effects: Mapping[str, float], truth: Mapping[str, Any]) -> dict[str, float]:
    """What is true of a column of several kinds: their effects, weighted by how often they occur."""
    columns: dict[str, list[tuple[float, float]]] = {}
    for kind, rate in truth["kind_rate_per_day"].items():
        columns.setdefault(groups().get(kind, kind), []).append((rate, effects.get(kind, 0.0)))
    return {
        column: sum(rate * effect for rate, effect in parts) / max(sum(rate for rate, _ in parts), 1e-9)
        for column, parts in columns.items()
    }

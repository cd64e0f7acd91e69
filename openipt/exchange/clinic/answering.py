"""Answers to questionnaires, item by item, so that their totals follow the curve of the illness."""

from __future__ import annotations

from datetime import date
from random import Random

from openipt.exchange.clinic.chance import likely, weighted, whole
from openipt.exchange.clinic.course_of_illness import Illness

# item -> how easily it is answered high; the question about death and self-harm is drawn apart
WEIGHTS = {
    "phq-9": {"q1": 1.0, "q2": 1.2, "q3": 1.2, "q4": 1.3, "q5": 0.8, "q6": 1.0, "q7": 0.9, "q8": 0.5},
    "phq-a": {"q1": 1.2, "q2": 1.0, "q3": 1.2, "q4": 0.8, "q5": 1.3, "q6": 1.1, "q7": 1.0, "q8": 0.5},
}
ANXIETY = {"gad-7": {"q1": 1.2, "q2": 1.1, "q3": 1.2, "q4": 1.1, "q5": 0.6, "q6": 0.9, "q7": 0.8}}
TOP = 3
TURNED = ("q1", "q5", "q7", "q11", "q13")  # of the GDS-15: no is the answer that counts
BLANK_SHEETS = 0.04
BLANK_RISK = 0.012


class Answering:
    """One client's way of answering: which items run high, and from which severity on thoughts of death come."""

    def __init__(self, illness: Illness) -> None:
        self.illness = illness
        stream = illness.chance.of("answering")
        self.lean = {f"q{n}": stream.uniform(0.6, 1.5) for n in range(1, 9)}
        self.anxious = stream.gauss(0, 2.5)
        self.thoughts_from, self.often_from = _thoughts(stream)

    def depression(self, form: str, day: date, *, thoughts: int | None = None) -> dict[str, int]:
        """Answer the PHQ-9 or PHQ-A on a day; `thoughts` sets the answer to item 9."""
        stream = self.illness.chance.of(form, day)
        severity = self.illness.at(day)
        total = whole(severity + stream.gauss(0, 0.7), 0, 27)
        risk = thoughts if thoughts is not None else self._thoughts(severity)
        answers = self._spread(stream, form, max(0, min(24, total - risk)))
        answers["q9"] = risk
        hard = whole(severity / 7, 0, TOP)
        if form == "phq-a":
            return {**answers, "q11": hard, "q12": 0}
        answers["q10"] = hard
        return answers if thoughts is not None else _with_blanks(stream, answers)

    def anxiety(self, day: date) -> dict[str, int]:
        """Answer the GAD-7 on a day."""
        stream = self.illness.chance.of("gad-7", day)
        total = whole(0.72 * self.illness.at(day) + self.anxious + stream.gauss(0, 1), 0, 21)
        return self._spread(stream, "gad-7", total)

    def late_life(self, day: date) -> dict[str, int]:
        """Answer the GDS-15 on a day: 1 is yes, 0 is no."""
        stream = self.illness.chance.of("gds-15", day)
        low = set(stream.sample(range(1, 16), whole(self.illness.at(day) * 0.55 + stream.gauss(0, 0.8), 0, 15)))
        return {f"q{n}": int((n in low) != (f"q{n}" in TURNED)) for n in range(1, 16)}

    def agreement(self, form: str, day: date) -> dict[str, int]:
        """Answer five questions on the session or on working together, 0 to 4: mostly high."""
        stream = self.illness.chance.of(form, day)
        middle = 2.4 if self.illness.kind in ("unchanged", "worsens") else 3.1
        return {f"q{n}": whole(stream.gauss(middle, 0.6), 1, 4) for n in range(1, 6)}

    def alcohol(self) -> dict[str, int]:
        """Answer the three questions on alcohol."""
        stream = self.illness.chance.of("audit-c")
        often = weighted(stream, {0: 0.25, 1: 0.3, 2: 0.3, 3: 0.15})
        return {"q1": often, "q2": stream.choice((0, 0, 1)), "q3": stream.choice((0, 0, 1))} if often else {"q1": 0}

    def mood(self, day: date) -> float:
        """Return the mood of a day, 0 (very low) to 10, before anything happened."""
        return 8.6 - self.illness.at(day) / 3.1

    def _thoughts(self, severity: float) -> int:
        return 2 if severity >= self.often_from else 1 if severity >= self.thoughts_from else 0

    def _spread(self, stream: Random, form: str, total: int) -> dict[str, int]:
        """Spread a total over the items one point at a time: it is met exactly."""
        weights = {item: weight * self.lean[item] for item, weight in (WEIGHTS | ANXIETY)[form].items()}
        answers = dict.fromkeys(weights, 0)
        for _ in range(total):
            open_ = {item: weights[item] * (TOP + 0.6 - given) for item, given in answers.items() if given < TOP}
            answers[weighted(stream, open_)] += 1
        return answers


def _thoughts(stream: Random) -> tuple[float, float]:
    """Draw from which severity on somebody has thoughts of death on some days, and on most; most never have."""
    kind = weighted(stream, {"never": 0.66, "at_the_worst": 0.26, "often": 0.08})
    if kind == "never":
        return 99, 99
    if kind == "at_the_worst":
        return stream.uniform(15.5, 20.5), 99
    return stream.uniform(10, 15), stream.uniform(19, 23)


def _with_blanks(stream: Random, answers: dict[str, int]) -> dict[str, int]:
    """Leave one or two questions blank on a few sheets: a blank is a blank, never a zero."""
    blank = stream.sample([f"q{n}" for n in range(1, 9)], 2) if likely(stream, BLANK_SHEETS) else []
    if likely(stream, BLANK_RISK):
        blank.insert(0, "q9")
    return {item: value for item, value in answers.items() if item not in blank[: stream.choice((1, 1, 2))]}

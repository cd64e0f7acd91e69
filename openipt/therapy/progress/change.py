"""Reliable change, clinically significant change, response and remission, after Jacobson and Truax (1991)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, inf, nextafter, sqrt
from typing import Literal

from openipt.therapy.forms import Change, Form
from openipt.therapy.forms.scales import meets

Z_95 = 1.96  # two-sided 95 %
Reliable = Literal["improved", "unchanged", "deteriorated"]


@dataclass(frozen=True, slots=True)
class Progress:
    """What became of one measure from a first to a last score. None means: cannot be said."""

    form: str
    n: int
    first: float
    last: float
    change: float  # in points, positive is better
    fall_pct: float | None  # exact, of the first score; positive is better
    reliable: Reliable | None
    recovered: bool | None
    response: bool | None
    remission: bool | None


def reliable_change_index(sd: float, reliability: float) -> float:
    """Return the smallest change, in points, that measurement error alone gives in fewer than 1 of 20 people.

    1.96 x sqrt(2) x sd x sqrt(1 - reliability); `sd` in points, `reliability` from 0 to 1.
    """
    if sd <= 0 or not 0 <= reliability < 1:
        raise ValueError(
            f"sd {sd} and reliability {reliability} give no index; expected sd > 0 and 0 <= reliability < 1"
        )
    return Z_95 * sqrt(2) * sd * sqrt(1 - reliability)


def cutoff(
    which: Literal["a", "b", "c"],
    clinical: tuple[float, float] | None = None,
    nonclinical: tuple[float, float] | None = None,
) -> float:
    """Return a cut-off of Jacobson and Truax from (mean, sd) of people in care and of people not in care.

    a: two sd from the clinical mean towards health; b: two sd from the other mean towards illness; c: between both.
    """
    if which == "a" and clinical:
        toward = 1 if nonclinical is None or nonclinical[0] < clinical[0] else -1
        return clinical[0] - 2 * clinical[1] * toward
    if which == "b" and nonclinical:
        toward = 1 if clinical is None or clinical[0] > nonclinical[0] else -1
        return nonclinical[0] + 2 * nonclinical[1] * toward
    if which == "c" and clinical and nonclinical:
        return (nonclinical[1] * clinical[0] + clinical[1] * nonclinical[0]) / (nonclinical[1] + clinical[1])
    raise ValueError(f"cut-off {which!r} lacks its means and sds; expected a: clinical, b: nonclinical, c: both")


def worse_is_higher(form: Form) -> bool:
    """Whether a higher primary score of this measure is worse."""
    score = form.score_named()
    return score is None or score.higher_is != "better"


def reliable_change(
    first: float,
    last: float,
    change: Change | float | None = None,
    higher_is_worse: bool = True,
    *,
    sd: float | None = None,
    reliability: float | None = None,
) -> Reliable | None:
    """Classify a change by a threshold; None where none is known.

    Args:
        first: The score to count from, in points.
        last: The score to count to.
        change: The numbers of a measure, or a threshold in points: a change that reaches it is reliable.
        higher_is_worse: False where a rise is for the better.
        sd: Without `change`: the standard deviation of people at the start, in points. The change must then be
            larger than 1.96 x sqrt(2) x sd x sqrt(1 - reliability) (Jacobson and Truax 1991).
        reliability: From 0 to 1, with `sd`.
    """
    points = change.reliable if isinstance(change, Change) else change
    if points is None and sd is not None and reliability is not None:
        points = just_above(reliable_change_index(sd, reliability))
    if points is None:
        return None
    better = first - last if higher_is_worse else last - first
    if better >= points:
        return "improved"
    return "deteriorated" if -better >= points else "unchanged"


def just_above(index: float) -> float:
    """Return the least number above an index that a change must exceed, so that one comparison serves both rules."""
    return nextafter(index, inf)


def fall_pct(first: float, last: float) -> float | None:
    """Return the fall from the first score, in percent of it, exact; None from a first score of 0."""
    return None if first == 0 else 100 * (first - last) / first


def half_up_pct(percent: float) -> int:
    """Round a percentage half up, as it is shown; rules use the exact value."""
    return floor(percent + 0.5)


def is_clinical(value: float, change: Change) -> bool | None:
    """Whether a score lies in the clinical range; None where the measure has no such range."""
    return None if change.recovery is None else not meets(change.recovery)(value)


def rises(
    values: Sequence[float], baseline: float | None, change: Change, higher_is_worse: bool = True
) -> list[bool | None]:
    """For each score: is it reliably worse than the baseline, or than the best score before it?

    None where the measure has no reliable change, or nothing came before.
    """
    worse: list[bool | None] = []
    sign = 1 if higher_is_worse else -1
    best = baseline
    for value in values:
        if change.reliable is None or best is None:
            worse.append(None)
        else:
            start = best if baseline is None else baseline
            worse.append(max(sign * (value - best), sign * (value - start)) >= change.reliable)
        best = value if best is None or sign * (value - best) < 0 else best
    return worse


def progress(form: Form, values: Sequence[float]) -> Progress | None:
    """Say what became of a measure over its scores in time order (the first is the baseline); None without any."""
    if not values:
        return None
    change, higher_is_worse = form.change, worse_is_higher(form)
    first, last = values[0], values[-1]
    reliable = reliable_change(first, last, change, higher_is_worse)
    began_clinical, is_now = is_clinical(first, change), is_clinical(last, change)
    percent = fall_pct(first, last)
    recovered = None
    if reliable is not None and began_clinical is not None:
        recovered = reliable == "improved" and began_clinical and not is_now
    response = None
    if change.response_fall is not None and percent is not None and higher_is_worse:
        response = first - last >= change.response_fall * first
    return Progress(
        form=form.id,
        n=len(values),
        first=first,
        last=last,
        change=first - last if higher_is_worse else last - first,
        fall_pct=percent if percent is None or higher_is_worse else -percent,
        reliable=reliable,
        recovered=recovered,
        response=response,
        remission=meets(change.remission)(last) if change.remission else None,
    )

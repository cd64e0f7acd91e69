"""What progress needs to know of a measure: which way is better, the step of its scores, and scales of one's own."""

from __future__ import annotations

import re
from fractions import Fraction
from math import isfinite
from typing import Literal

from openipt.therapy.forms import Change, Form
from openipt.therapy.forms.definition import Limit, Score
from openipt.therapy.forms.items import NumberItem, ScaleItem
from openipt.therapy.progress.change import just_above, reliable_change_index, worse_is_higher

_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")
_WIDEST = 1e9  # a scale of one's own has no printed range


def sign_of(form: Form) -> int:
    """Return 1 where a higher score is worse, -1 where it is better: sign x (first - last) is improvement."""
    return 1 if worse_is_higher(form) else -1


def step_of(form: Form) -> float:
    """Return the smallest difference between two scores of a measure; 0 where it cannot be told.

    A sum moves in the steps of its items, times what it is multiplied by; a mean or a weighted score has no one step.
    """
    score = form.score_named()
    if score is None or score.method not in ("sum", "count", "sum_of_maxima", "sum_of_scores"):
        return 0.0
    steps = [Fraction(repr(item.step)) for item in form.items if item.id in score.items and isinstance(item, ScaleItem)]
    if any(isinstance(item, NumberItem) and item.kind == "number" for item in form.items if item.id in score.items):
        return 0.0
    step = min([*steps, Fraction(1)])
    for turn in score.transform:
        step *= Fraction(repr(turn.multiply)) if turn.multiply is not None else 1
        step /= Fraction(repr(turn.divide)) if turn.divide is not None else 1
    return float(abs(step))


def cutoff_of(form: Form) -> float | None:
    """Return the number at which the clinical range of a measure begins; None where it has none."""
    return form.change.recovery.value if form.change.recovery else None


def own_scale(
    name: str,
    *,
    sd: float,
    reliability: float,
    cutoff: float | None = None,
    worse: Literal["higher", "lower"] = "higher",
) -> Form:
    """Make a measure of a scale that is not on the shelf, from published numbers.

    Args:
        name: What people call it.
        sd: Standard deviation of people at the start, in points.
        reliability: From 0 to 1. A change is reliable when it exceeds 1.96 x sqrt(2) x sd x sqrt(1 - reliability).
        cutoff: Where the clinical range begins; a score at the cut-off is inside it.
        worse: Which way is worse.

    Raises:
        ValueError: Numbers that give no index, or a cut-off that is no number.
    """
    if cutoff is not None and not isfinite(cutoff):
        raise ValueError(f"the cut-off {cutoff} is no score; expected a number of points")
    if not (isfinite(sd) and isfinite(reliability)):
        raise ValueError(f"sd {sd} and reliability {reliability} give no index; expected numbers")
    limit = None if cutoff is None else Limit(op="<" if worse == "higher" else ">", value=float(cutoff))
    return Form(
        grammar="openipt-form/1",
        id=_NOT_IN_IDS.sub("-", name.lower()).strip("-") or "own",
        version="1.0.0",
        kind="questionnaire",
        title=name,
        purpose="A scale of one's own",
        filled_by=("client",),
        rights="ours",
        items=(NumberItem(id="score", kind="number", label=name),),
        scores=(
            Score(
                id="total",
                label=name,
                method="sum",
                items=("score",),
                range=(-_WIDEST, _WIDEST),
                higher_is="worse" if worse == "higher" else "better",
            ),
        ),
        primary="total",
        change=Change(
            reliable=just_above(reliable_change_index(sd, reliability)),
            recovery=limit,
            sd=float(sd),
            reliability=float(reliability),
        ),
    )


def is_own_scale(form: Form) -> bool:
    """Whether a measure was made by `own_scale`: it has no printed range."""
    score = form.score_named()
    return score is not None and score.range == (-_WIDEST, _WIDEST)

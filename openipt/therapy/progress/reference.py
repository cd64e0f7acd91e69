"""The reference a course is held against: weekly scores as one normal distribution with a mean and a covariance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openipt.therapy.forms import Form
from openipt.therapy.progress.measure import cutoff_of, sign_of, step_of
from openipt.therapy.progress.weeks import PLANNED_WEEK

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

COURSES_TO_SHOW = 100  # CLINICAL-RULES 1: before so many finished local courses nothing of this is shown
DEFAULT = "default-1"
_CUT_OFF, _RELIABLE = 10.0, 6.0  # of the PHQ-9, in whose points the default is written


@dataclass(frozen=True, eq=False)
class Reference:
    """How scores of a measure run from week to week: `mean` (weeks + 1,), `cov` (weeks + 1, weeks + 1), in points."""

    form: str
    mean: Floats
    cov: Floats
    reliable: float  # points of a reliable change
    step: float  # between two scores; 0 where there is none
    sign: int  # 1 where a higher score is worse
    low: float
    high: float
    courses: int = 0  # finished local courses it rests on
    version: str = DEFAULT

    @property
    def last_week(self) -> int:
        """The last week it knows."""
        return len(self.mean) - 1

    @cached_property
    def slope(self) -> list[float]:
        """Points in each week for each point of the first score."""
        slopes: list[float] = (self.cov[0] / self.cov[0, 0]).tolist()
        return slopes

    @cached_property
    def spread(self) -> list[float]:
        """Standard deviation of each week among people with the same first score."""
        left = np.diag(self.cov) - self.cov[0] ** 2 / self.cov[0, 0]
        spread: list[float] = np.sqrt(np.clip(left, 0, None)).tolist()
        return spread

    @cached_property
    def level(self) -> list[float]:
        """The mean of each week as plain numbers."""
        level: list[float] = self.mean.tolist()
        return level

    def from_start(self, baseline: float, week: int) -> float:
        """Return the score expected in a week from the first score alone, in points."""
        return self.level[week] + self.slope[week] * (baseline - self.level[0])

    @property
    def shown(self) -> bool:
        """Whether what follows from it may be shown to anyone."""
        return self.courses >= COURSES_TO_SHOW

    @property
    def is_placeholder(self) -> bool:
        """Whether no local course stands behind it."""
        return self.courses == 0


def default_reference(form: Form, weeks: int = PLANNED_WEEK) -> Reference | None:
    """Return the placeholder for a measure; None where the measure has no reliable change or no cut-off.

    Written for the PHQ-9 (INSIGHT 2.2). Another measure borrows its shape, counted from its own cut-off in its own
    reliable changes: a guess that is good for nothing but a start, until local courses take its place. `weeks` is the
    last week.
    """
    reliable, cut_off, score = form.change.reliable, cutoff_of(form), form.score_named()
    if reliable is None or cut_off is None or score is None:
        return None
    mean, cov = _phq9(weeks)
    scale, sign = reliable / _RELIABLE, sign_of(form)
    return Reference(
        form=form.id,
        mean=cut_off + sign * scale * (mean - _CUT_OFF),
        cov=cov * scale**2,
        reliable=reliable,
        step=step_of(form),
        sign=sign,
        low=score.range[0],
        high=score.range[1],
    )


@cache
def _phq9(weeks: int) -> tuple[Floats, Floats]:
    week = np.arange(weeks + 1.0)
    f = np.log1p(week) / np.log(15)
    apart = np.abs(week[:, None] - week)
    cov = (
        4.0**2
        - 3.3 * (f[:, None] + f)
        + 5.5**2 * np.outer(f, f)
        + 1.8**2 * np.exp(-apart / 2.5)
        + 1.7**2 * np.eye(weeks + 1)
    )
    return 15.5 - 6 * f, cov


def as_data(reference: Reference) -> dict[str, Any]:
    """Return a reference as plain data, to be kept."""
    return {
        "form": reference.form,
        "version": reference.version,
        "courses": reference.courses,
        "mean": reference.mean.tolist(),
        "cov": reference.cov.tolist(),
    }


def from_data(form: Form, data: Mapping[str, Any]) -> Reference:
    """Return a reference that was kept.

    Raises:
        ValueError: The data is of another measure, or its mean and covariance do not fit together.
    """
    if data["form"] != form.id:
        raise ValueError(f"the reference is of {data['form']!r}; expected one of {form.id!r}")
    return made(form, np.array(data["mean"]), np.array(data["cov"]), data["courses"], data["version"])


def made(form: Form, mean: Floats, cov: Floats, courses: int, version: str | None = None) -> Reference:
    """Make a reference of a measure from its mean and covariance; its version follows from both."""
    score, reliable = form.score_named(), form.change.reliable
    if reliable is None or score is None:
        raise ValueError(f"{form.id!r} has no reliable change; expected a measure that has one")
    if mean.ndim != 1 or cov.shape != (len(mean), len(mean)):
        raise ValueError(
            f"a mean of {mean.shape} with a covariance of {cov.shape}; expected (weeks,) and (weeks, weeks)"
        )
    body = np.concatenate([mean, cov.ravel()]).round(9).tobytes()
    return Reference(
        form=form.id,
        mean=mean,
        cov=cov,
        reliable=reliable,
        step=step_of(form),
        sign=sign_of(form),
        low=score.range[0],
        high=score.range[1],
        courses=courses,
        version=version or f"local-{courses}-{sha256(body).hexdigest()[:12]}",
    )

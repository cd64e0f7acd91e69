"""The results of many sheets at once, as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Array = Any  # a numpy array; numpy itself is loaded when columns are scored, and not before


@dataclass(frozen=True, slots=True)
class Columns:
    """The results of many sheets, an array each. 1 is true, 0 false, -1 not known; NaN is no score.

    A row with an impossible answer is not `valid`: it has no score, and nothing is missing; its findings are those that
    its other answers make.
    """

    form: str
    version: str
    valid: Array  # bool
    status: Array  # int8: the place in `statuses`
    scores: Mapping[str, Array]  # float64
    exact: Mapping[str, Array]  # float64, unrounded
    band: Array  # int8: the place in `bands`, -1 for none
    bands: tuple[str, ...]
    cutoffs: Mapping[str, Array]  # int8
    algorithms: Mapping[str, Array]  # int8; with named outcomes the place in `outcomes`, -1 for none
    outcomes: Mapping[str, tuple[str, ...]]
    findings: Mapping[str, Array]  # int8
    missing: Array  # int16: how many answers are missing
    prorated: Array  # bool

    statuses = ("unscored", "scored", "prorated")

    def __len__(self) -> int:
        """Return how many sheets there are."""
        return len(self.valid)

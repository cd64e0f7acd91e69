"""Student's t distribution with numpy alone: distribution function, density, quantile.

With x = sqrt(nu) tan(theta) the density is proportional to cos(theta)^(nu-1) (Abramowitz and Stegun, 26.7), which is
smooth; 40 points of Gauss and Legendre give the integral to about 14 digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import acos, exp, lgamma, pi, sqrt
from statistics import NormalDist

import numpy as np

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Numbers = Sequence[float] | Floats  # what a caller may hand over for one column
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(40)
_HALF = (_POINTS + 1) / 2
_NOTHING = -41.5  # log of what is too small to be seen beside 1


@lru_cache(maxsize=1024)
def _constants(nu: float) -> tuple[float, float]:
    """Return the factor of the integral, and the angle beyond which nothing is left."""
    if not nu > 0:
        raise ValueError(f"a t distribution has more than 0 degrees of freedom; got {nu}")
    factor = exp(lgamma((nu + 1) / 2) - lgamma(nu / 2)) / sqrt(pi)
    least = exp(_NOTHING / (nu - 1)) if nu > 1 else 0.0
    return factor, acos(least)


def t_cdf(x: Floats, nu: float) -> Floats:
    """Return P(T <= x) for each x, to about 1e-13."""
    factor, most = _constants(nu)
    angle = np.minimum(np.arctan(np.abs(x) / sqrt(nu)), most)
    inside = np.cos(angle[..., None] * _HALF) ** (nu - 1) @ _WEIGHTS
    return np.asarray(0.5 + np.sign(x) * np.minimum(factor * angle * inside / 2, 0.5))


def t_pdf(x: Floats, nu: float) -> Floats:
    """Return the density at each x."""
    return np.asarray(_constants(nu)[0] / sqrt(nu) * (1 + x * x / nu) ** (-(nu + 1) / 2))


@lru_cache(maxsize=4096)
def t_quantile(p: float, nu: float) -> float:
    """Return the x with P(T <= x) = p, 0 < p < 1."""
    if not 0 < p < 1:
        raise ValueError(f"a quantile is asked at a share between 0 and 1; got {p}")
    low, high, x = -1e12, 1e12, NormalDist().inv_cdf(p)
    for _ in range(200):
        at = np.array([x])
        miss = float(t_cdf(at, nu)[0]) - p
        low, high = (x, high) if miss < 0 else (low, x)
        new = x - miss / max(float(t_pdf(at, nu)[0]), 1e-300)
        if abs(new - x) <= 1e-13 * max(1.0, abs(x)):
            break
        x = new if low < new < high else (low + high) / 2
    return x

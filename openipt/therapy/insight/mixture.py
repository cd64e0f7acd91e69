"""A mixture of t distributions with one number of degrees of freedom: its mean, sd, shares and quantiles."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from openipt.therapy.insight.student import Floats, t_cdf, t_pdf, t_quantile

_LEAST = 1e-4  # weight of a part that may be left out of shares and quantiles
_STEPS = 200
_CLOSE = 1e-10  # of an sd


@dataclass(frozen=True, slots=True)
class Mixture:
    """c quantities over k parts: `weight` (k,), `location` (c, k), `scale` (c, k), degrees of freedom `nu` > 2."""

    weight: Floats
    location: Floats
    scale: Floats
    nu: float

    def mean(self) -> Floats:
        """Return the means, (c,)."""
        return np.asarray(self.location @ self.weight)

    def sd(self) -> Floats:
        """Return the standard deviations, (c,)."""
        second = (self.scale**2 * self.nu / (self.nu - 2) + self.location**2) @ self.weight
        return np.sqrt(np.maximum(second - self.mean() ** 2, 0.0))

    def heavy(self) -> Mixture:
        """Return the mixture of the parts that count."""
        kept = self.weight >= _LEAST
        weight = self.weight[kept] / self.weight[kept].sum()
        return Mixture(weight, self.location[:, kept], self.scale[:, kept], self.nu)

    def above_zero(self) -> Floats:
        """Return P(quantity > 0), (c,)."""
        return np.asarray(t_cdf(self.location / self.scale, self.nu) @ self.weight)

    def quantiles(self, shares: tuple[float, ...]) -> Floats:
        """Return the quantiles at some shares, (len(shares), c): Newton from the t with the same mean and sd.

        A step is at most 0.7 sd, and never leaves the stretch in which the quantile is known to lie.
        """
        mean, sd = self.mean(), self.sd()
        start = np.array([[t_quantile(share, self.nu)] for share in shares]) * sqrt((self.nu - 2) / self.nu)
        x = mean + start * sd
        wanted = np.array(shares)[:, None]
        low, high = np.full(x.shape, -np.inf), np.full(x.shape, np.inf)
        for _ in range(_STEPS):
            z = (x[..., None] - self.location) / self.scale
            miss = t_cdf(z, self.nu) @ self.weight - wanted
            low, high = np.where(miss < 0, x, low), np.where(miss < 0, high, x)
            density = (t_pdf(z, self.nu) / self.scale) @ self.weight
            step = np.clip(-miss / np.maximum(density, 1e-300), -0.7 * sd, 0.7 * sd)
            close = np.abs(step) <= _CLOSE * sd
            if close.all():
                return np.asarray(x + step)
            inside = (x + step > low) & (x + step < high)
            x = np.where(inside | close, x + step, _between(low, high, x + step))
        return np.asarray(x)


def _between(low: Floats, high: Floats, else_: Floats) -> Floats:
    """Return the middle of the stretch where both of its ends are known."""
    known = np.isfinite(low) & np.isfinite(high)
    return np.where(known, (np.where(known, low, 0.0) + np.where(known, high, 0.0)) / 2, else_)

"""The filter: what is left of each column once the part of mood that wanders by itself is taken out.

For noise with covariance V = (1 - rho) I + rho exp(-|t_i - t_j| / tau) + diag(extra) = L L', L^-1 is applied to all
columns. Because that noise is one fading state seen through fresh noise, a scalar Kalman filter does it in one pass
(Kalman 1960; Durbin and Koopman, Time Series Analysis by State Space Methods), where a Cholesky root would take n^3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openipt.therapy.insight.prior import Noise
from openipt.therapy.insight.student import Floats


@dataclass(frozen=True, slots=True)
class Whitened:
    """For each way of wandering (k of them): `rows` (k, n, m) with L^-1 applied, and `logdet` (k,) = ln |V|."""

    rows: Floats
    logdet: Floats


def whiten(times: Floats, columns: Floats, noises: Sequence[Noise], extra: Floats | None = None) -> Whitened:
    """Apply L^-1 to the columns under every way of wandering at once.

    Args:
        times: (n,), in days, never falling.
        columns: (n, m).
        noises: The ways of wandering, k of them.
        extra: (n,), further noise variance of single rows, as a share of the noise variance; None for none.
    """
    n, m = columns.shape
    rho = np.array([noise.rho for noise in noises])
    fading = np.exp(-np.diff(times)[:, None] / np.array([noise.tau for noise in noises]))
    spread, gain = _gains(fading, rho, np.zeros(n) if extra is None else extra)
    foretold = np.empty((n, len(rho), m))
    foretold[0] = 0.0
    np.multiply((fading * gain[:-1])[:, :, None], columns[:-1, None, :], out=foretold[1:])
    held = np.empty((len(rho), m))
    for before, now, kept in zip(foretold[:-1], foretold[1:], (fading * (1 - gain[:-1]))[:, :, None], strict=True):
        np.multiply(kept, before, out=held)
        np.add(now, held, out=now)
    surprise = np.subtract(columns[:, None, :], foretold, out=foretold)
    surprise /= np.sqrt(spread)[:, :, None]
    return Whitened(surprise.transpose(1, 0, 2), np.log(spread).sum(axis=0))


def _gains(fading: Floats, rho: Floats, extra: Floats) -> tuple[Floats, Floats]:
    """Return the spread of each surprise and how much of it the state takes over, both (n, k): no data are in them."""
    n = len(extra)
    spread, gain = np.empty((n, len(rho))), np.empty((n, len(rho)))
    fresh, fade = (1 - rho) + extra[:, None], fading * fading
    lost, keeps = rho * (1 - fade), fade * fresh[:-1]
    before = rho.copy()
    for i in range(n - 1):
        np.add(before, fresh[i], out=spread[i])
        np.divide(before, spread[i], out=gain[i])
        np.multiply(gain[i], keeps[i], out=before)
        before += lost[i]
    spread[-1] = before + fresh[-1]
    gain[-1] = before / spread[-1]
    return spread, gain

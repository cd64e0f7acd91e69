"""What is believed before the first entry: blocks of columns that hold together, and how mood wanders by itself.

All sizes of effects are in units of the outcome; the spreads (`shared`, `own`) are in units of the noise sd, so that a
calm diary and a stormy one are asked the same question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

LEVEL, TREND, CONTACT, WEEKEND = "level", "trend", "contact", "weekend"
PEOPLE = 0.20  # mean mood points per valence point, before anything is known
KIND_SPREAD = 0.4

_WANDERING = tuple((tau, rho) for tau in (0.7, 2.0, 6.0, 20.0) for rho in (0.3, 0.6, 0.85))


@dataclass(frozen=True, slots=True)
class Block:
    """Columns with one prior: `mean`, a spread they share, and a spread each has of its own.

    Its prior covariance is noise variance x (shared^2 in every cell + own^2 on the diagonal). Where `stretched`, `own`
    is taken once at each of the prior's stretches, because nobody knows how unlike each other people are.
    """

    name: str
    columns: tuple[str, ...]
    mean: float
    shared: float
    own: float
    stretched: bool = True
    doubted: bool = True  # the sceptical twin sets its mean to 0


@dataclass(frozen=True, slots=True)
class Noise:
    """One way mood may wander by itself: a share `rho` of the noise fades over `tau` days, the rest is fresh."""

    tau: float
    rho: float
    weight: float


WANDERINGS = (*(Noise(tau, rho, 1 / 14) for tau, rho in _WANDERING), Noise(1.0, 0.0, 2 / 14))


@dataclass(frozen=True, slots=True)
class Prior:
    """All of it. `shape` and `rate`: noise variance ~ InvGamma(shape, rate), rate in squared units of the outcome."""

    blocks: tuple[Block, ...]
    shape: float = 3.0
    rate: float = 5.07
    wanderings: tuple[Noise, ...] = WANDERINGS
    stretches: tuple[float, ...] = (0.5, 1.0, 2.0)  # equally likely
    ends: tuple[float, float] | None = (0.0, 10.0)  # of the scale; an outcome at an end may mean "or beyond"
    step: float = 1.0  # of the scale: an answer at an end stands for everything within half a step of it and beyond

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the prior knows, in the order of its blocks."""
        return tuple(name for block in self.blocks for name in block.columns)

    def sceptical(self) -> Prior:
        """Return the twin that expects nothing of what is asked about: the same spreads around 0."""
        blocks = (replace(block, mean=0.0) if block.doubted else block for block in self.blocks)
        return replace(self, blocks=tuple(blocks))


@dataclass(frozen=True, slots=True)
class Belief:
    """The five numbers a clinic may learn from its own earlier clients (INSIGHT 1.7); these are the defaults."""

    same_mean: float = PEOPLE
    same_shared: float = 0.25
    same_own: float = 0.20
    lag_mean: float = 0.0
    noise: float = 5.07 / 3.0  # rate / shape, squared mood points
    clients: int = 0  # how many earlier clients it rests on
    version: str = ""


DEFAULT = Belief()


def background(weekend_and_contact: bool = True) -> tuple[Block, ...]:
    """Return what every diary has: a level, a trend a week, and (where asked) contact at all and weekends."""
    always = (
        Block("level", (LEVEL,), 5.0, 0.0, 4.0, stretched=False, doubted=False),
        Block("trend", (TREND,), 0.10, 0.0, 0.20, stretched=False, doubted=False),
    )
    if not weekend_and_contact:
        return always
    return (
        *always,
        Block("contact", (CONTACT,), 0.0, 0.0, 0.30, stretched=False, doubted=False),
        Block("weekend", (WEEKEND,), 0.0, 0.0, 0.25, stretched=False, doubted=False),
    )


def people_prior(same: Iterable[str], lag: Iterable[str], belief: Belief = DEFAULT) -> Prior:
    """Return the prior of the people view: columns of contact on the same day, and on the day before (INSIGHT 1.3)."""
    blocks = (
        *background(),
        Block("same", tuple(same), belief.same_mean, belief.same_shared, belief.same_own),
        Block("lag", tuple(lag), belief.lag_mean, 0.10, 0.10),
    )
    return Prior(tuple(block for block in blocks if block.columns), rate=3.0 * belief.noise)


def kind_prior(means: Mapping[str, float], belief: Belief = DEFAULT) -> Prior:
    """Return the prior of the kind view: one independent column a kind, each with its own mean (INSIGHT 1.6)."""
    kinds = (Block(f"kind:{name}", (name,), mean, 0.0, KIND_SPREAD) for name, mean in means.items())
    return Prior((*background(False), *kinds), rate=3.0 * belief.noise)


def plain_prior(
    columns: Iterable[str],
    *,
    level: float,
    noise: float,
    effect: float = KIND_SPREAD,
    ends: tuple[float, float] | None = None,
    step: float = 1.0,
) -> Prior:
    """Return a prior that expects nothing of any column, for any outcome.

    Args:
        columns: The columns that are asked about; a column "level" of ones and any "trend" are the caller's to make.
        level: Where the outcome is expected to lie, in its own units.
        noise: The sd of what the columns do not tell, in units of the outcome.
        effect: How far the effect of one unit of a column may lie from 0, as a share of the noise.
        ends: Lowest and highest value of the scale where answers pile up at its ends; None where they do not.
        step: The step of that scale.
    """
    if noise <= 0 or effect <= 0 or step <= 0:
        raise ValueError(f"noise {noise}, effect {effect} and step {step} spread nothing; expected each above 0")
    blocks = [Block("level", (LEVEL,), level, 0.0, 4.0, stretched=False, doubted=False)]
    blocks += [Block(name, (name,), 0.0, 0.0, effect) for name in columns if name != LEVEL]
    return Prior(tuple(blocks), shape=3.0, rate=3.0 * noise**2, ends=ends, step=step)

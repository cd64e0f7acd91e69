"""A form as it stands on the shelf: the grammar of `form.yaml` (RULINGS 20), frozen and strict."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from pydantic import Field, field_validator, model_validator

from openipt.therapy.forms.items import DEEPEST_GROUP, Choice, GroupItem, Item, Strict, depth, worded

__all__ = ["Change", "Form", "Item", "Rights"]

Operator = Literal["==", "!=", "<", "<=", ">", ">="]
Confidence = Literal["high", "moderate", "low", "unknown"]
TextStatus = Literal["ship", "ship-verbatim", "ship-noncommercial", "structure-only"]


class Limit(Strict):
    """A comparison with a number, e.g. `{op: "<", value: 10}`."""

    op: Operator
    value: float


class Rights(Strict):
    """Who owns the words, whether they may ship, and how that is known."""

    text_status: TextStatus
    name: str
    holder: str
    summary: str = ""
    attribution: str = Field(min_length=1)  # shown wherever the form is shown
    evidence: tuple[str, ...] = ()
    confidence: Confidence = "high"


OURS = Rights(
    text_status="ship",
    name="CC BY 4.0 (written for this project)",
    holder="OpenIPT contributors",
    attribution="OpenIPT contributors, CC BY 4.0",
)


class NotApplicable(Strict):
    """Items that may not apply; the total is then taken over the others and has no band."""

    items: tuple[str, ...]
    code: Literal["na"]
    effect: str


class MissingRule(Strict):
    """What happens when answers are missing. Missing is never zero."""

    policy: Literal["prorate_sum", "complete_only", "mean_of_answered", "algorithm"]
    max_missing: int = Field(default=0, ge=0)
    either_or: tuple[tuple[str, ...], ...] = ()  # sum_of_maxima: one of these answers is enough
    requires: tuple[str, ...] = ()  # items without which there is no score
    decimals: int = Field(default=2, ge=0, le=6)  # of means
    formula: str | None = None
    rounding: Literal["half_up"] = "half_up"
    rule: str | None = None
    source: str | None = None
    confidence: Confidence | None = None
    note: str | None = None
    not_applicable: NotApplicable | None = None


class Transform(Strict):
    """One step applied after the sum or mean."""

    subtract: float | None = None
    divide: float | None = Field(default=None, gt=0)
    multiply: float | None = None

    @model_validator(mode="after")
    def _one(self) -> Transform:
        if sum(step is not None for step in (self.subtract, self.divide, self.multiply)) != 1:
            raise ValueError("a transform of none or several steps; expected one of subtract, divide, multiply")
        return self


class Named(Strict):
    """A named method of the engine over the rows of a group, with its published numbers."""

    name: Literal["social_rhythm_metric", "count of recorded times"]
    rows: str  # the group with a row for each day
    window_minutes: int = Field(default=45, ge=0, le=720)
    min_occurrences: int = Field(default=3, ge=2)
    outlier_sd: float = Field(default=1.5, gt=0)
    day_from: str = Field(default="04:00", pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")  # when a day begins


class Score(Strict):
    """How one number is made from the answers. `method` is a closed list (MEASURES 3)."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    method: Literal["sum", "mean", "count", "sum_of_maxima", "mean_of_scores", "sum_of_scores", "linear", "algorithm"]
    items: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()  # sum_of_maxima: the highest item of each group counts
    scores: tuple[str, ...] = ()  # mean_of_scores, sum_of_scores
    weights: dict[str, float] = {}  # linear: score -> weight
    algorithm: Named | None = None  # algorithm: over `items`, times inside its rows
    range: tuple[float, float]
    higher_is: Literal["worse", "better", "neutral"]
    condition: Limit | None = None  # count: what an item must meet
    item_conditions: dict[str, Limit] = {}
    transform: tuple[Transform, ...] = ()
    missing: MissingRule | None = None
    note: str | None = None

    @property
    def is_exact(self) -> bool:
        """Whether cut-offs and bands look at the unrounded value: a mean is judged by it, a sum as it is reported."""
        return self.method in ("mean", "mean_of_scores", "linear", "algorithm") or bool(self.transform)

    @property
    def parts(self) -> tuple[str, ...]:
        """The items of the sheet it is made of directly; none where they stand inside rows."""
        return () if self.algorithm else (*self.items, *(item for group in self.groups for item in group))

    @model_validator(mode="after")
    def _whole(self) -> Score:
        needs = {
            "count": ("items", "condition"),
            "sum_of_maxima": ("groups",),
            "mean_of_scores": ("scores",),
            "sum_of_scores": ("scores",),
            "linear": ("weights",),
            "algorithm": ("algorithm", "items"),
        }.get(self.method, ("items",))
        absent = [key for key in needs if not getattr(self, key)]
        if absent:
            raise ValueError(f"the method {self.method!r} without {absent[0]!r}; expected {' and '.join(needs)}")
        if self.range[0] >= self.range[1]:
            raise ValueError(f"the range {list(self.range)} holds no score; expected [least, most]")
        return self


class Band(Strict):
    """A named stretch of a score, both ends included."""

    id: str
    label: str
    min: float
    max: float


class Bands(Strict):
    """The bands of one score. With `continuous`, a score lies in the last band whose `min` it reaches."""

    scale: str
    set: tuple[Band, ...] = Field(min_length=1)
    continuous: bool = False
    source: str | None = None

    @field_validator("set")
    @classmethod
    def _in_order(cls, bands: tuple[Band, ...]) -> tuple[Band, ...]:
        for lower, upper in pairwise(bands):
            if not lower.min <= lower.max < upper.min:
                raise ValueError(
                    f"the bands {lower.id!r} and {upper.id!r} overlap or turn back; expected rising limits"
                )
        return bands


class Cutoff(Strict):
    """A threshold of a score, with its meaning and source. `applies_to` limits it to a context (sex for AUDIT-C)."""

    id: str
    scale: str
    op: Operator
    value: float
    meaning: str
    source: str | None = None
    applies_to: dict[str, str] = {}


class Outcome(Strict):
    """One of the named outcomes of a rule; `label` says in plain words what was answered, and labels nobody."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    when: str | None = None  # None: every other sheet; only the last may be so


class Algorithm(Strict):
    """A published rule over items and scores: three-valued by `when`, or the first of its `outcomes` that is true."""

    id: str
    when: str | None = None
    outcomes: tuple[Outcome, ...] = ()
    note: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Algorithm:
        if bool(self.when) == bool(self.outcomes):
            raise ValueError(f"the algorithm {self.id!r} with none or both of its ways; expected when or outcomes")
        if any(one.when is None for one in self.outcomes[:-1]):
            raise ValueError(f"an outcome of {self.id!r} without a when; expected one on every outcome but the last")
        return self


class Finding(Strict):
    """Something a person must see in the answers, without history. Findings make no task; rules do (RULINGS 7)."""

    id: str
    level: Literal["urgent", "high", "review", "info"]
    when: str
    action: str


class Skip(Strict):
    """Items that a first answer makes needless. Only blanks are filled; a filled blank is not missing."""

    when: str
    items: tuple[str, ...]
    score_as: int
    note: str | None = None


class Sourced(Strict):
    """A published number with where it comes from."""

    value: float
    kind: str | None = None
    source: str
    note: str | None = None


class Reliability(Strict):
    """One published reliability coefficient."""

    kind: str
    value: float = Field(ge=0, le=1)
    source: str
    sample: str | None = None
    interval: str | None = None


class Change(Strict):
    """What counts as change: each number once, with its source and how far it is to be trusted."""

    reliable: float | None = None  # points; None: nobody is labelled reliably changed
    reliable_from: tuple[Sourced, ...] = ()
    recovery: Limit | None = None  # the score lies outside the clinical range
    remission: Limit | None = None
    response_fall: float | None = Field(default=None, gt=0, le=1)  # share of the baseline
    sd: float | None = None
    reliability: float | None = None
    clinical: tuple[float, float] | None = None  # mean, sd of people in care
    nonclinical: tuple[float, float] | None = None  # mean, sd of people not in care
    confidence: Confidence = "unknown"
    note: str | None = None


class Fact(Strict):
    """Something derived from a sheet: shown as a mirror, never a score that judges."""

    id: str
    label: str
    value: str
    each: str | None = None  # a group: one fact for each of its rows
    unit: str | None = None
    share_of: str | None = None  # a group: the value is a percentage of its rows, and of a few it is told as "2 of 3"


class Check(Strict):
    """A hint about a sheet. `ask` is a question, `warn` a caution; neither ever blocks saving."""

    id: str
    level: Literal["ask", "warn"]
    when: str
    say: str
    each: str | None = None
    item: str | None = None


class Codes(Strict):
    """LOINC codes where known."""

    panel: str | None = None
    total: str | None = None
    confidence: Confidence = "unknown"


class Form(Strict):
    """One definition: everything that is asked, how it is scored, and on what grounds."""

    grammar: Literal["openipt-form/1"]
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    language: str = "en"
    kind: Literal["questionnaire", "worksheet"]
    code: str | None = None  # its id in the controlled vocabulary (WS_COMM)
    title: str
    short: str | None = None
    purpose: str
    filled_by: tuple[Literal["client", "therapist", "interviewer"], ...] = Field(min_length=1)
    visibility: str = "shared_with_therapist"
    adjunct: bool = False  # useful and not IPT: never counted for fidelity
    population: str | None = None
    conditions: tuple[str, ...] = ()
    recall: str | None = None  # ISO 8601 where it is a span
    minutes: float | None = None
    frequency: str | None = None
    validated: bool = False
    rights: Rights | Literal["ours"]  # read through `terms`
    instructions: str | None = None
    answers: dict[str, tuple[Choice, ...]] = {}
    items: tuple[Item, ...] = Field(min_length=1)
    skip: tuple[Skip, ...] = ()
    scores: tuple[Score, ...] = ()
    primary: str | None = None
    missing: MissingRule | None = None
    bands: Bands | None = None
    cutoffs: tuple[Cutoff, ...] = ()
    algorithms: tuple[Algorithm, ...] = ()
    findings: tuple[Finding, ...] = ()
    facts: tuple[Fact, ...] = ()
    checks: tuple[Check, ...] = ()
    change: Change = Change()
    reliabilities: tuple[Reliability, ...] = ()
    loinc: Codes = Codes()
    citations: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @field_validator("items")
    @classmethod
    def _shape(cls, items: tuple[Item, ...]) -> tuple[Item, ...]:
        _no_double(items)
        for item in items:
            if depth(item) > DEEPEST_GROUP:
                raise ValueError(f"the group {item.id!r} nests {depth(item)} deep; expected at most {DEEPEST_GROUP}")
        return items

    @property
    def terms(self) -> Rights:
        """The rights in full; `ours` on the shelf stands for this project's own licence."""
        return OURS if self.rights == "ours" else self.rights

    @property
    def may_ship(self) -> bool:
        """Whether every item has its words, from this shelf or a service's own, so that the form can be filled in."""
        return all(map(worded, self.items))

    @property
    def wording(self) -> Literal["here", "noncommercial_only", "licence_needed"]:
        """Where the words are: here; in a pack a service must switch on; or with a licence the service brings."""
        if self.may_ship:
            return "here"
        return "noncommercial_only" if self.terms.text_status == "ship-noncommercial" else "licence_needed"

    @property
    def name(self) -> str:
        """The short name people use (`PHQ-9`), else the title."""
        return self.short or self.title

    def score_named(self, score_id: str | None = None) -> Score | None:
        """Return a score's definition by id; the primary score without one."""
        wanted = score_id or self.primary
        return next((score for score in self.scores if score.id == wanted), None)

    def band_label(self, band_id: str | None) -> str | None:
        """Return the words of a band."""
        bands = self.bands.set if self.bands else ()
        return next((band.label for band in bands if band.id == band_id), None)


def _no_double(items: tuple[Item, ...]) -> None:
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise ValueError(f"the item id {item.id!r} stands twice; expected each id once")
        seen.add(item.id)
        if isinstance(item, GroupItem):
            _no_double(item.items)

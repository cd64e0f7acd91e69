"""Look at a diary: both views with their sceptical twins, statuses, counts, warnings. Loads numpy when it is called."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import compress
from typing import TYPE_CHECKING

from openipt.therapy.insight.counts import counts
from openipt.therapy.insight.diary import Diary, diary_of
from openipt.therapy.insight.entries import MOST_ENTRIES, WINDOW_DAYS, DiaryEntry, inputs_hash, window
from openipt.therapy.insight.kinds import prior_mean, rows_with
from openipt.therapy.insight.prior import DEFAULT, TREND, Belief, kind_prior, people_prior
from openipt.therapy.insight.result import (
    MODEL_VERSION,
    Estimate,
    Insight,
    KindInsight,
    Lack,
    PersonInsight,
    Status,
)
from openipt.therapy.insight.status import (
    LEAST_KIND_DAYS,
    diary_lack,
    kind_lack,
    kind_status,
    person_lack,
    person_status,
    warnings_of,
)

if TYPE_CHECKING:
    from openipt.therapy.insight.fitting import Effect, Fit

_NOT_ENOUGH: Status = "not enough entries"


def look(
    entries: Iterable[DiaryEntry],
    *,
    client: str = "",
    belief: Belief = DEFAULT,
    hidden: Collection[str] = (),
    window_days: int = WINDOW_DAYS,
    most_entries: int = MOST_ENTRIES,
) -> Insight:
    """Look at one client's diary.

    Args:
        entries: In any order; local time. Only the last `window_days` days and `most_entries` entries count.
        client: Whose it is; handed through.
        belief: What a clinic learned from earlier clients, or the defaults.
        hidden: People of whom nothing is to be said (`hidden_people`); contact with them counts among other people.

    Never call it where a fact of violence or coercion stands: nothing may be computed there (INSIGHT 4.5).
    """
    used = window(entries, window_days, most_entries)
    empty = Insight(len(used), hash_of(used, belief, hidden), client, belief=belief)
    if not used:
        return empty
    diary = diary_of(used, hidden=hidden)
    lack = diary_lack(diary)
    found = replace(
        empty,
        days=len(set(diary.days)),
        first_on=used[0].day,
        last_on=used[-1].day,
        counts=counts(diary),
        warnings=warnings_of(diary),
        kinds=_kinds(diary, belief, lack),
        left_out=diary.left_out,
    )
    return _with_people(found, diary, lack)


def hash_of(used: Sequence[DiaryEntry], belief: Belief = DEFAULT, hidden: Collection[str] = ()) -> str:
    """Return the hash of all that an insight is made of: entries, model, what is believed, and who is left out."""
    met = {one.person for entry in used for one in entry.interactions if one.person is not None}
    left_out = sorted(met & set(hidden))
    return inputs_hash(used, MODEL_VERSION, belief, *([left_out] if left_out else []))


def fit_people(diary: Diary, belief: Belief = DEFAULT) -> tuple[Fit, Fit]:
    """Return the fit of the people view and its sceptical twin."""
    from openipt.therapy.insight.fitting import fit_twins
    from openipt.therapy.insight.views import people_view

    view = people_view(diary)
    same, lag = ([name for name in view.columns if name.startswith(start)] for start in ("same", "lag"))
    return fit_twins(view.times, view.outcome, view.columns, people_prior(same, lag, belief))


def _with_people(found: Insight, diary: Diary, lack: Lack | None) -> Insight:
    fit, twin = fit_people(diary, found.belief)
    people = diary.chosen
    asked = [{TREND: 1.0}, *({f"same:{person}": 1.0} for person in people)]
    if people:
        asked += [{f"{which}:{person}": 1 / len(people) for person in people} for which in ("same", "lag")]
    effects = fit.effects(asked)
    doubts = twin.above_zero(asked[1 : 1 + len(people)])
    named = {
        person: _person(diary, person, effects[1 + n], (doubts[n], fit.noise_variance), lack)
        for n, person in enumerate(people)
    }
    found = replace(
        found,
        people=tuple(named.get(person) or _left_out(diary, person, lack) for person in diary.contact_days),
        trend_per_week=effects[0].estimate,
        log_evidence=fit.log_evidence,
    )
    if not people:
        return found
    same, lag = effects[-2:]
    return replace(found, same_day=same.estimate, next_day=lag.estimate, next_day_pd=_towards(lag.above_zero, lag))


def _person(
    diary: Diary, person: str, effect: Effect, doubt_and_noise: tuple[float, float], lack: Lack | None
) -> PersonInsight:
    doubt, noise = doubt_and_noise
    days = diary.contact_days[person]
    pd, doubted = _towards(effect.above_zero, effect), _towards(doubt, effect)
    tolerance = tolerance_of(effect.estimate, diary.valences(person), days, noise)
    lack = lack or person_lack(diary, person)
    return PersonInsight(
        person=person,
        contact_days=days,
        status=_NOT_ENOUGH if lack else person_status(pd, doubted, tolerance),
        effect=effect.estimate,
        pd=pd,
        sceptical_pd=doubted,
        information=effect.information,
        tolerance=tolerance,
        lack=lack,
    )


def _left_out(diary: Diary, person: str, lack: Lack | None) -> PersonInsight:
    lack = lack or person_lack(diary, person) or Lack("not_among")
    return PersonInsight(person, diary.contact_days[person], _NOT_ENOUGH, lack=lack)


def tolerance_of(effect: Estimate, valences: Sequence[int], contact_days: int, noise_variance: float) -> float:
    """Return r*: by how many valence points a mood point would have to colour ratings to explain all of an effect."""
    nearest = max(effect.lo if effect.mean >= 0 else -effect.hi, 0.0)
    mean = sum(valences) / len(valences)
    spread = sum((valence - mean) ** 2 for valence in valences)
    return nearest * spread / contact_days / noise_variance


def _kinds(diary: Diary, belief: Belief, lack: Lack | None) -> tuple[KindInsight, ...]:
    has = rows_with(diary.entries)
    days = {kind: len(set(compress(diary.days, rows))) for kind, rows in has.items()}
    effects = _kind_effects(diary, {kind: has[kind] for kind in has if days[kind] >= LEAST_KIND_DAYS}, belief)
    return tuple(
        _kind(kind, days[kind], effects.get(kind), lack or kind_lack(sum(has[kind]), len(diary.entries), days[kind]))
        for kind in has
    )


def _kind_effects(diary: Diary, has: Mapping[str, list[bool]], belief: Belief) -> dict[str, tuple[Effect, float]]:
    """Return for each kind its effect, and the sceptical twin's probability that it lies above 0."""
    if not has:
        return {}
    from openipt.therapy.insight.fitting import fit_twins
    from openipt.therapy.insight.views import kind_view

    view = kind_view(diary, has)
    prior = kind_prior({kind: prior_mean(kind) for kind in has}, belief)
    fit, twin = fit_twins(view.times, view.outcome, view.columns, prior)
    weights = [{kind: 1.0} for kind in has]
    return dict(zip(has, zip(fit.effects(weights), twin.above_zero(weights), strict=True), strict=True))


def _kind(kind: str, days: int, numbers: tuple[Effect, float] | None, lack: Lack | None) -> KindInsight:
    if numbers is None:
        return KindInsight(kind, days, _NOT_ENOUGH, lack=lack)
    effect, doubt = numbers
    pd, doubted = _towards(effect.above_zero, effect), _towards(doubt, effect)
    status: Status = _NOT_ENOUGH if lack else kind_status(pd, doubted)
    return KindInsight(kind, days, status, effect.estimate, pd, doubted, effect.information, lack)


def _towards(above_zero: float, effect: Effect) -> float:
    """Return the probability of the side on which the mean lies."""
    return above_zero if effect.estimate.mean >= 0 else 1 - above_zero

"""How sure the expected course is, measured on a made-up caseload (INSIGHT 2.3): the numbers of the page."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from caseload_world import caseload, stable

from openipt.therapy.course.state_columns import OFF_TRACK, WORSE, states_of
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import open_manual
from openipt.therapy.progress import default_reference, local_reference, predict_columns

PHQ9, CLASSIC = open_form("phq-9"), open_manual("ipt-classic")
LAST_WEEK = 16
Z = 1.2816


@dataclass(frozen=True)
class Ranks:
    """How well something told apart who would end without reliable improvement, at a week."""

    by_model: float
    by_change: float
    n: int


def auc(score, happened):
    """The share of pairs put in the right order; ties count half."""
    _, place, count = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    yes, no = happened.sum(), (~happened).sum()
    return float((rank[happened].sum() - yes * (yes + 1) / 2) / (yes * no))


def reference_after(courses, seed):
    """The reference of a service after so many finished courses of its own."""
    if courses == 0:
        return default_reference(PHQ9, LAST_WEEK)
    return local_reference(PHQ9, caseload(courses, seed).as_maps(), LAST_WEEK)


def coverage(reference, test):
    """The share of later scores inside the 80 % band drawn from the first score."""
    first = test.scores[:, :1]
    expected = reference.mean + np.asarray(reference.slope) * (first - reference.mean[0])
    inside = np.abs(test.scores - expected) <= Z * np.asarray(reference.spread)
    return float(inside[:, 1:][~np.isnan(test.scores[:, 1:])].mean())


def ranks(reference, test, week):
    """Courses that are still going after a week, by their outlook in that week and by the change so far."""
    going = test.last > week
    scores = test.scores[going, : week + 1]
    made = predict_columns(reference, scores, test.planned[going])
    newest = np.where(~np.isnan(scores), np.arange(week + 1), 0).max(axis=1)
    so_far = scores[np.arange(len(scores)), newest] - scores[:, 0]
    happened = test.change[going] < 6
    return Ranks(auc(made.p_no_reliable_improvement, happened), auc(so_far, happened), int(going.sum()))


def flagged(reference, test, week):
    """Whether each course was called worse or off track in any week up to this one."""
    found = np.zeros(len(test.last), dtype=bool)
    for now in range(week + 1):
        codes = states_of(PHQ9, CLASSIC, test.scores, np.minimum(now, test.last), reference, test.planned)
        found |= np.isin(codes, (OFF_TRACK, WORSE))
    return found


def ever_worse(scores):
    """Whether each course was called worse in any week."""
    return np.any([states_of(PHQ9, CLASSIC, scores, now) == WORSE for now in range(scores.shape[1])], axis=0)


def of_flags(reference, test, week):
    """Sensitivity, specificity and predictive value of being flagged by a week for no reliable improvement."""
    flags, happened = flagged(reference, test, week), test.change < 6
    return {
        "sensitivity": float(flags[happened].mean()),
        "specificity": float((~flags[~happened]).mean()),
        "predictive value": float(happened[flags].mean()),
        "still improve": float((~happened)[flags].mean()),
    }


def stable_called_worse(n=2000, seed=77):
    """How often a client of whom nothing changes is called worse within twelve sessions."""
    return float(ever_worse(stable(n, seed)).mean())


def over_start_only(scores):
    """The older rule, for comparison: six points over the first score at two readings in a row."""
    found = np.zeros(len(scores), dtype=bool)
    for n, row in enumerate(scores):
        risen = [value - row[0] >= 6 for value in row[1:] if value == value]
        found[n] = any(a and b for a, b in pairwise(risen))
    return found


def until_last(test):
    """Scores with nothing after the last week of each course."""
    return np.where(np.arange(test.scores.shape[1]) <= test.last[:, None], test.scores, np.nan)


def all_figures(courses=6000, local=150, samples=5, seed=2026):
    """Everything the page says, as name -> value, in the order it is told."""
    test = caseload(courses, seed)
    default, own = reference_after(0, 0), [reference_after(local, n) for n in range(samples)]
    figures = {
        "courses in the test": len(test.last),
        "of them without reliable improvement": (test.change < 6).mean(),
        "of them reliably worse at the end": (test.change <= -6).mean(),
        "mean change in points": test.change.mean(),
        "sd of the change": test.change.std(),
    }
    figures["80 % band, placeholder"] = coverage(default, test)
    covered = [coverage(one, test) for one in own]
    figures["80 % band, after local courses, least"] = min(covered)
    figures["80 % band, after local courses, most"] = max(covered)
    for week in (4, 8):
        found = [ranks(one, test, week) for one in own]
        figures[f"AUC in week {week}, placeholder"] = ranks(default, test, week).by_model
        figures[f"AUC in week {week}, after local courses, least"] = min(one.by_model for one in found)
        figures[f"AUC in week {week}, after local courses, most"] = max(one.by_model for one in found)
        figures[f"AUC in week {week}, change so far alone"] = found[0].by_change
    for week in (4, 8):
        for name, reference in (("table alone", None), ("with the expected course", own[0])):
            for what, value in of_flags(reference, test, week).items():
                figures[f"worse or off track by week {week}, {name}: {what}"] = value
    ended_worse, scores = test.change <= -6, until_last(test)
    figures["reliably worse at the end: called worse at some time"] = ever_worse(scores)[ended_worse].mean()
    seen = flagged(None, test, LAST_WEEK)[ended_worse]
    figures["reliably worse at the end: called worse or off track at some time"] = seen.mean()
    figures["nothing changes, 12 sessions: called worse"] = stable_called_worse()
    figures["nothing changes, 12 sessions: six over the first score twice in a row"] = over_start_only(
        stable(2000, 77)
    ).mean()
    return {name: float(value) for name, value in figures.items()}


def table_of(figures, machine, on):
    """The figures as a Markdown table, with when and where they were measured."""
    lines = [f"Measured on {on}, {machine}.", "", "| what | figure |", "|---|---|"]
    for name, value in figures.items():
        lines.append(f"| {name} | {value:,.0f} |" if value > 100 else f"| {name} | {value:.3f} |")
    return "\n".join(lines)

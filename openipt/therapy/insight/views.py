"""The two views of a diary as columns: people, and kinds of events. Valence and kinds never stand in one regression.

This module loads numpy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from openipt.therapy.insight.diary import Diary
from openipt.therapy.insight.entries import DiaryEntry
from openipt.therapy.insight.fitting import Series
from openipt.therapy.insight.prior import CONTACT, TREND, WEEKEND
from openipt.therapy.insight.student import Floats, Numbers

OTHERS = "others"  # no colon: nobody's name makes this column
_SATURDAY = 5


def people_view(diary: Diary) -> Series:
    """Return the columns of the people view (INSIGHT 1.2): one a person for today, one for the day before."""
    entries = diary.entries
    columns: dict[str, Numbers] = {TREND: _trend(entries), CONTACT: _contact(diary), WEEKEND: _weekend(diary)}
    rest = diary.others
    for person in diary.chosen:
        columns[same(person)] = np.array(diary.valences(person), float)
    if rest:
        columns[f"same {OTHERS}"] = np.array(diary.together(rest), float)
    for person in diary.chosen:
        columns[lag(person)] = _centred(np.array(diary.day_before({person}), float))
    if rest:
        columns[f"lag {OTHERS}"] = _centred(np.array(diary.day_before(rest), float))
    return Series(times_of(entries), _moods(entries), columns)


def kind_view(diary: Diary, has: Mapping[str, Sequence[bool]]) -> Series:
    """Return the columns of the kind view (INSIGHT 1.6): one of 0 and 1 a kind."""
    kinds: dict[str, Numbers] = {kind: np.array(rows, float) for kind, rows in has.items()}
    return Series(times_of(diary.entries), _moods(diary.entries), {TREND: _trend(diary.entries), **kinds})


def same(person: str) -> str:
    """Return the column of contact with a person in an entry."""
    return f"same:{person}"


def lag(person: str) -> str:
    """Return the column of contact with a person on the day before."""
    return f"lag:{person}"


def times_of(entries: Sequence[DiaryEntry]) -> Floats:
    """Return the days since the first entry, with their fractions, in local time."""
    return np.array([(entry.at - entries[0].at).total_seconds() / 86400 for entry in entries])


def _moods(entries: Sequence[DiaryEntry]) -> Floats:
    return np.array([entry.mood for entry in entries], float)


def _trend(entries: Sequence[DiaryEntry]) -> Floats:
    times = times_of(entries)
    return np.asarray((times - times.mean()) / 7)


def _contact(diary: Diary) -> Floats:
    """Whether anybody was there, around its mean; where it was not asked, the mean itself."""
    rows = zip(diary.entries, diary.sums, strict=True)
    return _centred(np.array([float(bool(sums)) if entry.asked else np.nan for entry, sums in rows]))


def _weekend(diary: Diary) -> Floats:
    return _centred(np.array([float(day.weekday() >= _SATURDAY) for day in diary.days]))


def _centred(column: Floats) -> Floats:
    """Return a column around the mean of what is known; what is not known lies there."""
    known = ~np.isnan(column)
    mean = column[known].mean() if known.any() else 0.0
    return np.where(known, column - mean, 0.0)

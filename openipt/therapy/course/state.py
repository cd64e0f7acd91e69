"""Is it working? The one table of CLINICAL-RULES 1: exclusive, complete, the first row that holds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from openipt.therapy.course.expected import in_force
from openipt.therapy.course.position import day_of_count, first_day, first_met
from openipt.therapy.forms import Form, open_form
from openipt.therapy.forms.scales import meets
from openipt.therapy.manuals import DecisionPoint, Manual
from openipt.therapy.progress import fall_pct, half_up_pct, is_clinical, rises
from openipt.therapy.progress.change import worse_is_higher
from openipt.therapy.record import Reading, Record
from openipt.therapy.words import Sentence, say

if TYPE_CHECKING:
    from openipt.therapy.progress import Expectation, Outlook

SILENT_SESSIONS = 2  # CLINICAL-RULES 1, row "ask"
IN_A_ROW = 2  # row "worse"


@dataclass(frozen=True, slots=True)
class State:
    """How a course goes on a day, in one word, with the reason."""

    id: str
    why: Sentence
    form: str
    baseline: float | None = None
    latest: float | None = None
    latest_on: date | None = None
    fall_pct: float | None = None  # exact, of the latest score
    point: str | None = None  # the decision point that decided


@dataclass(frozen=True, slots=True)
class Course:
    """What the table needs to know of a course on a day."""

    form: Form
    baseline: Reading | None
    later: tuple[Reading, ...]  # after the baseline, one a day
    today: date

    @property
    def latest(self) -> Reading | None:
        """The newest score."""
        return self.later[-1] if self.later else self.baseline

    def known_on(self, day: date) -> Reading | None:
        """The newest score of a day or before."""
        return next((one for one in reversed(self.later) if one.day <= day), self.baseline)


def outcome_form(manual: Manual, record: Record) -> Form:
    """Return the measure the table judges by: the first of the manual's that has scores, else its first."""
    return record.remember(("outcome", manual.id, manual.version), lambda: _first_with_scores(manual, record))


def _first_with_scores(manual: Manual, record: Record) -> Form:
    return open_form(next((name for name in manual.outcome if record.readings(name)), manual.outcome[0]))


def course_on(manual: Manual, record: Record, today: date) -> Course:
    """Gather what the table needs."""
    key = ("course", manual.id, manual.version, today)
    return record.remember(key, lambda: _gathered(manual, record, today))


def _gathered(manual: Manual, record: Record, today: date) -> Course:
    form = outcome_form(manual, record)
    every, days = record.remember(("daily", form.id), lambda: _by_day(record.readings(form.id)))
    readings = every[: bisect_right(days, today)]
    start = baseline(manual, record, readings)
    return Course(form, start, readings if start is None else readings[readings.index(start) + 1 :], today)


def _by_day(readings: Sequence[Reading]) -> tuple[tuple[Reading, ...], tuple[date, ...]]:
    every = one_a_day(readings)
    return every, tuple(reading.day for reading in every)


def one_a_day(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Keep the last of several scores of one day."""
    return tuple(list(day)[-1] for _, day in groupby(readings, key=lambda reading: reading.day))


def baseline(manual: Manual, record: Record, readings: Sequence[Reading]) -> Reading | None:
    """Return the baseline: the last score up to session 1, or the one of the meeting before a group."""
    first = first_met(record)
    if first is None:
        return readings[-1] if readings else None
    if manual.baseline == "pregroup":
        before = [reading for reading in readings if reading.day < first]
        if before:
            return before[-1]
    upto = [reading for reading in readings if reading.day <= first]
    return upto[-1] if upto else None


def state(manual: Manual, record: Record, today: date, expectation: Expectation | None = None) -> State:
    """Judge a course by the one table; the first row that holds.

    Args:
        manual: The treatment.
        record: The course.
        today: The day to judge on.
        expectation: The expected course of this service for this manual and measure; that of the record, as it stood
            on that day, if none is given. It adds to the table only once it rests on 100 finished local courses; before
            that, and without it, nothing is expected of anybody.
    """
    if record.ended_on and record.ended_on < today:
        today = record.ended_on  # a course that ended is judged as it ended
    if expectation is None and record.expected:
        expectation = in_force(record, outcome_form(manual, record).id, today)
    # A released version of a manual never changes, so its id and version are enough of a key.
    key = ("state", manual.id, manual.version, today, expectation.key if expectation else None)
    return record.remember(key, lambda: judge(manual, record, course_on(manual, record, today), expectation))


def worse_on(manual: Manual, record: Record, today: date) -> State | None:
    """Return the state of a day where it is `worse`, the first row of the table; None where another row holds."""
    if record.ended_on and record.ended_on < today:
        today = record.ended_on
    return _worse(record, course_on(manual, record, today)) if _has_risen(manual, record, today) else None


def _has_risen(manual: Manual, record: Record, today: date) -> bool:
    """Whether the newest score of a day lies reliably above the best of all before it.

    On most days of most courses it does not: then nothing else has to be gathered to know that the row does not hold.
    """
    return next((up for day, up in reversed(_rises(manual, record)) if day <= today), False)


def first_rise(manual: Manual, record: Record) -> date | None:
    """Return the first day with a score reliably above the best of all before it; no course is worse before one."""
    return next((day for day, up in _rises(manual, record) if up), None)


def _rises(manual: Manual, record: Record) -> tuple[tuple[date, bool], ...]:
    return record.remember(("rose", manual.id, manual.version), lambda: _rose(outcome_form(manual, record), record))


def _rose(form: Form, record: Record) -> tuple[tuple[date, bool], ...]:
    readings = record.readings(form.id)
    risen = rises([reading.value for reading in readings], None, form.change, worse_is_higher(form))
    return tuple((reading.day, up is True) for reading, up in zip(readings, risen, strict=True))


def judge(manual: Manual, record: Record, course: Course, expectation: Expectation | None = None) -> State:
    """Judge gathered scores by the one table. `record` is asked for sessions and confirmations only."""
    return _worse(record, course) or _ask(manual, record, course) or _judged(manual, record, course, expectation)


def _made(id_: str, why: Sentence, course: Course, point: str | None = None) -> State:
    latest = course.latest
    return State(
        id=id_,
        why=why,
        form=course.form.id,
        baseline=course.baseline.value if course.baseline else None,
        latest=latest.value if latest else None,
        latest_on=latest.day if latest else None,
        fall_pct=better_pct(course, latest),
        point=point,
    )


def better_pct(course: Course, reading: Reading | None) -> float | None:
    """Return how much better a score is than the baseline, in percent of the baseline, exact; None if not known."""
    if reading is None or course.baseline is None:
        return None
    fall = fall_pct(course.baseline.value, reading.value)
    return fall if fall is None or worse_is_higher(course.form) else -fall


def _worse(record: Record, course: Course) -> State | None:
    start = course.baseline.value if course.baseline else None
    values = [reading.value for reading in course.later]
    risen = rises(values, start, course.form.change, worse_is_higher(course.form))
    if not risen or risen[-1] is not True:
        return None
    before = [*values[:-1], *([start] if start is not None else [])]
    best = min(before) if worse_is_higher(course.form) else max(before)
    shown = {"form": course.form.name, "latest": values[-1], "best": best, "points": course.form.change.reliable}
    if risen[-IN_A_ROW:] == [True] * IN_A_ROW:
        return _made("worse", say("state.worse.twice", **shown), course)
    if _confirmed(record, course.later[-1], course.today):
        return _made("worse", say("state.worse.confirmed", **shown), course)
    return None


def rise_to_ask_about(record: Record, course: Course) -> Sentence | None:
    """Say that the newest score rose once, where nobody has confirmed it yet; None where it did not, or counts already.

    Twice in a row counts by itself. Once is a question to a person, so somebody has to be told that it is open.
    """
    start = course.baseline.value if course.baseline else None
    values = [reading.value for reading in course.later]
    risen = rises(values, start, course.form.change, worse_is_higher(course.form))
    twice = risen[-IN_A_ROW:] == [True] * IN_A_ROW
    if not risen or risen[-1] is not True or twice or _confirmed(record, course.later[-1], course.today):
        return None
    before = [*values[:-1], *([start] if start is not None else [])]
    best = min(before) if worse_is_higher(course.form) else max(before)
    return say("state.rose_once", form=course.form.name, latest=values[-1], on=course.later[-1].day, best=best)


def _confirmed(record: Record, reading: Reading, today: date) -> bool:
    """Whether a clinician has confirmed this rise by a day: in a session or decision record since the score."""
    return any(reading.day <= day <= today for day in days_confirmed(record, reading.day))


def days_confirmed(record: Record, since: date) -> tuple[date, ...]:
    """Return the days, from one on, on which a clinician wrote that a rise is real."""
    return tuple(
        entry.happened_at.date()
        for form in ("decision-record", "session-record")
        for entry in record.of(form)
        if entry.happened_at.date() >= since and entry.answers.get("confirmed_worse") is True
    )


def _ask(manual: Manual, record: Record, course: Course) -> State | None:
    held = [session for session in record.held() if session.day <= course.today and session.kind != "pre_group"]
    latest = course.latest
    if len(held) >= SILENT_SESSIONS:
        since = held[-SILENT_SESSIONS - 1].day if len(held) > SILENT_SESSIONS else date.min
        if latest is None or latest.day <= since:
            return _made("ask", say("state.ask.sessions", form=course.form.name, n=SILENT_SESSIONS), course)
    last = latest.day if latest else first_day(record, course.today)
    if last and course.today - last >= timedelta(days=manual.silent_days):
        return _made("ask", say("state.ask.days", form=course.form.name, since=last), course)
    return None


def _judged(manual: Manual, record: Record, course: Course, expectation: Expectation | None) -> State:
    latest, change = course.latest, course.form.change
    if latest is None:
        return _made("early", say("state.early.no_score", form=course.form.name), course)
    if course.baseline is None:
        return _without_start(manual, course, latest)
    shown = {"form": course.form.name, "first": course.baseline.value, "latest": latest.value}
    if manual.purpose != "treatment" or is_clinical(course.baseline.value, change) is False:
        return _made("steady", say("state.steady.so_far", **shown), course)
    point = last_point(manual, record, course)
    clinical = is_clinical(latest.value, change) is not False
    if point and clinical and _failed(course, *point):
        return _made("off_track", _point_sentence("state.off_track.point", manual, course, *point), course, point[0].id)
    outlook = _outlook(course, expectation)
    if outlook and clinical and (outlook.twice_far_off or outlook.worsened):
        return _made("off_track", _outlook_sentence(course, outlook), course)
    if clinical and not point:
        return _made("early", say("state.early.so_far", **shown), course)
    if outlook and not outlook.allows_on_track:
        return _made("early", say("progress.outlook.open", **shown, p=_in_100(outlook.p)), course)
    if clinical and point:
        return _made("on_track", _point_sentence("state.on_track.point", manual, course, *point), course, point[0].id)
    remission = change.remission and meets(change.remission)(latest.value)
    line = "state.on_track.remission" if remission else "state.on_track.below"
    return _made("on_track", say(line, **shown), course, point[0].id if point else None)


def _outlook(course: Course, expectation: Expectation | None) -> Outlook | None:
    """What the service's expected course says; None without one of this measure."""
    start = course.baseline
    if expectation is None or start is None or expectation.reference.form != course.form.id:
        return None
    readings = (start, *course.later)
    return expectation.outlook([(one.day - start.day).days for one in readings], [one.value for one in readings])


def _outlook_sentence(course: Course, outlook: Outlook) -> Sentence:
    first = course.baseline.value if course.baseline else None
    if outlook.twice_far_off:
        then, latest = course.later[-2].value, course.later[-1].value
        return say("progress.outlook.twice", form=course.form.name, first=first, then=then, latest=latest)
    now, start = _in_100(outlook.p), _in_100(outlook.p_at_start)
    return say("progress.outlook.worsened", form=course.form.name, first=first, p=now, start=start)


def _in_100(p: float | None) -> int:
    return half_up_pct(100 * (p or 0.0))


def _without_start(manual: Manual, course: Course, latest: Reading) -> State:
    """Judge a course whose start was not measured: remission and a reliable rise can still be told, a fall cannot."""
    change, shown = course.form.change, {"form": course.form.name, "latest": latest.value}
    if manual.purpose != "treatment":
        return _made("steady", say("state.steady.no_start", **shown), course)
    if change.remission and meets(change.remission)(latest.value):
        return _made("on_track", say("state.on_track.no_start", **shown), course)
    return _made("early", say("state.early.no_baseline", **shown), course)


def point_day(manual: Manual, point: DecisionPoint, record: Record, today: date) -> date | None:
    """Return the day on which a point fell due (sessions or days, whichever came first); None if not by today."""
    days = []
    if isinstance(point.due.session, int):
        days.append(day_of_count(manual, record, point.due.session))
    first = first_day(record, today)
    if point.due.day is not None and first:
        days.append(first + timedelta(days=point.due.day))
    past = [day for day in days if day and day <= today]
    return min(past) if past else None


def last_point(manual: Manual, record: Record, course: Course) -> tuple[DecisionPoint, date] | None:
    """Return the last decision point with a rule that fell due, and the day it did; none before the first session."""
    if not any(session.day <= course.today for session in record.held() if session.kind != "pre_group"):
        return None
    due = [
        (point, day)
        for point in manual.decision_points
        if point.fall_pct is not None and (day := point_day(manual, point, record, course.today))
    ]
    return max(due, key=lambda one: (one[1], one[0].fall_pct or 0)) if due else None


def _failed(course: Course, point: DecisionPoint, day: date) -> bool:
    """Whether the rule of a point failed, judged by the score known when it fell due."""
    fall = better_pct(course, course.known_on(day))
    return fall is not None and point.fall_pct is not None and fall < point.fall_pct


def _point_sentence(line: str, manual: Manual, course: Course, point: DecisionPoint, day: date) -> Sentence:
    """Say what was found when a point fell due and, where a score came in since, what it is now."""
    reading = course.known_on(day)
    fall = better_pct(course, reading) or 0.0
    # "Fell by -10 %" is no sentence: a score that got worse is told as what it is.
    found = say(
        f"{line}_worse" if fall < 0 else line,
        form=course.form.name,
        first=course.baseline.value if course.baseline else None,
        then=reading.value if reading else None,
        fall=half_up_pct(abs(fall)),
        hoped=point.fall_pct,
        point=point.label,
        on=day,
    )
    now = since(course, reading)
    if now is None:
        return found
    turned = _failed(course, point, course.today) != _failed(course, point, day)
    later = manual.decision_points[manual.decision_points.index(point) + 1 :]
    again = turned and any(one.fall_pct is not None for one in later)
    return say("state.since_then.again" if again else "state.since_then.both", found=found, now=now)


def since(course: Course, reading: Reading | None) -> Sentence | None:
    """Say what the measure is now, where a score came in after this one; None where this one is the newest."""
    latest = course.latest
    if latest is None or latest == reading:
        return None
    fall = better_pct(course, latest)
    shown = {"form": course.form.name, "latest": latest.value, "on": latest.day}
    if fall is None:
        return say("state.since_then.now", **shown)
    line = "state.since_then.worse" if fall < 0 else "state.since_then.better"
    return say(line, **shown, fall=half_up_pct(abs(fall)))

"""The table "is it working" once more, written from the text of the clinical rules and sharing no line with the engine.

Everything is plain: a score is (day, order within the day, value), a session (day, uses, held), a day a whole number.

worse      a rise of 6 or more over the baseline, or over the best score so far, at two measurements in a row, or once
           and confirmed by the clinician
ask        no usable score at the last two sessions, or for 21 days
off track  baseline of 10 or more, latest of 10 or more, and the rule of the last decision point failed
on track   the rule of the last point held, or latest below 10 after a baseline of 10 or more, or remission (< 5)
early      everything else; prevention, maintenance and baselines below 10 have the rise rule only, else they are steady
"""

from dataclasses import dataclass, field


@dataclass
class Path:
    """A course as a list of plain numbers."""

    began: int = 0
    scores: list = field(default_factory=list)
    sessions: list = field(default_factory=list)
    confirmed: list = field(default_factory=list)  # days on which a clinician wrote that a rise is real


@dataclass
class Rules:
    """What a manual sets for itself."""

    treats: bool = True  # not prevention, not maintenance
    silent_days: int = 21
    points: tuple = ((4, 28, 20), (8, 56, 40), (12, 84, 50))  # session, day, hoped for fall in percent


def second_state(path, today, rules=None):
    """Say in one word how a course goes on a day."""
    rules = rules or Rules()
    daily = last_of_each_day(path.scores, today)
    held = [day for day, _, was_held in sorted(path.sessions) if was_held and day <= today]
    start = start_of(daily, held)
    later = [(day, value) for day, value in daily if start is None or day > start[0]]
    latest = later[-1] if later else start
    if is_worse(start, later, path.confirmed, today):
        return "worse"
    if is_silent(daily, held, path.began, today, rules.silent_days):
        return "ask"
    if not rules.treats:
        return "steady" if latest else "early"
    if latest is None:
        return "early"
    if start is None:
        return "on_track" if latest[1] < 5 else "early"
    if start[1] < 10:
        return "steady"
    if latest[1] < 10:
        return "on_track"
    point = last_point(path.sessions, held, today, rules.points)
    if point is None:
        return "early"
    day, hoped = point
    known = [value for when, value in [start, *later] if when <= day]
    # Exact: a fall of at least so many percent, without dividing.
    held_true = (start[1] - known[-1]) * 100 >= hoped * start[1]
    return "on_track" if held_true else "off_track"


def last_of_each_day(scores, today):
    """Of several scores of one day the last one stands."""
    return sorted({day: value for day, _, value in sorted(scores) if day <= today}.items())


def start_of(daily, held):
    """The score of session 1, or the last one before it; before any session the newest score."""
    before = [one for one in daily if not held or one[0] <= held[0]]
    return before[-1] if before else None


def is_worse(start, later, confirmed, today):
    """Look at every rise in the order of the days."""
    risen, seen = [], [start[1]] if start else []
    for _, value in later:
        over_best = bool(seen) and value - min(seen) >= 6
        over_start = start is not None and value - start[1] >= 6
        risen.append(over_best or over_start)
        seen.append(value)
    if not risen or not risen[-1]:
        return False
    return risen[-2:] == [True, True] or any(later[-1][0] <= day <= today for day in confirmed)


def is_silent(daily, held, began, today, days):
    """A score belongs to the first session on or after its day; after the last session it speaks for today."""
    of_session = [0] * len(held)
    since_last = 0
    for day, _ in daily:
        place = next((n for n, session in enumerate(held) if session >= day), None)
        if place is None:
            since_last += 1
        else:
            of_session[place] += 1
    if len(held) >= 2 and sum(of_session[-2:]) + since_last == 0:
        return True
    last = daily[-1][0] if daily else held[0] if held else began
    return today - last >= days


def last_point(sessions, held, today, points):
    """The last decision point due, by sessions used or by days since the first session: day and hoped for fall."""
    if not held:
        return None
    due = []
    for session, day, hoped in points:
        days = [held[0] + day]
        used = 0
        for when, uses, _ in sorted(sessions):
            used += uses
            if uses and used >= session:
                days.append(when)
                break
        if min(days) <= today:
            due.append((min(days), hoped))
    return max(due) if due else None

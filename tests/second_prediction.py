"""The expected course once more, from the formulas of INSIGHT 2.2, in plain numbers and with no line of the engine."""

from math import exp, log
from statistics import NormalDist

from second_state_table import last_of_each_day, second_state, start_of

NORMAL = NormalDist()


def f(week):
    return log(1 + week) / log(15)


def mean_of(week):
    return 15.5 - 6 * f(week)


def covariance(s, t):
    noise = 1.7**2 if s == t else 0
    return 4.0**2 - 3.3 * (f(s) + f(t)) + 5.5**2 * f(s) * f(t) + 1.8**2 * exp(-abs(s - t) / 2.5) + noise


def solved(rows, right):
    """Solve linear equations by elimination with the largest pivot."""
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    size = len(table)
    for column in range(size):
        pivot = max(range(column, size), key=lambda n: abs(table[n][column]))
        table[column], table[pivot] = table[pivot], table[column]
        for row in range(size):
            if row != column:
                share = table[row][column] / table[column][column]
                table[row] = [a - share * b for a, b in zip(table[row], table[column], strict=True)]
    return [table[n][size] / table[n][n] for n in range(size)]


def second_prediction(scores, end=14):
    """Mean and sd at the planned end from week -> score."""
    weeks = sorted(scores)
    among = [[covariance(s, t) for t in weeks] for s in weeks]
    pull = solved(among, [covariance(week, end) for week in weeks])
    mean = mean_of(end) + sum(p * (scores[week] - mean_of(week)) for p, week in zip(pull, weeks, strict=True))
    left = covariance(end, end) - sum(p * covariance(week, end) for p, week in zip(pull, weeks, strict=True))
    return mean, left**0.5


def second_p(scores, end=14):
    """The probability of no reliable improvement."""
    mean, sd = second_prediction(scores, end)
    return 1 - NORMAL.cdf((scores[0] - 6 + 0.5 - mean) / sd)


def week_of(day):
    return 0 if day <= 0 else max(1, int(day / 7 + 0.5))


def far_off(first, week, score):
    """How far beyond the border of the worst 15 % a score lies, in points."""
    mean, sd = second_prediction({0: first}, week)
    return score - mean - NORMAL.inv_cdf(0.85) * sd


def second_state_expecting(path, today, rules=None, end=14):
    """The table with the expected course of 100 finished courses; and how near the nearest border was."""
    said = second_state(path, today, rules)
    daily = last_of_each_day(path.scores, today)
    held = sorted(day for day, _, was_held in path.sessions if was_held and day <= today)
    start = start_of(daily, held)
    later = [(day, value) for day, value in daily if start is None or day > start[0]]
    if said not in ("on_track", "early") or start is None or start[1] < 10:
        return said, 1.0
    known = {0: start[1]} | {week_of(day - start[0]): value for day, value in later}
    latest = later[-1][1] if later else start[1]
    margins, worsened, doubtful, twice = [], False, False, False
    if max(known) < end:
        now, first = second_p(known, end), second_p({0: start[1]}, end)
        margins += [abs(now - first - 0.15), abs(now - 0.30)]
        worsened, doubtful = now - first >= 0.15, now > 0.30
    if len(later) >= 2 and week_of(later[-1][0] - start[0]) <= end:
        beyond = [far_off(start[1], week_of(day - start[0]), value) for day, value in later[-2:]]
        margins += map(abs, beyond)
        twice = min(beyond) >= 0
    margin = min(margins, default=1.0)
    if latest >= 10 and (twice or worsened):
        return "off_track", margin
    return ("early" if said == "on_track" and doubtful else said), margin

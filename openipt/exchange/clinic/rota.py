"""The made-up clinic of a day: forty open and one hundred and twenty finished courses over two years (RULINGS 25)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from openipt.exchange.clinic.calendar_of_course import WEEK
from openipt.exchange.clinic.chance import Chance
from openipt.exchange.clinic.simulating import Twist, simulate
from openipt.therapy.manuals import open_manual
from openipt.therapy.record import Record

STAFF = ("T-01", "T-02", "T-03", "T-04", "T-05")
SUPERVISORS = ("SV-01", "SV-02")
MAIN = STAFF[0]  # whose caseload is opened first in a demonstration
FINISHED = {
    "ipt-classic": 62,
    "ipt-b": 14,
    "ipt-a": 10,
    "ipt-perinatal": 9,
    "ipt-late-life": 8,
    "ipc": 7,
    "ipt-blended": 4,
    "ipt-phone": 4,
    "ipt-m": 2,
}
YEARS = 104  # weeks back
FRIDAY = 4
HOURS = (9, 10, 11, 13, 14, 15)
LATE_HOURS = (16, 17)  # for those who are to come on the day itself, whatever day that is


@dataclass(frozen=True, slots=True)
class Open:
    """One open course as the clinic wants it: sessions behind it if nobody missed one, and what it is to show."""

    manual: str
    sessions: int
    twist: Twist = "running"
    area: str | None = None


CASELOAD = (  # of the main therapist: every sort of need
    Open("ipt-classic", 6, "flag"),
    Open("ipt-classic", 7, "decision"),
    Open("ipt-b", 6, "overdue"),
    Open("ipt-classic", 9, "silent"),
    Open("ipt-late-life", 8, "worse"),
    Open("ipt-perinatal", 5, "missed"),
    Open("ipt-classic", 10, "stalled"),
    Open("ipt-classic", 11, "well"),
    Open("ipt-classic", 1),
    Open("ipt-a", 4, "misfit"),
    Open("ipt-classic", 14, "well"),
    Open("ipt-classic", 5, "afraid", "PA_DISPUTE"),
)
OTHERS = (  # of the four colleagues, dealt out one after the other
    Open("ipt-classic", 3, "decision"),
    Open("ipt-classic", 5),
    Open("ipt-a", 7),
    Open("ipt-b", 2),
    Open("ipt-classic", 8, "flag"),
    Open("ipt-m", 9),
    Open("ipt-perinatal", 3),
    Open("ipt-classic", 12),
    Open("ipt-late-life", 6),
    Open("ipc", 3, "decision"),
    Open("ipt-classic", 0),
    Open("ipt-m", 4),
    Open("ipt-a", 2),
    Open("ipt-classic", 13),
    Open("ipt-classic", 6, "worse"),
    Open("ipt-blended", 4),
    Open("ipt-perinatal", 8),
    Open("ipt-classic", 2),
    Open("ipt-b", 5),
    Open("ipt-phone", 7),
    Open("ipt-classic", 4, "missed"),
    Open("ipt-late-life", 11),
    Open("ipt-classic", 7, "silent"),
    Open("ipt-m", 15),
    Open("ipt-classic", 10),
    Open("ipt-a", 9, "stalled"),
    Open("ipt-b", 4, "flag"),
    Open("ipt-classic", 15, "well"),
)
ON_THE_DAY = ("flag", "decision")  # twists whose next session is on the day itself


def clinic(today: date) -> tuple[Record, ...]:
    """Return every course of the clinic as it is known on the morning of a day, the open ones first.

    All days move with `today` by whole weeks, so that a course meets on its own day of the week. The same day gives the
    same records on every machine.
    """
    return (*_open(today), *_finished(today))


def _open(today: date) -> Iterator[Record]:
    for n, wish in enumerate((*CASELOAD, *OTHERS)):
        staff = MAIN if n < len(CASELOAD) else STAFF[1 + (n - len(CASELOAD)) % (len(STAFF) - 1)]
        place = n if n < len(CASELOAD) else (n - len(CASELOAD)) // (len(STAFF) - 1)
        weekday = min(today.weekday(), FRIDAY) if wish.twist in ON_THE_DAY else place % 5
        apart = WEEK * (4 if wish.manual == "ipt-m" else 1)
        yield simulate(
            n + 1,
            began_on=_next(today, weekday) - apart * wish.sessions,
            today=today,
            manual=wish.manual,
            area=wish.area,
            staff=staff,
            supervisor=SUPERVISORS[STAFF.index(staff) % 2],
            hour=LATE_HOURS[place % 2] if wish.twist in ON_THE_DAY else HOURS[place // 5],
            sessions=open_manual(wish.manual).dose.usual,
            twist=wish.twist,
        )


def _next(today: date, weekday: int) -> date:
    """Return the first such day of the week that is not over: today, or one of the six days after it."""
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _finished(today: date) -> Iterator[Record]:
    monday = today - timedelta(days=today.weekday())
    manuals = [manual for manual, n in FINISHED.items() for _ in range(n)]
    for n, manual in enumerate(manuals):
        seed = len(CASELOAD) + len(OTHERS) + n + 1
        staff = STAFF[n % len(STAFF)]
        yield simulate(
            seed,
            began_on=monday - WEEK * _weeks_back(seed, manual) + timedelta(days=n // len(STAFF) % 5),
            today=today,
            manual=manual,
            staff=staff,
            supervisor=SUPERVISORS[STAFF.index(staff) % 2],
            hour=HOURS[n // 7 % len(HOURS)],
            sessions=open_manual(manual).dose.least if manual == "ipt-m" else None,
        )


def _weeks_back(seed: int, manual_id: str) -> int:
    """Draw how many weeks ago a finished course began: long enough ago to have ended, two years at most."""
    dose = open_manual(manual_id).dose
    weeks = dose.least * 4 + 12 if dose.open_ended else dose.most + 11
    return Chance(seed).of("weeks back").randint(min(weeks, YEARS), YEARS)

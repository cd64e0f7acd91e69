"""Where the pages find their courses: today the worked cases on the shelf, read once; later the stored record."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache

from openipt.exchange.cases import Case, case_files, open_case
from openipt.exchange.cases.replay import manual_for
from openipt.therapy.manuals import Manual
from openipt.therapy.record import GroupRecord, Record
from openipt.therapy.shelf import Refused

log = logging.getLogger(__name__)
MORNING = time(9)  # a page of a day shows it as that morning stood: questionnaires answered at the door are in
EVENING = time(23)
SHOWN_ON = date(2025, 10, 27)  # the day the worked courses open on: all four are under way


@dataclass(frozen=True, slots=True)
class Course:
    """One enrolment with its manual, its case, and its group if it has one."""

    record: Record
    manual: Manual
    case: Case
    group: GroupRecord | None

    @property
    def id(self) -> str:
        """The enrolment's id, as it stands in addresses."""
        return self.record.enrolment

    @property
    def name(self) -> str:
        """What the client is called."""
        return str(self.record.says("intake").get("alias") or self.record.client)

    def as_of(self, moment: datetime) -> Course:
        """Return the course as it was known at a moment."""
        return Course(self.record.as_of(moment), self.manual, self.case, self.group)


@cache
def courses() -> dict[str, Course]:
    """Return every worked course by its id. A file that is refused is named in the log; the others are shown."""
    found = {}
    for path in case_files():
        try:
            case = open_case(path)
        except Refused as problem:
            log.warning("%s is not shown: %s", path.name, problem.problems[0])
            continue
        for record in case.records:
            found[record.enrolment] = Course(record, manual_for(record, case.group is not None), case, case.group)
    return found


def course(course_id: str) -> Course | None:
    """Return one course by its id."""
    return courses().get(course_id)


def morning(day: date) -> datetime:
    """Return the moment at which a day's pages are shown."""
    return datetime.combine(day, MORNING, UTC)


def evening(day: date) -> datetime:
    """Return the end of a working day."""
    return datetime.combine(day, EVENING, UTC)

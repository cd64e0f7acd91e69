"""A client who may be written to, in a service of real people; whatever is mailed is counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from casebooks import Service
from django.test import TestCase

from openipt.accounts.making import make_organisation
from openipt.casebook.models import Enrolment
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.linked import course_sheet
from openipt.post.models import Reminder, ReminderStep
from openipt.post.reminding.following import follow
from openipt.post.reminding.making import plan
from openipt.post.reminding.sending import send_due

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
ADDRESS = "robin@letters.example"
REACHED = {"way": "phone", "channels": ["email"], "email": ADDRESS}


class PowerCut(BaseException):
    """The machine stops here."""


@dataclass
class Post:
    """A mail server that counts, and may stop the machine before or after it took a mail."""

    took: list[tuple[str, datetime | None, Any]] = field(default_factory=list)
    now: datetime | None = None
    cut: str = ""  # "before", "after"
    refuses: bool = False

    def write_to(self, address: str, one: Reminder, *, link: bool) -> None:
        if self.cut == "before":
            raise PowerCut
        if self.refuses:
            raise OSError
        self.took.append((address, self.now, one))
        if self.cut == "after":
            raise PowerCut


@dataclass
class Course:
    """One course, and its reminders."""

    service: Service
    enrolment: Enrolment
    post: Post

    def write(self, form: str, answers: dict[str, Any], at: datetime, **more: Any) -> Any:
        return save_entry(
            by=self.service.actor(), at=at, enrolment=self.enrolment.label, form=form, answers=answers, **more
        )

    def agree(self, session: datetime, at: datetime) -> None:
        """A session was held, and the next one is agreed."""
        wall = session.astimezone(ZoneInfo(self.service.organisation.zone))
        self.write("session-record", {"next_date": f"{wall:%Y-%m-%dT%H:%M}"}, at)

    def end(self, on: str, at: datetime) -> None:
        """The course ended on a day."""
        self.write("course-sheet", {**course_sheet(self.enrolment), "ended_on": on}, at)

    def round(self, at: datetime) -> None:
        """One round of the tick, as far as reminders go."""
        self.post.now = at
        plan(at)
        send_due(at)
        follow(at)

    def life(self) -> list[tuple[str, str, str]]:
        """What happened, in order: kind, state, why."""
        steps = ReminderStep.objects.order_by("at", "id").values_list("reminder__kind", "state", "why")
        return list(steps)

    def each(self) -> list[Reminder]:
        return list(Reminder.objects.filter(enrolment=self.enrolment.id))


def a_course(post: Post, zone: str = "UTC", at: datetime = MONDAY, *, invented: bool = False, **reached: Any) -> Course:
    made = make_organisation(name="Hill Road", zone=zone, by=None, at=at, synthetic=invented)
    service = Service(made, at)
    course = Course(service, service.begin(), post)
    course.write("safe-contact", {**REACHED, **reached}, at)
    return course


class _Kept(TestCase):
    """Two open transactions, one in each store, that end with one example."""

    databases = frozenset({"default", "keys"})


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back: one example of a law does not see another's."""
    opened = _Kept._enter_atomics()
    try:
        yield
    finally:
        _Kept._rollback_atomics(opened)


def hours(n: float) -> timedelta:
    return timedelta(hours=n)

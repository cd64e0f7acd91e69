"""A service with a worked case and a few sheets saved, retracted, flagged and answered: something in every table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

from casebooks import Service, worked_case
from django.db import transaction
from django.test import TestCase

from openipt.audit.anchors import anchor
from openipt.audit.writing import wrote
from openipt.casebook.models import Enrolment, ExpectedCourse, Flag
from openipt.casebook.operations.beginning import let_go, take_charge
from openipt.casebook.operations.changing import begin_thing, retract
from openipt.casebook.operations.flagging import answer_flag, hand_over_flag, see_flag
from openipt.casebook.operations.saving import SameIdOtherBody, save_entry

CALM = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 0}
IN_DANGER = CALM | {"q9": 2}


class _Kept(TestCase):
    """Two open transactions, one in each store, that end with the page of tests."""

    databases = frozenset({"default", "keys"})


@contextmanager
def kept_until_the_end() -> Iterator[None]:
    """Let what is written inside stand for all tests of a page, and roll it back after them."""
    opened = _Kept._enter_atomics()
    try:
        yield
    finally:
        _Kept._rollback_atomics(opened)


def fill(service: Service, cases: tuple[str, ...] = ("C02",)) -> list[Any]:
    """Keep worked cases and do something of everything in two more courses; anchor it. Return the two courses."""
    for case in cases:
        service.keep(worked_case(case))
    courses = [service.begin(), service.begin()]
    for course in courses:
        _live(service, course)
    for enrolment in Enrolment.objects.exclude(id__in=[course.id for course in courses]):
        take_charge(enrolment, service.account("T-01").id, "assigned", service.at)
        take_charge(enrolment, service.account("T-02").id, "assigned", service.at)
        let_go(enrolment, service.account("T-02").id, "assigned", service.at + timedelta(days=1))
    _expect(service)
    anchor(service.at + timedelta(days=2))
    return courses


def _expect(service: Service) -> None:
    """An expected course of the service, noted as learning one notes it."""
    row = ExpectedCourse(
        organisation=service.organisation,
        manual="ipt-classic",
        form="phq-9",
        since=service.at.date(),
        learned_at=service.at,
        courses=100,
        version="1",
        inputs_hash="0" * 64,
        body="{}",
    )
    with transaction.atomic():
        row.save(force_insert=True)
        wrote(
            act="learn_expected",
            by="service",
            at=service.at,
            organisation=str(service.organisation.id),
            client=None,
            rows=[row],
        )


def _live(service: Service, course: Any) -> None:
    by, at = service.actor(), service.at
    how = {"by": by, "enrolment": course.label}
    wrong = save_entry(**how, at=at, form="phq-9", answers=IN_DANGER)
    retract(by=by, at=at, entry=wrong.id, why="The sheet of somebody else.")
    name = uuid4()
    save_entry(**how, at=at + timedelta(hours=1), form="phq-9", answers=CALM, id=name)
    save_entry(**how, at=at + timedelta(hours=2), form="phq-9", answers=IN_DANGER)
    flag = Flag.objects.filter(enrolment=course).latest("recorded_at")
    see_flag(by=by, at=at + timedelta(hours=2), flag=flag.id)
    due = at + timedelta(hours=8)
    hand_over_flag(by=by, at=at + timedelta(hours=2), flag=flag.id, to=by.id, words="I stay with it.", due_at=due)
    answer_flag(
        by=by,
        at=at + timedelta(hours=3),
        flag=flag.id,
        words="We spoke at noon.",
        closes=True,
        no_conversation="Rung at once: ticked by mistake.",
    )
    begin_thing(**how, at=at + timedelta(hours=3), kind="person", label="P1")
    with suppress(SameIdOtherBody):  # the other text waits as a draft
        save_entry(**how, at=at + timedelta(hours=4), form="phq-9", answers=CALM | {"q1": 0}, id=name)

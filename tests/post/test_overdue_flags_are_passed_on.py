"""Whoever does not answer in time is not the last to know: cover, in charge, supervisor, lead, each once."""

from __future__ import annotations

import pytest
from django.core import mail
from uuid_utils.compat import uuid7

from openipt.accounts.models import Membership
from openipt.audit.models import AuditEvent
from openipt.casebook.models import Entry, Flag, FlagStep, Standing
from openipt.casebook.operations.beginning import let_go
from openipt.casebook.operations.flagging import answer_flag, hand_over_flag
from openipt.casebook.operations.new_day import standing_faults
from openipt.casebook.operations.passing_on import LEAST, ladder, new_time, pass_on
from openipt.casebook.queries.waiting import waiting
from openipt.casebook.sealing.held import held
from openipt.casebook.sealing.models import ScopeKey
from openipt.post.ticking import tick

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def course(clinic):
    """A course with somebody on every step of the ladder."""
    made = clinic.begin()
    clinic.tie(made, "S-01", "supervision", "supervisor")
    clinic.account("L-01", ("lead",))
    return made


def owner_of(clinic, flag) -> str:
    """The name of whoever's task the flag is."""
    [one] = waiting(flag.id)
    return next(name for name, account in clinic.staff.items() if account.id == one.owner)


def nobody_is_left(course, at) -> None:
    """Everybody who was tied to a course has let go of it."""
    for tie in course.ties.all():
        let_go(course, tie.account_id, tie.kind, at)


def test_before_its_time_a_flag_stays_where_it_is(clinic, course) -> None:
    flag = clinic.flag(course)

    assert tick(clinic.later(hours=4, minutes=-1)).passed_on == 0
    assert owner_of(clinic, flag) == "T-01"


def test_after_its_time_it_is_the_next_persons_task_and_they_are_called(clinic, course) -> None:
    flag = clinic.flag(course)
    tick(clinic.later(minutes=1))

    did = tick(clinic.later(hours=4))

    assert (did.passed_on, did.told) == (1, 1)
    assert owner_of(clinic, flag) == "S-01"
    assert [one.to for one in mail.outbox] == [["t-01@clinic.example"], ["s-01@clinic.example"]]


def test_the_next_person_has_the_span_of_the_rule_again(clinic, course) -> None:
    flag = clinic.flag(course)
    at = clinic.later(hours=4)  # Monday, 13:00: the service closes at five

    tick(at)

    step = FlagStep.objects.get(flag=flag, kind="passed_on")
    assert step.due_at == clinic.later(hours=8)
    assert step.by is None


def test_it_goes_from_cover_to_the_one_in_charge_to_the_supervisor_to_the_lead_and_then_stays(clinic, course) -> None:
    clinic.tie(course, "T-02", "cover", "therapist")
    flag = clinic.flag(course)

    seen = [owner_of(clinic, flag)]
    for day in range(1, 8):
        tick(clinic.later(days=day, hours=8))
        seen.append(owner_of(clinic, flag))

    assert list(dict.fromkeys(seen)) == ["T-02", "T-01", "S-01", "L-01"]
    assert FlagStep.objects.filter(flag=flag, kind="passed_on").count() == 3


def test_a_person_who_left_is_passed_over(clinic, course) -> None:
    supervisor = clinic.staff["S-01"]
    Membership.objects.filter(account=supervisor).update(until=clinic.later(hours=1))
    flag = clinic.flag(course)

    tick(clinic.later(hours=4))

    assert owner_of(clinic, flag) == "L-01"
    assert supervisor.id not in ladder(course, clinic.later(hours=4))


def test_a_flag_that_was_answered_is_left_alone(clinic, course) -> None:
    flag = clinic.flag(course)
    answer_flag(
        by=clinic.actor(),
        at=clinic.later(hours=1),
        flag=flag.id,
        words="Plan made.",
        closes=True,
        no_conversation="Rung at once: ticked by mistake.",
    )

    assert tick(clinic.later(days=2)).passed_on == 0


def test_a_flag_handed_over_by_a_person_is_theirs_until_the_time_that_was_agreed(clinic, course) -> None:
    flag = clinic.flag(course)
    colleague = clinic.account("T-03")
    hand_over_flag(
        by=clinic.actor(), at=clinic.later(hours=1), flag=flag.id, to=colleague.id,
        words="Tomorrow, when you meet.", due_at=clinic.later(days=1),
    )  # fmt: skip

    tick(clinic.later(hours=12))
    assert owner_of(clinic, flag) == "T-03"
    tick(clinic.later(days=1))
    assert owner_of(clinic, flag) == "S-01"


def test_a_flag_of_nobody_goes_to_the_lead_at_once(clinic) -> None:
    course = clinic.begin()
    clinic.account("L-01", ("lead",))
    nobody_is_left(course, clinic.at)
    flag = _flag_without_anybody(clinic, course)

    assert tick(clinic.later(minutes=1)).passed_on == 1
    assert owner_of(clinic, flag) == "L-01"


def test_a_flag_for_which_there_is_nobody_at_all_makes_the_tick_end_badly(clinic) -> None:
    course = clinic.begin()
    nobody_is_left(course, clinic.at)
    _flag_without_anybody(clinic, course)

    did = tick(clinic.later(minutes=1))

    assert (did.nobody, did.well) == (1, False)


def _flag_without_anybody(clinic, course):
    return Flag.objects.create(
        id=uuid7(), organisation=clinic.organisation, enrolment=course, rule="R2", state="new",
        entry=Entry.objects.filter(enrolment=course).first(), answered_at=clinic.at, received_at=clinic.at,
        recorded_at=clinic.at, due_at=clinic.later(hours=4), owner=None,
    )  # fmt: skip


def test_passing_on_the_same_flag_twice_at_the_same_moment_passes_it_on_once(clinic, course) -> None:
    flag = clinic.flag(course)
    at = clinic.later(hours=4)

    assert [bool(pass_on(flag.id, at)), bool(pass_on(flag.id, at))] == [True, False]
    assert AuditEvent.objects.filter(act="pass_on_flag").count() == 1


def test_an_answer_of_intent_leaves_each_person_a_quarter_of_an_hour(clinic, course) -> None:
    flag = clinic.flag(course)
    flag.rule = "R3"  # "now"; only for the reckoning of time

    assert new_time(flag, clinic.at) == clinic.at + LEAST


def test_passing_on_stands_in_the_clients_chain_and_keeps_the_caseload_in_step(clinic, course) -> None:
    clinic.flag(course)

    tick(clinic.later(hours=4))

    event = AuditEvent.objects.get(act="pass_on_flag")
    assert (event.client, event.by, event.why) == (str(course.client_id), "service", "overdue")
    assert [table for table, _, _ in event.rows] == ["casebook_flagstep"]
    assert Standing.objects.get(enrolment=course).seq == FlagStep.objects.latest("seq").seq
    assert list(standing_faults([course])) == []


def test_a_client_whose_key_was_erased_does_not_stop_the_others(clinic, course) -> None:
    clinic.flag(course)
    other = clinic.flag(clinic.begin(by="T-02"), by="T-02")
    ScopeKey.objects.filter(id=course.client.scope).update(wrapped=None, erased_at=clinic.at)
    held.empty()

    did = tick(clinic.later(days=1))

    assert did.broken == []
    assert owner_of(clinic, other) == "L-01"

"""The prepared row of a course is what anyone would reckon from its record, after whatever happened."""

from contextlib import suppress
from datetime import date, timedelta
from uuid import uuid4

import pytest
from casebooks import Service, worked_case
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openipt.casebook.models import Flag, Standing
from openipt.casebook.models.sealed import read_body
from openipt.casebook.operations.beginning import move_course
from openipt.casebook.operations.changing import begin_thing, retract
from openipt.casebook.operations.flagging import NotKnown, answer_flag, hand_over_flag, see_flag
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.operations.standing import rebuild_standing, row_of
from openipt.casebook.queries.caseload import caseload
from openipt.casebook.queries.record import record

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

CALM = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 0}


def stored(enrolment) -> dict[str, object]:
    """The row as it stands, unsealed."""
    row = Standing.objects.get(enrolment=enrolment)
    told = read_body(row.scope, "standing", row.enrolment_id, bytes(row.told))
    return {name: getattr(row, name) for name in row_of(enrolment, record(enrolment), row.on)} | {"told": told}


def reckoned(enrolment) -> dict[str, object]:
    """The row as the record gives it."""
    return row_of(enrolment, record(enrolment), Standing.objects.get(enrolment=enrolment).on)


@pytest.mark.parametrize("case_id", ["C01", "C02", "C03", "C05", "C08"])
def test_the_row_of_a_worked_case_is_what_its_record_says(case_id: str, service: Service) -> None:
    service.keep(worked_case(case_id))

    for row in Standing.objects.select_related("enrolment__client", "enrolment__organisation"):
        assert stored(row.enrolment) == reckoned(row.enrolment)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["score", "danger", "answer", "see", "hand over", "retract", "contract", "move", "person", "wait"]
        ),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=8,
)


TALK = {"thoughts": 0, "intent": False, "plan": False, "recent_self_harm": False, "agreed": "Daily.", "by": "T-01"}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_after_any_acts_the_stored_row_is_the_reckoned_one(service: Service, acts) -> None:
    course, at = service.begin(), service.at
    by = service.actor()
    flags = Flag.objects.filter(enrolment=course)
    for act, n in acts:
        at += timedelta(days=n, minutes=1)
        if act in ("score", "danger"):
            answers = CALM | {"q1": n, "q9": n if act == "danger" else 0}
            save_entry(by=by, at=at, enrolment=course.label, form="phq-9", answers=answers)
        elif act == "answer" and flags.exists():
            known = {"closes": n > 1, "review_by": at.date().isoformat()}
            if n <= 1:
                save_entry(by=by, at=at, enrolment=course.label, form="safety-plan", answers={"made_with": "us"})
                talk = {"date": at.date().isoformat(), **TALK}
                save_entry(by=by, at=at, enrolment=course.label, form="safety-conversation", answers=talk)
            with suppress(NotKnown):  # a flag of another rule is closed or stays open
                answer_flag(by=by, at=at, flag=flags.last().id, words="We talked.", **known)
        elif act == "see" and flags.exists():
            see_flag(by=by, at=at, flag=flags.last().id)
        elif act == "hand over" and flags.exists():
            colleague = service.account("T-02").id
            hand_over_flag(by=by, at=at, flag=flags.last().id, to=colleague, words="On duty.", due_at=at)
        elif act == "retract" and record(course).of("phq-9"):
            retract(by=by, at=at, entry=record(course).of("phq-9")[-1].id, why="The wrong sheet.")
        elif act == "contract":
            agreed = {"sessions_n": 8 + n, "start": at.date().isoformat()}
            save_entry(by=by, at=at, enrolment=course.label, form="contract", answers=agreed, id=uuid4())
        elif act == "move":
            move_course(by=by, at=at, enrolment=course.label, manual=("ipt-b", "ipc")[n % 2], why="Fits better.")
        elif act == "person":
            begin_thing(by=by, at=at, enrolment=course.label, kind="person", label=f"P{n}")
        assert stored(course) == reckoned(course)


def test_a_new_day_makes_a_decision_due_without_anything_being_written(service: Service) -> None:
    course = service.begin()
    by = service.actor()
    save_entry(by=by, at=service.at, enrolment=course.label, form="phq-9", answers=CALM | {"q1": 3, "q2": 3, "q3": 3})

    before = caseload(by, service.at)[0].standing.attention
    after = caseload(by, service.at + timedelta(days=29))[0].standing.attention

    assert before.need != "first"
    assert after.need == "first"


def test_a_row_that_was_lost_is_made_anew(service: Service) -> None:
    course = service.begin()
    whole = stored(course)
    Standing.objects.all().delete()

    rebuild_standing(course, service.at)

    assert stored(course) == whole
    assert Standing.objects.get(enrolment=course).on == date(2026, 3, 2)

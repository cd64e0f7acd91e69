"""A known answer is nobody's new task while it is known; where nobody met the client, somebody is called after all."""

from __future__ import annotations

import pytest
from post.conftest import Clinic

from openipt.casebook.models import Flag, FlagStep
from openipt.casebook.operations.flagging import answer_flag
from openipt.casebook.operations.new_day import standing_faults
from openipt.casebook.operations.no_longer_known import make_a_task, no_longer_known
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.deadlines import deadlines
from openipt.casebook.queries.waiting import waiting
from openipt.post.ticking import tick

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

SOME_DAYS = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 1}
TALK = {"thoughts": 1, "intent": False, "plan": False, "recent_self_harm": False, "agreed": "She rings.", "by": "T-01"}


@pytest.fixture
def course(clinic: Clinic):
    return clinic.begin()


def keep(clinic: Clinic, course, at, form: str, answers: dict) -> None:
    save_entry(by=clinic.actor(), at=at, enrolment=course.label, form=form, answers=answers)


@pytest.fixture
def known(clinic: Clinic, course) -> Flag:
    """The same answer a week after it was assessed and a plan was made."""
    first = clinic.flag(course, answers=SOME_DAYS)
    spoken = clinic.later(hours=1)
    keep(clinic, course, spoken, "safety-conversation", {"date": spoken.date().isoformat(), **TALK})
    review = clinic.later(days=27).date().isoformat()
    keep(clinic, course, spoken, "safety-plan", {"warning_signs": [{"text": "No sleep"}], "review_by": review})
    answer_flag(by=clinic.actor(), at=spoken, flag=first.id, words="We spoke about it all.", closes=True, assessed=True)
    clinic.at = clinic.later(days=7)
    return clinic.flag(course, answers=SOME_DAYS)


def test_it_is_raised_as_known_and_waits_for_nobody(clinic: Clinic, known: Flag) -> None:
    assert known.state == "known"
    assert waiting(known.id) == []
    assert no_longer_known(clinic.later(hours=20)) == []


def test_when_nobody_met_the_client_within_a_day_it_is_the_task_of_whoever_is_in_charge(clinic, course, known) -> None:
    at = clinic.later(days=2)

    did = tick(at)

    (one,) = waiting(known.id)
    assert did.passed_on == 1
    assert one.owner == clinic.staff["T-01"].id
    assert one.due_at > at
    assert deadlines(clinic.actor(), [course.label])[course.label][0].flag == known.id
    assert list(standing_faults([course])) == []


def test_it_is_made_a_task_once(clinic: Clinic, known: Flag) -> None:
    at = clinic.later(days=2)

    assert make_a_task(known.id, at)
    assert not make_a_task(known.id, at)
    assert tick(clinic.later(days=2, minutes=1)).passed_on == 0
    assert FlagStep.objects.filter(flag=known, kind="passed_on").count() == 1


def test_whoever_wrote_what_came_of_it_is_not_called_again(clinic: Clinic, known: Flag) -> None:
    how = {"by": clinic.actor(), "at": clinic.later(hours=2), "flag": known.id}
    answer_flag(**how, words="Rang her, the plan holds.", closes=True, no_conversation="She said it is as it was.")

    assert no_longer_known(clinic.later(days=2)) == []
    assert tick(clinic.later(days=2)).passed_on == 0

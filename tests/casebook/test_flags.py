"""Flags as a person meets them: whose task, until when; answered in words, handed on, never lowered by a number."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from casebooks import Service

from openipt.casebook.models import Flag, FlagStep, Tie
from openipt.casebook.operations.flagging import NotKnown, WrittenAlready, answer_flag, hand_over_flag, see_flag
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.flags import colleagues, flag_told, flags_told, may_answer
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotAllowed, NotVisible, ties
from openipt.casebook.queries.waiting import waiting

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

SOME_DAYS = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 1}
MOST_DAYS = SOME_DAYS | {"q9": 2}
HOURS = timedelta(hours=1)


@pytest.fixture
def course(service: Service):
    return service.begin()


@pytest.fixture
def flag(service: Service, course):
    """An answer that waits for the therapist: thoughts of death on more than half the days."""
    save_entry(by=service.actor(), at=service.at, enrolment=course.label, form="phq-9", answers=MOST_DAYS)
    return Flag.objects.get(enrolment=course)


TALK = {"thoughts": 0, "intent": False, "plan": False, "recent_self_harm": False, "agreed": "She rings.", "by": "T-01"}
WHY_NONE = "She ticked it by mistake and said so at once."


def spoken(service: Service, course, at) -> None:
    """A safety conversation that is on its sheet."""
    how = {"by": service.actor(), "at": max(at, service.at), "enrolment": course.label, "form": "safety-conversation"}
    save_entry(**how, answers={"date": at.date().isoformat(), **TALK}, happened_at=at)


def told(service: Service, course, flag, **more):
    return flag_told(more.get("by") or service.actor(), course.label, str(flag.id), more.get("at") or service.at)


def test_a_flag_tells_whose_task_it_is_and_until_when(service: Service, course, flag) -> None:
    found = told(service, course, flag)

    assert (found.owner_name, found.waits, found.state) == ("T-01", True, "new")
    assert found.due_at == service.at + 4 * HOURS
    assert not found.is_overdue(service.at)
    assert found.is_overdue(service.at + 4 * HOURS)


def test_it_tells_the_same_as_the_tick_goes_by(service: Service, course, flag) -> None:
    other = service.account("T-02")
    for act in (
        lambda: see_flag(by=service.actor(), at=service.at, flag=flag.id),
        lambda: hand_over_flag(
            by=service.actor(), at=service.at, flag=flag.id, to=other.id, words="Please.", due_at=flag.due_at + HOURS
        ),
        lambda: answer_flag(
            by=service.actor(), at=service.at, flag=flag.id, words="Spoken.", closes=True, no_conversation=WHY_NONE
        ),
    ):
        act()
        found, waits = told(service, course, flag), waiting(flag.id)
        assert found.waits == bool(waits)
        if waits:
            assert (found.owner, found.due_at) == (waits[0].owner, waits[0].due_at)


def test_seen_is_noted_once_and_answers_nothing(service: Service, course, flag) -> None:
    for _ in range(2):
        see_flag(by=service.actor(), at=service.at, flag=flag.id)

    found = told(service, course, flag)
    assert [step.kind for step in found.steps] == ["seen"]
    assert found.waits


def test_an_outcome_closes_it_and_its_words_are_there_for_the_next_reader(service: Service, course, flag) -> None:
    spoken(service, course, service.at)
    answer_flag(
        by=service.actor(),
        at=service.at,
        flag=flag.id,
        words="Asked alone. No plan, no intent.",
        closes=True,
        supervisor_informed=True,
        next_contact="2026-03-05",
    )

    found = told(service, course, flag)
    assert (found.state, found.waits) == ("closed", False)
    [step] = found.steps
    assert (step.words, step.by, step.next_contact) == ("Asked alone. No plan, no intent.", "T-01", "2026-03-05")
    assert step.supervisor_informed
    assert step.assessed


@pytest.mark.parametrize("why_none", ["", "ok", "not needed"])
def test_without_a_conversation_or_a_reason_what_happened_is_kept_and_the_flag_stays_open(
    service: Service, course, flag, why_none: str
) -> None:
    colleague = service.account("T-02")
    due = service.at + HOURS
    hand_over_flag(by=service.actor(), at=service.at, flag=flag.id, to=colleague.id, words="Please.", due_at=due)

    became = answer_flag(
        by=service.actor(), at=service.at, flag=flag.id, words="ok", closes=True, no_conversation=why_none
    )

    found = told(service, course, flag)
    assert (became, found.state, found.waits) == ("open", "new", True)
    assert (found.owner, found.due_at) == (colleague.id, due)
    assert (found.steps[-1].words, found.steps[-1].assessed, found.steps[-1].stays) == ("ok", False, True)
    assert not record(course).flags[0].outcomes
    assert waiting(flag.id)


def test_a_conversation_before_the_answer_settles_nothing_and_one_of_that_day_does(
    service: Service, course, flag
) -> None:
    settle = {"by": service.actor(), "flag": flag.id, "words": "Spoken.", "closes": True}
    spoken(service, course, service.at - timedelta(days=1))
    assert answer_flag(**settle, at=service.at) == "open"

    spoken(service, course, service.at)

    assert answer_flag(**settle, at=service.at) == "closed"
    assert not told(service, course, flag).waits


def test_a_written_reason_settles_it_and_stands_in_its_story_as_no_conversation(service: Service, course, flag) -> None:
    became = answer_flag(
        by=service.actor(), at=service.at, flag=flag.id, words="Rang her.", closes=True, no_conversation=WHY_NONE
    )

    found = told(service, course, flag)
    assert (became, found.state) == ("closed", "closed")
    assert (found.steps[-1].no_conversation, found.steps[-1].assessed) == (WHY_NONE, False)
    assert not record(course).flags[0].outcomes[-1].assessed  # no later answer becomes "known" by it


def test_still_open_keeps_what_was_ticked(service: Service, course, flag) -> None:
    more = {"assessed": True, "supervisor_informed": True, "next_contact": "2026-03-05"}
    how = {"by": service.actor(), "at": service.at, "flag": flag.id, "to": service.staff["T-01"].id}
    hand_over_flag(**how, words="Rang.", due_at=flag.due_at, **more)

    step = told(service, course, flag).steps[-1]
    assert (step.supervisor_informed, step.next_contact) == (True, "2026-03-05")
    assert not step.assessed  # there is no sheet


def a_plan(service: Service, course, at) -> None:
    """A safety plan made at a moment: it holds for four weeks."""
    answers = {"made_with": "T-01", "emergency_number": "112"}
    how = {"by": service.actor(), "at": service.at, "enrolment": course.label, "form": "safety-plan"}
    save_entry(**how, answers=answers, happened_at=at)


def known(service: Service, flag, **more) -> None:
    answer_flag(
        by=service.actor(),
        at=service.at,
        flag=flag.id,
        **{"words": "As before.", "closes": False, "review_by": "2026-03-30", **more},
    )


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        ("assessed", {"assessed": False}),
        ("review_by", {"review_by": ""}),
        ("review_by", {"review_by": "2026-03-31"}),
        ("review_by", {"review_by": "2026-03-01"}),
    ],
)
def test_known_takes_a_recorded_assessment_and_a_day_within_four_weeks(
    service: Service, course, flag, lacks: str, said: dict
) -> None:
    a_plan(service, course, service.at)
    spoken(service, course, service.at)

    with pytest.raises(NotKnown) as refused:
        known(service, flag, **said)

    assert refused.value.lacks == (lacks,)
    assert told(service, course, flag).waits


def test_known_takes_a_conversation_that_is_on_a_sheet(service: Service, course, flag) -> None:
    a_plan(service, course, service.at)
    with pytest.raises(NotKnown) as refused:
        known(service, flag)
    assert refused.value.lacks == ("assessed",)


def test_known_takes_a_plan_that_holds(service: Service, course, flag) -> None:
    spoken(service, course, service.at)
    with pytest.raises(NotKnown) as refused:
        known(service, flag)
    assert refused.value.lacks == ("plan",)

    a_plan(service, course, service.at - timedelta(days=29))
    with pytest.raises(NotKnown):
        known(service, flag)
    assert told(service, course, flag).waits


def test_known_with_a_plan_is_no_new_task_and_says_when_it_is_looked_at_again(service: Service, course, flag) -> None:
    spoken(service, course, service.at)
    a_plan(service, course, service.at)
    answer_flag(
        by=service.actor(), at=service.at, flag=flag.id, words="As before.", closes=False, review_by="2026-03-30"
    )

    found = told(service, course, flag)
    assert (found.state, found.waits, found.steps[-1].review_by) == ("known", False, "2026-03-30")


def test_an_outcome_without_words_is_none(service: Service, course, flag) -> None:
    with pytest.raises(ValueError, match="words"):
        answer_flag(by=service.actor(), at=service.at, flag=flag.id, words="  ", closes=True)

    assert told(service, course, flag).waits


def test_still_open_keeps_its_time_and_stays_with_the_same_person(service: Service, course, flag) -> None:
    mine = service.staff["T-01"].id
    hand_over_flag(
        by=service.actor(), at=service.at, flag=flag.id, to=mine, words="Rang twice, no answer.", due_at=flag.due_at
    )

    found = told(service, course, flag)
    assert (found.waits, found.owner, found.due_at) == (True, mine, flag.due_at)
    assert found.steps[-1].words == "Rang twice, no answer."
    assert not record(course).flags[0].outcomes


def test_sent_twice_each_step_is_written_once(service: Service, course, flag) -> None:
    other = service.account("T-02")
    one, two = uuid4(), uuid4()
    for _ in range(2):
        hand_over_flag(
            by=service.actor(),
            at=service.at,
            flag=flag.id,
            to=other.id,
            words="Please ring her.",
            due_at=service.at + 2 * HOURS,
            id=one,
            cover_until=service.at + timedelta(days=7),
        )
        answered = {
            "by": service.actor(),
            "flag": flag.id,
            "words": "Rang her.",
            "no_conversation": WHY_NONE,
            "id": two,
        }
        answer_flag(**answered, at=service.at, closes=True)

    assert [step.kind for step in told(service, course, flag).steps] == ["handed_over", "outcome"]
    assert Tie.objects.filter(kind="cover").count() == 1


def test_a_page_that_wrote_something_cannot_write_something_else(service: Service, course, flag) -> None:
    name = uuid4()
    answer_flag(by=service.actor(), at=service.at, flag=flag.id, words="Rang her.", closes=True, id=name)

    with pytest.raises(WrittenAlready):
        answer_flag(by=service.actor(), at=service.at, flag=flag.id, words="Did not ring her.", closes=True, id=name)

    assert FlagStep.objects.count() == 1


def test_whoever_is_handed_a_flag_can_open_the_course_until_the_cover_ends(service: Service, course, flag) -> None:
    other = service.actor("T-02")
    [colleague] = [one for one in colleagues(service.actor(), course.label, service.at) if one.name == "T-02"]
    assert not colleague.tied

    hand_over_flag(
        by=service.actor(),
        at=service.at,
        flag=flag.id,
        to=colleague.id,
        words="Please ring her before six.",
        due_at=service.at + 2 * HOURS,
        cover_until=service.at + timedelta(days=7),
    )

    assert told(service, course, flag, by=other).owner_name == "T-02"
    assert may_answer(other, course.label, service.at)
    after = service.at + timedelta(days=8)
    assert ties(other, course.id, after) == frozenset()
    with pytest.raises(NotVisible):
        told(service, course, flag, by=other, at=after)


def test_a_flag_is_handed_to_clinicians_alone_and_never_to_oneself(service: Service, course, flag) -> None:
    service.account("T-02")
    service.account("S-01", ("supervisor",))
    service.account("O-01", ("operator",))
    service.account("F-01", ("facilitator",))  # leads no group of this course

    assert [one.name for one in colleagues(service.actor(), course.label, service.at)] == ["T-02"]


def test_those_that_wait_stand_first_the_one_due_first_before_the_others(service: Service, course, flag) -> None:
    later = service.at + timedelta(minutes=30)
    save_entry(by=service.actor(), at=later, enrolment=course.label, form="phq-9", answers=MOST_DAYS)
    answer_flag(by=service.actor(), at=later, flag=flag.id, words="Rang.", closes=True, no_conversation=WHY_NONE)

    found = flags_told(service.actor(), course.label, later)

    assert [one.waits for one in found] == [True, False]
    assert found[1].row == flag.id


def test_the_outsider_learns_nothing_and_a_reader_writes_nothing(service: Service, course, flag) -> None:
    with pytest.raises(NotVisible):
        told(service, course, flag, by=service.actor("T-99"))
    watching = service.actor("S-01", ("supervisor",))
    Tie.objects.create(account_id=watching.id, enrolment=course, kind="supervision", since=service.at)
    answer_flag(by=service.actor(), at=service.at, flag=flag.id, words="Lena was there.", closes=True)

    assert [step.words for step in told(service, course, flag, by=watching).steps] == ["(not shown)"]
    assert not may_answer(watching, course.label, service.at)
    with pytest.raises((NotAllowed, NotVisible)):
        answer_flag(by=watching, at=service.at, flag=flag.id, words="Mine.", closes=True)

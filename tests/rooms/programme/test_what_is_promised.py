"""Hours, duty, solo and who answers: put forward by a lead, confirmed by somebody else, and deadlines follow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from casebooks import Service
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from running_courses import signed_in

from openipt.accounts.answering import NoHours, checked_hours, confirm, put_promise_forward
from openipt.accounts.changes import Change
from openipt.accounts.governing import MayNot, TakesAnother, TooEarly
from openipt.accounts.keeping_changes import Act
from openipt.accounts.models import Membership, Organisation
from openipt.casebook.models import Flag
from openipt.casebook.operations.saving import save_entry
from openipt.policy import Actor, numbers
from openipt.therapy.course.promise import DAYS

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

CLOSED = {f"{day}-{end}": "" for day in DAYS for end in ("opens", "closes")}
EARLY = {**CLOSED, **{f"{day}-opens": "07:00" for day in DAYS}, **{f"{day}-closes": "12:00" for day in DAYS}}
PROMISED = {"duty": "no", "why": "We open earlier from now on."}
DANGER = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 2}


def stands(service: Service) -> dict:
    return Organisation.objects.get(id=service.organisation.id).promise


def put_forward(browser: Client, sent, **typed) -> str:
    """Put hours forward; return the address of what waits."""
    answer = browser.post("/service/promise/", sent(**{**EARLY, **PROMISED, **typed}))
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


# ---- hours


def test_hours_stand_only_when_a_second_person_has_confirmed_them(service, lead, operator, said, sent) -> None:
    waits = put_forward(lead, sent)
    assert stands(service) == {}
    assert "Marta asked for other hours." in said(operator.get("/service/"))

    own = lead.post(waits, sent(do="confirm", why="Mine."))
    assert own.status_code == 403
    assert stands(service) == {}

    operator.post(waits, sent(do="confirm"))
    assert stands(service)["hours"]["sunday"] == ["07:00", "12:00"]
    told = said(lead.get("/service/changes/"))
    assert "Marta changed the hours." in told
    assert "Monday: 07:00 to 12:00 in place of 09:00 to 17:00." in told
    assert "Jonas confirmed it" in told


def test_what_was_put_forward_can_be_taken_back(service, lead, operator, said, sent) -> None:
    waits = put_forward(lead, sent)
    lead.post(waits, sent(do="take_back"))

    assert "Marta took it back" in said(lead.get(waits))
    operator.post(waits, sent(do="confirm"))
    assert stands(service) == {}


def test_an_operator_confirms_and_puts_nothing_forward(service, operator, sent, said) -> None:
    answer = operator.post("/service/promise/", sent(**EARLY, **PROMISED))

    assert answer.status_code == 403
    assert "A lead puts" in said(answer)
    assert not Change.objects.exists()


def test_a_promise_that_was_changed_meanwhile_is_not_confirmed_over_the_other(service, lead, operator, sent) -> None:
    first, second = put_forward(lead, sent), put_forward(lead, sent, **{"sunday-opens": "", "sunday-closes": ""})
    operator.post(first, sent(do="confirm"))

    answer = operator.post(second, sent(do="confirm"))

    assert answer.status_code == 409
    assert stands(service)["hours"]["sunday"] == ["07:00", "12:00"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"monday-opens": "12:00", "monday-closes": "07:00"}, "Monday: 07:00 does not come after 12:00."),
        ({"monday-opens": "early"}, "Monday: an opening and a closing time"),
        ({"monday-closes": ""}, "Monday: an opening and a closing time"),
        (CLOSED, "Every day is closed"),
        ({"why": ""}, "Write why, for the second person."),
        ({"duty": "perhaps"}, "is not one of the answers"),
    ],
)
def test_hours_that_cannot_be_promised_are_refused_in_words_and_kept(lead, said, sent, typed, words) -> None:
    answer = lead.post("/service/promise/", sent(**{**EARLY, **PROMISED, **typed}))

    assert answer.status_code == 422
    assert words in said(answer)
    assert "We open earlier from now on." in answer.content.decode() or typed.get("why") == ""
    assert not Change.objects.exists()


clocks = st.one_of(st.just(""), st.times().map(lambda time: f"{time:%H:%M}"), st.text(max_size=5))


@given(st.fixed_dictionaries({day: st.tuples(clocks, clocks) for day in DAYS}))
def test_whatever_is_typed_only_hours_that_end_after_they_begin_are_taken(typed) -> None:
    try:
        hours = checked_hours(typed)
    except NoHours:
        return
    assert hours
    assert all(opens < closes and typed[day] == (opens, closes) for day, (opens, closes) in hours.items())


# ---- deadlines


def a_flag(service: Service, at: datetime) -> Flag:
    course = service.begin()
    save_entry(by=service.actor(), at=at, enrolment=course.label, form="phq-9", answers=DANGER)
    return Flag.objects.get(enrolment=course)


def test_a_changed_promise_moves_the_next_deadline_and_none_that_was_made_before(service, lead, operator, sent) -> None:
    friday = datetime(2026, 11, 20, 8, tzinfo=UTC)
    before = a_flag(service, friday)
    operator.post(put_forward(lead, sent), sent(do="confirm"))

    after = a_flag(service, friday)

    assert before.due_at == datetime(2026, 11, 20, 13, tzinfo=UTC), "four hours from nine o'clock"
    assert after.due_at == datetime(2026, 11, 20, 12, tzinfo=UTC), "four hours of seven to twelve"
    before.refresh_from_db()
    assert before.due_at == datetime(2026, 11, 20, 13, tzinfo=UTC)


def test_insight_stays_switched_as_it_was_when_the_hours_change(service, lead, operator, sent) -> None:
    Organisation.objects.filter(id=service.organisation.id).update(promise={"insight": {"on": True}})

    operator.post(put_forward(lead, sent), sent(do="confirm"))

    assert stands(service)["insight"] == {"on": True}


# ---- who answers for the service


def test_a_lead_is_made_by_two(service, lead, operator, said, sent) -> None:
    ines = service.staff["Ines"]
    day = timezone.now().date().isoformat()
    waits = lead.post(f"/service/people/{ines.id}/role/", sent(role="lead", since=day, why="She leads the team."))
    assert not Membership.objects.filter(account=ines, role="lead").exists()

    operator.post(waits["Location"], sent(do="confirm"))

    assert Membership.objects.live(timezone.now()).filter(account=ines, role="lead").exists()
    assert "Marta gave a role: Ines is lead" in said(lead.get("/service/changes/"))


def test_an_operator_makes_nobody_lead_and_nobody_gives_themself_a_role(service, operator, said, sent) -> None:
    day = timezone.now().date().isoformat()
    for name, role in (("Ines", "lead"), ("Ines", "operator"), ("Jonas", "therapist")):
        answer = operator.post(f"/service/people/{service.staff[name].id}/role/", sent(role=role, since=day, why="So."))
        assert answer.status_code == 422, (name, role)
    assert "Nobody gives themself a role" in said(answer)
    assert not Change.objects.exists()


def test_a_colleague_who_is_to_be_lead_waits_for_it(service, lead, operator, sent) -> None:
    day = timezone.now().date().isoformat()
    new = {"name": "Leyla", "username": "leyla", "role": ["therapist", "lead"], "since": day, "why": "She leads."}
    lead.post("/service/people/add/", sent(**new))

    held = Membership.objects.filter(account__username="leyla").values_list("role", flat=True)
    assert list(held) == ["therapist"]
    (waits,) = Change.objects.filter(end=None)
    operator.post(f"/service/changes/{waits.id}/", sent(do="confirm"))
    assert set(held.all()) == {"therapist", "lead"}


def test_access_of_a_therapist_ends_while_a_change_waits_and_a_closed_account_gets_no_role(
    service, lead, operator, sent
) -> None:
    ines = service.staff["Ines"]
    day = timezone.now().date().isoformat()
    waits = lead.post(f"/service/people/{ines.id}/role/", sent(role="lead", since=day, why="She leads."))["Location"]
    lead.post(f"/service/people/{ines.id}/close/", sent(why="Left."))

    answer = operator.post(waits, sent(do="confirm"))

    assert answer.status_code == 409
    assert not Membership.objects.live(timezone.now()).filter(account=ines).exists()


# ---- one who runs the service alone


@pytest.fixture
def alone(db) -> Service:
    from casebooks import a_service

    made = a_service(timezone.now() - timedelta(days=9))
    made.account("Marta", ("lead", "operator"))
    return made


def put_by(service: Service, at: datetime) -> tuple[Actor, Change]:
    marta = service.actor("Marta", ("lead", "operator"))
    act = Act(marta.id, at, service.organisation, "Shorter days.", uuid4())
    put_promise_forward(act, marta, hours={"monday": ["09:00", "12:00"]}, duty=False)
    return marta, Change.objects.get(id=act.id)


def test_who_runs_the_service_alone_waits_a_day_and_writes_the_reason_again(alone, said, sent) -> None:
    browser = signed_in(alone, "Marta")
    waits = put_forward(browser, sent)
    assert "24 hours" in said(browser.get(waits))

    early = browser.post(waits, sent(do="confirm", why="Still so."))
    assert early.status_code == 422
    assert "Still so." in early.content.decode()
    assert stands(alone) == {}


def test_a_day_later_it_stands(alone) -> None:
    at = timezone.now()
    marta, change = put_by(alone, at)
    delay = timedelta(hours=dict(numbers())["solo_delay_hours"])
    with pytest.raises(TooEarly):
        confirm(Act(marta.id, at + delay - timedelta(seconds=1), alone.organisation, "Still so."), marta, change)

    confirm(Act(marta.id, at + delay, alone.organisation, "Still so."), marta, change)

    assert stands(alone)["hours"] == {"monday": ["09:00", "12:00"]}


def test_where_somebody_else_could_confirm_a_day_is_not_enough(alone) -> None:
    at = timezone.now()
    marta, change = put_by(alone, at)
    alone.account("Jonas", ("operator",))

    with pytest.raises(TakesAnother):
        confirm(Act(marta.id, at + timedelta(days=9), alone.organisation, "Still so."), marta, change)


def test_a_therapist_confirms_nothing(service, lead, sent) -> None:
    waits = put_forward(lead, sent)
    change = Change.objects.get(id=UUID(waits.rstrip("/").rsplit("/", 1)[1]))
    ines = service.actor("Ines")

    with pytest.raises(MayNot):
        confirm(Act(ines.id, timezone.now(), service.organisation), ines, change)


def test_working_alone_is_confirmed_and_no_longer_working_alone_stands_at_once(service, lead, operator, sent) -> None:
    waits = lead.post("/service/alone/", sent(to="alone", why="Only Ines is left."))["Location"]
    assert not Organisation.objects.get(id=service.organisation.id).solo
    operator.post(waits, sent(do="confirm"))
    assert Organisation.objects.get(id=service.organisation.id).solo

    lead.post("/service/alone/", sent(to="more"))
    assert not Organisation.objects.get(id=service.organisation.id).solo


def test_the_way_to_every_other_page_stands_beside_a_change_that_waits(lead, sent) -> None:
    page = lead.get(put_forward(lead, sent)).content.decode()

    assert all(f'href="/service/{tail}/"' in page for tail in ("people", "promise", "numbers", "changes"))

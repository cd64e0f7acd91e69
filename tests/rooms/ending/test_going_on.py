"""After what was agreed: further sessions with a new counter, maintenance as a course that links back, the missed."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from casebooks import Service, a_service
from django.test import Client
from django.utils import timezone
from running_courses import DAY, signed_in, text_of, with_scores

from openipt.casebook.models import Enrolment, Entry, Flag, Standing
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.changing import begin_thing
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.linked import linked
from openipt.casebook.queries.missed import open_plan, plan_of
from openipt.casebook.queries.record import record
from openipt.therapy.course import where
from openipt.therapy.manuals import open_manual
from openipt.therapy.record import agreement, alias

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

IN_DANGER = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 2}


@pytest.fixture
def service(db) -> Service:
    return a_service(timezone.now() - 60 * DAY)


@pytest.fixture
def browser(service: Service) -> Client:
    return signed_in(service, "T-01")


@pytest.fixture
def course(service: Service) -> Enrolment:
    """Four of four sessions agreed are over."""
    made = with_scores(service, 18, 14, 9, 6)
    said = {"sessions_n": 4, "planned_end": f"{service.at + 21 * DAY:%Y-%m-%d}", "minutes": 50}
    save_entry(by=service.actor(), at=service.at + 2 * DAY, enrolment=made.label, form="contract", answers=said)
    return made


def going(**more: str) -> dict[str, str]:
    said = {"reason": "The talk with the mother comes in May.", "client_says": "I want to do that with you there."}
    return {"_id": str(uuid4()), "how": "extension", **said, "agreed": "1", **more}


def on_page(browser: Client, path: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', browser.get(path).content.decode())[1]


# ---- further sessions ----


def test_an_extension_has_a_new_counter_a_new_last_day_a_reason_and_the_clients_yes(browser, course) -> None:
    path = f"/courses/{course.label}/going-on/"
    until = f"{timezone.now() + 28 * DAY:%Y-%m-%d}"
    marks = {"_replaces": on_page(browser, f"{path}?how=extension", "_replaces")}

    assert browser.post(path, going(sessions="3", until=until, **marks)).status_code == 302

    agreed = agreement(record(course))
    assert (agreed.total, f"{agreed.extension_until}") == (7, until)
    assert record(course).says("going-on")["client_says"] == "I want to do that with you there."
    assert where(open_manual("ipt-classic"), record(course), timezone.now().date()).planned == 7


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ("agreed", "Tick that they agree"),
        ("reason", "Write why"),
        ("client_says", "Write what the client says"),
        ("until", "Write the new last day."),
        ("sessions", "Write how many"),
    ],
)
def test_without_one_of_them_nothing_goes_on_and_nothing_typed_is_lost(browser, course, left_out, words) -> None:
    typed = going(sessions="3", until=f"{timezone.now() + 28 * DAY:%Y-%m-%d}") | {left_out: ""}

    answer = browser.post(f"/courses/{course.label}/going-on/", typed)

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert agreement(record(course)).extension == 0


def test_more_than_four_further_sessions_are_not_an_extension_any_more(browser, course) -> None:
    path, until = f"/courses/{course.label}/going-on/", f"{timezone.now() + 28 * DAY:%Y-%m-%d}"
    browser.post(path, going(sessions="3", until=until))

    answer = browser.post(path, going(sessions="2", until=until))

    assert answer.status_code == 422
    assert "3 further sessions were agreed before; together at most 4" in text_of(answer)


def test_the_story_counts_by_kind_and_says_when_it_runs_over(browser, service, course) -> None:
    page = text_of(browser.get(f"/courses/{course.label}/"))

    assert "4 of 4 sessions used" in page
    assert "The last day agreed was" in page


# ---- maintenance, and the way back ----


def test_maintenance_is_a_course_of_its_own_that_links_both_ways_and_carries_over_what_applies(
    browser, service, course
) -> None:
    how = {"by": service.actor(), "at": service.at + DAY, "enrolment": course.label}
    lena = begin_thing(**how, kind="person")
    save_entry(**how, form="interpersonal-inventory", answers={"alias": "Lena", "relation": "friend"}, about=lena)
    save_entry(**how, form="relapse-plan", answers={"my_early_signs": [{"text": "Unread messages"}]})
    take_charge(course, service.account("S-01", ("supervisor",)).id, "supervision", service.at)
    scored = record(course).readings("phq-9")

    answer = browser.post(
        f"/courses/{course.label}/going-on/", going(how="maintenance", began_on=f"{timezone.now():%Y-%m-%d}")
    )

    label = answer["Location"].strip("/").split("/")[-1]
    new = Enrolment.objects.select_related("client", "group", "organisation").get(label=label)
    known = record(new)
    assert (known.manual, new.client_id) == ("ipt-m", course.client_id)
    assert alias(known, lena) == "Lena"
    assert known.says("relapse-plan")["my_early_signs"] == [{"text": "Unread messages"}]
    assert known.says("intake")["alias"] == "Robin"
    assert known.sessions == ()
    assert known.readings("phq-9") == ()
    assert record(course).readings("phq-9") == scored  # the old course keeps what is its own
    assert [one.way for one in linked(service.actor(), label, timezone.now())] == ["before"]
    assert [one.way for one in linked(service.actor(), course.label, timezone.now())] == ["after"]
    assert f"Goes on in {label}" in text_of(browser.get(f"/courses/{course.label}/"))
    assert f"Goes on from {course.label}" in text_of(browser.get(f"/courses/{label}/"))
    assert signed_in(service, "S-01", ("supervisor",)).get(f"/courses/{label}/").status_code == 200
    assert Standing.objects.filter(enrolment=new, open=True).exists()


def test_sent_twice_it_is_one_course(browser, course) -> None:
    typed = going(how="maintenance", began_on=f"{timezone.now():%Y-%m-%d}")

    first = browser.post(f"/courses/{course.label}/going-on/", typed)
    again = browser.post(f"/courses/{course.label}/going-on/", typed)

    assert first["Location"] == again["Location"]
    assert Enrolment.objects.filter(client=course.client).count() == 2


def test_whoever_comes_back_begins_a_new_course_without_a_new_referral(browser, course) -> None:
    typed = going(how="again", manual="ipt-b", began_on=f"{timezone.now():%Y-%m-%d}")

    answer = browser.post(f"/courses/{course.label}/going-on/", typed)

    label = answer["Location"].strip("/").split("/")[-1]
    assert record(Enrolment.objects.get(label=label)).manual == "ipt-b"


# ---- after a missed session ----


def missed(browser: Client, course: Enrolment, when) -> str:
    typed = {"_id": str(uuid4()), "day": f"{when:%Y-%m-%d}", "time": "10:00", "kind": "no_show"}
    assert browser.post(f"/courses/{course.label}/sessions/missed/", typed).status_code == 302
    return next(one.id for one in record(course).sessions if not one.attended)


def test_the_plan_is_due_the_same_day_on_day_3_and_by_letter(browser, course) -> None:
    when = timezone.now() - 4 * DAY
    session = missed(browser, course, when)
    met = next(one for one in record(course).sessions if one.id == session)

    steps = plan_of(record(course), met, timezone.now().date()).steps

    assert [(one.step, (one.on - met.day).days) for one in steps] == [("same_day", 0), ("day_3", 3), ("letter", 7)]
    assert [one.due for one in steps] == [True, True, False]
    assert "Call the same day" in text_of(browser.get(f"/courses/{course.label}/"))


def test_what_was_tried_is_written_step_by_step_until_somebody_spoke(browser, course) -> None:
    session = missed(browser, course, timezone.now() - 8 * DAY)
    path = f"/courses/{course.label}/missed/"

    for step, reached in (("same_day", "no"), ("day_3", "message")):
        assert f'name="step" value="{step}"' in browser.get(path).content.decode()
        said = {"_id": str(uuid4()), "session": session, "step": step, "reached": reached, "words": "Line busy"}
        assert browser.post(path, said).status_code == 302
    letter = re.search(r'name="letter"[^>]*>([^<]+)<', browser.get(path).content.decode())[1]
    assert "Dear Robin" in letter
    assert "you need not explain" in letter
    said = {"_id": str(uuid4()), "session": session, "step": "letter", "reached": "sent", "letter": letter}
    assert browser.post(path, said).status_code == 302

    assert open_plan(record(course), timezone.now().date()) is None
    assert len(record(course).of("missed-contact", session)) == 3


def test_once_somebody_spoke_with_the_client_nothing_more_is_due(browser, course) -> None:
    session = missed(browser, course, timezone.now() - 8 * DAY)
    said = {"_id": str(uuid4()), "session": session, "step": "same_day", "reached": "yes", "words": "The bus."}

    browser.post(f"/courses/{course.label}/missed/", said)

    assert open_plan(record(course), timezone.now().date()) is None
    assert "Nobody met on" not in text_of(browser.get(f"/courses/{course.label}/"))


@pytest.mark.parametrize("days", [0, 3, 20])
def test_a_session_missed_while_an_answer_waits_raises_r11_whenever_it_is_written_down(
    browser, service, course, days: int
) -> None:
    at = timezone.now() - 25 * DAY
    save_entry(by=service.actor(), at=at, enrolment=course.label, form="phq-9", answers=IN_DANGER)
    before = Flag.objects.filter(enrolment=course, rule="R11").count()

    when = timezone.now() - timedelta(days=days) if days else timezone.now()
    typed = {"_id": str(uuid4()), "day": f"{when:%Y-%m-%d}", "time": "00:01", "kind": "no_show"}
    browser.post(f"/courses/{course.label}/sessions/missed/", typed)
    browser.post(f"/courses/{course.label}/sessions/missed/", typed)

    raised = Flag.objects.filter(enrolment=course, rule="R11")
    assert raised.count() == before + 1
    assert raised.get().received_at > timezone.now() - timedelta(minutes=5)  # its time runs from when it became known
    assert raised.get().due_at > timezone.now()


def test_a_session_missed_while_nothing_waits_raises_nothing(browser, course) -> None:
    missed(browser, course, timezone.now() - 3 * DAY)

    assert not Flag.objects.filter(enrolment=course, rule="R11").exists()


def test_a_session_that_turns_out_to_have_been_missed_raises_it_as_well(browser, service, course) -> None:
    at = timezone.now() - 45 * DAY
    save_entry(by=service.actor(), at=at, enrolment=course.label, form="phq-9", answers=IN_DANGER)
    last = record(course).sessions[-1]
    typed = {"_id": str(uuid4()), "day": f"{last.day}", "time": "10:00", "kind": "no_show", "minutes": "50"}

    browser.post(f"/courses/{course.label}/meetings/{last.id}/amend/", typed)

    assert Flag.objects.filter(enrolment=course, rule="R11").count() == 1
    assert Entry.objects.filter(form="session-sheet", about=last.id).count() == 2

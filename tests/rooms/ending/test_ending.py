"""No course ends in silence, and no ending is held back: what is wanting is said, what happened is written down."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from casebooks import Service, a_service
from django.test import Client
from django.utils import timezone
from running_courses import DAY, signed_in, text_of, with_scores

from openipt.audit.models import AuditEvent
from openipt.casebook.models import Enrolment, Entry, Flag, Standing
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.operations.standing import row_of
from openipt.casebook.queries.record import record
from openipt.therapy.course import closing, open_flags
from openipt.therapy.manuals import open_manual
from openipt.therapy.record import done_tasks

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
    """Recovered, with a score at the last session."""
    return with_scores(service, 18, 14, 9, 4)


def address(course: Enrolment, tail: str = "ending/") -> str:
    return f"/courses/{course.label}/{tail}"


def an_ending(**more: str) -> dict[str, str]:
    return {
        "_id": str(uuid4()),
        "_replaces": "",
        "how": "finished",
        "on": f"{timezone.now() - DAY:%Y-%m-%d}",
        "gains": "I ring people again\nI say when it is too much",
        "own_part": "I rang first.",
        "feels_sadness": "1",
        "signs": "Leaving messages unread\nLying awake",
        "worked": "Saying it the same day",
        "way_back": "Ring the desk.",
        "check_1": "2026-12-24",
        "keep_1": "1",
        "END.08": "1",
        **more,
    }


def wanting(course: Enrolment) -> list[str]:
    known = record(course)
    return [one.id for one in closing(open_manual("ipt-classic"), known, timezone.now().date()).wanting]


# ---- a proper ending ----


def test_the_page_of_an_ending_comes_with_nothing_written_for_the_client_and_nothing_promised(browser, course) -> None:
    page = browser.get(address(course, "ending/?how=finished")).content.decode()

    for name in ("gains", "way_back"):
        assert re.search(rf'<textarea id="{name}"[^>]*></textarea>', page), name
    assert not re.search(r'name="keep_\d+" value="1" checked', page)
    assert "no new referral" not in page


def test_a_half_written_ending_is_the_first_line_of_what_waits_on_the_course(browser, course) -> None:
    browser.post(address(course), an_ending(**{"END.08": ""}))

    told = text_of(browser.get(f"/courses/{course.label}/"))

    assert "Ending begun; still missing: the decision on what comes next." in told
    assert "Go on with the ending" in told


def test_the_caseload_names_a_half_written_ending_with_its_reason(browser, service) -> None:
    course = with_scores(service, 18, 17, 16, 15)
    browser.post(address(course), an_ending())

    row = text_of(browser.get("/"))
    assert "An ending is not finished" in row
    assert "Ending begun; still missing: " in row
    stored = Standing.objects.get(enrolment=course)
    assert row_of(course, record(course), stored.on)["need"] == stored.need == "first"

    referred = with_scores(service, 18, 17, 16, 15)
    browser.post(address(referred), an_ending(how="referred", referred_to="The day clinic"))
    assert Standing.objects.get(enrolment=referred).need == "week"  # it waits for the client to arrive there


def test_a_proper_ending_closes_the_course_in_one_act(browser, course) -> None:
    events = AuditEvent.objects.count()

    answer = browser.post(address(course), an_ending())

    assert answer.status_code == 302
    known = record(course)
    assert known.ended_on == (timezone.now() - DAY).date()
    assert known.says("ending")["way_back"] == "Ring the desk."
    assert [row["text"] for row in known.says("ending-talk")["gains"]] == [
        "I ring people again",
        "I say when it is too much",
    ]
    assert [row["text"] for row in known.says("relapse-plan")["my_early_signs"]] == [
        "Leaving messages unread",
        "Lying awake",
    ]
    assert known.says("relapse-plan")["check_in_dates"] == [{"date": "2026-12-24"}]
    assert "END.08" in done_tasks(known)
    assert AuditEvent.objects.filter(act="end_course").count() == 1
    assert AuditEvent.objects.count() - events <= 2  # the look at the page, and the act
    assert "Finished as agreed" in text_of(browser.get(address(course)))


def test_what_is_wanting_is_said_and_the_course_stays_on_the_list(browser, service) -> None:
    course = with_scores(service, 18, 17, 18, 17)

    browser.post(address(course), an_ending(**{"END.08": ""}))

    assert record(course).ended_on is None
    assert record(course).says("ending")["ending"] == "finished"
    page = text_of(browser.get(address(course)))
    assert "written, and still on the list" in page
    for words in ("the decision on what comes next", "the talk on what was not enough", "a next step"):
        assert words in page
    assert "written, and still on the list" in text_of(browser.get(f"/courses/{course.label}/"))


def test_adding_what_is_wanting_closes_it(browser, service) -> None:
    course = with_scores(service, 18, 17, 18, 17)
    browser.post(address(course), an_ending(**{"END.08": ""}))
    older = record(course).newest("ending").id

    more = {"_replaces": older, "next_step": "Evaluation for medication on Monday", "END.07": "1"}
    browser.post(address(course), an_ending(**more))

    assert wanting(course) == []
    assert record(course).ended_on is not None
    assert Entry.objects.filter(form="ending").count() == 2  # the first one stays


def test_what_became_complete_elsewhere_is_closed_by_one_button(browser, service) -> None:
    course = with_scores(service, 18, 17)
    yesterday = timezone.now() - DAY
    typed = an_ending(**{"END.07": "1", "next_step": "Group from May"})
    save_entry(by=service.actor(), at=yesterday, enrolment=course.label, form="ending", answers={"ending": "finished"})
    older = record(course).newest("ending").id
    browser.post(address(course), {**typed, "_replaces": older, "next_step": ""})
    assert record(course).ended_on is None
    said = {"point": "END", "action": "check_ins", "client_says": "Good."}
    save_entry(by=service.actor(), at=timezone.now(), enrolment=course.label, form="decision-record", answers=said)

    assert "Nothing is wanting any more" in text_of(browser.get(address(course)))
    browser.post(address(course), {"_do": "close", "_id": str(uuid4())})

    assert record(course).ended_on is not None


def test_a_sign_keeps_all_that_was_said_of_it(browser, service, course) -> None:
    row = {"text": "Lying awake", "kind": "body", "how_i_notice": "Three nights"}
    save_entry(
        by=service.actor(),
        at=service.at,
        enrolment=course.label,
        form="relapse-plan",
        answers={"my_early_signs": [row]},
    )

    browser.post(address(course), an_ending())

    assert row in record(course).says("relapse-plan")["my_early_signs"]


@pytest.mark.parametrize(
    ("field", "typed"), [("on", "yesterday"), ("on", "2199-01-01"), ("how", "vanished"), ("check_1", "x")]
)
def test_what_cannot_be_taken_comes_back_with_everything_typed(browser, course, field: str, typed: str) -> None:
    answer = browser.post(address(course), an_ending(**{field: typed}))

    assert answer.status_code in (302, 422)
    if answer.status_code == 422 and field != "how":
        assert "I rang first." in text_of(answer)
    assert answer.status_code == 422 or field == "check_1"


def test_sent_twice_it_is_one_ending(browser, course) -> None:
    typed = an_ending()

    browser.post(address(course), typed)
    again = browser.post(address(course), typed)

    assert again.status_code == 302
    assert Entry.objects.filter(form="ending").count() == 1
    assert Entry.objects.filter(form="ending-talk").count() == 1


def test_of_two_tabs_the_second_is_told(browser, course) -> None:
    browser.post(address(course), an_ending())
    second = browser.post(address(course), an_ending(own_part="She did it all by herself."))

    assert second.status_code == 409
    assert "She did it all by herself." in text_of(second)


# ---- the other endings ----


def test_stopped_coming_is_closed_with_who_was_told_and_the_way_back(browser, course) -> None:
    page = browser.get(address(course, "ending/?how=stopped_coming")).content.decode()
    way_back = re.search(r'name="way_back"[^>]*>([^<]+)<', page)[1]
    given = {"how": "stopped_coming", "on": f"{timezone.now():%Y-%m-%d}", "way_back": way_back, "told_0": "1"}

    browser.post(address(course), {"_id": str(uuid4()), "_replaces": "", **given})

    known = record(course)
    assert known.ended_on == timezone.now().date()
    assert known.says("ending")["who_was_told"] == "The family doctor"


def test_stopped_coming_settles_open_flags_first(browser, service, course) -> None:
    save_entry(by=service.actor(), at=timezone.now() - DAY, enrolment=course.label, form="phq-9", answers=IN_DANGER)
    assert Flag.objects.filter(enrolment=course).exists()
    typed = {"how": "stopped_coming", "on": f"{timezone.now():%Y-%m-%d}", "way_back": "Ring.", "told_0": "1"}
    assert "asked for a person" in text_of(browser.get(address(course, "ending/?how=stopped_coming")))

    browser.post(address(course), {"_id": str(uuid4()), "_replaces": "", **typed})
    assert record(course).ended_on is None
    assert "closing.flags" in wanting(course)

    older = record(course).newest("ending").id
    settled = "Reached by telephone. Asked alone; no thoughts now. The doctor knows."
    browser.post(address(course), {"_id": str(uuid4()), "_replaces": older, **typed, "settled": settled})

    known = record(course)
    assert known.ended_on is not None
    assert [one.outcomes[-1].words for one in known.flags if one.rule in ("R1", "R2")] == [settled]
    assert not [one for one in open_flags(open_manual("ipt-classic"), known, timezone.now().date()) if one.rule == "R2"]


def test_referred_stays_on_the_list_until_it_has_arrived(browser, service) -> None:
    course = with_scores(service, 18, 17, 18, 17)
    typed = {
        "how": "referred",
        "referred_to": "Day clinic",
        "next_step": "First date on Monday",
        "END.08": "1",
        "END.07": "1",
    }
    on = f"{timezone.now():%Y-%m-%d}"

    browser.post(address(course), {"_id": str(uuid4()), "_replaces": "", "on": on, **typed})
    assert record(course).ended_on is None
    assert wanting(course) == ["closing.arrived"]

    older = record(course).newest("ending").id
    browser.post(address(course), {"_id": str(uuid4()), "_replaces": older, "on": on, "arrived": "1", **typed})
    assert record(course).ended_on is not None


def test_after_a_death_nothing_else_is_asked(browser, service) -> None:
    course = with_scores(service, 18, 17)

    browser.post(address(course), {"_id": str(uuid4()), "how": "died", "on": f"{timezone.now() - DAY:%Y-%m-%d}"})

    assert record(course).ended_on == (timezone.now() - DAY).date()


def test_an_outsider_learns_nothing(service, course) -> None:
    outsider = signed_in(service, "T-99")

    for tail in ("ending/", "ending/letter/", "keeping-well/", "going-on/", "missed/", "handing-over/"):
        assert outsider.get(address(course, tail)).status_code == 404, tail
        assert outsider.post(address(course, tail), an_ending()).status_code in (404, 405), tail


# ---- the letter, and the page to take along ----


def test_the_letter_is_drafted_in_the_clients_words_and_kept_as_it_was_changed(browser, service, course) -> None:
    how = {"by": service.actor(), "at": service.at, "enrolment": course.label}
    save_entry(**how, form="formulation", answers={"client_words": "I always give in.", "area_primary": "PA_DISPUTE"})
    browser.post(address(course), an_ending())

    page = text_of(browser.get(address(course, "ending/letter/")))
    for words in (
        "I always give in.",
        "I ring people again",
        "Leaving messages unread",
        "Ring the desk.",
        "Dear Robin",
    ):
        assert words in page
    browser.post(
        address(course, "ending/letter/"), {"_id": str(uuid4()), "text": "Dear Robin, go well.", "given": "in_hand"}
    )

    assert record(course).says("gains-letter") == {"text": "Dear Robin, go well.", "given": "in_hand"}
    assert "Dear Robin, go well." in text_of(browser.get(address(course, "ending/letter/")))


def test_the_plan_to_take_along_stands_on_one_page(browser, course) -> None:
    assert "There is no plan yet" in text_of(browser.get(address(course, "keeping-well/")))
    browser.post(address(course), an_ending())

    page = text_of(browser.get(address(course, "keeping-well/")))
    for words in ("My early signs", "Lying awake", "What has worked", "Ring the desk.", "24 December 2026"):
        assert words in page


def test_a_check_in_that_was_agreed_stands_on_the_story_when_its_day_has_come(browser, course) -> None:
    soon = timezone.now()
    browser.post(address(course), an_ending(check_1=f"{soon:%Y-%m-%d}"))

    assert "Check-in agreed for" in text_of(browser.get(f"/courses/{course.label}/"))
    late = timezone.now() + timedelta(days=40)
    browser.post(address(course, "going-on/"), {})  # nothing comes of an empty page
    assert record(course).says("relapse-plan")["check_in_dates"] == [{"date": f"{soon:%Y-%m-%d}"}]
    assert late > soon

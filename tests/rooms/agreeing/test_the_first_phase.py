"""The first phase on its pages: what it needs and why, what stands, and what each short page does to the record.

A new course needs consent, an intake, a formulation and an agreement before area tasks are offered; each page opens its
gate exactly as `therapy/course` says, and what was said before stays readable.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from casebooks import Service, a_service
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from openipt.casebook.models import Draft, Enrolment, Entry, Thing
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.changing import begin_thing
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.operations.sessions import hold_session
from openipt.casebook.queries.record import record
from openipt.therapy.course import agenda, gates, where
from openipt.therapy.course.chosen import focus_history
from openipt.therapy.manuals import open_manual

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

DAY = timedelta(days=1)
BACKEND = "openipt.accounts.backend.Backend"
MOST = 15  # DESIGN section 8
LINK = "It goes along with the quarrel that nobody speaks of."
HERS = "That is it. It is a fight nobody is having."


@pytest.fixture
def service(db) -> Service:
    return a_service(timezone.now() - 30 * DAY)


@pytest.fixture
def browser(service: Service) -> Client:
    return signed_in(service, "T-01")


def signed_in(service: Service, name: str) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(service.account(name), backend=BACKEND)
    return client


@pytest.fixture
def course(service: Service, browser: Client) -> Enrolment:
    return service.begin()


def today() -> date:
    return timezone.localdate()


def address(course: Enrolment, page: str = "") -> str:
    return f"/courses/{course.label}/agreed/{page}"


def send(browser: Client, course: Enrolment, page: str, **typed):
    """Send a page the way its browser does: opened first, every field that stands on it goes along."""
    shown = browser.get(address(course, page), follow=True)
    assert shown.status_code == 200, shown.content.decode()[:2000]
    where_to = shown.redirect_chain[-1][0] if shown.redirect_chain else address(course, page)
    pairs = {**fields_on(shown.content.decode()), **typed, "_do": "save"}
    return browser.post(where_to, pairs)


def fields_on(page: str) -> dict[str, object]:
    """What a browser would send of a page, as it was made."""
    form = re.search(r"<form method=\"post\"[^>]*data-fill[^>]*>.*?</form>", page, re.DOTALL)
    assert form, page[:3000]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input\b[^>]*>", form[0]):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if said.get("type") in ("radio", "checkbox") and not re.search(r"\schecked", tag):
            continue
        if said.get("name", "csrfmiddlewaretoken") != "csrfmiddlewaretoken":
            found.setdefault(said["name"], []).append(unescape(said.get("value", "on")))
    for name, text in re.findall(r"<textarea\b[^>]*?name=\"([^\"]+)\"[^>]*>\n?(.*?)</textarea>", form[0], re.DOTALL):
        found.setdefault(name, []).append(unescape(text))
    for name, inside in re.findall(r"<select\b[^>]*?name=\"([^\"]+)\"[^>]*>(.*?)</select>", form[0], re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        found.setdefault(name, []).append(unescape(chosen[1]) if chosen else "")
    return found


def text_of(answer) -> str:
    page = re.sub(r"<(style|script)\b.*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def saved(answer) -> None:
    assert answer.status_code == 303, text_of(answer)


def choose(browser: Client, course: Enrolment, **typed):
    return send(browser, course, "focus/", **typed)


def a_formulation(**typed) -> dict[str, str]:
    said = {"condition_label": "Depression", "link_statement": LINK, "client_fit": "8", "client_words": HERS}
    return {**said, **typed}


def closed(course: Enrolment) -> set[str]:
    manual = open_manual("ipt-classic")
    before = {"consent", "eligibility", "formulation", "contract"}
    return {gate.id for gate in gates(manual, record(course), today()) if not gate.open} & before


def hold(service: Service, course: Enrolment, number: int, ago: timedelta | None = None) -> None:
    day = timezone.now() - ((10 - number) * DAY if ago is None else ago)
    hold_session(
        by=service.actor(), at=day, enrolment=course.label, number=number, id=uuid4(), kind="attended", happened_at=day
    )


# ---- from a new course to the work on the focus ----


def test_a_new_course_says_what_holds_back_the_work_and_which_page_opens_it(browser, course) -> None:
    page = browser.get(address(course))

    assert "4 things are missing before the work on the focus." in text_of(page)
    offered = re.findall(r'href="/courses/[^"]+/agreed/(\w+)/["#]', page.content.decode().split('id="h-safely"')[0])
    assert offered == ["consent", "intake", "focus", "contract"]


def statuses(course: Enrolment) -> set[str]:
    """How the tasks of a role dispute stand on the agenda of the session that comes next."""
    found = agenda(open_manual("ipt-classic"), record(course), today())
    assert found.position.phase.kind == "middle"
    return {item.status for item in found.items if item.task in ("DSP.01", "DSP.02", "DSP.03")}


def test_consent_intake_formulation_and_agreement_open_the_work_on_the_focus_and_nothing_less_does(
    service, browser, course
) -> None:
    for number in range(1, 6):  # from session 6 on the formulation holds back, and does not only remind
        hold(service, course, number)
    saved(send(browser, course, "consent/", treatment="yes"))
    saved(choose(browser, course, _role_PA_DISPUTE="primary"))
    assert (closed(course), statuses(course)) == ({"eligibility", "formulation", "contract"}, {"held_back"})
    saved(send(browser, course, "intake/", diagnosis="Depression"))
    assert (closed(course), statuses(course)) == ({"formulation", "contract"}, {"held_back"})
    saved(send(browser, course, "formulation/", **a_formulation()))
    assert (closed(course), statuses(course)) == ({"contract"}, {"warned"})
    saved(send(browser, course, "contract/", agreed_how="spoken"))

    assert (closed(course), statuses(course)) == (set(), {"offered"})
    page = text_of(browser.get(address(course)))
    assert "One thing is missing before the work on the focus. Violence asked about, alone" in " ".join(page.split())
    said = {"asked_alone": "yes", "about": "all_current", "result": "none", "safe_to_raise": "yes"}
    saved(send(browser, course, "alone/", **said))
    assert "Everything is agreed that the work on the focus needs." in text_of(browser.get(address(course)))


def test_a_focus_alone_is_not_told_as_a_formulation_that_was_shared(browser, course) -> None:
    saved(choose(browser, course, _role_PA_DISPUTE="primary", focus_because="It is nearest"))

    assert "formulation" in closed(course)
    for page in (address(course), f"/courses/{course.label}/"):
        told = text_of(browser.get(page))
        assert "Formulation shared on" not in told
        assert "how well it fits was not asked" not in told
    assert "The formulation has not been shared yet." in text_of(browser.get(address(course)))
    assert focus_history(record(course))[-1].areas == ("PA_DISPUTE",)


def test_an_intake_without_a_diagnosis_is_kept_and_names_what_is_missing_with_its_place(browser, course) -> None:
    answer = send(browser, course, "intake/")

    saved(answer)
    assert "told=unfinished" in answer["Location"]
    page = browser.get(answer["Location"].partition("#")[0])
    assert "The diagnosis is still missing in the intake" in text_of(page)
    assert "The diagnosis is missing in the intake." in text_of(page)
    assert f'href="{address(course, "intake/")}#f-diagnosis"' in page.content.decode()
    again = browser.get(address(course, "intake/"), follow=True).content.decode()
    assert "Still missing here:" in again
    assert 'href="#f-diagnosis"' in again
    assert 'id="f-diagnosis"' in again


def test_looking_ahead_shows_the_next_session_and_writes_nothing(browser, course) -> None:
    before = Entry.objects.count()

    page = browser.get(f"/courses/{course.label}/sessions/ahead/")

    told = text_of(page)
    assert page.status_code == 200
    assert "looking ahead to session 1" in told
    assert "Start session 1" in told
    assert not re.search(r"\b[A-Z]{3}\.\d\d\b|\bWS_|\bPA_", told)  # tasks by their names, never by their codes
    assert (Entry.objects.count(), len(record(course).sessions)) == (before, 0)
    assert "Look ahead to session 1" in text_of(browser.get(f"/courses/{course.label}/"))


def test_the_page_of_the_next_session_offers_the_work_only_after_the_formulation_and_the_agreement(
    service, browser, course
) -> None:
    for number in range(1, 6):
        hold(service, course, number)
    saved(send(browser, course, "consent/", treatment="yes"))
    saved(send(browser, course, "intake/", diagnosis="Depression"))
    saved(choose(browser, course, _role_PA_DISPUTE="primary"))
    hold(service, course, 6, ago=timedelta(0))
    before = text_of(browser.get(f"/courses/{course.label}/sessions/6/"))
    saved(send(browser, course, "formulation/", **a_formulation()))
    saved(send(browser, course, "contract/", agreed_how="spoken"))
    hold(service, course, 7, ago=timedelta(0))

    after = text_of(browser.get(f"/courses/{course.label}/sessions/7/"))

    for words in ("The formulation has not been shared yet", "Number of sessions and end date are not agreed yet"):
        assert words in before
        assert words not in after


# ---- beginning safely ----


def test_each_sheet_of_the_beginning_says_when_it_was_last_written_and_when_it_is_due_again(browser, course) -> None:
    first = text_of(browser.get(address(course)))
    assert "Not asked yet. Ask when the client is alone." in first

    calm = dict.fromkeys(
        ("less_sleep_more_energy", "elated_or_reckless", "voices_or_visions", "beliefs_not_shared", "fainting"), "no"
    )
    calm |= dict.fromkeys(("intoxicated_now", "withdrawal_signs", "withdrawal_likely"), "no")
    saved(send(browser, course, "medical/", **calm))

    page = text_of(browser.get(address(course)))
    assert "Again at session 4, and whenever something new is seen." in page
    assert f"Last on {today().day} " in page


def test_the_violence_check_opens_with_who_may_be_there_and_stays_out_of_print(browser, course) -> None:
    page = browser.get(address(course, "alone/")).content.decode()

    assert "Only while Robin is alone with you" in page
    assert re.search(r'<article class="sheet filling agreeing asked-alone"', page)
    assert "<title>Asked alone" in page  # nothing in the tab of the browser for somebody who looks over a shoulder
    listed = browser.get(address(course)).content.decode()
    assert re.search(r'<li id="alone" class="asked-alone">', listed)


def test_what_was_answered_alone_stands_nowhere_on_the_page_of_agreements(browser, course) -> None:
    said = {"asked_alone": "yes", "about": "all_current", "result": "current_violence", "safe_to_raise": "no"}
    saved(send(browser, course, "alone/", **said))

    page = text_of(browser.get(address(course)))

    assert record(course).says("violence-check")["result"] == "current_violence"
    assert "Violence now" not in page
    assert "Not safe" not in page
    assert "an answer asked for a person" in page  # its flag is said without its words


def test_time_to_recover_is_renewed_by_changing_a_day(browser, course) -> None:
    soon = (today() + 20 * DAY).isoformat()
    saved(send(browser, course, "recover/", **{"can_reduce": "yes", "duties_reduced.0.text": "Lunch", "until": soon}))
    later = (today() + 40 * DAY).isoformat()

    saved(send(browser, course, "recover/", until=later))

    said = record(course).says("time-to-recover")
    assert (said["until"], said["duties_reduced"]) == (later, [{"text": "Lunch"}])


# ---- timeline ----


def test_an_event_is_put_on_the_timeline_and_changed_as_a_new_version(browser, course) -> None:
    saved(
        send(browser, course, "timeline/", text="The project was refused", **{"date.year": "2025", "date.month": "04"})
    )
    known = record(course)
    first = known.newest("timeline", known.events[0].id)
    assert (first.answers["date"], first.answers["precision"]) == ("2025-04", "month")

    shown = browser.get(address(course, f"timeline/?replaces={first.id}"))
    pairs = {**fields_on(shown.content.decode()), "text": "The project was refused, nothing said", "_do": "save"}
    saved(browser.post(address(course, f"timeline/?replaces={first.id}"), pairs))

    known = record(course)
    assert len(known.events) == 1
    assert known.says("timeline", known.events[0].id)["text"] == "The project was refused, nothing said"
    assert Entry.objects.filter(form="timeline").count() == 2  # the older version is kept
    page = text_of(browser.get(address(course, "timeline/")))
    assert "April 2025" in page
    assert "In the record. It stands on the timeline below." in text_of(
        browser.get(address(course, "timeline/?told=saved"))
    )


def test_an_event_without_a_year_comes_back_with_words_and_everything_typed(browser, course) -> None:
    answer = send(browser, course, "timeline/", text="Lena takes permanent nights", **{"date.month": "11"})

    assert answer.status_code == 422
    assert "Write at least the year." in text_of(answer)
    assert "Lena takes permanent nights" in text_of(answer)
    assert not Thing.objects.filter(kind="event").exists()


def test_medication_stands_on_the_timeline(browser, course) -> None:
    saved(send(browser, course, "medication/", drug="Sertraline", action="start", dose_mg="50"))

    assert "Sertraline" in browser.get(address(course, "timeline/")).content.decode()


# ---- the focus ----


def test_nothing_is_chosen_beforehand_and_the_evidence_stands_beside_each_area(service, browser, course) -> None:
    event = begin_thing(by=service.actor(), at=service.at, enrolment=course.label, kind="event")
    said = {"mark": "event", "date": "2025-04", "type": "dispute", "text": "The project was refused"}
    save_entry(
        by=service.actor(),
        at=service.at,
        enrolment=course.label,
        form="timeline",
        answers=said,
        about=event,
        id=uuid4(),
    )

    page = browser.get(address(course, "focus/")).content.decode()

    areas = re.findall(r'<fieldset class="area" id="area-(\w+)">(.*?)</fieldset>', page, re.DOTALL)
    assert [name for name, _ in areas] == ["PA_GRIEF", "PA_DISPUTE", "PA_TRANSITION", "PA_DEFICIT"]
    assert "checked" not in "".join(inside for _, inside in areas)
    assert [name for name, inside in areas if "The project was refused" in inside] == ["PA_DISPUTE"]


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ({}, "Mark one area as the focus."),
        ({"_role_PA_GRIEF": "secondary"}, "Mark one area as the focus."),
        ({"_role_PA_GRIEF": "primary", "_role_PA_DISPUTE": "primary"}, "Two areas are marked as the focus."),
        ({"_role_PA_SELF_IMAGE": "primary"}, "not among those of this manual"),
        (
            {"_role_PA_GRIEF": "primary", "_role_PA_DISPUTE": "runner_up", "_role_PA_DEFICIT": "runner_up"},
            "Mark one area as considered and not chosen",
        ),
    ],
)
def test_a_choice_that_is_none_comes_back_with_words_and_its_marks(browser, course, marked, words) -> None:
    answer = choose(browser, course, focus_because="It is nearest", **marked)

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "It is nearest" in text_of(answer)
    kept = re.findall(r'name="(_role_\w+)" value="(\w+)" checked', answer.content.decode())
    assert dict(kept) == {name: value for name, value in marked.items() if "SELF_IMAGE" not in name}
    assert not Entry.objects.filter(form="formulation").exists()


def test_a_focus_is_kept_with_its_reason_and_the_one_that_was_considered(browser, course) -> None:
    saved(
        choose(
            browser,
            course,
            _role_PA_DISPUTE="primary",
            _role_PA_TRANSITION="secondary",
            _role_PA_GRIEF="runner_up",
            focus_because="Most feeling, and nearest to the beginning",
            runner_up_why="The death is long mourned",
        )
    )

    (one,) = focus_history(record(course))
    assert (one.areas, one.runner_up) == (("PA_DISPUTE", "PA_TRANSITION"), "PA_GRIEF")
    page = text_of(browser.get(address(course)))
    assert "Most feeling, and nearest to the beginning" in page
    assert "Considered and not chosen: Grief. The death is long mourned" in page


def test_a_change_of_focus_needs_a_reason_keeps_the_old_one_and_says_the_formulation_anew(browser, course) -> None:
    saved(choose(browser, course, _role_PA_DISPUTE="primary"))
    saved(send(browser, course, "formulation/", **a_formulation()))

    refused = choose(browser, course, _role_PA_DISPUTE="none", _role_PA_GRIEF="primary")
    assert refused.status_code == 422
    assert "Write why the focus changes" in text_of(refused)
    why = "Behind the quarrel stands the death of her brother"
    saved(choose(browser, course, _role_PA_DISPUTE="none", _role_PA_GRIEF="primary", focus_changed_because=why))

    before, now = focus_history(record(course))
    assert (before.areas, now.areas, now.changed_because) == (("PA_DISPUTE",), ("PA_GRIEF",), why)
    assert before.until == now.since
    assert "formulation" in closed(course)  # nobody has said yet how well the new one fits
    page = text_of(browser.get(address(course)))
    assert re.search(r"Role dispute \d+ \w+ \d{4} to \d+ \w+ \d{4}", page)
    assert why in page
    assert HERS in text_of(browser.get(address(course, "formulation/"), follow=True))  # as it was said so far


def test_the_same_focus_saved_again_asks_for_no_reason_and_keeps_the_formulation(browser, course) -> None:
    saved(choose(browser, course, _role_PA_DISPUTE="primary"))
    saved(send(browser, course, "formulation/", **a_formulation()))

    saved(choose(browser, course, focus_because="It is what hurts most"))

    said = record(course).says("formulation")
    assert (said["client_words"], said["focus_because"], said["version"]) == (HERS, "It is what hurts most", 3)
    assert len(focus_history(record(course))) == 1


def test_an_area_that_a_manual_leaves_out_is_not_offered_and_says_why(service, browser) -> None:
    brief = service.begin("ipt-b")

    page = browser.get(address(brief, "focus/"))

    assert 'id="area-PA_DEFICIT"' not in page.content.decode()
    assert "Not a focus in Brief IPT for depression, adults, which leaves out" in text_of(page)
    assert "Second, clearly linked" not in text_of(page)  # one area at a time
    refused = choose(browser, brief, _role_PA_DEFICIT="primary")
    assert refused.status_code == 422


# ---- the formulation ----


def test_where_the_client_sees_it_differently_stands_on_the_agreements_and_on_the_story(browser, course) -> None:
    differs = "It began before the quarrel, when the nights began"
    saved(send(browser, course, "formulation/", **a_formulation(disagrees=differs, client_fit="5")))

    for page in (address(course), f"/courses/{course.label}/"):
        shown = text_of(browser.get(page))
        assert "Where the client sees it differently" in shown
        assert differs in shown
        assert HERS in shown


def test_events_of_the_timeline_are_ticked_as_what_was_happening_then(browser, course) -> None:
    saved(send(browser, course, "timeline/", text="The project was refused", **{"date.year": "2025"}))
    (event,) = record(course).events

    saved(send(browser, course, "formulation/", **a_formulation(**{"precipitants.0.event": event.id})))

    assert record(course).says("formulation")["precipitants"] == [{"event": event.id}]
    again = browser.get(address(course, "formulation/"), follow=True).content.decode()
    assert re.search(rf'name="precipitants.0.event" value="{event.id}" checked', again)


def test_two_tabs_with_a_first_formulation_keep_both(browser, course) -> None:
    first, second = (fields_on(browser.get(address(course, "formulation/")).content.decode()) for _ in range(2))
    saved(browser.post(address(course, "formulation/"), {**first, **a_formulation(), "_do": "save"}))

    late = browser.post(
        address(course, "formulation/"), {**second, **a_formulation(client_words="Not quite that."), "_do": "save"}
    )

    assert late.status_code == 409
    assert "A newer version came in while you were writing" in text_of(late)
    assert "Not quite that." in text_of(late)
    assert record(course).says("formulation")["client_words"] == HERS
    assert Draft.objects.filter(form="formulation").exists()


def test_a_page_sent_twice_is_one_sheet(browser, course) -> None:
    pairs = {
        **fields_on(browser.get(address(course, "formulation/")).content.decode()),
        **a_formulation(),
        "_do": "save",
    }

    saved(browser.post(address(course, "formulation/"), pairs))
    saved(browser.post(address(course, "formulation/"), pairs))

    assert Entry.objects.filter(form="formulation").count() == 1


def test_a_sign_in_that_ran_out_loses_nothing(service, browser, course) -> None:
    pairs = {
        **fields_on(browser.get(address(course, "formulation/")).content.decode()),
        **a_formulation(),
        "_do": "save",
    }
    browser.logout()

    asked = browser.post(address(course, "formulation/"), pairs)
    assert asked.status_code == 403
    browser.force_login(service.account("T-01"), backend=BACKEND)

    assert HERS in text_of(browser.get(address(course, "formulation/")))


# ---- the agreement ----


def test_the_card_opens_with_what_the_manual_agrees_and_counts_the_last_day(browser, course) -> None:
    page = text_of(browser.get(address(course, "contract/")))
    began = record(course).began_on
    assert re.search(r"12 sessions, to \d+ \w+ \d{4}", page)

    saved(send(browser, course, "contract/", _sessions="12", agreed_how="spoken"))

    said = record(course).says("contract")
    assert (said["sessions_n"], said["agreed_how"], said["agreed_on"]) == (12, "spoken", today().isoformat())
    assert said["planned_end"] == (began + timedelta(weeks=11)).isoformat()
    assert said["review_points"] == [{"session": 3}, {"session": 4}, {"session": 8}, {"session": 12}]
    assert "confidentiality_limits_ack" not in said  # what has to be said aloud is never ticked beforehand
    assert where(open_manual("ipt-classic"), record(course), today()).planned == 12


def test_a_last_day_that_was_written_stays(browser, course) -> None:
    saved(send(browser, course, "contract/", _sessions="", sessions_n="14", planned_end="2099-01-05"))

    said = record(course).says("contract")
    assert (said["sessions_n"], said["planned_end"]) == (14, "2099-01-05")


@pytest.mark.parametrize("typed", ["many", "0", "900"])
def test_a_number_of_sessions_that_is_none_is_named(browser, course, typed) -> None:
    answer = send(browser, course, "contract/", _sessions="", sessions_n=typed)

    assert answer.status_code == 422
    assert f"you wrote “{typed}”" in text_of(answer)


# ---- goals ----


def a_goal(browser: Client, course: Enrolment, **typed) -> str:
    said = {"scope": "self", "statement": "Four evenings out a week", "baseline": "2", "target": "8", **typed}
    saved(send(browser, course, "goal/", **said))
    return record(course).goals[-1].id


def test_goals_stand_with_the_person_they_are_about(service, browser, course) -> None:
    person = begin_thing(by=service.actor(), at=service.at, enrolment=course.label, kind="person")
    save_entry(
        by=service.actor(),
        at=service.at,
        enrolment=course.label,
        form="interpersonal-inventory",
        answers={"alias": "Lena", "relation": "partner"},
        about=person,
    )
    a_goal(browser, course)
    a_goal(browser, course, scope=person, statement="Say what the project meant")

    page = text_of(browser.get(address(course)))

    order = [page.index(words) for words in ("For the client alone", "Four evenings", "Lena", "Say what the project")]
    assert order == sorted(order)


def test_two_reviews_without_movement_ask_what_changes_until_it_is_said(service, browser, course) -> None:
    goal = a_goal(browser, course)
    story = f"/courses/{course.label}/"
    for number in (1, 2):
        hold(service, course, number)
        saved(send(browser, course, f"goal/{goal}/", _now="2"))

    asks = "has stayed at 2 of 10 in two reviews. Change the goal, the plan or what is hoped for?"
    for page in (address(course), story):
        assert asks in text_of(browser.get(page))
        assert f"/agreed/goal/{goal}/" in browser.get(page).content.decode()
    assert "Two reviews found it where it was. What changes?" in text_of(
        browser.get(address(course, f"goal/{goal}/"), follow=True)
    )
    saved(
        send(
            browser,
            course,
            f"goal/{goal}/",
            _stuck="expectation",
            _stuck_words="Two evenings are good enough",
            size="too_big",
            in_my_hands="yes",
            target="5",
        )
    )

    said = record(course).says("goals-and-boundaries", goal)
    assert said["changes"] == [{"session": 2, "what": "expectation", "words": "Two evenings are good enough"}]
    assert (said["size"], said["in_my_hands"], said["target"]) == ("too_big", True, 5)
    assert [row["value"] for row in said["ratings"]] == [2, 2]
    for page in (address(course), story):
        assert asks not in text_of(browser.get(page))


def test_a_goal_for_nobody_comes_back(browser, course) -> None:
    answer = send(browser, course, "goal/", statement="Walk")

    assert answer.status_code == 422
    assert "Say for whom" in text_of(answer)
    assert not Thing.objects.filter(kind="goal").exists()


# ---- who may come in ----


def test_an_outsider_learns_nothing(service, course) -> None:
    outsider = signed_in(service, "Outsider")
    for page in ("", "focus/", "formulation/", "contract/", "alone/", "timeline/", "goal/"):
        assert outsider.get(address(course, page)).status_code == 404


# ---- what it costs ----


@pytest.mark.parametrize("page", ["", "focus/", "formulation/", "contract/", "timeline/", "goal/"])
def test_a_page_asks_the_database_few_questions_however_long_the_record(service, browser, course, page) -> None:
    def asked() -> int:
        browser.get(address(course, page), follow=True)
        with CaptureQueriesContext(connections["default"]) as first, CaptureQueriesContext(connections["keys"]) as keys:
            assert browser.get(address(course, page)).status_code == 200
        around = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
        return len([one for one in (*first, *keys) if not one["sql"].startswith(around)])

    few = asked()
    for year in range(2000, 2012):
        said = {"mark": "event", "date": str(year), "type": "work", "text": "Another year"}
        event = begin_thing(by=service.actor(), at=service.at, enrolment=course.label, kind="event")
        save_entry(
            by=service.actor(), at=service.at, enrolment=course.label, form="timeline", answers=said, about=event
        )

    assert asked() == few <= MOST


def test_a_supervisor_sees_the_focus_and_no_words_and_writes_nothing(service, browser, course) -> None:
    saved(choose(browser, course, _role_PA_DISPUTE="primary"))
    saved(send(browser, course, "formulation/", **a_formulation()))
    account = service.account("S-01", ("supervisor",))
    take_charge(course, account.id, "supervision", service.at)
    reader = Client(HTTP_HOST="localhost")
    reader.force_login(account, backend=BACKEND)

    page = reader.get(address(course))

    assert "Role dispute since" in text_of(page)
    assert HERS not in text_of(page)  # under a code, without anybody's words
    assert "Beginning safely" not in text_of(page)
    assert 'class="btn' not in page.content.decode().split("<main")[1]  # nothing to write
    assert reader.get(address(course, "formulation/")).status_code == 403

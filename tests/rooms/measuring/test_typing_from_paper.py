"""A questionnaire on paper is typed in seconds: its answers or its total, of today or long ago, several in a row."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from one_course import CALM, DAY, MOST_QUERIES, mark, queries, signed_in, text_of, write

from openipt.casebook.models import Entry, Flag
from openipt.casebook.queries.record import record
from openipt.rooms.workspace.measuring.adding import adds_up
from openipt.therapy.forms import form_ids, open_form, score

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

TYPED = {f"q{n}": "1" for n in range(1, 10)}


def pile(course, tail: str = "") -> str:
    return f"/courses/{course.label}/measures/paper/{tail}"


def send(browser: Client, course, form: str = "phq-9", query: str = "", **fields):
    return browser.post(pile(course, f"{form}/{query}"), {"_do": "save", **mark(), **fields})


def test_what_the_manual_asks_for_lies_on_top_and_what_has_no_words_here_is_asked_on_paper(browser, course) -> None:
    page = text_of(browser.get(pile(course)))

    due = page[page.index("Due for the next session") : page.index("Other questionnaires")]
    assert "Type PHQ-9" in due
    assert "very session" in due
    assert "Ask on paper" in text_of(browser.get(pile(course) + "?more"))  # of those nobody may ship


def test_a_typed_questionnaire_is_scored_and_the_next_one_is_offered(browser, course) -> None:
    answer = send(browser, course, **TYPED)

    assert answer.status_code == 302
    [entry] = record(course).of("phq-9")
    assert entry.answers["q9"] == 1
    page = text_of(browser.get(answer["Location"]))
    assert "PHQ-9 was 9 on" in page
    assert "mild" in page
    assert "Next on the pile" in page
    assert "Another PHQ-9" in page


def test_an_answer_about_death_calls_a_person_from_paper_too(browser, course) -> None:
    page = text_of(browser.get(send(browser, course, **TYPED)["Location"]))

    assert Flag.objects.filter(enrolment=course).exists()
    assert "A flag waits for <b>T-01</b>" in page


def test_the_first_button_after_it_leads_to_the_flag(browser, course) -> None:
    page = text_of(browser.get(send(browser, course, **TYPED)["Location"]))

    flag = Flag.objects.get(rule="R1")
    buttons = re.findall(r'<a class="btn( first)?" href="([^"]*)"', page)
    assert buttons[0] == (" first", f"/courses/{course.label}/flags/{flag.id}/")
    assert [first for first, _ in buttons].count(" first") == 1


def test_a_sheet_of_an_earlier_day_stands_under_its_day_and_the_pile_remembers_it(browser, course) -> None:
    day = f"{timezone.now() - 12 * DAY:%Y-%m-%d}"

    answer = send(browser, course, _day=day, **TYPED)

    [entry] = record(course).of("phq-9")
    assert entry.happened_at.date().isoformat() == day
    assert entry.recorded_at.date() == timezone.now().date()
    assert f"day={day}" in answer["Location"]
    assert f'href="{pile(course, "gad-7/")}?day={day}"' in text_of(browser.get(answer["Location"]))
    assert f'value="{day}"' in text_of(browser.get(pile(course, f"gad-7/?day={day}")))


def test_a_reported_total_is_a_kind_of_its_own_and_says_what_it_leaves_unknown(browser, course) -> None:
    answer = send(browser, course, _do="total", _total="14")

    [entry] = record(course).of("phq-9")
    assert (entry.kind, entry.total, dict(entry.answers)) == ("total_only", 14, {})
    page = text_of(browser.get(answer["Location"]))
    assert "reported as a total" in page
    assert "A total does not tell what was answered about thoughts of death" in page
    assert "safety-conversation" in page


def test_enter_in_the_field_of_the_total_saves_the_total(browser, course) -> None:
    """Without a script the first button of the page is pressed; a total alone still means the total."""
    assert send(browser, course, _total="14").status_code == 302
    assert record(course).of("phq-9")[0].total == 14


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Nothing is marked yet"),
        ({"q1": "7"}, "“7” is not one of the answers here"),
        ({"_do": "total", "_total": "28"}, "The total goes from 0 to 27; you wrote “28”"),
        ({"_do": "total", "_total": ""}, "nothing stands there"),
        ({"_do": "total", "_total": "9", "q1": "2"}, "There are answers on the sheet, too"),
        ({"q1": "1", "_day": "2199-01-01"}, "This day lies ahead"),
        ({"q1": "1", "_day": "soon"}, "Write the day as 2025-10-27"),
        ({"q1": "1", "q77": "1"}, "does not ask for it"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_words_and_everything_typed(browser, course, fields, words) -> None:
    beside = {"q2": "3"} if fields and "q1" in fields else {}
    answer = send(browser, course, **beside, **fields)

    assert answer.status_code == 422
    page = text_of(answer)
    assert words in html.unescape(page)
    assert not Entry.objects.filter(enrolment=course, form="phq-9").exists()
    if beside:
        assert re.search(r'name="q2" value="3" checked', page)
    for name in ("_total", "_day"):
        assert f'value="{fields.get(name, "")}"' in page


def test_a_page_sent_twice_is_one_sheet_and_another_text_under_its_mark_is_kept_beside_it(browser, course) -> None:
    same = mark()
    for _ in range(2):
        assert send(browser, course, **TYPED, **same).status_code == 302
    assert len(record(course).of("phq-9")) == 1

    other = send(browser, course, **{**TYPED, **same, "q1": "3"})

    assert other.status_code == 409
    assert len(record(course).of("phq-9")) >= 1


def test_typed_anew_the_older_sheet_stays(browser, course) -> None:
    send(browser, course, **{**TYPED, "q9": "0"})
    [first] = record(course).of("phq-9")
    again = f"?replaces={first.id}"
    assert re.search(r'name="q1" value="1" checked', text_of(browser.get(pile(course, f"phq-9/{again}"))))

    send(browser, course, query=again, **{**TYPED, "q9": "0", "q1": "3"})

    [now] = record(course).of("phq-9")
    assert (now.answers["q1"], now.replaces) == (3, first.id)
    assert any(one.id == first.id for one in record(course).entries)


def test_a_sign_in_that_ran_out_keeps_what_was_typed(browser, service, course) -> None:
    page = text_of(browser.get(pile(course, "phq-9/")))
    made_for = re.search(r'name="_for" value="([^"]+)"', page)[1]
    browser.logout()

    answer = send(browser, course, **TYPED, _for=made_for)
    assert answer.status_code == 403
    again = signed_in(service, "T-01")
    for name, one in answer.cookies.items():
        again.cookies[name] = one.value

    assert re.search(r'name="q9" value="1" checked', text_of(again.get(pile(course, "phq-9/"))))


def test_whoever_has_nothing_to_do_with_the_course_finds_nothing(service, course) -> None:
    outsider = signed_in(service, "T-77")
    for tail in ("", "phq-9/"):
        assert outsider.get(pile(course, tail)).status_code == 404
    assert send(outsider, course, **TYPED).status_code == 404


def test_a_worksheet_is_no_questionnaire_to_type(browser, course) -> None:
    assert browser.get(pile(course, "formulation/")).status_code == 404


@pytest.mark.parametrize("tail", ["", "phq-9/"])
def test_the_pile_asks_few_questions_however_much_was_typed(browser, service, course, tail) -> None:
    before = queries(browser, pile(course, tail))
    for n in range(6):
        write(service, course, "phq-9", CALM, happened_at=timezone.now() - timedelta(days=n))

    assert queries(browser, pile(course, tail)) == before <= MOST_QUERIES


# ---- the total on the page

ADDING = [form for form in map(open_form, form_ids()) if form.kind == "questionnaire" and adds_up(form)]


def test_the_common_questionnaires_add_up_on_the_page() -> None:
    assert {"phq-9", "gad-7", "core-10", "rses"} <= {form.id for form in ADDING}
    assert not adds_up(open_form("mos-sss"))  # a mean, not a sum


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_total_on_the_page_is_the_score_of_the_record(data) -> None:
    form = data.draw(st.sampled_from(ADDING))
    points = json.loads(adds_up(form))
    marked = {item: data.draw(st.sampled_from(sorted(worth))) for item, worth in points.items()}

    shown = sum(points[item][raw] for item, raw in marked.items())

    assert shown == score(form, {item: int(raw) for item, raw in marked.items()}).scores[form.primary]


BLANK = {f"q{n}": "2" for n in range(1, 9)}  # the ninth question, on death, was left blank


def test_a_blank_on_death_is_said_at_once_with_the_question_and_what_follows(browser, course) -> None:
    answer = send(browser, course, **BLANK)

    page = text_of(browser.get(answer["Location"]))
    assert "Made up from the answers given: question 9 was left blank." in page
    assert "PHQ-9 question 9, on thoughts of death or self-harm, was left blank" in page
    assert "A blank is not a no: ask it aloud in the next contact." in page
    [entry] = record(course).of("phq-9")
    assert "question 9 was left blank" in text_of(browser.get(f"/courses/{course.label}/entries/{entry.id}/"))
    assert not Flag.objects.exists()  # by the rules it is for the agenda, and nobody's timed task


@pytest.mark.parametrize("place", ["/", "/courses/{}/", "/courses/{}/sessions/ahead/"])
def test_a_blank_on_death_stands_on_caseload_story_and_agenda_until_somebody_asked(
    browser, service, course, place
) -> None:
    send(browser, course, **BLANK)
    address, words = place.format(course.label), "on thoughts of death or self-harm, was left blank"
    assert words in text_of(browser.get(address))

    write(service, course, "safety-conversation", {"thoughts": 0, "by": "T-01"})

    assert words not in text_of(browser.get(address))

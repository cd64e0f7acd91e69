"""What the client takes and who else cares: each change a fact of its own, nothing overwritten, nobody forgotten."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from one_course import MOST_QUERIES, mark, queries, signed_in, text_of, write

from openipt.casebook.queries.record import record

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

START = {"date": "2026-03-02", "drug": "sertraline", "action": "start", "dose_mg": 50, "prescriber": "Dr Lindqvist"}


def care(course, tail: str = "") -> str:
    return f"/courses/{course.label}/care/{tail}"


def send(browser: Client, course, which: str, query: str = "", **fields):
    return browser.post(care(course, f"{which}/{query}"), {"_do": "save", **mark(), **fields})


def shown(browser: Client, course) -> str:
    return " ".join(text_of(browser.get(care(course))).split())


def test_an_empty_record_says_that_it_is_silent_and_not_that_nothing_is_taken(browser, course) -> None:
    page = shown(browser, course)

    assert "Nothing on record does not mean that nothing is taken" in page
    assert "Ask who else looks after the client" in page


def test_medication_that_stands_in_words_elsewhere_is_shown_until_a_medicine_is_written(
    browser, service, course
) -> None:
    said = {
        "alias": "Robin",
        "medical": "Knees",
        "medication": {"status": "taking", "decision": "Goes on with sertraline"},
    }
    write(service, course, "intake", said)
    write(service, course, "medical-review", {"date": "2026-03-09", "medication": "Sertraline 50 mg in the morning."})
    page = text_of(browser.get(care(course)))

    assert "Knees" not in page
    for words in (
        "“Goes on with sertraline”",
        "medical review of 9 March 2026 says: “Sertraline 50 mg in the",
    ):
        assert words in page
    assert f'href="{care(course, "medicine/")}">Write it down as a medicine' in page
    assert not record(course).of("medication")  # it is shown, and nothing is written by itself

    write(service, course, "medication", START)
    assert "Write it down as a medicine" not in shown(browser, course)


@pytest.mark.parametrize("medication", [{"status": "taking"}, {}])
def test_an_intake_that_names_a_medicine_beside_the_body_is_shown(browser, service, course, medication) -> None:
    write(service, course, "intake", {"alias": "Robin", "medical": "Sertraline 50 mg; knees", "medication": medication})

    assert " says: “Sertraline 50 mg; knees”" in shown(browser, course)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (
            "intake",
            {"alias": "Robin", "medical": "Knees", "medication": {"status": "none", "decision": "Rather talk first"}},
        ),
        ("intake", {"alias": "Robin", "medical": "Back pain"}),
        ("medical-review", {"date": "2026-03-09", "medication": "None."}),
        ("medical-review", {"date": "2026-03-09"}),
    ],
)
def test_what_names_no_medication_is_not_taken_for_it(browser, service, course, form, said) -> None:
    write(service, course, form, said)

    assert " says: “" not in shown(browser, course)


def test_a_change_is_a_new_entry_and_the_medicine_stands_as_the_newest_one_says(browser, course) -> None:
    first = send(browser, course, "medicine", date="2026-03-02", drug="Sertraline", action="start", dose_mg="50")
    assert first.status_code == 303
    assert first["Location"].startswith(care(course))
    second = {"date": "2026-03-16", "drug": "sertraline", "action": "increase", "dose_mg": "100", "adherence": "9"}
    send(browser, course, "medicine", **second)

    page = shown(browser, course)

    assert len(record(course).of("medication")) == 2
    assert "<h3>sertraline, 100 mg.</h3>" in page
    assert "Taken as agreed: 9 of 10, told 16 March 2026" in page
    assert page.index("increased to 100 mg") < page.index("started, 50 mg")


def test_a_medicine_that_was_stopped_is_over_and_can_be_started_again(browser, service, course) -> None:
    write(service, course, "medication", START)
    write(service, course, "medication", {"drug": "Sertraline", "action": "stop", "date": "2026-05-01"})

    page = shown(browser, course)

    assert "<h3>Sertraline: stopped.</h3>" in page
    assert "Start Sertraline again" in page
    assert "Sertraline, 50 mg." not in page


def test_changes_told_late_stand_in_the_order_of_their_days(browser, service, course) -> None:
    write(service, course, "medication", {"drug": "sertraline", "action": "stop", "date": "2026-05-01"})
    write(service, course, "medication", START)

    assert "<h3>sertraline: stopped.</h3>" in shown(browser, course)


def test_the_link_to_stop_knows_which_medicine_and_leaves_the_day_open(browser, service, course) -> None:
    write(service, course, "medication", START)
    link = re.search(r'href="([^"]+action=stop)"', text_of(browser.get(care(course))))[1].replace("&amp;", "&")

    page = text_of(browser.get(link))

    assert 'value="sertraline"' in page
    assert re.search(r'value="stop"[^>]* checked', page)
    assert 'value="2026-03-02"' not in page
    assert browser.get(care(course, "medicine/?of=00000000-0000-0000-0000-000000000000")).status_code == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"drug": "x", "dose_mg": "-5"}, "takes 0 or more"),
        ({"drug": "x", "action": "double"}, "is not one of the answers"),
        ({"drug": "x", "date": "soon"}, "takes a day"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_words(browser, course, fields, words) -> None:
    answer = send(browser, course, "medicine", **fields)

    assert (answer.status_code, words in text_of(answer)) == (422, True)
    assert not record(course).of("medication")


def test_other_care_says_who_leads_and_asks_for_what_was_not_agreed(browser, course) -> None:
    send(browser, course, "other", who="Dr Lindqvist", leads="each", may_talk="spoken", may_talk_on="2026-03-02")
    send(browser, course, "other", who="A counsellor", leads="we", may_talk="not_asked")
    send(browser, course, "other", who="The day clinic", leads="not_agreed", may_talk="no_consent")

    page = shown(browser, course)

    assert "Each leads in their own part." in page
    assert "The client agreed aloud on 2 March 2026 that we talk with each other." in page
    assert "Ask whether the client agrees that you talk with A counsellor." in page
    assert "Agree with The day clinic on who leads." in page
    assert "The client does not want us to talk with each other." in page


def test_care_that_ended_is_a_new_version_and_the_older_one_stays(browser, course) -> None:
    send(browser, course, "other", who="Dr Lindqvist", leads="we", may_talk="not_asked")
    [first] = record(course).of("other-care")

    query = f"?replaces={first.id}"
    send(browser, course, "other", query, who="Dr Lindqvist", leads="we", may_talk="not_asked", ended_on="2026-05-01")

    [now] = record(course).of("other-care")
    assert now.replaces == first.id
    page = shown(browser, course)
    assert "Dr Lindqvist: ended 1 May 2026" in page
    assert "Ask whether" not in page


def test_the_course_story_tells_it_too(browser, service, course) -> None:
    write(service, course, "medication", START)
    write(service, course, "other-care", {"who": "Dr Lindqvist", "leads": "we", "may_talk": "spoken"})

    page = text_of(browser.get(f"/courses/{course.label}/"))

    assert "sertraline started, 50 mg" in page
    assert "We lead." in page


def test_whoever_has_nothing_to_do_with_the_course_finds_nothing(service, course) -> None:
    outsider = signed_in(service, "T-77")
    for tail in ("", "medicine/", "other/"):
        assert outsider.get(care(course, tail)).status_code == 404


def test_the_page_asks_few_questions_however_much_is_on_record(browser, service, course) -> None:
    before = queries(browser, care(course))
    for n in range(1, 8):
        write(service, course, "medication", START | {"drug": f"drug {n}"})
        write(service, course, "other-care", {"who": f"carer {n}", "leads": "we", "may_talk": "spoken"})

    assert queries(browser, care(course)) == before <= MOST_QUERIES

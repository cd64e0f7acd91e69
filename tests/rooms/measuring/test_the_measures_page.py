"""Every measure with its score, band and change in words; life with people stands beside symptoms as an equal."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from casebooks import Service
from django.test import Client
from django.utils import timezone
from one_course import CALM, DAY, MOST_QUERIES, queries, signed_in, text_of, write

from openipt.casebook.operations.changing import begin_thing

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

CAUSES = re.compile(r"because of|caused by|due to|thanks to|\bworks\b", re.IGNORECASE)


def measures(browser: Client, course) -> str:
    answer = browser.get(f"/courses/{course.label}/measures/")
    assert answer.status_code == 200
    return text_of(answer)


def scored(service, course, form: str, value: int, days_ago: int, **more) -> None:
    moment = timezone.now() - days_ago * DAY
    write(service, course, form, {}, kind="total_only", total=value, happened_at=moment, **more)


def test_a_measure_is_told_as_score_band_and_reliable_change(browser, service, course) -> None:
    write(
        service, course, "phq-9", {f"q{n}": 2 for n in range(1, 9)} | {"q9": 0}, happened_at=timezone.now() - 30 * DAY
    )
    write(service, course, "phq-9", {f"q{n}": 1 for n in range(1, 9)} | {"q9": 0})

    page = measures(browser, course)

    assert "PHQ-9 was 8 on" in page
    assert "mild" in page
    assert "PHQ-9 went from 16 to 8: a reliable improvement" in page
    assert "As a table" in page
    assert not CAUSES.search(page)


def test_a_measure_without_a_known_threshold_gets_no_label(browser, service, course) -> None:
    scored(service, course, "mos-sss", 40, 30)
    scored(service, course, "mos-sss", 60, 1)

    page = measures(browser, course)

    people = page[page.index('id="h-people"') : page.index('id="h-together"')]
    assert "MOS-SSS went from 40 to 60; no threshold for reliable change is known for it." in people


def test_life_with_people_is_named_also_while_symptoms_stay_where_they_are(browser, service, course) -> None:
    for days in (30, 1):
        write(service, course, "phq-9", CALM, happened_at=timezone.now() - days * DAY)
    scored(service, course, "mos-sss", 40, 30)
    scored(service, course, "mos-sss", 60, 1)

    page = measures(browser, course)

    lead = re.search(r'<p class="lead">([^<]+)</p>', page)[1]
    assert "support" in lead
    assert page.index('id="h-symptoms"') < page.index('id="h-people"')


def test_answers_about_different_people_never_share_a_line(browser, service, course) -> None:
    how = {"by": service.actor(), "at": timezone.now(), "enrolment": course.label}
    people = [begin_thing(**how, kind="person") for _ in range(2)]
    for person, values in zip(people, ((2, 8), (9, 9)), strict=True):
        for days, value in zip((20, 1), values, strict=True):
            moment = timezone.now() - days * DAY
            said = {"person": person, "satisfaction": value}
            write(service, course, "own-satisfaction", said, about=person, happened_at=moment)

    page = measures(browser, course)

    assert len(re.findall(r"<h3>Satisfaction 0-10, ", page)) == 2
    assert "went from 2 to 8" in page
    assert "went from 9 to 9" in page
    assert "went from 2 to 9" not in page


def test_medicines_other_care_and_life_events_are_marked_on_the_axis_and_in_the_table(browser, service, course) -> None:
    days = {name: f"{timezone.now() - n * DAY:%Y-%m-%d}" for name, n in (("moved", 20), ("start", 15), ("care", 10))}
    for ago in (30, 1):
        write(service, course, "phq-9", CALM, happened_at=timezone.now() - timedelta(days=ago))
    write(service, course, "timeline", {"mark": "event", "text": "Moved house", "date": days["moved"]})
    drug = {"drug": "sertraline", "action": "start", "dose_mg": 50, "date": days["start"]}
    write(service, course, "medication", drug)
    carer = {"who": "Dr Lindqvist", "leads": "we", "may_talk": "spoken", "since": days["care"]}
    write(service, course, "other-care", carer)

    page = measures(browser, course)

    for words in ("Moved house", "sertraline started, 50 mg", "Care by Dr Lindqvist began"):
        assert page.count(words) >= 2, words  # drawn, and in the table behind the drawing


def test_the_supervisor_sees_scores_and_no_words(clinic_of_words) -> None:
    supervisor, course = clinic_of_words

    page = measures(supervisor, course)

    assert "PHQ-9 was 8" in page
    assert "Moved to Aunt Olga" not in page
    assert "Robin" not in page
    assert "Type from paper" not in page


@pytest.fixture
def clinic_of_words(service: Service, course):
    from openipt.casebook.operations.beginning import take_charge

    watching = signed_in(service, "S-01", ("supervisor",))
    take_charge(course, service.staff["S-01"].id, "supervision", service.at)
    day = f"{timezone.now() - 20 * DAY:%Y-%m-%d}"
    for ago in (30, 1):
        write(service, course, "phq-9", CALM, happened_at=timezone.now() - timedelta(days=ago))
    write(service, course, "timeline", {"mark": "event", "text": "Moved to Aunt Olga", "date": day})
    return watching, course


def test_whoever_has_nothing_to_do_with_the_course_finds_nothing(service, course) -> None:
    assert signed_in(service, "T-77").get(f"/courses/{course.label}/measures/").status_code == 404


def test_the_page_asks_few_questions_however_much_was_answered(browser, service, course) -> None:
    address = f"/courses/{course.label}/measures/"
    write(service, course, "phq-9", CALM)
    before = queries(browser, address)
    for n in range(1, 8):
        write(service, course, "phq-9", CALM, happened_at=timezone.now() - n * DAY)
        scored(service, course, "mos-sss", 40 + n, n)

    assert queries(browser, address) == before <= MOST_QUERIES

"""The expected course on the page of a course: nothing of it at 99 finished courses, all of it with words at 100."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from casebooks import Service, a_service
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from evidence.records import kept_until_the_end
from finished_courses import finished, keep_finished, running

from openipt.casebook.operations.expecting import learn_expected
from openipt.exchange.keeping import keep
from openipt.therapy.words import catalogue

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "therapy" / "insight"))
from banned import banned_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
GOOD = {0: 18.0, 1: 16.0, 2: 14.0}
WELL = {0: 7.0, 1: 6.0, 2: 6.0}
RISING = {0: 18.0, 1: 21.0, 2: 22.0}


@pytest.fixture(scope="module")
def of_99(django_db_setup, django_db_blocker) -> Iterator[Service]:
    """A service with courses in their third week beside 99 that have ended, made once for all tests of this page."""
    with django_db_blocker.unblock(), kept_until_the_end():
        made = a_service(AT)
        for label, weeks in {"RUN-1": GOOD, "RUN-2": WELL, "RUN-3": RISING}.items():
            keep(running(weeks, AT.date() - timedelta(days=14), label), made.keeper())
        for one in finished(100)[:99]:
            keep(one, made.keeper())
        yield made


@pytest.fixture
def service(of_99: Service, db) -> Service:
    of_99.organisation.refresh_from_db()
    return of_99


def learned(service: Service, courses: int) -> None:
    keep_finished(service, courses, first=99)
    learn_expected(service.organisation, AT)


def page(service: Service, label: str, more: str = "") -> str:
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(service.staff["T-01"], backend="openipt.accounts.backend.Backend")
    answer = browser.get(f"/courses/{label}/{more}")
    assert answer.status_code == 200
    return answer.content.decode()


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text[text.index("<main") : text.index("</main>")]))


OF_IT = (
    "f-band", "80 of 100", "expected here from this start", "people here who started", "of 100 people here",
    "finished courses of this service",
)  # fmt: skip


@pytest.mark.parametrize("label", ["RUN-1", "RUN-3"])
def test_at_99_finished_courses_no_band_no_number_and_no_sentence(service: Service, label: str) -> None:
    learned(service, 99)
    for more in ("", "sessions/3/", f"?on={AT.date()}"):
        shown = page(service, label, more)
        assert [text for text in OF_IT if text in shown] == []


def test_at_100_a_band_with_its_table_the_outlook_in_words_and_what_it_rests_on(service: Service) -> None:
    learned(service, 100)
    shown = page(service, "RUN-1", f"?on={AT.date()}")
    said = words(shown)

    assert shown.count('class="f-band"') == 4  # wide and narrow, each with its key
    rows = re.findall(r"expected here from this start[^<]*", shown)
    assert len(rows) >= 2 * 15  # each week of the band stands in the table behind each picture
    assert re.search(
        r"Compared with people here who started at a similar score and went on alike, \d+ in 100 would be without a "
        r"reliable change for the better on 25 May 2026. It is an estimate.",
        said,
    )
    assert "The band: of 100 people here who started at 18, about 80 lie in it each week." in said
    assert "It rests on 100 finished courses of this service: an estimate, not a promise." in said
    start = said.index("Compared with people here")
    assert banned_in(said[start : start + 600]) == []


def test_the_state_and_its_reason_are_the_same_on_course_and_caseload(service: Service) -> None:
    learned(service, 100)
    course = words(page(service, "RUN-3", f"?on={AT.date()}"))

    assert "Less change than hoped for by now" in course or "less change than hoped for by now" in course
    assert "15 in 100 or fewer would stand there" in course
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(service.staff["T-01"], backend="openipt.accounts.backend.Backend")
    listed = browser.get(f"/?on={AT.date()}").content.decode()
    row = listed[listed.index("/courses/RUN-3/") :][:1500]
    assert "started at a similar score" in row


def test_nothing_is_expected_of_somebody_who_began_below_the_clinical_range(service: Service) -> None:
    learned(service, 100)
    shown = page(service, "RUN-2", f"?on={AT.date()}")

    assert [text for text in OF_IT if text in shown] == []


def test_on_days_before_it_was_learned_the_page_is_as_it_was(service: Service) -> None:
    eve = f"?on={AT.date() - timedelta(days=1)}"
    before = words(page(service, "RUN-3", eve))
    learned(service, 100)

    assert words(page(service, "RUN-3", eve)) == before


def test_it_costs_no_question_more(service: Service) -> None:
    def asked() -> int:
        page(service, "RUN-1")
        with CaptureQueriesContext(connections["default"]) as queries:
            page(service, "RUN-1")
        return len(queries)

    before = asked()
    learned(service, 100)
    assert asked() == before


def test_every_line_that_can_be_said_of_it_is_in_the_catalogue_and_promises_nothing() -> None:
    lines = {name: str(line) for name, line in catalogue("en").lines.items() if name.startswith("progress.outlook.")}
    assert len(lines) == 3
    assert all("Compared with people here who started at a similar score" in line for line in lines.values())

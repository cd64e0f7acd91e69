"""What cannot be taken comes back with everything on it; whoever may not write learns and stores nothing."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from casebooks import Service
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.test import RequestFactory
from test_filling import CALM, PHQ9, SHORT_TALK, TALK, counted, send, words_of
from uuid_utils.compat import uuid7

from openipt.casebook.models import Entry
from openipt.rooms.filling.refusals import bad_request

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

# ---- what cannot be taken ----


def test_what_cannot_be_taken_is_listed_with_links_and_everything_stays_as_it_was_typed(visitor, clinic) -> None:
    before = counted()
    typed = SHORT_TALK | {"mood_after": "11", "lines.0.delivery.silence_s": "a while", "where": "x" * 401}
    page = send(visitor, TALK, typed).content.decode()

    assert page.index("Not saved yet: 3 places") < page.index("data-fill")
    for name in ("f-lines-0-delivery-silence_s", "f-where", "f-mood_after-0"):
        assert f'href="#{name}"' in page
        assert f'id="{name}"' in page
    assert "Up to 400 characters fit here; these are 401." in page
    assert 'value="a while"' in page
    assert f'value="{"x" * 401}"' in page
    assert "This goes from 0 to 10; you wrote “11”." in page
    assert counted() == before


def test_a_field_that_the_sheet_does_not_ask_is_named_and_its_text_shown(visitor, clinic) -> None:
    before = counted()
    answer = send(visitor, TALK, SHORT_TALK | {"diagnosis": "F32.1", "lines.0.speaker.x": "1", "lines.x": "2"})
    assert answer.status_code == 422
    assert all(part in words_of(answer) for part in ("diagnosis", "F32.1", "lines.0.speaker.x", "lines.x"))
    assert counted() == before


@pytest.mark.parametrize("form_id", ["course-sheet", "session-sheet"])
def test_a_sheet_that_pages_are_read_from_cannot_be_stored_half(visitor, clinic, form_id: str) -> None:
    before = counted()
    answer = send(visitor, f"/courses/C02/fill/{form_id}/?session=S05", {})
    assert answer.status_code == 422
    assert "Pages of the course are made from this answer" in words_of(answer)
    assert counted() == before


BODIES = {
    "a lone surrogate": b"_do=save&_id=%s&outcome=%%ED%%A0%%80",
    "bytes that are no text": b"_do=save&_id=%s&outcome=%%FF%%FE",
    "a zero character": b"_do=save&_id=%s&outcome=a%%00b&with_person=%%00",
    "names of nothing": b"_do=save&_id=%s&=1&.=2&...=3&lines..said=4",
    "a deep path": b"_do=save&_id=%s&" + b".".join([b"lines"] * 3000) + b"=1",
    "rows without end": b"_do=save&_id=%s&" + b"&".join(b"lines.%d.said=x" % n for n in range(900)),
    "a row far away": b"_do=save&_id=%s&lines.999999.said=x&lines.99999999999999999999.said=y",
    "the same question many times": b"_do=save&_id=%s&" + b"&".join([b"with_person=x", b"with_person=y"] * 99),
    "no act": b"_id=%s&outcome=x",
    "an act nobody knows": b"_do=explode&_id=%s&outcome=x",
    "a row of nothing": b"_do=add:x.y.z&_id=%s",
    "a row taken from nowhere": b"_do=remove:lines.77.x&_id=%s",
}


@pytest.mark.parametrize("case", BODIES)
def test_no_body_whatever_breaks_the_page(visitor, clinic, case: str) -> None:
    body = BODIES[case].replace(b"%s", str(uuid7()).encode()).replace(b"%%", b"%")
    answer = visitor.post(TALK, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (200, 303, 422)


def test_five_megabytes_or_ten_thousand_fields_are_refused_before_anything_is_read(visitor, clinic) -> None:
    before = counted()
    assert send(visitor, TALK, {"outcome": "x" * 5_000_000}).status_code in (400, 413)
    assert send(visitor, TALK, {f"lines.{n}.said": "x" for n in range(10_000)}).status_code in (400, 413)
    assert counted() == before


@pytest.mark.parametrize("problem", [RequestDataTooBig(), TooManyFieldsSent()])
def test_too_much_at_once_is_said_calmly(db, problem: Exception) -> None:
    answer = bad_request(RequestFactory().post(TALK), problem)
    assert answer.status_code == 413
    assert "nothing was stored" in words_of(answer)


def test_two_megabytes_of_text_come_back_on_the_page(visitor, clinic) -> None:
    answer = send(visitor, TALK, {"outcome": "word " * 400_000})
    assert answer.status_code == 422
    assert "Up to 4,000 characters fit here; these are 2,000,000." in words_of(answer)
    assert answer.content.count(b"word ") >= 400_000


def test_what_is_typed_stands_on_the_page_as_text_only(visitor) -> None:
    mean = '"></textarea><script>alert(1)</script>'
    page = send(visitor, TALK, {"outcome": mean, "where": mean, "mood_after": mean, mean: mean}).content.decode()
    assert "<script>alert" not in page


# ---- whoever may not ----


def test_the_outsider_meets_nothing_learns_nothing_and_stores_nothing(outsider, clinic) -> None:
    before = counted()
    for typed in (CALM, {"q1": "77"}, {}):
        theirs, missing = (send(outsider, f"/courses/{name}/fill/phq-9/", typed) for name in ("C02", "K-NOBODY"))
        assert (theirs.status_code, missing.status_code) == (404, 404)
        assert words_of(theirs) == words_of(missing)
    for do in ("keep", "add:lines", "drop", "total"):
        assert send(outsider, TALK, SHORT_TALK, do=do).status_code in (302, 404)
    assert outsider.get(PHQ9).status_code == 404
    assert counted() == before


def test_a_supervisor_reads_and_does_not_write_for_the_therapist(supervisor, clinic) -> None:
    before = counted()
    for answer in (supervisor.get(PHQ9), send(supervisor, PHQ9, CALM), send(supervisor, PHQ9, {"q1": "77"})):
        assert answer.status_code == 403
        assert "Not yours to write" in words_of(answer)
        assert "Mateo" not in words_of(answer)
    assert "/fill/" not in supervisor.get(f"/courses/C02/entries/{the_newest('phq-9')}/").content.decode()
    assert counted() == before


def the_newest(form: str) -> UUID:
    return Entry.objects.filter(enrolment__label="C02", form=form).latest("seq").id


def test_whoever_runs_the_machine_writes_nothing(operator, clinic) -> None:
    assert operator.get(PHQ9).status_code in (403, 404)
    assert send(operator, PHQ9, CALM).status_code in (403, 404)


def test_a_form_that_is_on_no_shelf_is_missing(visitor) -> None:
    for name in ("nothing", "..", "phq-99", "a" * 500):
        assert visitor.get(f"/courses/C02/fill/{name}/").status_code == 404
        assert send(visitor, f"/courses/C02/fill/{name}/", CALM).status_code == 404


def test_a_form_from_elsewhere_stores_nothing(visitor, clinic) -> None:
    before = counted()
    visitor.handler.enforce_csrf_checks = True
    assert send(visitor, PHQ9, CALM).status_code == 403
    assert counted() == before


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "head"])
def test_other_ways_of_asking_break_nothing(visitor, clinic, method: str) -> None:
    before = counted()
    for address in (PHQ9, f"{PHQ9}draft", PHQ9.replace("phq-9", str(uuid4()))):
        assert getattr(visitor, method)(address).status_code < 500
    assert counted() == before


def test_the_page_is_quiet_about_where_it_is(visitor, clinic: Service) -> None:
    page = visitor.get(PHQ9)
    assert page["Cache-Control"] == "no-store, private"
    assert "script-src" not in page["Content-Security-Policy"]
    assert "default-src 'self'" in page["Content-Security-Policy"]

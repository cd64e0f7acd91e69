"""Whoever has nothing to do with a course learns nothing; no text breaks a page, and no page calls anybody a risk."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone
from rooms.writing.desk import NEVER, a_card, a_client, a_session, actor, begun, outcome, signed_in, text_of

from openipt.casebook.models import Draft, Enrolment, Entry, Flag, Thing
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.flagging import answer_flag
from openipt.casebook.queries.flags import flag_told

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


# ---- every door ----


def addresses(course: Enrolment, label: str, flag: Flag) -> list[tuple[str, str, dict[str, object]]]:
    """Every address that writes, and every page to write on: method, address, what it is sent."""
    one, met = f"/courses/{course.label}/", f"/courses/{course.label}/meetings/{label}/"
    return [
        ("get", one + "sessions/new/", {}),
        ("post", one + "sessions/new/", a_session()),
        ("get", one + "sessions/missed/", {}),
        ("post", one + "sessions/missed/", a_session(kind="no_show")),
        ("get", one + "move/", {}),
        ("post", one + "move/", {"to": "ipt-phone", "why": "Away."}),
        ("get", met, {}),
        ("post", met + "after/", a_card()),
        ("post", met + "draft/", a_card()),
        ("post", met + "drop/", a_card()),
        ("get", met + "amend/", {}),
        ("post", met + "amend/", a_session(kind="joint")),
        ("get", met + "note/", {}),
        ("post", met + "note/sign/", {"text": "Mine."}),
        ("post", met + "note/add/", {"addendum": "Mine."}),
        ("get", met + "note.txt", {}),
        ("get", one + "flags/", {}),
        ("get", one + f"flags/{flag.id}/", {}),
        ("post", one + f"flags/{flag.id}/outcome/", outcome()),
        ("post", one + f"flags/{flag.id}/hand-over/", {"to": str(uuid4())}),
    ]


def rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Enrolment, Entry, Thing, Draft))


def test_the_outsider_meets_nothing_at_any_address(browser, service, course, flag) -> None:
    label, outsider = begun(browser, course), signed_in(service, "T-99")
    before = rows()

    for method, address, sent in addresses(course, label, flag):
        theirs = getattr(outsider, method)(address, sent)
        missing = getattr(outsider, method)(address.replace(course.label, "K-NOBODY"), sent)
        assert (theirs.status_code, missing.status_code) == (404, 404), address

    assert rows() == before


def test_a_reader_may_not_write(browser, service, course, flag) -> None:
    label, watching = begun(browser, course), service.account("S-01", ("supervisor",))
    take_charge(course, watching.id, "supervision", service.at)
    reader = signed_in(service, "S-01")
    before = rows()

    for method, address, sent in addresses(course, label, flag):
        if method == "post":
            assert getattr(reader, method)(address, sent).status_code in (302, 403, 404, 422), address
    assert reader.get("/courses/new/").status_code == 403
    assert reader.post("/courses/new/", a_client()).status_code == 403

    assert rows() == before
    assert flag_told(actor(course), course.label, str(flag.id), timezone.now()).waits


def test_without_the_token_of_the_page_nothing_is_written(service, browser, course, flag) -> None:
    label, strict = begun(browser, course), signed_in(service, "T-01", enforce_csrf_checks=True)
    before = rows()

    for method, address, sent in addresses(course, label, flag):
        if method == "post":
            assert strict.post(address, sent).status_code == 403, address

    assert rows() == before


def test_an_address_that_writes_is_not_written_by_looking_at_it(browser, course, flag) -> None:
    label = begun(browser, course)
    posted = {address for method, address, _ in addresses(course, label, flag) if method == "post"}
    read = {address for method, address, _ in addresses(course, label, flag) if method == "get"}

    before = rows()

    for address in posted - read:
        # Looked at, an address that takes words leads to its page: whoever has to sign in again comes by here.
        expected = 302 if address.endswith(("/after/", "/sign/", "/add/", "/outcome/", "/hand-over/")) else 405
        assert browser.get(address).status_code == expected, address
    assert rows() == before


@pytest.mark.parametrize("size", [100_000, 2_000_000, 6_000_000])
def test_very_much_text_is_refused_in_words_and_never_breaks_the_page(browser, course, flag, size: int) -> None:
    label = begun(browser, course)
    much = "x" * size
    for address, sent in (
        (f"/courses/{course.label}/meetings/{label}/after/", a_card(mood_event_link=much)),
        (f"/courses/{course.label}/meetings/{label}/note/sign/", {"text": much}),
        (f"/courses/{course.label}/flags/{flag.id}/outcome/", outcome(words=much)),
        (f"/courses/{course.label}/sessions/missed/", a_session(kind="no_show", own_words=much)),
        ("/courses/new/", a_client(called=much)),
    ):
        assert browser.post(address, sent).status_code in (400, 413, 422), address


@pytest.mark.parametrize("broken", ["%ED%A0%80", "%FF%FE", "%00"])
def test_characters_that_no_text_has_never_break_the_page(browser, course, flag, broken: str) -> None:
    label = begun(browser, course)
    plain = "application/x-www-form-urlencoded"
    for address, body in (
        (f"/courses/{course.label}/meetings/{label}/after/", f"_id={uuid4()}&mood_event_link={broken}&tasks={broken}"),
        (f"/courses/{course.label}/meetings/{label}/draft/", f"_id={uuid4()}&mood_event_link={broken}"),
        (f"/courses/{course.label}/meetings/{label}/note/sign/", f"text={broken}"),
        (f"/courses/{course.label}/flags/{flag.id}/outcome/", f"_id={uuid4()}&what=closed&words={broken}"),
        (f"/courses/{course.label}/sessions/new/", f"day={broken}&time={broken}&kind={broken}"),
        ("/courses/new/", f"called={broken}&manual={broken}"),
    ):
        assert browser.post(address, body, content_type=plain).status_code < 500, address


def test_no_page_here_calls_anybody_a_risk(browser, course, flag, service) -> None:
    label = begun(browser, course)
    answer_flag(
        by=service.actor(),
        at=timezone.now(),
        flag=flag.id,
        words="Spoken.",
        closes=True,
        no_conversation="Rung at once: ticked by mistake.",
    )
    for method, address, _ in addresses(course, label, flag):
        if method == "get":
            answer = browser.get(address)
            assert answer.status_code == 200, address
            assert not NEVER.search(text_of(answer)), address

"""The client's own material on a phone that somebody else may hold: nothing asked alone shows, and words are plain."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone
from rooms.portal.conftest import Phone, a_phone
from rooms.portal.test_between_sessions import a_session
from rooms.portal.test_own_life import LIMIT, a_goal
from rooms.portal.test_own_people import somebody
from rooms.portal.test_own_sheets import FEELING, mark, place, send, write
from rooms.portal.test_own_talk import AGAIN, LINES, TALK, a_talk
from rooms.portal.test_safe_on_the_phone import CALM, FEARED
from rooms.portal.test_words_of_the_portal import RUSH, sentences
from therapy.lessons.test_reading_grade import AMERICAN, GRADE, NEVER, grade

from openipt.casebook.models import Flag
from openipt.casebook.queries.own import open_own
from openipt.rooms.portal.questions.asking import key_of
from openipt.rooms.portal.worksheets.shelf import suits_now

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

PAGES = ["/my/", "/my/more/", "/my/people/", "/my/sheets/", "/my/read/", "/my/life/", "/my/goals/", "/my/well/"]
PAGES += ["/my/well/now/", "/my/day/", f"/my/sheets/{key_of(FEELING)}/5/", LINES, AGAIN]
# words of the house, keys, ids, numbers of steps and lines: nothing that anybody wrote, and no name of a sheet
PLAIN = re.compile(r"(/[a-z]{1,10}|/[0-9a-f]{8}|/[0-9a-f-]{36}|/[0-9]{1,2})+/(#[a-z-]+|\?[a-z=&0-9]+(#next)?)?")
FEAR = {"alias": "Lena", "safety": "fear_or_coercion"}


def a_life(phone: Phone) -> str:
    """People, a talk begun, a goal with a limit, a plan: everything that could change."""
    a_session(phone, days_ago=10)
    lena = somebody(phone)
    a_goal(phone, boundary=LIMIT)
    phone.write(
        "relapse-plan", {"what_worked": [{"text": "Asking early"}], "my_early_signs": [{"text": "Late nights"}]}
    )
    phone.write("dispute-map", {"person": lena, "issue_one_line": "The date"})
    a_talk(phone)
    return lena


def shown(phone: Phone, *more: str) -> dict[str, bytes]:
    """Every page, without the marks that are new each time."""
    marks = rb'value="[A-Za-z0-9_:.-]{30,}"'
    return {one: re.sub(marks, b"", phone.get(one).content) for one in [*PAGES, *more]}


@pytest.mark.parametrize("answered", [FEARED, CALM])
def test_an_answer_given_alone_changes_no_byte(phone, answered, monkeypatch) -> None:
    lena = a_life(phone)
    at = timezone.now()
    monkeypatch.setattr("openipt.rooms.portal.hall.doors.timezone.now", lambda: at)
    person = f"/my/people/{lena}/"
    before = shown(phone, person)

    phone.write("violence-check", {**answered, "about": [lena]})
    phone.write("safety-conversation", {"plan": answered is FEARED})

    assert Flag.objects.exists() == (answered is FEARED)
    assert shown(phone, person) == before


@pytest.mark.parametrize("answered", [FEARED, CALM])
def test_with_a_couple_the_offers_do_not_follow_from_what_was_asked_alone(service, answered) -> None:
    phone = a_phone(service, manual="ipt-cm")
    at = timezone.now()
    before = open_own(phone.actor(), "goals_homework", "read", at)

    for asked_of in ("client", "partner"):
        phone.write("violence-check", {**answered, "about": ["all_current"], "asked": asked_of})

    after = open_own(phone.actor(), "goals_homework", "read", at)
    assert after.due == before.due
    assert suits_now(after) == suits_now(before)
    assert not [one for one in after.known.entries if one.form == "violence-check"]


def test_the_comparison_could_see_a_difference(phone) -> None:
    a_life(phone)
    before = shown(phone)
    phone.write("overwhelm-signs", {"signs": [{"text": "Cold hands"}]})

    assert shown(phone) != before


def test_what_the_therapist_asked_of_a_person_alone_stands_on_no_page(phone) -> None:
    lena = somebody(phone)
    phone.write("interpersonal-inventory", FEAR, about=lena, replaces=phone.entries("interpersonal-inventory")[0].id)

    page = phone.text(f"/my/people/{lena}/")

    assert "fear" not in page.lower()
    assert "Safety" not in page


@pytest.mark.parametrize("way", ["write_only", "paper"])
def test_whoever_holds_the_phone_reads_nothing_that_was_written(phone, way) -> None:
    phone.send("/my/life/", text="canary life", date__year="2025", _do="send")
    phone.send("/my/well/", text="canary gain", helped="canary help", _do="send")
    phone.send("/my/goals/", statement="canary goal", _do="send")
    phone.write("relapse-plan", {"what_worked": [{"text": "canary plan"}], "my_early_signs": [{"text": "canary sign"}]})
    write(phone, "event", event="canary draft")
    a_talk(phone)
    phone.write("safe-contact", {"way": way})

    everything = "".join(phone.text(one) for one in PAGES)

    assert "canary" not in everything
    assert "You never ask." not in everything


def test_no_address_and_no_title_tells_what_it_is_about(phone) -> None:
    a_life(phone)
    write(phone, "event", event="canary")
    told = send(phone)
    pages = {one: phone.text(one) for one in [*PAGES, told["Location"]]}
    links = re.findall(r'(?:href|action)="(/my/[^"]*)"', "".join(pages.values()))

    assert len(set(links)) > 60
    for one in links:
        assert re.fullmatch(
            r"(/[a-z]{1,10}|/[0-9a-f]{8}|/[0-9a-f-]{36}|/[0-9]{1,2})+/(#[a-z-]+|\?[a-z=&0-9]+(#next)?)?", one
        ), one
    assert all("<title>Notes</title>" in one for one in pages.values())


def test_every_page_for_writing_says_that_nobody_watches_and_where_help_is(phone) -> None:
    lena = a_life(phone)
    for one in [*PAGES, f"/my/people/{lena}/", f"/my/sheets/{key_of(TALK)}/all/"]:
        page = phone.text(one)
        assert 'href="/my/help/"' in page
        if "<textarea" in page:
            assert "Nobody watches this" in page, one


@pytest.mark.parametrize(
    ("address", "name"), [("/my/well/", "text"), ("/my/life/", "text"), ("/my/goals/", "statement")]
)
def test_a_sign_in_that_ran_out_keeps_the_words(phone, address, name) -> None:
    page = phone.text(address)
    said = {"_id": mark(phone, address), "_for": re.search(r'name="_for" value="([^"]+)"', page)[1], "_do": "send"}
    phone.browser.logout()

    told = phone.browser.post(address, {**said, name: "Words that wait"})

    assert told.status_code == 403
    phone.browser.force_login(phone.account, backend="openipt.accounts.backend.Backend")
    assert "Words that wait" in phone.text(address)


def test_a_sign_in_that_ran_out_on_a_step_keeps_the_words(phone) -> None:
    address = f"/my/sheets/{key_of(FEELING)}/{place(FEELING, 'event')}/"
    page = phone.text(address)
    said = {"_id": mark(phone, address), "_for": re.search(r'name="_for" value="([^"]+)"', page)[1], "_do": "next"}
    phone.browser.logout()

    phone.browser.post(address, {**said, "event": "Words that wait"})

    phone.browser.force_login(phone.account, backend="openipt.accounts.backend.Backend")
    assert "Words that wait" in phone.text(address)


def test_another_client_finds_nothing_of_it(phone, service) -> None:
    lena = a_life(phone)
    write(phone, "event", event="canary")
    send(phone)
    (entry,) = phone.entries(FEELING)
    goal = phone.entries("goals-and-boundaries")[0].about
    other = a_phone(service)

    for one in [f"/my/people/{lena}/", f"/my/written/{entry.id}/", f"/my/kept/{entry.id}/", f"/my/goals/{goal}/now/"]:
        assert other.get(one).status_code == 404
        assert other.browser.post(one, {"_id": str(uuid4()), "now": "3", "alias": "x"}).status_code == 404
    assert b"canary" not in b"".join(shown(other).values())


def test_a_newer_version_under_a_foreign_id_is_no_way_in(phone, service) -> None:
    write(phone, "event", event="canary")
    send(phone)
    (entry,) = phone.entries(FEELING)
    other = a_phone(service)

    told = other.browser.post(f"/my/sheets/{key_of(FEELING)}/", {"_id": str(uuid4()), "from": str(entry.id)})

    assert told.status_code in (302, 404)
    assert "canary" not in other.text(f"/my/sheets/{key_of(FEELING)}/2/")


# ---- words ----


def test_the_pages_read_at_grade_six_and_blame_nobody(phone) -> None:
    lena = a_life(phone)
    write(phone, "did", did="Walked")
    told = send(phone)
    pages = {one: phone.text(one) for one in [*PAGES, f"/my/people/{lena}/", told["Location"]]}
    pages["over"] = phone.text(f"/my/sheets/{key_of(TALK)}/all/")
    pages["before"] = phone.text(f"/my/sheets/{key_of(FEELING)}/")
    read = {name: sentences(page) for name, page in pages.items()}

    too_hard = {name: round(grade(found), 1) for name, found in read.items() if len(found) > 2 and grade(found) > GRADE}

    assert too_hard == {}
    for name, found in read.items():
        for one in found:
            assert not NEVER.search(one), (name, one)
            assert not AMERICAN.search(one), (name, one)
            assert not RUSH.search(one), (name, one)


def test_the_pages_of_the_client_carry_no_script(phone) -> None:
    a_life(phone)
    assert settings.CONTENT_SECURITY_POLICY
    scripts = {one for address in PAGES for one in re.findall(r"<script[^>]*>", phone.text(address))}
    assert scripts <= {'<script type="module" src="/static/portal/draft.js">'}  # it keeps what is being written

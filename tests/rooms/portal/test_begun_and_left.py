"""A goal, a limit, what is said of somebody: what was begun waits for its writer, unseen on a phone that only sends."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from rooms.portal.conftest import Phone
from rooms.portal.test_between_sessions import answers_of
from rooms.portal.test_own_life import GOAL, LIMIT, a_goal, ended
from rooms.portal.test_own_people import SHEET, somebody
from rooms.test_query_counts import MOST, asked

from openipt.casebook.models import Draft

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
WORDS = "What I have in mind"
ONLY_SENDS = {"way": "write_only"}
LINE = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"')


def a_goal_of_ones_own(phone: Phone) -> tuple[str, dict[str, Any], str]:
    return "/my/goals/", {"scope": "self", "statement": WORDS}, GOAL


def how_a_limit_went(phone: Phone) -> tuple[str, dict[str, Any], str]:
    return f"/my/goals/{a_goal(phone, boundary={**LIMIT, 'safe_to_say': 'yes'})}/went/", {"note": WORDS}, GOAL


def what_one_says_of_somebody(phone: Phone) -> tuple[str, dict[str, Any], str]:
    return f"/my/people/{somebody(phone)}/", {"alias": "Lena", "satisfying": WORDS}, SHEET


def how_it_is_after_the_ending(phone: Phone) -> tuple[str, dict[str, Any], str]:
    ended(phone, 2)
    return "/my/well/now/", {"note": WORDS}, "check-in"


SHEETS = [a_goal_of_ones_own, how_a_limit_went, what_one_says_of_somebody, how_it_is_after_the_ending]
PREPARES = pytest.mark.parametrize("prepares", SHEETS, ids=lambda one: one.__name__)


def comes_in(phone: Phone) -> None:
    phone.browser.force_login(phone.account, backend="openipt.accounts.backend.Backend")


def hidden(page: str) -> dict[str, str]:
    """The marks of the sheet: its id, the version it was made from."""
    sheet = page[page.index('id="sheet"') :]
    return {name: value for name, value in LINE.findall(sheet) if name in ("_id", "_replaces")}


def leaves(phone: Phone, address: str, said: dict[str, Any]) -> None:
    """Write on a page and tap 'Leave now'."""
    page = phone.text(address)
    assert 'form="sheet" name="_do" value="leave"' in page
    assert phone.browser.post(address, {**hidden(page), **said, "_do": "leave"})["Location"] == "/away/"
    assert phone.get(address).status_code == 302, "signed out"
    comes_in(phone)


@PREPARES
def test_what_was_left_in_a_hurry_stands_there_again_and_is_sent_once(phone, prepares) -> None:
    address, said, form = prepares(phone)
    before = len(phone.entries(form))
    leaves(phone, address, said)

    page = phone.text(address)
    assert WORDS in page
    assert "You began this before." in page
    assert len(phone.entries(form)) == before, "nothing was sent"
    told = phone.browser.post(address, {**hidden(page), **said, "_do": "send"})

    assert told.status_code == 302
    assert WORDS in str(answers_of(phone.entries(form)[-1]))
    assert len(phone.entries(form)) == before + 1
    assert not Draft.objects.exists()


@PREPARES
def test_a_page_keeps_what_is_typed_while_it_is_typed(phone, prepares) -> None:
    address, said, _ = prepares(phone)
    page = phone.text(address)
    assert "data-keeps" in page
    assert "portal/draft.js" in page

    assert phone.browser.post(address, {**hidden(page), **said, "_do": "keep"}).status_code == 204

    assert WORDS in phone.text(address)
    assert f'href="{address}"' in phone.text("/my/begun/")


@PREPARES
def test_what_is_not_wanted_is_thrown_away(phone, prepares) -> None:
    address, said, _ = prepares(phone)
    leaves(phone, address, said)

    told = phone.browser.post(address, {**hidden(phone.text(address)), **said, "_do": "drop"})

    page = phone.text(told["Location"])
    assert WORDS not in page
    assert "Thrown away. Nothing of it was sent." in page


ADDS = "/my/people/add/"


def begins_somebody(phone: Phone, act: str) -> Any:
    page = phone.text("/my/people/")
    assert 'form="sheet" name="_do" value="leave"' in page
    assert f'data-keeps method="post" action="{ADDS}"' in page
    return phone.browser.post(ADDS, {**hidden(page), "alias": "Rosalind", "_do": act})


def test_the_name_of_somebody_new_waits_on_the_page_of_everybody_and_becomes_one_person(phone) -> None:
    assert begins_somebody(phone, "keep").status_code == 204
    assert begins_somebody(phone, "leave")["Location"] == "/away/"
    comes_in(phone)

    page = phone.text("/my/people/")
    assert ('value="Rosalind"' in page, "You began this before." in page) == (True, True)
    assert not phone.entries(SHEET), "nothing was sent"
    begun = phone.text("/my/begun/")
    assert "Somebody new" in begun
    assert phone.get(re.search(rf'href="({ADDS})"', begun)[1])["Location"] == "/my/people/"
    told = phone.browser.post(ADDS, {**hidden(page), "alias": "Rosalind", "ring": "2"})

    assert told["Location"].endswith("told=added")
    assert [answers_of(one)["alias"] for one in phone.entries(SHEET)] == ["Rosalind"]
    assert not Draft.objects.exists()


def test_the_name_of_somebody_new_is_thrown_away_or_kept_unseen_where_a_phone_only_sends(phone) -> None:
    begins_somebody(phone, "keep")
    told = phone.browser.post(ADDS, {**hidden(phone.text("/my/people/")), "_do": "drop"})
    page = phone.text(phone.get(told["Location"])["Location"])
    assert ("Rosalind" in page, "Thrown away. Nothing of it was sent." in page) == (False, True)

    phone.write("safe-contact", ONLY_SENDS)
    begins_somebody(phone, "keep")
    assert "Rosalind" not in phone.text("/my/people/") + phone.text("/my/begun/")
    phone.browser.post("/my/begun/", {"_do": re.search(r'value="(send:[^"]+)"', phone.text("/my/begun/"))[1]})
    assert [answers_of(one)["alias"] for one in phone.entries(SHEET)] == ["Rosalind"]
    assert not Draft.objects.exists()


@PREPARES
def test_a_phone_that_only_sends_keeps_it_unseen_and_sends_it_unseen(phone, prepares) -> None:
    address, said, form = prepares(phone)
    phone.write("safe-contact", ONLY_SENDS)
    leaves(phone, address, said)
    assert WORDS not in phone.text(address)
    page = phone.text("/my/begun/")
    assert WORDS not in page
    assert "A note you began is kept but not shown here." in page

    phone.browser.post("/my/begun/", {"_do": re.search(r'value="(send:[^"]+)"', page)[1]})

    assert WORDS in str(answers_of(phone.entries(form)[-1]))
    assert not Draft.objects.exists()


def test_leaving_a_page_on_which_nothing_was_typed_begins_nothing(phone) -> None:
    address, said, _ = what_one_says_of_somebody(phone)
    told = phone.browser.post(address, {**hidden(phone.text(address)), **said, "relation": "friend", "_do": "send"})
    assert told["Location"].endswith("told=said")

    leaves(phone, address, {**said, "relation": "friend", "unsatisfying": "", "relation.other": ""})
    leaves(phone, "/my/goals/", {"scope": "self", "statement": "", "why": ""})

    assert not Draft.objects.exists()


def test_what_is_begun_of_one_person_is_not_shown_on_the_page_of_another(phone) -> None:
    address, said, _ = what_one_says_of_somebody(phone)
    rui = somebody(phone, "Rui")
    leaves(phone, address, said)

    assert WORDS not in phone.text(f"/my/people/{rui}/")
    assert "What I say of Lena" in phone.text("/my/begun/")


def test_what_the_therapist_wrote_meanwhile_stays_beside_what_was_begun(phone) -> None:
    address, said, _ = what_one_says_of_somebody(phone)
    leaves(phone, address, said)
    older = phone.entries(SHEET)[-1]
    phone.write(SHEET, {**answers_of(older), "satisfying": "theirs"}, about=address.split("/")[3], replaces=older.id)

    page = phone.text(address)
    assert WORDS in page
    told = phone.browser.post(address, {**hidden(page), **said, "_do": "send"})

    assert told.status_code == 409
    assert answers_of(phone.entries(SHEET)[-1])["satisfying"] == "theirs"


def test_a_limit_without_a_word_is_asked_again(phone) -> None:
    address, _, form = how_a_limit_went(phone)

    told = phone.browser.post(address, {"_id": str(uuid4()), "note": "  ", "kept": "", "_do": "send"})

    assert told.status_code == 422
    assert "One word is enough." in told.content.decode()
    assert len(phone.entries(form)) == 1


@PREPARES
def test_with_something_begun_a_page_asks_few_questions_of_the_database(phone, prepares) -> None:
    address, said, _ = prepares(phone)
    leaves(phone, address, said)

    assert asked(phone.browser, address) <= MOST

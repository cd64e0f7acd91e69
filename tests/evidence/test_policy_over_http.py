"""Whoever asks, for whatever, by whatever method: each sees what the matrix of the requirements says, and no more.

The oracle is `tests/policy/matrix.py`, typed by hand. Every word said in a client's course is a canary of that client:
heard anywhere else, in a body or a header, it is a leak. The cells change from day to day; the seed is printed.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from random import Random

import pytest
from django.test import Client
from evidence.address_book import BOOK, LIST, OWN, READ, SHELF, SIGN_IN, Address, patterns
from evidence.records import kept_until_the_end
from evidence.world import LIVE_TIES, NOW, Life, World, entries_of, everybody, make_world, openly
from policy.matrix import COLUMNS, expected

from openipt.accounts.models import Membership
from openipt.casebook.models import Entry
from openipt.casebook.operations.beginning import let_go, take_charge
from openipt.casebook.queries import courses, visible
from openipt.tables.asking import Question

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

METHODS = ("GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OF_THE_PROGRAMME = ("lead", "researcher", "operator")
READABLE = ("full", "shared", "pseudonymous")
ANSWERS = {200, 302, 303, 400, 404, 405, 409, 422}  # to whoever may come in
SEED = os.environ.get("OPENIPT_SEED") or date.today().isoformat()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), kept_until_the_end():
        yield make_world()


# ---- what the requirements say


def extent(role: str, tie: str, kind: str, action: str) -> str:
    """How far somebody may do this to the target, with no need that has to be met before; `none` if not at all."""
    through = [tie, "programme"] if role in OF_THE_PROGRAMME else [tie]
    facts = {"group_course"} if tie == "group" else set()
    rulings = [expected(role, one, kind, action, facts) for one in through]
    return next((found for ok, found, needs, _ in rulings if ok and found in READABLE and not needs), "none")


def may_come_in(role: str, tie: str, address: Address) -> bool:
    return all(extent(role, tie, kind, action) != "none" for kind, action in address.needs)


# ---- one cell


def ask(browser: Client, method: str, path: str):
    return browser.generic(method, path)


def leaks(answer, songs: list[bytes]) -> list[str]:
    said = answer.content + repr(sorted(answer.headers.items())).encode() + answer.cookies.output().encode()
    return [song.decode() for song in songs if song in said]


def both(life: Life) -> tuple[str, str]:
    return life.song, openly(life.song)


def wrong_with(world: World, role: str, tie: str, address: Address, whose: Life, method: str, browser: Client) -> str:
    """Return what is wrong with one cell; nothing where all is right."""
    answer = ask(browser, method, address.of(whose))
    theirs = tie if whose is world.target else "none"
    every = world.songs_but()
    if answer.status_code >= 500:
        return f"answered {answer.status_code}"
    if address.needs in (SHELF, SIGN_IN):
        return f"{leaks(answer, every)} heard" if leaks(answer, every) else ""
    if address.needs == LIST:
        full = extent(role, tie, *READ) == "full"
        heard = leaks(answer, world.songs_but(*both(world.target)) if full else every)
        return f"{heard} heard on a list" if heard else ""
    if address.needs == OWN:
        return wrong_with_own(world, (role, tie), address, method, answer)
    if not may_come_in(role, theirs, address):
        heard = leaks(answer, every)
        if heard:
            return f"{heard} heard in a refusal"
        if method in ("GET", "HEAD") and answer.status_code not in _refusals(theirs):
            return f"answered {answer.status_code}; expected one of {_refusals(theirs)}"
        # 400: what was sent cannot be read, and nothing was looked up
        return "" if answer.status_code in (302, 400, 403, 404, 405) else f"answered {answer.status_code} to a {method}"
    shown = extent(role, theirs, *READ)
    may_be_heard = both(whose) if shown == "full" else (openly(whose.song),)
    heard = leaks(answer, world.songs_but(*may_be_heard))
    if heard:
        return f"{heard} heard where {shown} is shown"
    if address.whole and method in ("GET", "HEAD"):
        return "" if answer.status_code == 200 else f"answered {answer.status_code}; expected 200"
    return "" if answer.status_code in ANSWERS else f"answered {answer.status_code}"


def wrong_with_own(world: World, who: tuple[str, str], address: Address, method: str, answer) -> str:
    """Return what is wrong with a page of the client's room: the client alone hears something, and only of themself."""
    if who == ("client", "own"):
        heard = leaks(answer, world.songs_but(*both(world.target)))
        whole = address.whole and method in ("GET", "HEAD")
        if heard or (answer.status_code != 200 and whole) or answer.status_code not in ANSWERS | {403, 404, 405}:
            return f"{heard} heard, answered {answer.status_code}"
        return ""
    heard = leaks(answer, world.songs_but())
    return "" if not heard and answer.status_code in (404, 405) else f"{heard} heard, answered {answer.status_code}"


def _refusals(tie: str) -> tuple[int, ...]:
    """405 says what an address takes, whoever asks. Whoever is tied to a course knows that it exists."""
    return (404, 405) if tie == "none" else (403, 404, 405)


def cells(world: World, number: int, seed: str) -> list[str]:
    """Ask for so many cells, every address among them; return what is wrong."""
    rng, wrong, seen = Random(seed), [], Counter()
    browsers: dict[tuple[str, str], Client] = {}
    order = rng.sample(BOOK, len(BOOK))
    every = list(product(COLUMNS, ("none", *LIVE_TIES)))
    inside = [pair for pair in every if extent(*pair, *READ) != "none"]  # else four of five cells would be refusals
    for turn in range(number):
        role, tie = rng.choice(inside if turn % 2 else every)
        address, method = order[turn % len(order)], rng.choice(METHODS)
        whose = rng.choice([world.target, world.target, world.target, *world.lives.values()])
        browser = browsers.get((role, tie)) or signed_in(world.people[role, tie])
        browsers[role, tie] = browser
        told = wrong_with(world, role, tie, address, whose, method, browser)
        seen[role] += 1
        if told:
            wrong.append(f"{role} through {tie}: {method} {address.of(whose)} of {whose.song}: {told}")
        if address.needs == SIGN_IN:
            del browsers[role, tie]  # it may have signed out, or been asked for its password
    print(f"{number} cells, seed {seed}: {dict(seen)}, {len(wrong)} wrong")
    return wrong


def plain(answer) -> bytes:
    """A page without what differs at every request anyway."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", answer.content)


def signed_in(account) -> Client:
    client = Client(HTTP_HOST="localhost", raise_request_exception=False)
    client.force_login(account, backend="openipt.accounts.backend.Backend")
    return client


# ---- the tests


def test_every_address_of_the_service_is_in_the_book() -> None:
    known = {address.pattern for address in BOOK}

    assert sorted(set(patterns()) - known) == [], "say in address_book.py what it needs to come in there"
    assert sorted(known - set(patterns())) == [], "no such address any more: take it out of address_book.py"


@pytest.mark.in_part
def test_cells_of_the_day_are_as_the_matrix_says(world: World) -> None:
    assert cells(world, 120, SEED) == []


@pytest.mark.durability
def test_two_thousand_cells_of_the_day_are_as_the_matrix_says(world: World) -> None:
    assert cells(world, 2_000, SEED) == []


IN_A_COURSE = [address for address in BOOK if isinstance(address.needs, tuple)]


@pytest.mark.parametrize("role", COLUMNS)
def test_the_outsider_cannot_tell_what_is_there_from_what_is_not(world: World, role: str) -> None:
    browser = signed_in(world.people[role, "none"])
    life = world.target
    nowhere = Life("", type("Nothing", (), {"label": "K-00000000"})(), life.session, life.entry, life.flag)
    for address in IN_A_COURSE:
        theirs, missing = (ask(browser, "GET", address.of(one)) for one in (life, nowhere))
        assert theirs.status_code == missing.status_code, address
        assert theirs.status_code in (404, 405), address
        assert plain(theirs).replace(life.label.encode(), b"K-00000000") == plain(missing), address


def test_a_supervisor_reads_codes_on_every_page_and_in_every_entry_and_no_word(world: World) -> None:
    browser, life = signed_in(world.people["supervisor", "supervision"]), world.target
    shown = [address.of(life) for address in IN_A_COURSE] + [
        f"/courses/{life.label}/entries/{entry}/" for entry in entries_of(life)
    ]

    answers = {path: ask(browser, "GET", path) for path in shown}

    assert sum(answer.status_code == 200 for answer in answers.values()) > 40
    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code >= 500} == {}
    secret = world.songs_but(openly(life.song))
    assert {path: leaks(answer, secret) for path, answer in answers.items() if leaks(answer, secret)} == {}


def test_nobody_who_has_not_signed_in_hears_anything(world: World) -> None:
    for address in BOOK:
        for method in ("GET", "POST"):
            answer = ask(Client(HTTP_HOST="localhost", raise_request_exception=False), method, address.of(world.target))
            assert answer.status_code < 500, address
            assert leaks(answer, world.songs_but()) == [], address
            if address.needs not in (SHELF, SIGN_IN):
                assert answer.status_code in (302, 403, 404, 405), address


def test_a_form_that_was_not_made_by_us_changes_nothing(world: World) -> None:
    """With the check against forged forms on, as it is outside of tests."""
    browser = Client(HTTP_HOST="localhost", enforce_csrf_checks=True, raise_request_exception=False)
    browser.force_login(world.people["therapist", "assigned"], "openipt.accounts.backend.Backend")
    before = Entry.objects.count()
    for address in IN_A_COURSE:
        answer = ask(browser, "POST", address.of(world.target))
        assert answer.status_code == 403, address
        assert leaks(answer, world.songs_but()) == [], address
    assert Entry.objects.count() == before


def hears_nothing(world: World, browser: Client) -> None:
    every = world.songs_but()
    for address in [one for one in BOOK if one.needs not in (SHELF, SIGN_IN)]:
        answer = ask(browser, "GET", address.of(world.target))
        assert leaks(answer, every) == [], address
        if address.needs != LIST:
            assert answer.status_code in (403, 404, 405), address


def test_a_tie_that_has_ended_shows_nothing_at_the_next_request(world: World) -> None:
    account = world.people["therapist", "assigned"]
    browser = signed_in(account)
    course = f"/courses/{world.target.label}/"
    assert browser.get(course).status_code == 200

    let_go(world.target.enrolment, account.id, "assigned", NOW + timedelta(days=1))

    hears_nothing(world, browser)


def test_a_role_that_has_ended_shows_nothing_at_the_next_request(world: World) -> None:
    account = world.people["therapist", "cover"]
    browser = signed_in(account)
    assert browser.get(f"/courses/{world.target.label}/").status_code == 200

    Membership.objects.filter(account=account).update(until=NOW + timedelta(days=1))

    hears_nothing(world, browser)


def test_another_service_in_the_same_database_shows_nothing(world: World) -> None:
    stranger = everybody(world.there)
    take_charge(world.target.enrolment, stranger.id, "assigned", NOW)

    browser = signed_in(stranger)

    for address in IN_A_COURSE:
        answer = ask(browser, "GET", address.of(world.target))
        assert answer.status_code in (404, 405), address
        assert leaks(answer, world.songs_but("Dompfaff", openly("Dompfaff"))) == [], address
    assert leaks(browser.get("/"), world.songs_but("Dompfaff", openly("Dompfaff"))) == []


# ---- weakened builds


def everybody_may(_actor, _tied, _kind, _action, **_about):
    return visible.Ruling(True, "full", "policy.through.assigned", (), ())


def ended_ties_count(at):
    return visible.Q(since__lte=at)


def nothing_is_masked(record, _actor, _ties):
    return record


@pytest.mark.parametrize(
    ("module", "name", "weaker"),
    [
        (visible, "rule", everybody_may),
        pytest.param(courses, "as_seen", nothing_is_masked, marks=pytest.mark.durability),
    ],
)
def test_a_build_without_one_rule_is_caught(world: World, monkeypatch, module, name: str, weaker) -> None:
    monkeypatch.setattr(module, name, weaker)

    assert cells(world, 100 if weaker is everybody_may else 400, "a saboteur")


def test_a_build_in_which_ended_ties_count_is_caught(world: World, monkeypatch) -> None:
    monkeypatch.setattr(visible, "live", ended_ties_count)
    monkeypatch.setattr(visible, "_TIED", Question(visible._TIED._write))  # written anew, with the weaker rule
    let_go(world.target.enrolment, world.people["therapist", "assigned"].id, "assigned", NOW + timedelta(days=1))

    browser = signed_in(world.people["therapist", "assigned"])

    assert leaks(browser.get(f"/courses/{world.target.label}/"), world.songs_but())

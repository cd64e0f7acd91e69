"""On a slow line and a cheap phone: how large every page of the client's room is when it is opened for the first time.

A page is counted with all that its browser fetches for it: sheets of style, scripts, pictures, each compressed by
itself. No page is left out: each address of the book is asked for, and each link of the room is followed.
"""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest
from django.contrib.staticfiles.finders import find
from django.utils import timezone
from rooms.portal.conftest import SECRET
from rooms.portal.test_between_sessions import a_session
from rooms.portal.test_own_life import LIMIT, a_goal, ended
from rooms.portal.test_own_people import somebody
from rooms.portal.test_own_talk import TALK, a_talk
from rooms.portal.test_questions import Q, answer
from rooms.portal.walking_about import of_the_room, pattern_of, walk_about
from rooms.young.conftest import AGREED, a_home, a_young_phone, law  # noqa: F401 - a fixture

from openipt.post.reminding.keeping import make as remind
from openipt.post.reminding.keeping import move
from openipt.post.reminding.mailing import token_of
from openipt.post.reminding.planning import Wanted
from openipt.rooms.portal.questions.asking import key_of

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
FIRST_LOAD, SCRIPTS = 60_000, 30_000  # bytes, compressed (DESIGN 8)
# Addresses that only take something in, or lead on: nothing is ever shown there.
LEADS_ON = {
    "my/leave/",
    "my/everywhere/",
    "my/pause/",
    "my/lock/",
    "my/q/<slug:key>/",
    "my/sheets/<slug:key>/",
    "my/people/add/",
    "my/people/lines/",
    "my/people/<slug:person_id>/place/",
    "my/people/<slug:person_id>/between/",
    "my/goals/<slug:goal_id>/now/",
    "my/written/<slug:entry_id>/words/",
}
# Opened below: of young people and whoever cares for them, after the ending, without a sign-in.
OF_THE_YOUNG = {"my/agree/", "my/seen/", "near/"}
OF_FEW = {"my/back/", "n/<str:token>/", *OF_THE_YOUNG}
FETCHED = re.compile(r'<(?:link|script|img|source|input)\b[^>]*?\b(?:href|src)="(/static/[^"]+)"')


@cache
def compressed(address: str) -> int:
    """How many bytes a file of ours is on its way."""
    file = find(address.removeprefix("/static/"))
    assert isinstance(file, str), address
    return len(gzip.compress(Path(file).read_bytes()))


@cache
def fetched_by(style: str) -> frozenset[str]:
    """What a sheet of style fetches in its turn: letters, pictures."""
    file = find(style.removeprefix("/static/"))
    found = (
        re.findall(r"(?:url\(|@import )['\"]?([^'\")]+)", Path(str(file)).read_text()) if style.endswith(".css") else []
    )
    return frozenset(one for one in found if not one.startswith(("data:", "#")))


def weigh(page: bytes) -> tuple[int, int]:
    """The whole of a page, and what of it is script."""
    words = page.decode()
    files = set(FETCHED.findall(words))
    assert not {more for one in files for more in fetched_by(one)}, "a style that fetches: weigh it, too"
    assert not re.search(r'\b(?:href|src|srcset)="(?:https?:)?//', words), "nothing comes from elsewhere"
    inline = "".join(re.findall(r"<script\b(?![^>]*\bsrc=)[^>]*>(.*?)</script>", words, re.DOTALL))
    scripts = sum(compressed(one) for one in files if one.endswith(".js"))
    whole = len(gzip.compress(page)) + sum(map(compressed, files))
    return whole, scripts + (len(gzip.compress(inline.encode())) if inline.strip() else 0)


@pytest.fixture
def full(phone):
    """A phone with much on it: people, a talk, goals, answers, a session to come, and a PIN."""
    lena = somebody(phone)
    a_session(phone, next_in=1, step="Ring Petra")
    a_goal(phone, boundary=LIMIT)
    phone.write(
        "relapse-plan", {"what_worked": [{"text": "Asking early"}], "my_early_signs": [{"text": "Late nights"}]}
    )
    phone.write("dispute-map", {"person": lena, "issue_one_line": "The date"})
    a_talk(phone)
    for number in range(1, 11):
        phone.last = answer(phone, number, 1)["Location"]
    for n in range(10):
        phone.send("/my/diary/", mood=str(n), note="A long evening. " * 20, _do="send")
    phone.browser.post("/my/keys/pin/", {"now": SECRET, "new": "7302", "again": "7302"})
    phone.browser.post("/my/lock/", {"pin": "7302"})
    return phone


def test_every_page_of_the_room_is_light(full) -> None:
    found = dict(walk_about(full.get, full.last, f"{Q}/9/", f"/my/sheets/{key_of(TALK)}/all/", most=40))
    weights = {one: weigh(shown.content) for one, shown in found.items() if shown.status_code == 200}

    assert {one: weight for one, weight in weights.items() if weight[0] > FIRST_LOAD or weight[1] > SCRIPTS} == {}
    assert any(scripts for _, scripts in weights.values()), "a locked room has its script: it was weighed"
    opened = {pattern_of(one) for one in weights}
    assert {*of_the_room()} - opened - LEADS_ON - OF_FEW == set(), "a page nobody weighed"


def test_the_pages_of_the_young_and_of_whoever_cares_for_them_are_light(service, law) -> None:  # noqa: F811
    law("england-and-wales")
    phone = a_young_phone(service)
    phone.write("consent", AGREED)
    asked = phone.get("/my/agree/")
    phone.send("/my/agree/", agrees="yes", _do="send")
    found = {"/my/agree/": asked, "/near/": a_home(phone).get("/near/"), "/my/seen/": phone.get("/my/seen/")}

    assert {pattern_of(one) for one in found} == OF_THE_YOUNG
    for address, shown in found.items():
        assert shown.status_code == 200, address
        whole, scripts = weigh(shown.content)
        assert whole <= FIRST_LOAD, address
        assert scripts <= SCRIPTS, address


def test_the_way_back_and_the_link_in_a_mail_are_light(phone) -> None:
    at = timezone.now()
    one = Wanted("questions", "x", at.replace(tzinfo=None), at, at + timedelta(days=1), "phq-9")
    row = remind(one, phone.enrolment.id, phone.enrolment.organisation, "UTC", at)
    move(row.id, ("due",), "sent", at, sent_at=at)
    link = f"/n/{token_of(row.id)}/"
    ended(phone, 1)
    found = {name: phone.get(name) for name in (link, "/my/", "/my/back/")}
    found["the questions"] = phone.browser.post(link, {"_do": "begin"})

    assert b'name="q9"' in found["the questions"].content
    for address, shown in found.items():
        assert shown.status_code == 200, address
        assert weigh(shown.content)[0] <= FIRST_LOAD, address


def test_what_only_leads_on_shows_nothing(full) -> None:
    """Were one of these a page, it would have to be weighed."""
    found = dict(walk_about(full.get))
    for address, shown in found.items():
        if pattern_of(address) in LEADS_ON:
            assert shown.status_code in (302, 404), address


def test_a_page_that_is_too_heavy_would_be_seen() -> None:
    heavy = bytes(Random(1).choices(range(33, 127), k=90_000)).replace(b"<", b"x")

    assert weigh(b"<p>" + heavy)[0] > FIRST_LOAD
    assert weigh(b"<script>" + heavy + b"</script>")[1] > SCRIPTS
    assert weigh(b"<p>A few words</p>")[0] < 100

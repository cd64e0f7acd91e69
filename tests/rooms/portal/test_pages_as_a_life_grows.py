"""A page of the client's room asks the database as little after thirty notes, people and goals as after the first."""

from __future__ import annotations

import pytest
from rooms.portal.conftest import Phone
from rooms.portal.test_own_life import a_goal
from rooms.portal.test_own_people import somebody
from rooms.portal.test_questions import Q
from rooms.test_query_counts import MOST, asked, with_courses

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

TODAY, PEOPLE = "/my/", "/my/people/"
OTHERS = ["/my/diary/", "/my/day/", "/my/goals/", "/my/life/", "/my/well/", "/my/sheets/", "/my/more/", "/my/help/"]
PAGES = [TODAY, f"{Q}/1/", PEOPLE, *OTHERS]


def lives_on(phone: Phone, n: int) -> str:
    """So many more of everything: clients beside this one, notes, people, goals, events, gains; return one person."""
    with_courses(phone.service, n)
    for number in range(n):
        person = somebody(phone, f"Lena {number}")
        phone.send("/my/diary/", mood="4", note="The dishes", interactions__0__person=person, _do="send")
        a_goal(phone)
        phone.send("/my/life/", text="Moved out", date__year="2025", _do="send")
        phone.send("/my/well/", text="I rang Rui first", helped="Sleep", _do="send")
    return person


def test_the_number_of_questions_does_not_grow_with_clients_nor_with_a_life(phone) -> None:
    counts: dict[str, dict[int, int]] = {page: {} for page in [*PAGES, "one person"]}
    so_far = 0
    for n in (1, 3, 30):
        person = lives_on(phone, n - so_far)
        so_far = n
        for page in counts:
            counts[page][n] = asked(phone.browser, f"{PEOPLE}{person}/" if page == "one person" else page)

    assert {page: found for page, found in counts.items() if len({*found.values()}) > 1} == {}
    assert {page: found for page, found in counts.items() if max(found.values()) > MOST} == {}

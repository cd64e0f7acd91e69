"""The tag `url` puts parts into an address it asked for once; it writes what Django would write, or refuses as it."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils.html import escape
from hypothesis import example, given
from hypothesis import strategies as st

from openipt.rooms.ui.templatetags.addresses import address
from openipt.rooms.workspace.standing_in import COURSE, SESSION, Place

PARTS = {"int": 12, "slug": "C02-b_9", "str": "phq-9", "uuid": UUID(int=7), "path": "ui/whole.js"}


NOT_OURS = {"account_reset_password_from_key"}  # a regular expression of the library of sign-in, which no page names


def every_name() -> list[str]:
    return sorted(name for name in get_resolver().reverse_dict if isinstance(name, str) and name not in NOT_OURS)


def parts_of(name: str) -> list[object]:
    """One part of the right kind for each that the first address of this name takes."""
    (_, takes), *_ = get_resolver().reverse_dict.getlist(name)[0][0]
    kinds = get_resolver().reverse_dict.getlist(name)[0][3]
    return [
        PARTS[type(kinds[one]).__name__.removesuffix("Converter").lower().replace("string", "str")] for one in takes
    ]


@pytest.mark.parametrize("name", every_name())
def test_every_page_has_the_address_that_django_gives_it(name: str) -> None:
    parts = parts_of(name)
    expected = escape(reverse(name, args=parts))

    assert address(name, *parts) == expected
    assert address(name, *parts) == expected, "nor does it change when it is asked for again"


@given(st.one_of(st.text(), st.sampled_from(["C02", "a/b", "x y", "ü", "part-of-an-address", '"><b>', "..", ""])))
@example("C02\n")
def test_whatever_a_course_is_called_its_address_is_djangos_or_refused_as_there(label: str) -> None:
    try:
        expected = escape(reverse("course", args=[label]))
    except NoReverseMatch:
        with pytest.raises(NoReverseMatch):
            address("course", label)
    else:
        assert address("course", label) == expected


@given(st.one_of(st.integers(), st.booleans(), st.sampled_from(["3", "x", None])))
def test_whatever_the_number_of_a_session_too(number: object) -> None:
    try:
        expected = escape(reverse("session", args=["C02", number]))
    except NoReverseMatch:
        with pytest.raises(NoReverseMatch):
            address("session", "C02", number)
    else:
        assert address("session", "C02", number) == expected


def test_a_page_that_is_not_there_is_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            address("no-such-page", "C02")


def test_an_address_kept_under_a_name_is_djangos() -> None:
    page = Template("{% url 'course' one as there %}[{{ there }}]").render(Context({"one": "C02"}))

    assert page == f"[{reverse('course', args=['C02'])}]"


@given(st.text(), st.text())
def test_no_label_brings_anything_but_its_own_letters_into_an_address(course: str, session: str) -> None:
    made = Place(course.replace("\ud800", ""), session).put_in(f'<a href="/courses/{COURSE}/?back={SESSION}">')

    assert made.count("<") == made.count(">") == 1
    assert made.count('"') == 2
    assert "&" not in made

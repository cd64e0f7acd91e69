"""A text that is set on a page as it is was escaped by whoever wrote it: they are few, and known."""

from __future__ import annotations

import html
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import openipt
from openipt.rooms.ui.escaping import as_written, escape

ROOMS = Path(openipt.__file__).parent / "rooms"
SAYS_IT_IS_SAFE = re.compile(r"\b(mark_safe|SafeString|SafeText|as_written)\(")
KNOWN = {
    "ui/escaping.py",
    "ui/gallery.py",
    "ui/looking_up/expressions.py",
    "ui/templatetags/addresses.py",
    "ui/templatetags/words.py",
    "workspace/templatetags/stories.py",
    "workspace/templatetags/tabs.py",
    "workspace/templatetags/tasks.py",
    "workspace/templatetags/typed.py",
}


def test_nobody_else_says_of_a_text_that_it_is_escaped():
    found = {
        str(place.relative_to(ROOMS)) for place in ROOMS.rglob("*.py") if SAYS_IT_IS_SAFE.search(place.read_text())
    }

    assert found == KNOWN, "read how the text is escaped there, and then name the place here"


@given(st.text() | st.text(alphabet="<>&'\" a"))
def test_what_has_to_be_escaped_is(text):
    set_on_page = escape(text)

    assert not set("<>'\"") & set(set_on_page)
    assert html.unescape(set_on_page) == html.unescape(html.escape(text))


def test_a_text_set_as_it_is_is_not_escaped_again():
    assert as_written("<b>").__html__() == "<b>"

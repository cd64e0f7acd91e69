"""A client is found by part of a name, as the therapist sees it; the name stands in no address and is kept nowhere."""

from __future__ import annotations

import re
import unicodedata

import pytest
from casebooks import Service
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from openipt.audit.models import AuditEvent
from openipt.rooms.workspace.caseload.finding import plainly

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def found(browser: Client, part: str) -> list[str]:
    """The courses that a search shows, by what their clients are called there."""
    page = browser.post("/find/", {"part": part})
    assert page.status_code == 200
    return re.findall(r'<h3><a href="/courses/[^"]+">([^<]+)</a></h3>', page.content.decode())


@pytest.mark.parametrize("part", ["mateo", "MATE", "ate", " Mateo ", "máteo"])
def test_a_client_is_found_by_any_part_of_the_name_whatever_its_case_and_accents(visitor: Client, part: str) -> None:
    names = found(visitor, part)

    assert names
    assert set(names) == {"Mateo"}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Paweł", "pawel"),
        ("Łódź", "LODZ"),
        ("Øyvind", "oyvind"),
        ("Đorđe", "dorde"),
        ("Groß", "gross"),
        ("Işıl", "isil"),
        ("Æsa", "aesa"),
        ("Œdipe", "oedipe"),
        ("Þóra", "thora"),
        ("Guðrún", "gudrun"),
    ],
)
def test_letters_with_a_stroke_are_found_as_they_are_typed_without(name: str, typed: str) -> None:
    assert plainly(name) == plainly(typed)


def test_nobody_is_found_where_nobody_is_called_so_and_the_page_says_what_to_do(visitor: Client) -> None:
    page = visitor.post("/find/", {"part": "Zebedee"}).content.decode()

    assert "None of your courses has “Zebedee” in the name. Try fewer letters." in page


def test_a_course_is_found_by_its_whole_label(visitor: Client) -> None:
    assert found(visitor, "c02") == ["Mateo"]


def test_members_of_a_group_are_found_by_the_group(visitor: Client, clinic: Service) -> None:
    page = visitor.post("/find/", {"part": "gr-01"}).content.decode()

    assert "/courses/C05-M1/" in page
    assert "/courses/C02/" not in page


def test_blank_shows_all_courses_and_an_address_alone_finds_nobody(visitor: Client) -> None:
    for answer in (visitor.post("/find/", {"part": "  "}), visitor.post("/find/"), visitor.get("/find/?part=mateo")):
        assert (answer.status_code, answer["Location"]) == (302, "/")


def test_whoever_is_closed_to_names_finds_nobody_by_a_name(supervisor: Client, clinic: Service) -> None:
    code = clinic.enrolment("C02").client.code

    assert found(supervisor, "mateo") == []
    assert set(found(supervisor, code)) == {code}


def test_whoever_has_nothing_to_do_with_anybody_finds_nobody(outsider: Client) -> None:
    assert found(outsider, "mateo") == []


def test_what_was_looked_for_is_kept_nowhere(visitor: Client, clinic: Service) -> None:
    last = AuditEvent.objects.latest("id").id
    visitor.post("/find/", {"part": "Quetzalina"})

    [look] = AuditEvent.objects.filter(id__gt=last)
    assert look.act == "caseload.list"
    assert "Quetzalina" not in repr(vars(look))
    form = visitor.get("/").content.decode()
    assert re.search(r'<form class="find[^>]*method="post" action="/find/"', form)


@pytest.mark.parametrize("part", ["x" * 100_000, "\ud800".encode("utf-16", "surrogatepass"), "<script>", "%00", "’"])
def test_strange_things_typed_are_no_error(visitor: Client, part: str | bytes) -> None:
    page = visitor.post("/find/", {"part": part})

    assert page.status_code in (200, 302)
    assert b"<script>" not in page.content.replace(b'<script type="module"', b"")


def test_finding_asks_the_database_no_more_than_the_caseload_does(visitor: Client) -> None:
    counts = []
    for ask in (lambda: visitor.get("/"), lambda: visitor.post("/find/", {"part": "mateo"})):
        with CaptureQueriesContext(connections["default"]) as asked, CaptureQueriesContext(connections["keys"]) as keys:
            ask()
        counts.append(len(asked) + len(keys))

    assert counts[1] <= counts[0]


@given(st.text(max_size=30))
def test_letters_are_compared_without_case_accents_or_spare_blanks(name: str) -> None:
    assert plainly(name.upper().lower()) == plainly(name.lower().upper().lower())
    assert plainly(f"  {name}  ") == plainly(name) == plainly(plainly(name))
    assert plainly(unicodedata.normalize("NFC", name)) == plainly(unicodedata.normalize("NFD", name))

"""What was read before is not parsed again, and says the same, to the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from openipt.therapy import shelf
from openipt.therapy.shelf import known_pages
from openipt.therapy.shelf.places import OWN
from openipt.therapy.shelf.reading import Refused


class Notebook(dict):
    """A place that keeps what it is told."""

    def find(self, key):
        return self.get(key)

    def keep(self, key, said):
        self[key] = said


@pytest.fixture
def notebook(monkeypatch):
    made = Notebook()
    monkeypatch.setattr(known_pages, "_place", made)
    return made


def not_asked(_text, _name):
    pytest.fail("parsed again")


def test_every_page_of_the_shelf_says_the_same_when_it_is_known(notebook):
    pages = sorted(OWN.rglob("*.yaml"))
    first = [shelf.read_definition(page, page.name) for page in pages]
    assert len(notebook) == len({page.read_text(encoding="utf-8") for page in pages}), "a page was not kept"

    for page, read in zip(pages, first, strict=True):
        again = known_pages.read(page.read_text(encoding="utf-8"), page.name, not_asked)
        assert (again.file, again.data) == (read.file, read.data)
        assert list(again.lines.items()) == list(read.lines.items()), page


def test_a_problem_of_a_known_page_names_its_line(notebook):
    text = "title: Loss\nitems:\n  - id: q1\n  - id: q2\n"
    known_pages.read(text, "first.yaml", shelf.read_text)
    again = known_pages.read(text, "second.yaml", not_asked)

    assert str(again.problem(("items", 1, "id"), "taken", "another")) == (
        "second.yaml:4: items[1].id: taken; expected another"
    )
    assert again.line(("items", 7)) == 2
    assert len(again.lines) == 7


def test_what_would_come_back_as_something_else_is_not_kept(notebook):
    for _ in range(2):
        found = known_pages.read("1: a number\n'2': a text\n", "page.yaml", shelf.read_text)
        assert list(found.data) == [1, "2"]
    assert notebook == {}


@pytest.mark.parametrize("text", ["a: 1\na: 2\n", "a: *b\n", "a: [\n"])
def test_what_is_refused_is_not_kept(notebook, text):
    for _ in range(2):
        with pytest.raises(Refused, match=r"page\.yaml:"):
            known_pages.read(text, "page.yaml", shelf.read_text)
    assert notebook == {}


def test_the_numbers_of_options_come_back_as_numbers(notebook):
    text = "options:\n  0: Not at all\n  1: Several days\n"
    first = known_pages.read(text, "text.en.yaml", shelf.read_text)
    again = known_pages.read(text, "text.en.yaml", not_asked)

    assert again.data == first.data == {"options": {0: "Not at all", 1: "Several days"}}
    assert again.line(("options", 1)) == 3


def test_without_a_place_every_page_is_parsed(monkeypatch):
    monkeypatch.setattr(known_pages, "_place", None)
    asked = []

    def parse(text, name):
        asked.append(name)
        return shelf.read_text(text, name)

    known_pages.read("a: 1", "one", parse)
    known_pages.read("a: 1", "two", parse)

    assert asked == ["one", "two"]


def test_a_case_is_never_kept(notebook, tmp_path: Path):
    page = tmp_path / "case.yaml"
    page.write_text("client: Rosa\nsaid: it was my mother\n", encoding="utf-8")

    assert shelf.read_page(page).data["client"] == "Rosa"
    assert notebook == {}

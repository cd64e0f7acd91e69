"""Where definitions stand: our shelf, a service's own shelf beside it, and what happens when a page of it is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from openipt.therapy import shelf
from openipt.therapy.forms import form_ids, open_form
from openipt.therapy.shelf import Refused

FORM = """\
grammar: openipt-form/1
id: {id}
version: 1.0.0
kind: questionnaire
title: {title}
purpose: Made up for a test
filled_by: [client]
rights: ours
items:
  - {{id: q1, kind: yes_no, label: One}}
"""


def put(root: Path, name: str, text: str) -> None:
    folder = root / "questionnaires" / name
    folder.mkdir(parents=True)
    (folder / "form.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OPENIPT_LIBRARY", str(tmp_path))
    return tmp_path


def test_a_services_form_stands_beside_ours(own: Path) -> None:
    put(own, "mood-now", FORM.format(id="mood-now", title="Mood now"))
    assert {"mood-now", "phq-9"} <= set(form_ids())
    assert open_form("mood-now").title == "Mood now"


def test_a_broken_form_stops_nothing_but_itself(own: Path) -> None:
    put(own, "broken", "id: [broken\n")
    put(own, "mood-now", FORM.format(id="mood-now", title="Mood now"))
    assert {"broken", "mood-now", "phq-9"} <= set(form_ids())
    assert open_form("mood-now").id == "mood-now"
    assert open_form("phq-9").id == "phq-9"
    with pytest.raises(Refused) as problem:
        open_form("broken")
    assert "questionnaires/broken/form.yaml:2" in str(problem.value)


def test_a_services_form_comes_before_ours_and_is_never_passed_over(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(own, "phq-9", FORM.format(id="phq-9", title="Our own PHQ-9"))
    (own / "questionnaires/gad-7").mkdir()
    assert open_form("phq-9").title == "Our own PHQ-9"
    with pytest.raises(Refused):
        open_form("gad-7")
    monkeypatch.delenv("OPENIPT_LIBRARY")
    assert open_form("phq-9").title == "Patient Health Questionnaire-9"


def test_a_form_must_stand_in_the_folder_of_its_name(own: Path) -> None:
    put(own, "mood-now", FORM.format(id="mood-then", title="Mood then"))
    with pytest.raises(Refused) as problem:
        open_form("mood-now")
    assert problem.value.problems[0].line == 2
    assert "'mood-then' in the folder 'mood-now'" in str(problem.value)


def test_only_folders_with_plain_names_are_definitions(own: Path) -> None:
    put(own, "_draft", "x")
    put(own, ".hidden", "x")
    put(own, "with space", "x")
    (own / "questionnaires" / "notes.txt").write_text("x")
    assert not {"_draft", ".hidden", "with space", "notes.txt"} & set(shelf.ids("questionnaires"))


NAMES = [
    "",
    ".",
    "..",
    "../words",
    "/etc",
    "phq-9/../gad-7",
    "phq-9\0",
    "a" * 5000,
    "\ud800",
    "~",
    "con\nsole",
    "phq_99",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_is_never_a_way_out_of_the_shelf(name: str) -> None:
    with pytest.raises(Refused) as problem:
        open_form(name)
    said = str(problem.value)
    assert "phq-9" in said
    assert "worksheets" in said
    assert len(said) < 5000
    said.encode()


@pytest.mark.parametrize(
    ("name", "form_id"), [("PHQ9", "phq-9"), ("OSF5", "openipt-session-feedback"), ("phq-9", "phq-9")]
)
def test_forms_open_by_the_short_names_of_the_vocabulary(name: str, form_id: str) -> None:
    assert open_form(name).id == form_id


def test_a_page_that_is_not_on_the_shelf_is_refused() -> None:
    with pytest.raises(Refused) as problem:
        shelf.read("words", "tlh.yaml")
    assert "words/tlh.yaml" in str(problem.value)


def test_a_missing_shelf_adds_nothing(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENIPT_LIBRARY", str(own / "not-there"))
    assert open_form("phq-9").id == "phq-9"

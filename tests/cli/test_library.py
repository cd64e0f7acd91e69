"""`openipt library`: what stands on the shelf, what is wrong with it, and the schema for editors."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner, Result

from openipt.cli import app
from openipt.therapy import shelf
from openipt.therapy.forms import form_ids
from openipt.therapy.manuals import manual_ids

GOOD = """\
grammar: openipt-form/1
id: {id}
version: 1.0.0
kind: questionnaire
title: Made up
purpose: Made up for a test
filled_by: [client]
rights: ours
items:
  - {{id: q1, kind: yes_no, label: One}}
"""


def run(*words: str) -> Result:
    result = CliRunner().invoke(app, ["library", *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def put(root: Path, name: str, text: str, kind: str = "questionnaires", page: str = "form.yaml") -> Path:
    folder = root / kind / name
    folder.mkdir(parents=True)
    (folder / page).write_text(text, encoding="utf-8")
    return folder


def test_our_own_shelf_is_whole() -> None:
    result = run("check")
    assert result.stdout.endswith("read; problems: 0.\n"), result.stdout
    assert result.exit_code == 0
    assert f"{len(form_ids())} forms" in result.stdout


def test_a_good_folder_is_counted(tmp_path: Path) -> None:
    put(tmp_path, "one", GOOD.format(id="one"))
    put(tmp_path, "two", GOOD.format(id="two"), "worksheets")
    result = run("check", str(tmp_path))
    assert (result.exit_code, result.stdout) == (0, "2 forms read; problems: 0.\n")


def test_every_problem_is_printed_with_file_line_key_and_what_was_expected(tmp_path: Path) -> None:
    put(tmp_path, "good", GOOD.format(id="good"))
    put(tmp_path, "typo", GOOD.format(id="typo").replace("label:", "lable:"))
    put(tmp_path, "torn", "id: [torn\n")
    put(tmp_path, "moved", GOOD.format(id="somewhere-else"))
    (tmp_path / "questionnaires" / "hollow").mkdir()
    result = run("check", str(tmp_path))
    assert result.exit_code == 1
    name = tmp_path.name
    out = result.stdout
    assert (
        f"{name}/questionnaires/typo/form.yaml:10: items[0].lable: the key 'lable' is not known here; expected" in out
    )
    assert f"{name}/questionnaires/torn/form.yaml:2: " in out
    assert f"{name}/questionnaires/moved/form.yaml:2: id: 'somewhere-else' in the folder 'moved'" in out
    assert f"{name}/questionnaires/hollow/form.yaml: cannot be opened" in out
    assert out.endswith("5 forms read; problems: 4.\n")


def test_programs_read_the_same_as_json(tmp_path: Path) -> None:
    put(tmp_path, "typo", GOOD.format(id="typo").replace("title:", "titel:"))
    result = run("check", str(tmp_path), "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["read"] == 1
    keys = {"file", "line", "key", "wrong", "expected"}
    assert all(set(problem) == keys for problem in found["problems"])
    assert ("titel", 5) in [(problem["key"], problem["line"]) for problem in found["problems"]]


def test_one_definition_can_be_checked_where_it_is_written(tmp_path: Path) -> None:
    folder = put(tmp_path, "one", GOOD.format(id="one"))
    assert run("check", str(folder)).exit_code == 0


def test_a_manual_is_checked_too(tmp_path: Path) -> None:
    put(tmp_path, "our-way", "grammar: openipt-manual/1\nid: our-way\n", "manuals", "manual.yaml")
    result = run("check", str(tmp_path))
    assert result.exit_code == 1
    assert "manuals/our-way/manual.yaml:" in result.stdout
    assert "1 manuals read" in result.stdout


def test_a_folder_without_definitions_is_a_mistake(tmp_path: Path) -> None:
    result = run("check", str(tmp_path))
    assert result.exit_code == 1
    assert "expected folders with form.yaml or manual.yaml" in result.stdout


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    for place in (tmp_path / "not-there", Path(__file__)):
        result = run("check", str(place))
        assert (result.exit_code, result.stdout) == (2, "")


def test_checking_leaves_the_shelves_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "one", GOOD.format(id="one"))
    monkeypatch.delenv("OPENIPT_LIBRARY", raising=False)
    before = shelf.shelves()
    run("check", str(tmp_path))
    assert shelf.shelves() == before


def test_the_list_names_every_form() -> None:
    result = run("list", "--json")
    assert result.exit_code == 0
    rows = json.loads(result.stdout)["forms"]
    assert [row["id"] for row in rows] == form_ids()
    phq = next(row for row in rows if row["id"] == "phq-9")
    assert phq == {
        "id": "phq-9",
        "kind": "questionnaire",
        "name": "PHQ-9",
        "title": "Patient Health Questionnaire-9",
        "version": phq["version"],
        "text": "text included",
    }
    shown = run("list").stdout
    assert all(form_id in shown for form_id in form_ids())


def test_the_list_names_every_lesson_and_manual_too() -> None:
    found = json.loads(run("list", "--json").stdout)
    assert [row["id"] for row in found["manuals"]] == manual_ids()
    assert {row["id"] for row in found["lessons"]} >= {"what-ipt-is", "staying-well"}


def test_the_list_goes_on_past_a_broken_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "torn", "id: [torn\n")
    put(tmp_path, "whole", GOOD.format(id="whole"))
    monkeypatch.setenv("OPENIPT_LIBRARY", str(tmp_path))
    result = run("list")
    assert result.exit_code == 1
    assert "whole" in result.stdout
    assert "questionnaires/torn/form.yaml:2" in result.stderr


def test_the_schema_accepts_every_form_on_the_shelf_and_no_misspelt_one() -> None:
    result = run("schema")
    assert result.exit_code == 0
    schema = json.loads(result.stdout)
    checker = jsonschema.Draft202012Validator(schema)
    checker.check_schema(schema)
    for form_id in form_ids():
        page = shelf.find(form_id, "questionnaires", "worksheets") / "form.yaml"
        data = shelf.read_page(page).data
        assert list(checker.iter_errors(data)) == [], form_id
        assert not checker.is_valid({**data, "titel": "x"})


HELP = """
import sys, openipt.cli
sys.argv = ["openipt", *sys.argv[1:]]
try:
    openipt.cli.main()
except SystemExit as end:
    assert not end.code
assert not {"openipt.therapy.forms", "ruamel.yaml", "django", "jsonschema"} & set(sys.modules)
"""


@pytest.mark.parametrize("words", [["--help"], ["library", "--help"], ["score", "--help"]])
def test_help_is_quick_because_nothing_heavy_is_imported(words: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", HELP, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "openipt" in done.stdout

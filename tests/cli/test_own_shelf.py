"""A service's own shelf: beginning a definition, comparing two manuals, and never two of one version."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner, Result

from openipt.cli import app
from openipt.therapy import shelf
from openipt.therapy.forms import open_form, score
from openipt.therapy.lessons import lesson_ids
from openipt.therapy.manuals import open_manual


def run(*words: str) -> Result:
    result = CliRunner().invoke(app, ["library", *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def begun(root: Path, kind: str = "manual", name: str = "our-way") -> Path:
    assert run("new", kind, name, "--in", str(root)).exit_code == 0
    return root / f"{kind}s" / name


@pytest.mark.parametrize("kind", ["questionnaire", "worksheet", "manual"])
def test_what_was_begun_is_whole_and_opens(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = begun(tmp_path, kind)
    checked = run("check", str(tmp_path))
    assert (checked.exit_code, checked.stdout.splitlines()[-1][-12:]) == (0, "problems: 0.")
    monkeypatch.setenv("OPENIPT_LIBRARY", str(tmp_path))
    if kind == "manual":
        assert open_manual("our-way").dose.usual == 12
        return
    form = open_form("our-way")
    for one in shelf.read_page(folder / "examples.yaml").data:
        result, wanted = score(form, one["answers"]), one["expect"]
        assert result.valid == wanted["valid"], one["case"]
        assert result.scores == wanted.get("scores", result.scores), one["case"]
        assert result.status == wanted.get("status", result.status), one["case"]
        assert result.band == wanted.get("band", result.band), one["case"]


def test_nothing_is_written_over(tmp_path: Path) -> None:
    page = begun(tmp_path) / "manual.yaml"
    page.write_text("mine", encoding="utf-8")
    result = run("new", "manual", "our-way", "--in", str(tmp_path))
    assert (result.exit_code, page.read_text(encoding="utf-8")) == (1, "mine")
    assert "stands there already" in result.stderr


@pytest.mark.parametrize(
    ("kind", "name"), [("questionnaire", "phq-9"), ("questionnaire", "../up"), ("manual", "A B"), ("lesson", "mine")]
)
def test_a_name_that_cannot_be_begun_is_refused_and_nothing_is_made(kind: str, name: str, tmp_path: Path) -> None:
    result = run("new", kind, name, "--in", str(tmp_path / "shelf"))
    assert result.exit_code == 1
    assert "expected" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_first_own_shelf_is_where_it_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENIPT_LIBRARY", str(tmp_path))
    assert run("new", "worksheet", "my-sheet").exit_code == 0
    assert (tmp_path / "worksheets" / "my-sheet" / "form.yaml").is_file()


def changed(folder: Path, root: Path, *swaps: tuple[str, str]) -> Path:
    text = (folder / "manual.yaml").read_text(encoding="utf-8")
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    other = root / "manuals" / "our-way"
    other.mkdir(parents=True)
    (other / "manual.yaml").write_text(text, encoding="utf-8")
    return other


def test_safety_gates_and_what_is_forbidden_come_first(tmp_path: Path) -> None:
    before = begun(tmp_path / "a")
    after = changed(
        before,
        tmp_path / "b",
        ("version: 1.0.0", "version: 1.1.0"),
        ("most: 16", "most: 20"),
        ("[consent, open_flag]", "[consent]"),
        ("forbid: []", "forbid: [WS_ROLEPLAY]"),
        ("Stop the agenda and talk about safety today", "Talk about safety today"),
    )
    lines = run("diff", str(before), str(after)).stdout.splitlines()
    assert lines[0] == "From our-way 1.0.0 to our-way 1.1.0"
    heads = [line for line in lines[1:] if line and not line.startswith(" ")]
    assert heads[:3] == ["safety", "gates", "forbid"]
    assert "  changed self_harm.then: Stop the agenda and talk about safety today -> Talk about safety today" in lines
    assert any(line.startswith("  removed open_flag: ") for line in lines)
    assert "  added WS_ROLEPLAY" in lines
    assert "  changed most: 16 -> 20" in lines


def test_manuals_are_named_by_id_and_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = begun(tmp_path / "a")
    changed(before, tmp_path / "b", ("version: 1.0.0", "version: 2.0.0"))
    monkeypatch.setenv("OPENIPT_LIBRARY", f"{tmp_path / 'a'}:{tmp_path / 'b'}")
    result = run("diff", "our-way@1.0.0", "our-way@2.0.0")
    assert result.stdout.splitlines() == [
        "From our-way 1.0.0 to our-way 2.0.0", "", "version", "  changed: 1.0.0 -> 2.0.0"
    ]  # fmt: skip
    assert run("diff", "our-way", "our-way").stdout.endswith("Nothing differs.\n")
    absent = run("diff", "our-way@3.0.0", "our-way")
    assert absent.exit_code == 1
    assert "our-way@1.0.0, our-way@2.0.0" in absent.stderr


def test_two_manuals_of_one_version_that_differ_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = begun(tmp_path / "a")
    other = changed(before, tmp_path / "b", ("most: 16", "most: 20"))
    monkeypatch.setenv("OPENIPT_LIBRARY", str(tmp_path / "a"))
    result = run("check", str(tmp_path / "b"))
    assert result.exit_code == 1
    assert "our-way 1.0.0 says something else than" in result.stdout
    assert "expected another version, or the same text" in result.stdout
    (other / "manual.yaml").write_bytes((before / "manual.yaml").read_bytes())
    assert run("check", str(tmp_path / "b")).exit_code == 0


def test_lessons_are_listed_and_have_a_schema() -> None:
    rows = json.loads(run("list", "--json").stdout)["lessons"]
    assert [row["id"] for row in rows] == lesson_ids()
    checker = jsonschema.Draft202012Validator(json.loads(run("schema", "lesson").stdout))
    for lesson_id in lesson_ids():
        text = (shelf.find(lesson_id, "lessons") / "lesson.md").read_text(encoding="utf-8")
        assert checker.is_valid(shelf.read_text(text.split("\n---\n")[0].removeprefix("---"), "head").data), lesson_id
    assert run("schema", "manual").exit_code == 0
    assert run("schema", "song").exit_code == 2

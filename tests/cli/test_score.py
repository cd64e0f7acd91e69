"""`openipt score`: what goes in, what comes out, and that nothing that goes in ever ends in a traceback."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from openipt.cli import app
from openipt.therapy.forms import open_form, score

FULL = {f"q{n}": 1 for n in range(1, 10)}
KEYS = {
    "form",
    "version",
    "valid",
    "errors",
    "status",
    "scores",
    "exact",
    "band",
    "cutoffs",
    "algorithms",
    "flags",
    "missing",
}


def run(*words: str, given: str | bytes = "") -> Result:
    result = CliRunner().invoke(app, list(words), input=given)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def scored(given: str | bytes, form: str = "phq-9") -> tuple[int, list[dict[str, Any]]]:
    result = run("score", form, "--json", given=given)
    return result.exit_code, [json.loads(line, parse_constant=pytest.fail) for line in result.stdout.splitlines()]


def lines(sheets: Iterable[Any]) -> str:
    return "".join(json.dumps(sheet) + "\n" for sheet in sheets)


def test_one_sheet_a_line_gives_one_result_a_line() -> None:
    code, rows = scored(lines([FULL, {"answers": {**FULL, "q9": 2, "q8": None}}]))
    assert code == 0
    assert rows[0] == {
        "form": "phq-9",
        "version": open_form("phq-9").version,
        "valid": True,
        "errors": [],
        "status": "scored",
        "scores": {"total": 9, "n_core": 0, "n_symptoms": 1},
        "exact": {"total": 9, "n_core": 0, "n_symptoms": 1},
        "band": "mild",
        "cutoffs": {"probable_depression": False, "caseness_iapt": False},
        "algorithms": {"major_depressive_syndrome": False, "other_depressive_syndrome": False},
        "flags": ["suicidal_ideation"],
        "missing": {"n": 0, "items": [], "prorated": False},
    }
    assert rows[1]["status"] == "prorated"
    assert rows[1]["scores"] == {"total": 10, "n_core": 0, "n_symptoms": None}
    assert rows[1]["exact"] == {"total": 10.125, "n_core": 0}
    assert rows[1]["flags"] == ["suicidal_ideation", "suicidal_ideation_frequent"]
    assert rows[1]["missing"] == {"n": 1, "items": ["q8"], "prorated": True}


def test_an_empty_sheet_is_taken_and_says_what_is_missing() -> None:
    code, rows = scored("{}\n")
    assert code == 0
    assert rows[0]["valid"]
    assert rows[0]["status"] == "unscored"
    assert rows[0]["flags"] == ["risk_item_skipped"]
    assert rows[0]["missing"]["n"] == 9


def test_the_context_decides_which_cut_off_is_meant() -> None:
    sheet = {"q1": 1, "q2": 1, "q3": 1}
    code, rows = scored(lines([{"answers": sheet, "context": {"sex": "female"}}, {"answers": sheet}]), "AUDITC")
    assert code == 0
    assert [row["cutoffs"]["positive_female"] for row in rows] == [True, True]
    assert [row["cutoffs"]["positive_male"] for row in rows] == [None, False]


def test_an_impossible_answer_rejects_the_sheet_and_the_others_go_on() -> None:
    code, rows = scored(lines([{**FULL, "q1": 7, "q2": True, "q77": 1}, FULL]))
    assert code == 1
    assert [row["valid"] for row in rows] == [False, True]
    assert [error["item"] for error in rows[0]["errors"]] == ["q1", "q2", "q77"]
    assert rows[0]["errors"][0]["problem"] == "q1 takes 0 to 3; got 7"
    assert nothing_is_concluded({**rows[0], "flags": []})
    assert rows[0]["flags"] == ["suicidal_ideation"]


def test_a_slip_hides_no_answer_about_danger_from_a_program() -> None:
    _, rows = scored(lines([{**FULL, "q1": "3 ", "q9": 2}, {**FULL, "q9": 9}, {**FULL, "q1": "3 ", "q9": 0}]))
    assert [row["flags"] for row in rows] == [
        ["suicidal_ideation", "suicidal_ideation_frequent"],
        ["risk_item_skipped"],
        [],
    ]
    assert all(nothing_is_concluded({**row, "flags": []}) for row in rows)


def test_a_name_that_is_nearly_right_is_answered_with_the_nearest() -> None:
    result = run("score", "phq_09x", given="{}")
    assert result.exit_code == 1
    assert "expected phq-9, or another of" in result.stderr


def nothing_is_concluded(row: dict[str, Any]) -> bool:
    unknown = {*row["scores"].values(), *row["cutoffs"].values(), *row["algorithms"].values(), row["band"]}
    return unknown == {None} and row["exact"] == {} and row["flags"] == [] and row["status"] == "unscored"


DEEP = "[" * 100_000 + "]" * 100_000
BAD_LINES: dict[str, tuple[bytes, str]] = {
    "not json": (b"oops", "is not JSON"),
    "half a line": (b'{"q1": 1', "is not JSON"),
    "two objects": (b'{"q1": 1} {"q1": 2}', "is not JSON"),
    "single quotes": (b"{'q1': 1}", "is not JSON"),
    "nan": (b'{"q1": NaN}', "NaN"),
    "infinity": (b'{"q1": -Infinity}', "-Infinity"),
    "a key twice": (b'{"q1": 1, "q1": 2}', "'q1' twice"),
    "a key twice inside": (b'{"answers": {"q1": 1, "q1": 1}}', "'q1' twice"),
    "a list": (b"[1, 2]", "a list"),
    "a number": (b"3", "a number"),
    "a text": (b'"q1"', "a text"),
    "null": (b"null", "null"),
    "true": (b"true", "true or false"),
    "answers that are none": (b'{"answers": 3}', "a number under 'answers'"),
    "answers of null": (b'{"answers": null}', "null under 'answers'"),
    "something beside the answers": (b'{"answers": {}, "contxt": {}}', "'contxt'"),
    "a context that is none": (b'{"answers": {}, "context": ["female"]}', "'context'"),
    "a context of numbers": (b'{"answers": {}, "context": {"sex": 1}}', "'context'"),
    "not utf-8": (b'{"q1": "\xff"}', "is not UTF-8"),
    "utf-16": ('{"q1": 1}'.encode("utf-16"), "is not"),
    "a nul": (b'{"q1": \x00}', "is not JSON"),
    "too deep": (DEEP.encode(), "nested too deep"),
    "too deep inside": (f'{{"q1": {DEEP}}}'.encode(), "nested too deep"),
    "a number without end": (b'{"q1": ' + b"9" * 5000 + b"}", "a number that is too long"),
    "a line without end": (b'"' + b"x" * 16_000_001 + b'"', "bytes long"),
}


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_line_that_is_no_sheet_is_refused_by_its_number_and_the_others_go_on(case: str) -> None:
    bad, wrong = BAD_LINES[case]
    good = json.dumps(FULL).encode()
    code, rows = scored(good + b"\n\n" + bad + b"\n" + good)
    assert code == 1
    assert [row["valid"] for row in rows] == [True, False, True]
    assert set(rows[1]) == KEYS
    assert [error["item"] for error in rows[1]["errors"]] == [""]
    problem = rows[1]["errors"][0]["problem"]
    assert problem.startswith("line 3 ")
    assert wrong in problem
    assert "; expected " in problem
    assert nothing_is_concluded(rows[1])
    assert rows[1]["missing"] == {"n": 0, "items": [], "prorated": False}


def test_what_json_can_hold_and_a_form_cannot_is_named() -> None:
    code, rows = scored(b'{"q1": 1e999, "q2": "\\ud800", "q3": {"a": [1]}, "\\ud83d": 1, "q4": "\\u001b[2J"}')
    assert code == 1
    assert [error["item"] for error in rows[0]["errors"]] == ["q1", "q2", "q3", "\ud83d", "q4"]


def test_a_line_of_five_million_bytes_is_read() -> None:
    long = "x" * 5_000_000
    code, rows = scored(lines([{"comment": long}, {"comment": "x" * 4000}]), "openipt-session-feedback")
    assert code == 1
    assert [row["valid"] for row in rows] == [False, True]
    assert rows[0]["errors"][0]["item"] == "comment"
    assert long[:50] not in rows[0]["errors"][0]["problem"]


def test_blank_lines_line_ends_and_a_byte_order_mark_do_not_matter() -> None:
    one = json.dumps(FULL).encode()
    code, rows = scored(b"\xef\xbb\xbf" + one + b"\r\n   \r\n\n" + one)
    assert code == 0
    assert len(rows) == 2
    assert scored(b"") == (0, [])


def test_answers_come_from_a_file_or_from_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "sheets.jsonl"
    file.write_text(lines([FULL]))
    outputs = [run("score", "PHQ9", str(file), "--json").stdout]
    outputs += [
        run("score", form, *dash, "--json", given=lines([FULL])).stdout for form in ("PHQ9",) for dash in ([], ["-"])
    ]
    assert len(set(outputs)) == 1
    assert json.loads(outputs[0])["scores"]["total"] == 9


@pytest.mark.parametrize(
    "words",
    [
        ["score"],
        ["score", "phq-9", "not-there.jsonl"],
        ["score", "phq-9", "."],
        ["score", "--jsn"],
        ["sore"],
        ["score", "phq-9", "\0"],
    ],
)
def test_wrong_usage_ends_with_2(words: list[str]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("name", ["nope", "EPD5", "..", "../words", "x" * 5000, "\x1b[31m"])
def test_an_unknown_form_ends_with_1_and_what_is_on_the_shelf(name: str) -> None:
    result = run("score", name, given=lines([FULL]))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "phq-9" in result.stderr
    assert "\x1b" not in result.stderr


def test_a_broken_form_ends_with_1_and_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "questionnaires" / "broken"
    folder.mkdir(parents=True)
    (folder / "form.yaml").write_text("id: broken\nid: twice\n")
    monkeypatch.setenv("OPENIPT_LIBRARY", str(tmp_path))
    result = run("score", "broken", given="{}")
    assert result.exit_code == 1
    assert "questionnaires/broken/form.yaml:2: id: the key 'id' stands twice" in result.stderr


def test_people_read_what_was_answered_and_no_label_of_risk() -> None:
    text = run("score", "phq-9", given=lines([{**FULL, "q9": 2}, {"q1": 3}])).stdout
    assert "Line 1: PHQ-9" in text
    assert "Moderate" in text
    assert "better off dead or of hurting yourself in some way: More than half the days" in text
    assert text.count("More than half the days") == 1, "one answer is read once, whatever it raises"
    assert "better off dead or of hurting yourself in some way: left blank" in text
    assert "Total 10 or more (English talking-therapies caseness): not known." in text
    assert "q2 Feeling down" in text
    for label in ("suicidal", "risk", "urgent", "review", "flag", "level"):
        assert label not in text.lower()


def test_people_read_how_a_score_was_made_up_and_why_a_sheet_was_not_taken() -> None:
    result = run("score", "phq-9", given=lines([{**FULL, "q8": None, "q9": 2}, {"q1": 9}]) + "oops\n")
    assert result.exit_code == 1
    assert "Made up from the answers that were given (10.12 before rounding)." in result.stdout
    assert "q1 takes 0 to 3; got 9." in result.stdout
    assert "Not taken: line 3 is not JSON" in result.stdout


def test_only_the_answers_that_speak_are_read_out() -> None:
    sheet = {"q1": 1, "q2": 4, "q3": 4, "q4": 0, "q5": 4}
    text = run("score", "ALLIANCE5", given=lines([sheet])).stdout
    _, _, answers = text.partition("Please read these answers:")
    assert len(answers.strip().splitlines()) == 2
    assert "A little" in answers
    assert "Not at all" in answers


def test_nothing_on_a_sheet_can_move_the_cursor() -> None:
    sheet = {"\x1b[2J\u202e": 1, "q1": "\x1b]0;title\x07", "[bold]q2[/bold]": 1}
    text = run("score", "phq-9", given=lines([sheet])).stdout
    assert "[bold]q2[/bold] is not asked" in text
    assert not set(text) & {"\x1b", "\x07", "\u202e"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[]), max_size=4),
    lambda part: (
        st.lists(part, max_size=3) | st.dictionaries(st.sampled_from(["q1", "q9", "answers", "context", "x"]), part)
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(json_values.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=30), min_size=1, max_size=4)
)
def test_whatever_comes_in_each_line_gets_its_row(raw: list[bytes]) -> None:
    text = b"\n".join(raw)
    code, rows = scored(text)
    expected = [line for line in text.split(b"\n") if line.strip(b" \t\r\xef\xbb\xbf")]
    assert len(rows) == len(expected)
    assert code == (0 if all(row["valid"] for row in rows) else 1)
    assert all(set(row) == KEYS for row in rows)
    assert run("score", "phq-9", given=text).exit_code == code


@given(st.dictionaries(st.sampled_from([f"q{n}" for n in range(1, 11)]), st.sampled_from([None, 0, 1, 2, 3])))
@settings(max_examples=50, deadline=None)
def test_the_command_says_what_the_function_says(sheet: dict[str, int | None]) -> None:
    _, [row] = scored(lines([sheet]))
    result = score(open_form("phq-9"), sheet)
    assert row["scores"] == result.scores
    assert row["flags"] == list(result.findings)
    assert all(math.isfinite(value) for value in row["exact"].values())


def start(*words: str, given: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    import os

    command = [sys.executable, "-c", "from openipt.cli import main; main()", *words]
    return subprocess.run(command, input=given, capture_output=True, check=False, env={**os.environ, **env})


def test_no_progress_bar_and_no_colour_in_a_pipe() -> None:
    done = start("score", "phq-9", given=lines([FULL] * 5).encode())
    assert done.returncode == 0
    assert done.stderr == b""
    assert b"\x1b" not in done.stdout


def test_a_plain_ascii_terminal_is_enough() -> None:
    sheet = '{"\\ud800": 1}\n{"q1": "\u2026"}\n'.encode()
    for words in (["score", "phq-9"], ["score", "phq-9", "--json"]):
        done = start(*words, given=sheet, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr
        assert done.stdout.isascii()


def test_a_reader_that_leaves_early_sees_no_traceback() -> None:
    command = f"{sys.executable} -c 'from openipt.cli import main; main()' score phq-9 --json | head -n 1"
    given = lines([FULL] * 5_000).encode()
    done = subprocess.run(["sh", "-c", command], input=given, capture_output=True, check=False)
    assert len(done.stdout.splitlines()) == 1
    assert b"Traceback" not in done.stderr


def test_a_slip_in_one_answer_does_not_hide_an_answer_about_danger_in_another():
    told = CliRunner().invoke(app, ["score", "phq-9", "-"], input='{"q1": 9, "q9": 3}\n')
    assert "Not taken" in told.output
    assert "Please read these answers all the same" in told.output
    assert "Nearly every day" in told.output

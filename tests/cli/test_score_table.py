"""`openipt score FORM FILE.csv`: a table in, the same table with results out, and every bad cell by row and column."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from openipt.cli import app
from openipt.therapy.forms import open_form, score

pytest.importorskip("numpy")

ITEMS = [f"q{n}" for n in range(1, 10)]
HEAD = ",".join(["client", "at", *ITEMS])
ADDED = ["total", "status", "band", "flags", "missing"]


def run(*words: str, given: str | bytes = "") -> Result:
    result = CliRunner().invoke(app, ["score", *words], input=given)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def put(folder: Path, *rows: str, head: str = HEAD) -> str:
    place = folder / "sheets.csv"
    place.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return str(place)


def table(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_columns_are_kept_and_results_stand_beside_them(tmp_path: Path) -> None:
    result = run("phq-9", put(tmp_path, '"Anna, B",2026-01-05,1,1,1,1,1,1,1,1,1', "C,2026-01-06,3,3,3,3,3,3,3,3,"))
    assert (result.exit_code, result.stderr) == (0, "")
    first, second = table(result)
    assert list(first) == ["client", "at", *ITEMS, *ADDED]
    assert (first["client"], first["at"], first["q9"]) == ("Anna, B", "2026-01-05", "1")
    assert [first[name] for name in ADDED] == ["9", "scored", "mild", "suicidal_ideation", "0"]
    assert [second[name] for name in ADDED] == ["27", "prorated", "severe", "risk_item_skipped", "1"]


def test_a_table_says_what_the_lines_say(tmp_path: Path) -> None:
    sheets = [{item: (n * 7 + place * n) % 4 for place, item in enumerate(ITEMS)} for n in range(50)]
    rows = [",".join(["x", "", *(str(sheet[item]) for item in ITEMS)]) for sheet in sheets]
    found = table(run("phq-9", put(tmp_path, *rows)))
    lines = run("phq-9", "--json", given="".join(json.dumps(sheet) + "\n" for sheet in sheets)).stdout.splitlines()
    for row, line in zip(found, map(json.loads, lines), strict=True):
        assert (float(row["total"]), row["band"]) == (line["scores"]["total"], line["band"])
        assert row["flags"].split() == line["flags"]


@pytest.mark.parametrize("cell", ["4", "-1", "3 ", "true", "1.0", "77", "x", "9" * 400, "\x1b[31m"])
def test_a_bad_cell_is_named_by_row_and_column_and_its_row_is_not_scored(cell: str, tmp_path: Path) -> None:
    result = run("phq-9", put(tmp_path, "a,,1,1,1,1,1,1,1,1,1", f"b,,1,{cell},1,1,1,1,1,1,1", "c,,0,0,0,0,0,0,0,0,0"))
    assert result.exit_code == 1
    assert "row 3, column q2: " in result.stderr
    assert result.stderr.count("\n") == 1
    assert "\x1b" not in result.stderr
    assert [row["total"] for row in table(result)] == ["9", "", "0"]
    assert [row["status"] for row in table(result)] == ["scored", "not taken", "scored"]


def test_a_row_of_another_length_is_named(tmp_path: Path) -> None:
    result = run("phq-9", put(tmp_path, "a,,1,1", "b,,1,1,1,1,1,1,1,1,1,1,1"))
    assert result.exit_code == 1
    assert "row 2: 4 cells; expected 11" in result.stderr
    assert "row 3: 13 cells; expected 11" in result.stderr
    assert [row["status"] for row in table(result)] == ["not taken", "not taken"]


def test_an_item_without_a_column_is_said_and_is_blank(tmp_path: Path) -> None:
    result = run("phq-9", put(tmp_path, "1,1", head="q1,q2"))
    assert result.exit_code == 0
    assert "No column for q3, q4" in result.stderr
    assert (table(result)[0]["status"], table(result)[0]["missing"]) == ("unscored", "7")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "has no column of phq-9"),
        (b"client,at\na,b\n", "expected q1, q2"),
        (b"q1,q1\n1,1\n", "'q1' twice"),
        (b"q1\n\xff\n", "is not UTF-8"),
        (b'q1\n"1\n', "is no CSV"),
    ],
)
def test_what_is_no_table_of_the_form_is_refused(raw: bytes, said: str, tmp_path: Path) -> None:
    place = tmp_path / "sheets.csv"
    place.write_bytes(raw)
    result = run("phq-9", str(place))
    assert result.exit_code == 1
    assert said in result.stderr


def test_rows_of_a_group_are_left_to_json_lines() -> None:
    result = run("srm-5", "--csv", given="days\n1\n")
    assert result.exit_code == 1
    assert "expected JSON lines" in result.stderr


def test_standard_input_is_a_table_with_the_option_and_json_is_wrong_usage() -> None:
    result = run("gad-7", "--csv", given="\ufeff" + ",".join(f"q{n}" for n in range(1, 8)) + "\n3,3,3,3,3,3,3\n")
    assert table(result)[0]["total"] == "21"
    assert run("gad-7", "--csv", "--json").exit_code == 2


def test_fractions_and_yes_and_no(tmp_path: Path) -> None:
    found = table(run("ors", put(tmp_path, "6.3,6.3,6.3,6.3", head="q1,q2,q3,q4")))
    assert (
        float(found[0]["total"])
        == score(open_form("ors"), dict.fromkeys(["q1", "q2", "q3", "q4"], 6.3)).scores["total"]
    )


def test_a_column_that_has_the_name_of_a_result_keeps_it(tmp_path: Path) -> None:
    found = table(run("phq-9", put(tmp_path, "mine," + ",".join("0" * 9), head="total," + ",".join(ITEMS))))
    assert (found[0]["total"], found[0]["scored_total"]) == ("mine", "0")


def test_a_long_table_is_scored_in_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openipt.cli.tables.CHUNK", 3)
    rows = ["a,," + ",".join("1" * 9)] * 7 + ["b,,9" + ",1" * 8]
    result = run("phq-9", put(tmp_path, *rows))
    assert [row["total"] for row in table(result)] == ["9"] * 7 + [""]
    assert "row 9, column q1" in result.stderr


def test_a_row_that_is_not_taken_still_names_its_answer_about_danger(tmp_path: Path) -> None:
    result = run("phq-9", put(tmp_path, "A,d,7,0,0,0,0,0,0,0,2", "B,d,0,0,0,0,0,0,0,0,x", "C,d,0,0,0,0,0,0,0,0,0"))
    rows = table(result)
    assert [row["status"] for row in rows] == ["not taken", "not taken", "scored"]
    assert [row["flags"] for row in rows] == [
        "suicidal_ideation suicidal_ideation_frequent",
        "risk_item_skipped",
        "",
    ]
    assert [row["total"] for row in rows] == ["", "", "0"]


def test_a_table_with_semicolons_is_told_what_to_do(tmp_path: Path) -> None:
    result = run("phq-9", put(tmp_path, "A;1", head="client;q1"))
    assert result.exit_code == 1
    assert "semicolons" in result.stderr
    assert "commas" in result.stderr

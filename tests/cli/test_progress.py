"""`openipt progress SCORES.csv`: dated scores in; JSON in one shape, or a page in words and pictures out."""

from __future__ import annotations

import io
import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from caseload_world import caseload
from typer.testing import CliRunner, Result

from openipt.cli import app
from openipt.cli import progress as command

HEAD = "client,at,score"
KEYS = [
    "client",
    "form",
    "n",
    "baseline",
    "last",
    "change",
    "reliable",
    "clinically_significant",
    "response",
    "remission",
    "sudden_gains",
    "predicted",
    "state",
    "why",
    "definitions",
]


def run(*words: str, given: str | bytes = "") -> Result:
    result = CliRunner().invoke(app, ["progress", *words], input=given)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def put(folder: Path, *rows: str, head: str = HEAD, name: str = "scores.csv") -> str:
    place = folder / name
    place.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return str(place)


def week(n: int) -> date:
    return date(2026, 1, 5) + timedelta(days=7 * n)


def course(client: str, *scores: object) -> list[str]:
    return [f"{client},{week(n)},{score}" for n, score in enumerate(scores)]


def clients(result: Result) -> list[dict]:
    return json.loads(result.stdout)["clients"]


# ---- JSON ----


def test_json_has_the_shape_that_was_promised(tmp_path: Path) -> None:
    result = run(put(tmp_path, *course("A", 20, 19, 19, 10, 9, 8)), "--form", "phq-9", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert list(json.loads(result.stdout)) == ["clients"]
    (one,) = clients(result)
    assert list(one) == KEYS
    assert (one["client"], one["form"], one["n"]) == ("A", "phq-9", 6)
    assert (one["baseline"], one["last"], one["change"], one["reliable"]) == (20, 8, 12, "improved")
    assert one["sudden_gains"] == [{"after": "2026-01-19", "size": 9}]
    assert list(one["predicted"]) == ["at", "mean", "sd", "p_no_reliable_improvement"]
    assert one["predicted"]["at"] == "2026-04-13"
    assert (one["state"], one["why"]) == ("on track", "PHQ-9 went from 20 to 8, below the clinical range.")
    assert "6 points" in one["definitions"]["reliable"]
    assert len(one["definitions"]["inputs_hash"]) == 64


def test_the_outlook_is_the_golden_one(tmp_path: Path) -> None:
    (one,) = clients(run(put(tmp_path, *course("A", 17, 15, 16, 13, 12)), "--form", "phq-9", "--json"))
    made = one["predicted"]
    assert (round(made["p_no_reliable_improvement"], 4), round(made["mean"], 3)) == (0.3550, 10.078)
    assert round(made["sd"], 3) == pytest.approx(3.826, abs=0.0006)


def test_states_are_words_with_spaces(tmp_path: Path) -> None:
    rows = [
        *course("off", 24, 22, 20, 18, 18, 18, 18, 18),
        *course("worse", 20, 8, 15, 15),
        *course("early", 20, 19),
        *course("steady", 9, 8),
        *course("ask", 20, 19, "", ""),
    ]
    found = {one["client"]: one["state"] for one in clients(run(put(tmp_path, *rows), "--form", "phq-9", "--json"))}
    assert found == {"off": "off track", "worse": "worse", "early": "early", "steady": "steady", "ask": "ask"}


def test_the_same_table_gives_the_same_output(tmp_path: Path) -> None:
    place = put(tmp_path, *course("A", 20, 12, 8))
    assert run(place, "--form", "phq-9", "--json").stdout == run(place, "--form", "phq-9", "--json").stdout


def test_clients_stand_in_the_order_of_the_file_and_rows_may_stand_in_any(tmp_path: Path) -> None:
    rows = ["Zoe,2026-01-12,12", "Ann,2026-01-05,9", "Zoe,2026-01-05,20"]
    found = clients(run(put(tmp_path, *rows), "--form", "phq-9", "--json"))
    assert [(one["client"], one["baseline"], one["last"]) for one in found] == [("Zoe", 20, 12), ("Ann", 9, 9)]


def test_one_column_an_item_is_scored_as_the_form_says(tmp_path: Path) -> None:
    items = [f"q{n}" for n in range(1, 10)]
    rows = [
        "A,2026-01-05," + ",".join("2" * 9),
        "A,2026-01-12," + ",".join(["1"] * 8 + [""]),  # eight answers are made up to nine
        "A,2026-01-19,1,1,1,,,,,,",  # too empty for a score
    ]
    (one,) = clients(run(put(tmp_path, *rows, head="client,at," + ",".join(items)), "--form", "PHQ9", "--json"))
    assert (one["n"], one["baseline"], one["last"]) == (2, 18, 9)


@pytest.mark.parametrize("mark", [";", "\t"])
def test_semicolons_and_tabs_are_read_and_said(mark: str, tmp_path: Path) -> None:
    rows = [mark.join(["A", "2026-01-05", "6,3"]), mark.join(["A", "2026-01-12", "20,1"])]
    if mark == "\t":
        rows = [row.replace(",", ".") for row in rows]
    result = run(put(tmp_path, *rows, head=mark.join(["client", "at", "score"])), "--form", "ors", "--json")
    assert "read as such" in result.stderr
    assert (clients(result)[0]["baseline"], clients(result)[0]["last"]) == (6.3, 20.1)


def test_moments_and_days_and_a_byte_order_mark(tmp_path: Path) -> None:
    given = "\ufeffClient,AT,Score\nA,2026-01-05T09:00+01:00,20\nA,2026-04-05T09:00+02:00,12\nA,2026-04-06,11\n"
    (one,) = clients(run("-", "--form", "phq-9", "--json", given=given.encode()))
    assert (one["n"], one["last"]) == (3, 11)


# ---- a scale that is not on the shelf ----


def test_a_scale_of_ones_own_where_lower_is_worse(tmp_path: Path) -> None:
    own = ["--form", "own-bonds", "--worse", "lower", "--sd", "8", "--reliability", "0.9", "--cutoff", "30"]
    (one,) = clients(run(put(tmp_path, *course("A", 20, 25, 31, 35)), *own, "--json"))
    assert (one["form"], one["reliable"], one["clinically_significant"]) == ("own-bonds", "improved", True)
    assert "7.012 points" in one["definitions"]["reliable"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--form", "own-bonds", "--sd", "8"], "--reliability"),
        (["--form", "phq-9", "--sd", "8", "--reliability", "0.9"], "stands on the shelf"),
        (["--form", "own-bonds", "--sd", "0", "--reliability", "0.9"], "expected sd > 0"),
        (["--form", "own-bonds", "--worse", "sideways", "--sd", "8", "--reliability", "0.9"], "sideways"),
        ([], "--form"),
    ],
)
def test_wrong_usage_is_said(options: list[str], said: str, tmp_path: Path) -> None:
    result = run(put(tmp_path, *course("A", 20, 12)), *options, "--json")
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_form_that_is_not_on_the_shelf_is_refused(tmp_path: Path) -> None:
    result = run(put(tmp_path, *course("A", 20, 12)), "--form", "no-such-form", "--json")
    assert result.exit_code == 1
    assert "no-such-form" in result.stderr


# ---- rows that cannot be taken ----


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("A,05/01/2026,12", "row 3: column at: '05/01/2026' is no date"),
        ("A,2026-02-30,12", "row 3: column at: '2026-02-30' is on no calendar"),
        ("A,2026-01-12T25:00,12", "is on no calendar or clock"),
        ("A,1026-01-12,12", "the year 1026 cannot be"),
        ("A,,12", "row 3: column at: blank"),
        ("A,2026-01-12,28", "row 3: column score: 28 cannot be a score of PHQ-9; expected 0 to 27"),
        ("A,2026-01-12,-1", "expected 0 to 27"),
        ("A,2026-01-12,12.5", "expected steps of 1"),
        ("A,2026-01-12,twelve", "row 3: column score: 'twelve' is no number"),
        ("A,2026-01-12,nan", "is no number"),
        ("A,2026-01-12,1e3", "is no number"),
        (",2026-01-12,12", "row 3: column client: blank"),
        ("A,2026-01-12", "row 3: 2 cells; expected 3"),
        ("A,2026-01-12,\x1b[31m", r"\x1b"),
    ],
)
def test_a_row_that_cannot_be_is_named_and_nothing_is_judged(row: str, said: str, tmp_path: Path) -> None:
    result = run(put(tmp_path, "A,2026-01-05,20", row), "--form", "phq-9", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
    assert "\x1b" not in result.stderr
    assert "--lenient" in result.stderr


def test_lenient_keeps_the_good_rows_and_names_the_rest(tmp_path: Path) -> None:
    rows = ["A,2026-01-05,20", "A,soon,15", "A,2026-01-19,12", "B,2026-01-05,99"]
    result = run(put(tmp_path, *rows), "--form", "phq-9", "--json", "--lenient")
    assert result.exit_code == 0
    assert "row 3: " in result.stderr
    assert "row 5: " in result.stderr
    assert "Left out: 2 rows" in result.stderr
    (one,) = clients(result)
    assert (one["n"], one["last"]) == (2, 12)


def test_lenient_with_no_good_row_at_all_is_refused(tmp_path: Path) -> None:
    result = run(put(tmp_path, "A,soon,15"), "--form", "phq-9", "--json", "--lenient")
    assert result.exit_code == 1
    assert "no row that can be read" in result.stderr


def test_times_with_and_without_a_zone_are_not_mixed(tmp_path: Path) -> None:
    rows = ["A,2026-01-05T09:00,20", "A,2026-01-12T09:00,18", "A,2026-01-19T09:00Z,12"]
    result = run(put(tmp_path, *rows), "--form", "phq-9", "--json")
    assert result.exit_code == 1
    assert "row 4: column at: 2026-01-19T09:00:00+00:00 mixes times with and without a zone" in result.stderr
    assert clients(run(put(tmp_path, *rows), "--form", "phq-9", "--json", "--lenient"))[0]["last"] == 18


def test_times_of_two_zones_are_not_mixed_but_summer_and_winter_are_one(tmp_path: Path) -> None:
    rows = ["A,2026-01-05T09:00+05:30,20", "A,2026-01-12T09:00+05:30,18", "A,2026-01-19T09:00Z,12"]
    result = run(put(tmp_path, *rows), "--form", "phq-9", "--json")
    assert result.exit_code == 1
    assert "row 4" in result.stderr
    assert "expected +05:30" in result.stderr
    summer = ["A,2026-03-20T09:00Z,20", "A,2026-04-03T09:00+01:00,18"]
    assert run(put(tmp_path, *summer), "--form", "phq-9", "--json").exit_code == 0


def test_very_many_bad_rows_are_not_all_printed(tmp_path: Path) -> None:
    result = run(put(tmp_path, *(f"A,soon,{n % 27}" for n in range(200))), "--form", "phq-9", "--json")
    assert "and 150 more rows" in result.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"", "has no column 'client', 'at'"),
        (b"client,score\nA,1\n", "has no column 'at'"),
        (b"client,at\nA,2026-01-05\n", "has no scores"),
        (b"client,at,score,score\n", "'score' twice"),
        (b"client,at,score\n\xff\n", "is not UTF-8"),
        (b'client,at,score\n"A,2026-01-05,1\n', "is no CSV"),
        (b"client,at,score\n", "no row that can be read"),
    ],
)
def test_what_is_no_table_of_scores_is_refused(given: bytes, said: str) -> None:
    result = run("-", "--form", "phq-9", "--json", given=given)
    assert result.exit_code == 1
    assert said in result.stderr


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    assert run(str(tmp_path / "none.csv"), "--form", "phq-9").exit_code == 2


# ---- the page ----


def test_without_json_one_page_is_written_beside_the_table(tmp_path: Path) -> None:
    result = run(put(tmp_path, *course("A <b>", 20, 19, 19, 10, 9, 8), *course("B", 24, 22)), "--form", "phq-9")
    page = (tmp_path / "scores.progress.html").read_text(encoding="utf-8")
    assert "Written: " in result.stderr
    assert page.startswith("<!doctype html>")
    assert page.count("<svg") == page.count("<table>") == 2
    assert "A &lt;b&gt;" in page
    assert "As hoped by now." in page
    assert "Sudden gain of 9 points after 19 January 2026. Often this is chance or steady change." in page
    for missing in ("<script", "http://", "https://", "<link", "<img", "@import"):
        assert missing not in page.replace("http://www.w3.org/2000/svg", "")
    assert "prefers-color-scheme: dark" in page


def test_rates_stand_beside_how_many_they_are_known_for(tmp_path: Path) -> None:
    rows = [*course("A", 20, 8), *course("B", 20, 19), *course("C", 20)]
    page = run(put(tmp_path, *rows), "--form", "phq-9", "--out", "-").stdout
    assert "Reliably better: 1 of 2 (known for 2 of all 3)." in page


def test_rows_that_were_left_out_stand_on_the_page(tmp_path: Path) -> None:
    rows = [*course("A", 20, 8), "A,<i>,9"]
    page = run(put(tmp_path, *rows), "--form", "phq-9", "--lenient", "--out", "-").stdout
    assert "Rows left out" in page
    assert "row 4: column at: &#x27;&lt;i&gt;&#x27; is no date" in page


def finished(folder: Path, n: int) -> str:
    rows = [
        f"F{number},{week(place)},{score:g}"
        for number, one in enumerate(caseload(n, 31).as_maps())
        for place, score in one.items()
    ]
    return put(folder, *rows, name=f"finished-{n}.csv")


def text_of(page: str) -> str:
    return re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)


@pytest.mark.parametrize(("n", "shown"), [(99, False), (100, True)])
def test_what_was_to_be_expected_is_shown_only_from_100_finished_courses_on(
    n: int, shown: bool, tmp_path: Path
) -> None:
    place = put(tmp_path, *course("A", 15, 16, 15))
    page = run(place, "--form", "phq-9", "--finished", finished(tmp_path, n), "--out", "-").stdout
    assert ("80 of 100 lie in here" in page) is shown
    assert ("started at a similar score" in text_of(page)) is shown
    assert ('class="f-band"' in page) is shown


def test_without_finished_courses_no_sentence_is_about_what_was_to_be_expected(tmp_path: Path) -> None:
    page = run(put(tmp_path, *course("A", 15, 16, 15)), "--form", "phq-9", "--out", "-").stdout
    assert not re.search("similar score|in 100|expected", text_of(page))


def test_a_page_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    result = run(put(tmp_path, *course("A", 20, 8)), "--form", "phq-9", "--out", str(tmp_path / "no" / "where.html"))
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


def test_a_page_of_very_many_has_words_for_all_and_pictures_for_some(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("openipt.cli.progress_page.MOST_PICTURES", 2)
    rows = [row for n in range(4) for row in course(f"C{n}", 20, 12)]
    page = run(put(tmp_path, *rows), "--form", "phq-9", "--out", "-").stdout
    assert page.count("<svg") == 2
    assert "Only the first 2 clients have a picture" in page
    assert "C3" in page


# ---- how far the work is ----


class Screen(io.StringIO):
    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(("terminal", "many", "shown"), [(True, 60, True), (False, 60, False), (True, 3, False)])
def test_a_bar_shows_for_many_clients_on_a_terminal(terminal: bool, many: int, shown: bool, monkeypatch) -> None:
    screen = Screen(terminal)
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with command.bar("Following", many) as advance:
        advance(many)
    assert bool(screen.getvalue()) is shown

"""`openipt insight DIARY.csv`: a page or data; what is refused, with its row; nothing ends in a traceback."""

from __future__ import annotations

import io
import json
import re
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from openipt.cli import app
from openipt.cli import insight as command

sys.path.insert(0, str(Path(__file__).parents[1] / "therapy" / "insight"))

from banned import banned_in
from diary_worlds import diary_world
from golden import golden_diary

HEAD = "client,at,mood,person,valence,kinds,skill"
FIELDS = ["client", "model_version", "inputs_hash", "entries", "people", "kinds", "trend_per_week", "log_evidence",
          "warnings"]  # fmt: skip
OF_PERSON = ["person", "mean", "lo", "hi", "contrast", "contrast_lo", "contrast_hi", "pd", "sceptical_pd",
             "contact_days", "information", "tolerance", "status"]  # fmt: skip


def run(*words: str, given: str | bytes = "") -> Result:
    result = CliRunner().invoke(app, ["insight", *words], input=given)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def put(folder: Path, *rows: str, head: str = HEAD) -> str:
    place = folder / "diary.csv"
    place.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return str(place)


def rows_of(entries, client: str = "K", kinds: str = "") -> list[str]:
    return [
        f"{client},{one.at:%Y-%m-%dT%H:%M},{one.mood:g},{met.person},{met.valence},{kinds},"
        for one in entries
        for met in one.interactions
    ]


def data(*words: str, **more: str) -> list[dict]:
    result = run(*words, "--json", **more)
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)["clients"]


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("diary")
    lively = rows_of(diary_world(np.random.default_rng(11), 4, 60).entries, "Klara", "supported")
    few = rows_of(golden_diary()[:5], "<b>Tom</b>")
    result = run(put(folder, *rows_of(golden_diary(), "Gold", "conflict helped"), *lively, *few))
    assert result.exit_code == 0
    assert "Written: " in result.stderr
    return (folder / "diary.insight.html").read_text(encoding="utf-8")


def words_on(page: str) -> str:
    without = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", without)).split())


def test_json_has_exactly_the_promised_fields(tmp_path: Path) -> None:
    (found,) = data(put(tmp_path, *rows_of(golden_diary())))
    assert list(found) == FIELDS
    assert [list(one) for one in found["people"]] == [OF_PERSON] * 3
    assert list(found["trend_per_week"]) == ["mean", "lo", "hi"]
    assert (found["client"], found["entries"], found["model_version"]) == ("K", 14, "insight-1")
    assert re.fullmatch("[0-9a-f]{64}", found["inputs_hash"])


def test_the_golden_numbers_come_out_of_a_table(tmp_path: Path) -> None:
    (found,) = data(put(tmp_path, *rows_of(golden_diary())))
    mother = next(one for one in found["people"] if one["person"] == "mother")
    assert [mother[key] for key in ("mean", "lo", "hi", "pd", "sceptical_pd")] == pytest.approx(
        [0.4193, 0.2601, 0.5864, 0.9996, 0.9994], abs=1e-3
    )
    assert found["log_evidence"] == pytest.approx(-16.9064, abs=1e-3)


def test_rows_in_another_order_say_the_same(tmp_path: Path) -> None:
    rows = rows_of(golden_diary())
    assert data(put(tmp_path, *rows)) == data(put(tmp_path, *rows[::-1]))


def test_a_row_without_a_person_is_an_entry_without_contact(tmp_path: Path) -> None:
    (found,) = data(put(tmp_path, *rows_of(golden_diary()), "K,2026-03-24T20:30,5,,,,"))
    assert found["entries"] == 15


def test_who_was_seldom_there_has_no_numbers(tmp_path: Path) -> None:
    (found,) = data(put(tmp_path, *rows_of(golden_diary()), "K,2026-03-02T20:30,4,Rui,1,,"))
    rui = next(one for one in found["people"] if one["person"] == "Rui")
    assert (rui["mean"], rui["contrast"], rui["pd"], rui["status"]) == (None, None, None, "not enough entries")


def test_kinds_are_told_beside_people(tmp_path: Path) -> None:
    (found,) = data(put(tmp_path, *rows_of(golden_diary(), kinds="ignored;helped|lonely")))
    assert [one["kind"] for one in found["kinds"]] == ["support", "avoidance", "lonely"]
    assert {one["status"] for one in found["kinds"]} == {"not enough entries"}


def test_many_clients_come_out_in_the_order_they_came_in(tmp_path: Path) -> None:
    rows = [row for name in ("Zoe", "Ann", "Max") for row in rows_of(golden_diary(), name)]
    found = data(put(tmp_path, *rows))
    assert [one["client"] for one in found] == ["Zoe", "Ann", "Max"]
    assert len({one["inputs_hash"] for one in found}) == 1


@pytest.mark.parametrize("mark", [";", "\t"])
def test_semicolons_tabs_a_mark_of_bytes_and_decimal_commas_are_read(mark: str, tmp_path: Path) -> None:
    rows = [row.replace(",", mark) for row in rows_of(golden_diary())]
    place = Path(put(tmp_path, *rows, head="\ufeff" + HEAD.replace(",", mark)))
    assert data(str(place))[0]["entries"] == 14
    if mark == ";":
        place.write_text(place.read_text().replace(";4;", ";4,0;"), encoding="utf-8")
        assert data(str(place))[0]["entries"] == 14


def test_standard_input_is_a_table_too() -> None:
    table = "\n".join([HEAD, *rows_of(golden_diary())])
    assert json.loads(run("-", "--json", given=table).stdout)["clients"][0]["entries"] == 14


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("K,5.3.2026,5,Bea,1,,", "row 3, column at: '5.3.2026' is no date"),
        (
            "K,2026-03-05T10:00Z,5,Bea,1,,",
            "row 3, column at: has the zone +00:00, while row 2 of this client has no zone",
        ),
        ("K,2026-03-05,12,Bea,1,,", "row 3, column mood: '12'; expected a number from 0 to 10"),
        ("K,2026-03-05,5,Bea,,,", "row 3, column valence: is blank"),
        ("K,2026-03-05,5,Bea,1,party,", "row 3, column kinds: 'party'"),
        ("K,2026-03-05,5,Bea,1", "row 3, column client: the row has 5 cells; expected 7 cells"),
        (",2026-03-05,5,Bea,1,,", "row 3, column client: is blank"),
        ("K,2026-03-05,5,Bea,\x1b[31m,,", "row 3, column valence"),
    ],
)
def test_a_bad_row_is_refused_by_its_number_and_lenient_keeps_the_others(row: str, says: str, tmp_path: Path) -> None:
    good = "K,2026-03-04T20:00,5,Bea,1,,"
    strict = run(put(tmp_path, good, row), "--json")
    assert (strict.exit_code, strict.stdout) == (1, "")
    assert says in strict.stderr
    assert "Nothing was looked at. Mend these rows, or leave them out with --lenient." in strict.stderr
    assert "\x1b" not in strict.stderr
    lenient = run(put(tmp_path, good, row), "--json", "--lenient")
    assert lenient.exit_code == 0
    assert says in lenient.stderr
    assert "Left out: 1 rows." in lenient.stderr
    assert json.loads(lenient.stdout)["clients"][0]["entries"] == 1


def test_of_very_many_bad_rows_the_first_are_named(tmp_path: Path) -> None:
    result = run(put(tmp_path, *["K,x,5,Bea,1,,"] * 80))
    assert result.exit_code == 1
    assert "row 51, column at" in result.stderr
    assert "row 52" not in result.stderr
    assert "... and 30 more." in result.stderr


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (b"", "has no column client, at, mood, person, valence in its first row"),
        (b"client,at,mood\nK,2026-03-01,5\n", "has no column person, valence"),
        (b"client,at,mood,person,valence,at\n", "has the column 'at' twice"),
        (HEAD.encode() + b"\n", "no entry that can be read"),
        (HEAD.encode() + b"\nK,\xff\n", "is not UTF-8"),
        (HEAD.encode() + b'\nK,"2026-03-01\n', "is no CSV"),
    ],
)
def test_what_is_no_diary_is_refused(given: bytes, says: str) -> None:
    result = run("-", "--json", given=given)
    assert result.exit_code == 1
    assert says in result.stderr
    assert "expected" in result.stderr


def test_a_file_that_is_not_there_and_one_that_cannot_be_written(tmp_path: Path) -> None:
    missing = run(str(tmp_path / "nothing.csv"))
    assert missing.exit_code == 2
    assert "cannot be opened" in missing.stderr
    unwritable = run(put(tmp_path, *rows_of(golden_diary())), "--out", str(tmp_path / "no" / "page.html"))
    assert unwritable.exit_code == 1
    assert "cannot be written" in unwritable.stderr


def test_the_page_goes_where_it_is_asked_to(tmp_path: Path) -> None:
    place, out = put(tmp_path, *rows_of(golden_diary())), tmp_path / "mine.html"
    both = run(place, "--json", "--out", str(out))
    assert json.loads(both.stdout)["clients"]
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert not (tmp_path / "diary.insight.html").exists()
    assert run(place, "--out", "-").stdout.startswith("<!doctype html>")


def test_the_page_needs_nothing_else(page: str) -> None:
    assert "<script" not in page
    assert not re.search(r"""(src|href)=["'](?!#)""", page)
    assert "url(" not in page
    assert "prefers-color-scheme: dark" in page
    assert page.count("<svg ") == page.count("<table>") == page.count("<summary>")


def test_the_page_is_well_formed_and_every_id_is_its_own(page: str) -> None:
    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.open: list[str] = []
            self.ids: list[str] = []

        def handle_starttag(self, tag, attrs) -> None:
            self.ids += [value for name, value in attrs if name == "id"]
            if tag not in ("meta", "br", "hr", "img", "link"):
                self.open.append(tag)

        def handle_startendtag(self, tag, attrs) -> None:
            self.ids += [value for name, value in attrs if name == "id"]

        def handle_endtag(self, tag) -> None:
            assert self.open.pop() == tag

    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))


def test_the_page_says_what_was_seen_and_what_else_it_could_be(page: str) -> None:
    words = words_on(page)
    assert "In 14 entries, days with good contact with mother had mood about 1.7 points higher" in words
    assert "It could also be that low mood colours how contact is rated." in words
    assert "Entries with friend on 1 more day are needed before we can look." in words
    assert "mother was there on 2 of the 5 better days and on 6 of the 9 other days." in words
    assert "Not for use where there is violence or coercion." in words


def test_no_word_on_the_page_says_what_makes_what(page: str) -> None:
    assert banned_in(words_on(page)) == []


def test_names_cannot_write_on_the_page(page: str) -> None:
    assert "<b>Tom</b>" not in page
    assert "&lt;b&gt;Tom&lt;/b&gt;" in page


def test_rows_left_out_stand_at_the_end_of_the_page(tmp_path: Path) -> None:
    result = run(put(tmp_path, *rows_of(golden_diary()), "K,<i>x,5,Bea,1,,"), "--lenient", "--out", "-")
    assert "Rows left out" in result.stdout
    assert "&lt;i&gt;x" in result.stdout


def test_with_very_many_clients_pictures_stand_with_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openipt.cli.insight_page.MOST_PICTURES", 1)
    rows = [row for name in ("A", "B") for row in rows_of(golden_diary(), name)]
    told = run(put(tmp_path, *rows), "--out", "-").stdout
    assert "Pictures stand with the first 1 clients only" in told
    assert told.count("<svg ") == 2


cells = st.one_of(
    st.sampled_from(["K", "L", "2026-03-01T20:15", "2026-03-02", "2026-03-03T01:00Z", "5", "10", "0", "-3", "3", "Bea",
                     "lonely", "supported ignored", "", "true", '"', "9999-12-31", "1900-01-01"]),
    st.text(max_size=6),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(cells, min_size=5, max_size=8), max_size=12), st.sampled_from([(), ("--lenient",)]))
def test_whatever_stands_in_the_table_nothing_ends_in_a_traceback(rows: list[list[str]], how: tuple[str, ...]) -> None:
    table = "\n".join([HEAD, *(",".join(row) for row in rows)])
    result = run("-", "--out", "-", *how, given=table.encode("utf-8", "surrogatepass"))
    assert result.exit_code in (0, 1)
    assert (result.exit_code == 0) == result.stdout.startswith("<!doctype html>")


class Screen(io.StringIO):
    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(("terminal", "clients", "shown"), [(True, 40, True), (False, 40, False), (True, 3, False)])
def test_the_bar_shows_for_many_clients_on_a_terminal(terminal, clients, shown, monkeypatch) -> None:
    screen = Screen(terminal)
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with command._progress(clients) as advance:
        advance(clients)
    assert bool(screen.getvalue()) == shown

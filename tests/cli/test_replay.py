"""`openipt replay`: text, JSON and one HTML file; what is refused, and that nothing ends in a traceback."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from typer.testing import CliRunner, Result

from openipt.cli import app
from openipt.exchange.cases import case_files

CASE_1 = next(path for path in case_files() if "case_01" in path.name)
VOID = {"meta", "br", "hr", "img", "link", "input"}
SVG_SHORT = {"line", "circle", "path", "rect"}


def run(*words: str, given: str | bytes = "") -> Result:
    result = CliRunner().invoke(app, ["replay", *words], input=given)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(scope="module")
def text() -> str:
    return run("C02").stdout


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    out = tmp_path_factory.mktemp("pages") / "c02.html"
    assert run("C02", "--html", str(out)).exit_code == 0
    return out.read_text(encoding="utf-8")


def test_a_file_an_id_and_standard_input_tell_the_same():
    raw = CASE_1.read_bytes()
    told = [run(str(CASE_1), "--json"), run("c01", "--json"), run("-", "--json", given=raw)]
    assert [one.exit_code for one in told] == [0, 0, 0]
    assert told[0].stdout == told[1].stdout == told[2].stdout


def test_json_has_the_shape_of_the_reference():
    data = json.loads(run("C01", "--json").stdout)
    assert {"case", "manual", "enrolments", "sessions", "ending"} <= set(data)
    wanted = {
        "n", "happened_at", "kind", "phase", "offered", "done", "due", "gates", "state", "why", "scores", "findings",
        "flags", "decision", "note",
    }  # fmt: skip
    assert all(wanted <= set(session) for session in data["sessions"])
    assert all({"id", "open", "why"} <= set(gate) for session in data["sessions"] for gate in session["gates"])
    assert (data["case"], data["manual"], data["ending"]) == ("C01", "ipt-classic", "finished")


def test_the_text_tells_each_session_from_state_to_note(text):
    sessions = re.split(r"\n(?=Session \d+, |Session with somebody)", text)
    assert len(sessions) == 1 + 16 + 6
    eighth = sessions[8]
    assert eighth.startswith("Session 8, 2025-10-27, middle")
    order = ["  State\n", "  Scores\n", "  Due\n", "  Offered\n", "  Done\n", "  Gates closed\n", "  Flags\n"]
    places = [eighth.index(name) for name in [*order, "  Decision\n", "  Note\n"]]
    assert places == sorted(places)
    assert "Less change than hoped for by now." in eighth
    assert "PHQ-9 15, moderately severe" in eighth
    assert "PHQ-9 question 9 was answered" in eighth
    assert "Better by 29 %" in eighth
    assert "[done]" in eighth
    assert "Held back" in sessions[6]


def test_the_text_ends_with_the_ending_and_the_claims_of_the_file(text):
    assert "Finished as agreed: 16 sessions in 18 weeks" in text
    assert "PHQ-9 21 to 7: reliably improved, response yes, remission no, recovered yes" in text
    assert re.search(r"(\d+) of \1 agree\.\s*$", text)


def test_a_difference_between_claim_and_facts_is_named():
    raw = CASE_1.read_text(encoding="utf-8").replace("sessions_attended: 16", "sessions_attended: 15")
    told = run("-", given=raw).stdout
    assert "C01, outcome: sessions_attended: the file says 15; it follows 16" in told


def test_names_and_words_enter_only_when_they_are_asked_for(text):
    for name in ("Lena", "Noah", "Petra"):
        assert name not in text
    assert "[…]" in text
    named = run("C02", "--people").stdout
    assert "Lena" in named
    words = "Lowest on Sunday nights"
    assert words not in text
    assert words in run("C02", "--words").stdout
    note = json.loads(run("C02", "--json", "--words", "--people").stdout)["sessions"][0]["note"]
    assert words in note
    assert "Lena" in note


def test_no_word_of_risk_blame_or_praise_and_no_exclamation(text):
    assert not re.search(r"\b(high|medium|low) risk\b|\bfailed\b|\bbecause of\b|!", text, re.IGNORECASE)


def test_until_session(text):
    cut = run("C02", "--until-session", "8").stdout
    assert "Session 8, " in cut
    assert "Session 9, " not in cut
    assert "Not ended: 8 sessions" in cut
    assert "sertraline" not in cut


def test_a_group_is_told_member_by_member():
    told = run("C05").stdout
    assert told.count("Ending\n") == 8
    assert "C05-M6" in told
    assert "Stopped coming" in told


def test_plain_in_a_pipe(text):
    assert "\x1b" not in text


def test_what_a_file_holds_cannot_move_the_cursor():
    raw = CASE_1.read_text(encoding="utf-8").replace("Anniversary plan for July", "Anniversary \\u202e plan \\x1b[31m")
    told = run("-", given=raw).stdout
    assert "\x1b" not in told
    assert "\u202e" not in told


class Outline(HTMLParser):
    """Reads a page: the order of headings, ids, links, and whether every tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        found = dict(attrs)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if "href" in found else []
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said.append(data)


def outline(page: str) -> Outline:
    found = Outline()
    found.feed(page)
    return found


def test_the_page_is_whole_and_stands_alone(page):
    found = outline(page)
    assert found.open == []
    assert page.startswith("<!doctype html>")
    assert not re.search(r"<script|https?://(?!www\.w3\.org)|@import|url\(", page)
    assert len(found.ids) == len(set(found.ids))
    assert all(link[0] == "#" and link[1:] in found.ids for link in found.links)


def test_the_page_has_landmarks_and_headings_in_order(page):
    found = outline(page)
    for tag in ("header", "nav", "main", "footer"):
        assert found.tags.count(tag) == 1
    assert found.headings[0] == 1
    assert found.headings.count(1) == 1
    assert all(later - before <= 1 for before, later in zip(found.headings, found.headings[1:], strict=False))
    assert found.tags.count("article") == 22


def test_each_picture_has_a_table_behind_it(page):
    found = outline(page)
    assert found.tags.count("svg") == found.tags.count("table") == found.tags.count("figure") == 4
    assert found.tags.count("figcaption") == 4


def test_nothing_of_a_file_becomes_markup(tmp_path):
    raw = CASE_1.read_text(encoding="utf-8")
    evil = '<script>alert(1)</script><img src=x>&amp;\\" onload=x'
    for text in (
        "Grief: a brother's sudden death and a missed call",
        "Anniversary plan for July",
        "Father's operation",
    ):
        raw = raw.replace(text, evil)
    raw = raw.replace("alias: Paul", "alias: '<b>Paul</b>'").replace(
        "Mother dies after", "</svg><script>Mother dies after"
    )
    out = tmp_path / "evil.html"
    assert run("-", "--html", str(out), "--people", "--words", given=raw).exit_code == 0
    page = out.read_text(encoding="utf-8")
    found = outline(page)
    assert found.open == []
    assert not {"script", "img", "b"} & set(found.tags)
    assert "alert(1)" in "".join(found.said)


def test_html_and_json_together(tmp_path):
    out = tmp_path / "one.html"
    told = run("C03", "--html", str(out), "--json")
    assert json.loads(told.stdout)["case"] == "C03"
    assert out.exists()


@pytest.mark.parametrize(
    ("words", "given", "code", "reason"),
    [
        (("nowhere.yaml",), "", 1, "no such file or worked case"),
        (("C99",), "", 1, "one of C01, C02"),
        ((".",), "", 1, "cannot be opened"),
        (("-",), "", 1, "the page is empty"),
        (("-",), "- a list", 1, "a list; expected a mapping"),
        (("-",), b"\xff\xfe", 1, "not UTF-8"),
        (("C01", "--until-session", "17"), "", 1, "there is no session 17"),
        (("C01", "--html", "/nowhere/at/all.html"), "", 1, "cannot be written"),
        (("C01", "--until-session", "eight"), "", 2, "Invalid value for '--until-session'"),
        ((), "", 2, "Missing argument"),
        (("C01", "--sessions"), "", 2, "No such option"),
    ],
)
def test_bad_input_is_refused_with_a_reason_and_a_code(words, given, code, reason):
    result = run(*words, given=given)
    assert result.exit_code == code
    assert reason in re.sub(r"\s+", " ", result.stderr)
    assert "Traceback" not in result.stderr
    assert result.stdout == ""

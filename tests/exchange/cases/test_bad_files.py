"""A file that breaks the schema or its own facts is refused with file, line and expectation; none is half-read."""

from __future__ import annotations

import io
import re

import pytest

from openipt.exchange.cases import case_files, open_case, read_case
from openipt.exchange.cases.opening import case_named, read_stream
from openipt.therapy.shelf import Refused, read_text

CASE_1 = next(path for path in case_files() if "case_01" in path.name)
CASE_2 = next(path for path in case_files() if "case_02" in path.name)
CASE_5 = next(path for path in case_files() if "case_05" in path.name)

# file, what stands there, what is written instead, the reason (line, place, what was expected)
BROKEN = {
    "unknown key": (
        CASE_1,
        "  alias: Hanna\n",
        "  alias: Hanna\n  shoe_size: 40\n",
        r"client\.shoe_size: .*not known.*expected one of .*alias",
    ),
    "misspelt key": (CASE_1, "occupation:", "ocupation:", r"client\.ocupation: .*not known.*occupation"),
    "duplicate key": (
        CASE_1,
        "  age: 52\n",
        "  age: 52\n  age: 53\n",
        r"client\.age: the key 'age' stands twice.*each key once",
    ),
    "missing key": (CASE_1, "  language: en\n", "", r"client: the key 'language' is missing.*a value for 'language'"),
    "wrong enum": (
        CASE_1,
        "modality: in_person, focus",
        "modality: in_persona, focus",
        r"'in_persona' is not known; expected one of in_person, video",
    ),
    "unknown task": (
        CASE_1,
        "END.05, END.06, END.10]",
        "END.05, END.06, END.99]",
        r"'END\.99' is not known; expected one of INI\.01",
    ),
    "item sum": (
        CASE_1,
        "items: [2, 2, 3, 2, 1, 3, 2, 0, 0], total: 15",
        "items: [2, 2, 3, 2, 1, 3, 2, 0, 0], total: 14",
        r"add up to 15, the total says 14; expected the sum",
    ),
    "too few items": (
        CASE_1,
        "items: [2, 2, 3, 2, 1, 3, 2, 0, 0], total: 15",
        "items: [2, 2, 3, 2, 1, 3, 2, 0], total: 15",
        r"8 answers; expected 9 answers",
    ),
    "too many items": (
        CASE_1,
        "items: [2, 2, 3, 2, 1, 3, 2, 0, 0], total: 15",
        "items: [2, 2, 3, 2, 1, 3, 2, 0, 0, 0], total: 15",
        r"10 answers; expected 9 answers",
    ),
    "unknown person of a step": (
        CASE_1,
        "person: P05, status_at_next: done",
        "person: P55, status_at_next: done",
        r"'P55' is no person of the inventory; expected one of P01",
    ),
    "unknown person of a goal": (CASE_1, "scope: P05,", "scope: P55,", r"'P55' is no person"),
    "unknown person of a circle": (
        CASE_1,
        "P07: 2, P08: 2}, lost_or_out: [P04, P05, P07]",
        "P07: 2, P58: 2}, lost_or_out: [P04, P05, P07]",
        r"'P58' is no person",
    ),
    "unknown event": (
        CASE_1,
        "precipitants: [E2, E3]",
        "precipitants: [E2, E33]",
        r"'E33' is no event of the timeline; expected one of E1",
    ),
    "unknown member": (
        CASE_5,
        "in_depth: [M2, M7]",
        "in_depth: [M2, M9]",
        r"'M9' is no member of the group; expected one of M1",
    ),
    "unknown member of a follow-up": (CASE_5, "M1: 6, M2: 4", "M9: 6, M2: 4", r"'M9' is no member of the group"),
    "rewrite outside": (
        CASE_1,
        "rewrite: [{line: 2,",
        "rewrite: [{line: 6,",
        r"line 6 of 6 lines .*expected a line of this incident",
    ),
    "dates out of order": (
        CASE_1,
        "n: 4, date: 2025-09-23",
        "n: 4, date: 2025-09-15",
        r"2025-09-15 lies before 2025-09-16; expected sessions in order",
    ),
    "numbers out of order": (
        CASE_1,
        "n: 4, date: 2025-09-23",
        "n: 3, date: 2025-09-23",
        r"3 after 3; expected rising session numbers",
    ),
    "no such day": (
        CASE_1,
        "n: 4, date: 2025-09-23",
        "n: 4, date: 2025-09-31",
        r"'2025-09-31' is no day of the calendar",
    ),
    "no such month": (
        CASE_1,
        "date: 2025-02, precision: month, type: work",
        "date: 2025-13, precision: month, type: work",
        r"'2025-13' is no day",
    ),
    "no such moment": (CASE_1, "when: 2025-10-05T19:40", "when: 2025-10-05T29:40", r"'2025-10-05T29:40' is no day"),
    "a year far away": (
        CASE_1,
        "date: 2025-02, precision: month, type: work",
        "date: 0025-02, precision: month, type: work",
        r"the year 25; expected a year from",
    ),
    "an id twice": (CASE_1, "id: P08, alias: Dora", "id: P07, alias: Dora", r"'P07' stands twice"),
    "text for a number": (CASE_1, "  age: 52", "  age: fifty", r"client\.age: 'fifty' does not fit; expected type"),
    "an answer outside its scale": (
        CASE_1,
        "items: [1, 2, 2, 1, 0, 2, 2, 0, 0], total: 10",
        "items: [1, 2, 2, 1, 0, 2, 2, 0, 4], total: 14",
        r"phq-9\): .*q9.*4",
    ),
    "no mood": (
        CASE_1,
        '    mood: 4\n    opener: "Since we last met, how',
        '    opener: "Since we last met, how',
        r"'mood' is missing; expected one of 'mood' or 'mood_thermometer'",
    ),
    "a flag of nobody in a group": (
        CASE_5,
        "member: M7, item: PHQ9.9=2 (was 1)",
        "item: PHQ9.9=2 (was 1)",
        r"a flag of nobody; expected the key 'member'",
    ),
    "a real person": (CASE_1, "synthetic: true", "synthetic: false", r"case\.synthetic"),
    "an alias": (CASE_1, 'strengths: ["Steady', 'strengths: &a ["Steady', r"anchor"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_file_is_refused_with_line_and_expectation(fault):
    path, old, new, reason = BROKEN[fault]
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, "the case has changed: write the fault anew"
    place = text.index(old)
    with pytest.raises(Refused) as refused:
        read_case(read_text(text.replace(old, new, 1), "broken.yaml"))
    problems = refused.value.problems
    assert any(re.search(reason, str(problem)) for problem in problems), str(refused.value)
    assert all(problem.file == "broken.yaml" and problem.expected for problem in problems)
    if fault != "an answer outside its scale":  # there the entry is named instead
        block = text.count("\n", 0, place) + 1
        assert any(abs(problem.line - block) <= 12 for problem in problems), (block, str(refused.value))


def test_all_problems_of_a_file_are_named_at_once_in_order():
    text = CASE_1.read_text(encoding="utf-8")
    text = text.replace("occupation:", "ocupation:").replace(
        "techniques: [T_ENDING], worksheets", "technics: [], worksheets"
    )
    with pytest.raises(Refused) as refused:
        read_case(read_text(text, "broken.yaml"))
    lines = [problem.line for problem in refused.value.problems]
    assert len(lines) >= 3
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty; expected a mapping"),
        (b"\n\n# nothing\n", "empty; expected a mapping"),
        (b"case: [unclosed", "expected well-formed YAML"),
        (b"case:\n\t- tab", "expected well-formed YAML"),
        (b"- a\n- list\n", "a list; expected a mapping with `case`"),
        (b"just words", "a str; expected a mapping"),
        (b"42", "a int; expected a mapping"),
        (b"null", "expected a mapping"),
        (b"{}", "missing"),
        (b"case: 1\nclient: 2\n", "missing"),
        (b"group: {}\n", "missing"),
        (b"\xff\xfe\x00binary\x00", "not UTF-8"),
        (b"\x00" * 50, "characters that people can read"),
        (b"a: " + b"x" * 2_100_000, "longer than 2,000,000 bytes"),
        ("é".encode() * 1_100_000, "longer than 2,000,000 bytes"),
        (b"[" * 1000, "expected a flatter page"),
        (b"{a: {b: {c: " * 20 + b"1" + b"}}}" * 20, "flatter"),
        (b"!!python/object/apply:os.system ['true']", "tag"),
    ],
)
def test_what_is_no_case_is_refused(raw, reason, tmp_path):
    with pytest.raises(Refused, match=re.escape(reason)):
        read_stream(io.BytesIO(raw), "given")
    file = tmp_path / "given.yaml"
    file.write_bytes(raw)
    with pytest.raises(Refused, match=re.escape(reason)):
        open_case(file)


def test_a_file_that_cannot_be_opened_is_refused(tmp_path):
    with pytest.raises(Refused, match="cannot be opened"):
        open_case(tmp_path / "nowhere.yaml")
    with pytest.raises(Refused, match="cannot be opened"):
        open_case(tmp_path)


def test_a_case_is_found_by_its_id():
    assert case_named("C01") == CASE_1
    assert case_named("c02") == CASE_2
    assert case_named("C99") is None
    assert case_named("") is None


@pytest.mark.parametrize("path", [CASE_1, CASE_2, CASE_5], ids=lambda path: path.stem)
def test_a_file_cut_anywhere_is_refused_or_whole_and_never_breaks(path):
    """Nothing is half-read: whatever part of a file is left, it is refused."""
    text = path.read_text(encoding="utf-8")
    for share in range(2, 20, 5):
        with pytest.raises(Refused):
            read_case(read_text(text[: len(text) * share // 20], "cut.yaml"))

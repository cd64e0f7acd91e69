"""The key on paper: what was typed back is the key, or the line with the slip is named."""

from __future__ import annotations

import random
import re
import stat
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openipt.casebook import sealing
from openipt.casebook.sealing import recovery
from openipt.casebook.sealing.key_file import write_key_file
from openipt.casebook.sealing.keys import weakness

KEY = sealing.Key(date(2026, 10, 1), random.Random(7).randbytes(32))
OTHER = sealing.Key(date(2027, 3, 9), random.Random(8).randbytes(32))


def typed(*keys: sealing.Key) -> list[str]:
    """The numbered lines of a sheet, as somebody types them."""
    return [line.strip() for place, key in enumerate(keys) for line in recovery._lines(key, 1 + 7 * place)]


def faults(lines: list[str]) -> str:
    with pytest.raises(sealing.KeyFileProblem) as refusal:
        sealing.restore_from_sheet("\n".join(lines))
    return refusal.value.wrong


def letters(line: str) -> list[int]:
    """Where in a line the twelve characters stand."""
    return [place for place, letter in enumerate(line) if letter in recovery.LETTERS and place > line.index(":")]


def put(line: str, place: int, letter: str) -> str:
    return line[:place] + letter + line[place + 1 :]


def slips_missed() -> list[str]:
    """Make every wrong letter and every swap of neighbours in every line; return the lines where none was noticed."""
    missed = []
    for line in typed(KEY):
        number, places = int(line.split(":")[0]), letters(line)
        wrong = [put(line, place, letter) for place in places for letter in recovery.LETTERS if letter != line[place]]
        pairs = pairwise(places)
        wrong += [put(put(line, a, line[b]), b, line[a]) for a, b in pairs if line[a] != line[b]]
        spelled = (re.sub(r"\s", "", one.split(":")[1]) for one in wrong)
        missed += [one for one in spelled if not recovery._slip(number, one)]
    return missed


@given(st.binary(min_size=32, max_size=32).filter(lambda secret: not weakness(secret)), st.dates())
def test_what_is_printed_and_typed_back_is_the_same_key(secret, made):
    key = sealing.Key(made, secret)

    assert sealing.restore_from_sheet("\n".join(typed(key))) == sealing.Keyring((key,))


def test_the_sheet_of_a_file_makes_the_same_file_anew(tmp_path, at):
    lost, anew = tmp_path / "lost", tmp_path / "anew"
    sealing.make_key_file(lost, at)
    sheet = sealing.recovery_sheet(lost)
    sealing.restore_key_file(anew, sheet)

    assert anew.read_bytes() == lost.read_bytes()
    assert stat.S_IMODE(anew.stat().st_mode) == 0o600


def test_the_sheet_fits_on_paper_and_says_which_key_it_is(tmp_path):
    write_key_file(tmp_path / "key", sealing.Keyring((KEY,)))
    sheet = sealing.recovery_sheet(tmp_path / "key")

    assert f"Key {KEY.id}, made on 2026-10-01" in sheet
    assert max(map(len, sheet.splitlines())) <= 80
    assert len(sheet.splitlines()) <= 30
    assert len(re.findall(r"^ +\d: {2}[A-Z2-7]{4} [A-Z2-7]{4} {3}[A-Z2-7]{4}$", sheet, re.MULTILINE)) == 7


def test_a_sheet_printed_while_the_key_is_changed_holds_both_keys(tmp_path):
    both = sealing.Keyring((KEY, OTHER))
    write_key_file(tmp_path / "key", both)

    assert sealing.restore_from_sheet(sealing.recovery_sheet(tmp_path / "key")) == both


@pytest.mark.parametrize(
    "spoken",
    [
        str.lower,
        lambda text: text.replace(" ", ""),
        lambda text: text.replace(":", "."),
        lambda text: text.replace("O", "0").replace("I", "1"),
        lambda text: "Found in the safe\n\n" + text.replace("\n", "\n\n   ") + "\n",
        lambda text: "\n".join(reversed(text.splitlines())),
    ],
    ids=["small letters", "no blanks", "a full stop", "digits for letters", "other lines", "another order"],
)
def test_it_does_not_matter_how_the_lines_are_written(spoken):
    assert sealing.restore_from_sheet(spoken("\n".join(typed(KEY)))) == sealing.Keyring((KEY,))


def test_every_wrong_letter_and_every_swap_of_neighbours_is_noticed():
    assert slips_missed() == []


def test_a_check_that_only_added_up_would_miss_swaps(monkeypatch):
    def adding_up(number, letters):
        rest = number + sum(map(recovery.LETTERS.index, letters))
        return "AA" + recovery.LETTERS[rest >> 5 & 31] + recovery.LETTERS[rest & 31]

    monkeypatch.setattr(recovery, "_check", adding_up)

    assert len(slips_missed()) > 20


@pytest.mark.parametrize("number", range(1, 8))
def test_a_slip_names_its_line_and_only_its_line(number):
    lines = typed(KEY)
    place = letters(lines[number - 1])[number]
    lines[number - 1] = put(lines[number - 1], place, "A" if lines[number - 1][place] != "A" else "B")

    assert faults(lines) == f"line {number} has a slip"


def test_several_slips_are_named_together():
    lines = typed(KEY)
    lines[1], lines[4] = lines[1][:-1], lines[4] + "A"

    assert faults(lines) == "line 2 has a slip, line 5 has a slip"


def test_two_lines_in_each_others_place_are_both_named():
    lines = typed(KEY)
    lines[2], lines[5] = f"3: {lines[5][2:]}", f"6: {lines[2][2:]}"

    assert faults(lines) == "line 3 has a slip, line 6 has a slip"


def test_missing_and_doubled_lines_are_named():
    lines = typed(KEY)

    assert faults(lines[:3] + lines[4:]) == "line 4 is missing"
    assert faults(lines[:6]) == "line 7 is missing"
    assert faults([*lines, lines[2]]) == "line 3 stands twice"
    assert faults([]) == ", ".join(f"line {number} is missing" for number in range(1, 8))


def test_a_line_with_a_letter_that_no_sheet_has_is_named():
    assert faults([*typed(KEY)[:6], "7: ÄÖÜ8 9999 ++++"]) == "line 7 has a slip"


def test_a_refusal_does_not_repeat_what_was_typed():
    lines = typed(KEY)
    lines[0] = lines[0][:-1]

    with pytest.raises(sealing.KeyFileProblem) as refusal:
        sealing.restore_from_sheet("\n".join(lines))
    assert str(refusal.value) == (
        "line 1 has a slip; expected 7 lines of three groups of four, numbered as printed. "
        "Compare these lines with the sheet, letter by letter"
    )


def test_lines_that_fit_but_hold_no_key_are_refused():
    nothing = sealing.Key(date(2026, 10, 1), bytes(32))

    assert faults(typed(nothing)) == "the lines fit but hold no key"


def test_a_restored_file_never_overwrites_another(tmp_path, at):
    sealing.make_key_file(tmp_path / "key", at)

    with pytest.raises(sealing.KeyFileProblem, match="is there already"):
        sealing.restore_key_file(tmp_path / "key", "\n".join(typed(KEY)))

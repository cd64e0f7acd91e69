"""The recovery sheet: the key file on paper, written so that a slip in typing it back is found in its line.

A line holds eight characters of the key and four that check it. The check is the remainder, by a prime below 32**4, of
the line's number followed by its characters. So it finds for certain one wrong character, two neighbours swapped, and
a line in the wrong place; any other slip passes with a chance of about one in a million, and then meets the next line.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from openipt.casebook.sealing.key_file import write_key_file
from openipt.casebook.sealing.key_reading import read_key_file
from openipt.casebook.sealing.keys import SECRET_BYTES, Key, Keyring, weakness
from openipt.casebook.sealing.problems import KeyFileProblem

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # base32 of RFC 4648
LINES = 7  # of one key: 32 bytes of secret and 3 of its day are 56 characters
WIDTH = 8
_PRIME = 1_048_573
_LINE = re.compile(r"\s*(\d{1,3})\s*[.:)]\s*(.*)")
_MISREAD = str.maketrans("01", "OI")  # neither digit is among the letters

_HEAD = """OpenIPT recovery sheet

With this sheet and a copy of the key store, the whole record can be read.
Without it, if the key file is lost, nothing can be read by anybody.
Keep it on paper, locked away, and not beside the machine or its backups.
Keep it as long as a backup exists that was made with this key.
"""
_FOOT = """To restore: type the numbered lines, in capital or small letters.
The last group of each line only finds slips in typing.
"""


def recovery_sheet(path: Path) -> str:
    """Return the sheet of a key file, to be printed and never stored; all its keys, where a change is not ended."""
    keys = read_key_file(path).keys
    blocks = [
        f"Key {key.id}, made on {key.made.isoformat()}\n\n" + "\n".join(_lines(key, 1 + LINES * place)) + "\n"
        for place, key in enumerate(keys)
    ]
    return "\n".join([_HEAD, *blocks, _FOOT])


def restore_from_sheet(text: str) -> Keyring:
    """Return the keys of a sheet that was typed back. Lines without a number are passed over; 0 and 1 count as O and I.

    Raises:
        KeyFileProblem: names the lines with a slip, the missing and the doubled ones. It never repeats what was typed.
    """
    found = list(_numbered(text))
    numbers = [number for number, _ in found]
    total = max(LINES, -(-len(set(numbers)) // LINES) * LINES)
    slips = [f"line {number} is missing" for number in range(1, total + 1) if number not in numbers]
    slips += [f"line {number} stands twice" for number in sorted(set(numbers)) if numbers.count(number) > 1]
    slips += [f"line {number} has a slip" for number, typed in found if _slip(number, typed)]
    if slips:
        raise KeyFileProblem(
            ", ".join(slips),
            f"{LINES} lines of three groups of four, numbered as printed",
            "Compare these lines with the sheet, letter by letter",
        )
    letters = "".join(typed[:WIDTH] for _, typed in sorted(found))
    size = LINES * WIDTH
    return Keyring(tuple(_key(letters[start : start + size]) for start in range(0, len(letters), size)))


def restore_key_file(path: Path, text: str) -> Keyring:
    """Make a key file from a sheet that was typed back; raise KeyFileProblem for a slip or where a file is already."""
    ring = restore_from_sheet(text)
    write_key_file(path, ring)
    return ring


def _lines(key: Key, first: int) -> Iterator[str]:
    letters = base64.b32encode(key.secret + key.made.toordinal().to_bytes(3, "big")).decode()
    for number in range(first, first + LINES):
        part = letters[(number - first) * WIDTH :][:WIDTH]
        yield f"{number:>3}:  {part[:4]} {part[4:]}   {_check(number, part)}"


def _check(number: int, letters: str) -> str:
    value = number
    for letter in letters:
        value = value * 32 + LETTERS.index(letter)
    rest = value % _PRIME
    return "".join(LETTERS[rest >> shift & 31] for shift in (15, 10, 5, 0))


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match:
            yield int(match[1]), re.sub(r"\s", "", match[2]).upper().translate(_MISREAD)


def _slip(number: int, typed: str) -> bool:
    part = typed[:WIDTH]
    return len(typed) != WIDTH + 4 or not set(typed) <= set(LETTERS) or typed[WIDTH:] != _check(number, part)


def _key(letters: str) -> Key:
    raw = base64.b32decode(letters)
    secret, day = raw[:SECRET_BYTES], int.from_bytes(raw[SECRET_BYTES:], "big")
    if weakness(secret) or not 0 < day <= date.max.toordinal():
        raise KeyFileProblem("the lines fit but hold no key", "a sheet printed by OpenIPT", "Look for another sheet")
    return Key(date.fromordinal(day), secret)

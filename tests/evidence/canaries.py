"""Words that stand nowhere else, planted wherever somebody can write, and looked for wherever they must not be."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from openipt.therapy.forms import Form
from openipt.therapy.forms.checking import choices_of

SONG = "Zaunkoenig"  # each canary begins with it: one search finds them all
DAY = "2025-07-01"
OF_ITS_OWN_KIND = {"yes_no": True, "time": "08:30", "moment": f"{DAY}T08:30", "phone": "+44 20 7946 0000"}
IN_WORDS = ("text", "long_text", "person")
_numbers = itertools.count(1)
planted: list[str] = []


def canary() -> str:
    """Return a word that was never used before."""
    planted.append(f"{SONG}{next(_numbers):06d}")
    return planted[-1]


def answers_full_of_canaries(form: Form, word: Callable[[], str] = canary) -> dict[str, Any]:
    """Answer everything in a form: in words wherever words are taken, also for names and for own answers to choices."""
    return dict(_answers(form, form.items, word))


def _answers(form: Form, items: Any, word: Callable[[], str]) -> Iterator[tuple[str, Any]]:
    for item in items:
        said = _answer(form, item, word)
        if said is not None:
            yield item.id, said


def _answer(form: Form, item: Any, word: Callable[[], str]) -> Any:
    if item.kind == "group":
        row = dict(_answers(form, item.items, word))
        return [row] if item.repeat else row
    if item.kind == "choice" and item.rows_of:
        return item.count_from
    if item.kind in ("choice", "choices"):
        one = word() if item.other else choices_of(form, item)[0][0]
        return one if item.kind == "choice" else [one]
    if item.kind in ("scale", "whole", "number"):
        return int(item.min or 0) + 1
    if item.kind == "date":
        return DAY[: {"day": 10, "month": 7, "year": 4}[item.precision]]
    if item.kind == "feelings":
        return [{"emotion": word()}]
    if item.kind in OF_ITS_OWN_KIND:
        return OF_ITS_OWN_KIND[item.kind]
    return [word()] if item.kind == "people" else word() if item.kind in IN_WORDS else None


# ---- where they must not be


def spelled(word: str) -> dict[str, bytes]:
    """Return a word as it might lie in a file: in each encoding, as hexadecimal, and in base64 wherever it begins."""
    plain = word.encode()
    found = {
        "utf-8": plain,
        "utf-16 little": word.encode("utf-16-le"),
        "utf-16 big": word.encode("utf-16-be"),
        "hexadecimal": plain.hex().encode(),
        "HEXADECIMAL": plain.hex().upper().encode(),
        "reversed": plain[::-1],
        "lower": plain.lower(),
        "UPPER": plain.upper(),
    }
    for shift in range(3):
        # the letters that depend on what stands before and behind are left out
        text = base64.b64encode(bytes(shift) + plain + bytes(3))
        found[f"base64 {shift}"] = text[4 if shift else 0 : -4 - 4 * bool(len(plain) % 3)]
    return found


def found_in(content: bytes) -> list[str]:
    """Return the spellings in which any canary sings here."""
    return [spelling for spelling, word in spelled(SONG).items() if word in content]


def found_in_files(folder: Path) -> dict[str, list[str]]:
    """Return file -> spellings, for every file below a folder in which a canary sings."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.name: found for path in files if (found := found_in(path.read_bytes()))}

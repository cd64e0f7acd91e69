"""Open a case file: strict reading, schema, facts, records, and proof that nothing was left out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO

from openipt.exchange.cases.case import Case
from openipt.exchange.cases.checking import check
from openipt.exchange.cases.group import read_group
from openipt.exchange.cases.individual import read_individual
from openipt.exchange.cases.taking import Tree
from openipt.therapy import shelf
from openipt.therapy.forms import has_form, open_form, score
from openipt.therapy.record import Record
from openipt.therapy.shelf import Page, Problem, Refused, read_text
from openipt.therapy.shelf.reading import MOST_BYTES
from openipt.therapy.words import render

_ID = re.compile(r"^ *id: *[\"']?(\w+)", re.MULTILINE)
_HEAD = 2000  # characters: the id stands at the top of a case file


def case_files() -> list[Path]:
    """List the worked cases that stand with their manuals on the shelf, sorted by file name."""
    found = [file for place in shelf.shelves() for file in place.glob("manuals/*/examples/*.yaml")]
    return sorted(found, key=lambda file: file.name)


def case_named(name: str) -> Path | None:
    """Return the file of a worked case on the shelf by its id (`C01`), or None."""
    return next((path for path in case_files() if (_id_of(path) or "").upper() == name.upper()), None)


def case_ids() -> list[str]:
    """List the ids of the worked cases on the shelf."""
    return [found for path in case_files() if (found := _id_of(path))]


def _id_of(path: Path) -> str | None:
    with path.open(encoding="utf-8", errors="replace") as file:
        found = _ID.search(file.read(_HEAD))
    return found[1] if found else None


def read_stream(stream: BinaryIO, name: str) -> Case:
    """Read a case from a stream; `name` stands for the file in every problem."""
    raw = stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        wrong, expected = f"longer than {MOST_BYTES:,} bytes", "a page of a size that people write"
        raise Refused(Problem(name, 0, "", wrong, expected))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(Problem(name, 0, "", f"byte {error.start} is not UTF-8", "text in UTF-8")) from error
    return read_case(read_text(text, name))


def open_case(path: Path) -> Case:
    """Read a case file; raise Refused with file, line, key and what was expected."""
    return read_case(shelf.read_page(path, path.name))


def read_case(page: Page) -> Case:
    """Turn a page into a case; raise Refused where it breaks the schema, its own facts, or our forms."""
    check(page)
    tree = Tree(page.data)
    case = read_group(tree) if "group" in page.data else read_individual(tree)
    left = tree.left()
    if left:
        raise Refused(*(page.problem(way, "was read by nobody", "a key that this reader knows") for way in left))
    problems = [problem for record in case.records for problem in _unfit(page, record)]
    if problems:
        raise Refused(*problems)
    return case


def _unfit(page: Page, record: Record) -> list[Problem]:
    """Return every answer that does not fit our own forms: cases and forms prove each other."""
    return [
        Problem(page.file, 0, f"{entry.id} ({entry.form})", render(trouble.problem), "an answer that fits")
        for entry in record.entries
        if entry.kind == "answers" and has_form(entry.form)
        for trouble in score(open_form(entry.form), entry.answers).errors
    ]

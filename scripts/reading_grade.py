"""Everything a client reads is at reading grade six or below; exit 1 and name what is harder.

Looked at: the pages of the client's room, the sentences said there, the lessons, and the worksheets that a client fills
in. The words of questionnaires are their owners' and stay as they are.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from openipt.therapy.forms import Form, open_forms
from openipt.therapy.lessons import lesson_ids, open_lesson
from openipt.therapy.words import catalogue
from openipt.therapy.words.reading import GRADE, grade, whole_sentences

PAGES = Path("openipt/rooms/portal/templates")
FEW = 3  # of fewer sentences than this a grade says nothing; they count in the whole
_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}|<(?:style|script|svg)\b.*?</(?:style|script|svg)>", re.DOTALL)
_BREAK = re.compile(r"</?(?:p|li|h[1-6]|div|button|summary|section|form|fieldset|legend|label|dd|dt|option|br)\b[^>]*>")


def page(path: Path) -> str:
    """Return what stands in a page to be read; a value that is put in reads as one short word."""
    text = _TAG.sub(" ", path.read_text(encoding="utf-8"))
    text = re.sub(r"\{\{.*?\}\}", "Monday", text)
    return unescape(re.sub(r"<[^>]+>", " ", _BREAK.sub("\n", text)))


def sheet(form: Form) -> str:
    """Return what a client reads on a worksheet: what it is for, what to do, each question and its help."""
    lines = [form.purpose, form.instructions or ""]
    pile = list(form.items)
    while pile:
        item = pile.pop(0)
        lines += [item.label or "", getattr(item, "help", None) or ""]
        pile += list(getattr(item, "items", ()))
    return "\n".join(lines)


def texts() -> Iterator[tuple[str, str]]:
    """Yield every text a client reads, with where it stands."""
    for path in sorted(PAGES.rglob("*.html")):
        yield str(path), page(path)
    for form in open_forms():
        if form.kind == "worksheet" and "client" in form.filled_by and form.rights == "ours":
            yield f"worksheet {form.id}", sheet(form)
    for name in lesson_ids():
        lesson = open_lesson(name)
        yield f"lesson {name}", "\n".join([lesson.summary, *(block.words for block in lesson.text), lesson.step])
    said = {name: line for name, line in catalogue().lines.items() if name.startswith(("portal.", "own."))}
    lines = [line if isinstance(line, str) else str(line["other"]) for line in said.values()]
    yield "sentences of the client's room", re.sub(r"\{[^}]*\}", "Monday", "\n".join(lines))


def main() -> int:
    """Grade every text; return the exit code."""
    hard, every = [], []
    for name, text in texts():
        found = whole_sentences(text)
        every += found
        if len(found) >= FEW and grade(found) > GRADE:
            hard.append(
                f"{name}: grade {grade(found):.1f}; expected {GRADE:g} or below. Shorter words and sentences help."
            )
    print("\n".join(hard) or f"{len(every)} sentences that clients read: grade {grade(every):.1f} ({GRADE:g}).")
    return 1 if hard else 0


if __name__ == "__main__":
    sys.exit(main())

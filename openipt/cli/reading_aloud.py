"""A result for people: a small table of scores, then sentences. What was answered is shown, never a label of risk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.table import Table

from openipt.cli.ending import printable
from openipt.cli.lines import Line
from openipt.therapy.forms import Form, Result, behind
from openipt.therapy.forms import score as score_sheet
from openipt.therapy.forms.checking import choices_of
from openipt.therapy.forms.items import ChoiceItem
from openipt.therapy.words import render

_THAN = {">=": "{} or more", "<=": "{} or less", ">": "above {}", "<": "below {}", "==": "exactly {}", "!=": "not {}"}
_REACHED = {True: "yes", False: "no", None: "not known"}


class Reader:
    """Tells results to a person, one after the other."""

    def __init__(self) -> None:
        self.console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)

    def tell(self, form: Form, line: Line, result: Result | None) -> None:
        """Tell one result, or why there is none."""
        self.console.print(f"Line {line.number}: {form.name}", style="bold")
        if result is None:
            return self.write([f"Not taken: {line.wrong}."])
        if not result.valid:
            wrong = ["Not taken:", *(f"  {render(trouble.problem)}." for trouble in result.errors)]
            return self.write([*wrong, *_still_answered(form, line, result)])
        if form.scores:
            self.console.print(_table(form, result), soft_wrap=False)
        return self.write(_sentences(form, line, result))

    def write(self, sentences: list[str]) -> None:
        """Write sentences, one a line, and a blank line after them."""
        for sentence in sentences:
            self.console.print(printable(sentence))
        self.console.print()


def _table(form: Form, result: Result) -> Table:
    table = Table(box=None, pad_edge=False)
    for head in ("Score", "Value", "Range", "In words"):
        table.add_column(head, justify="right" if head == "Value" else "left")
    banded = form.bands.scale if form.bands else None
    for score in form.scores:
        value = result.scores[score.id]
        words = (form.band_label(result.band) if score.id == banded else None) or ""
        table.add_row(score.label, "-" if value is None else f"{value:g}", "{:g} to {:g}".format(*score.range), words)
    return table


def _sentences(form: Form, line: Line, result: Result) -> list[str]:
    return [
        *_made_up(form, result),
        *(
            f"{_than(form, cutoff)} ({cutoff.meaning}): {_REACHED[result.cutoffs[cutoff.id]]}."
            for cutoff in form.cutoffs
        ),
        *_rules(form, result),
        *_answered(form, line, result),
        *_blank(form, result),
    ]


def _made_up(form: Form, result: Result) -> Iterator[str]:
    if form.primary and result.missing.prorated:
        exact = result.exact[form.primary]
        yield f"Made up from the answers that were given ({exact:.4g} before rounding)."


def _rules(form: Form, result: Result) -> Iterator[str]:
    for rule in form.algorithms:
        reached = result.algorithms[rule.id]
        if isinstance(reached, str):
            continue  # an instrument's own triage word: it stays in the data and reaches no screen
        note = f" ({rule.note.rstrip('.')})" if rule.note else ""
        yield f"{_words(rule.id)}{note}: {_REACHED[reached]}."


def _than(form: Form, cutoff: Any) -> str:
    score = form.score_named(cutoff.scale)
    return f"{score.label if score else cutoff.scale} {_THAN[cutoff.op].format(f'{cutoff.value:g}')}"


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _answered(form: Form, line: Line, result: Result) -> Iterator[str]:
    names = behind(form, result, line.answers)
    if names:
        yield "Please read these answers:"
    items = {item.id: item for item in form.items}
    for name in names:
        score = form.score_named(name)
        if name in items:
            yield f"  {_asked(items[name])}: {_answer(form, items[name], line.answers.get(name))}"
        elif score:
            yield f"  {score.label}: {result.scores[name]:g}"
        elif not isinstance(reached := result.algorithms.get(name), str):
            yield f"  {_words(name)}: {_REACHED[reached]}"


def _still_answered(form: Form, line: Line, result: Result) -> Iterator[str]:
    """What the other answers say: a slip in one answer must not hide an answer about danger in another."""
    wrong = {trouble.item.split("[")[0] for trouble in result.errors}
    items = {item.id: item for item in form.items}
    rest = {name: value for name, value in line.answers.items() if name not in wrong and name in items}
    again = score_sheet(form, rest)
    said = [name for name in behind(form, again, rest) if name in items and rest.get(name) is not None]
    if again.valid and said:
        yield "No score is taken from this sheet. Please read these answers all the same:"
        yield from (f"  {_asked(items[name])}: {_answer(form, items[name], rest[name])}" for name in said)


def _asked(item: Any) -> str:
    return str(item.label or item.topic or item.id)


def _answer(form: Form, item: Any, value: Any) -> str:
    if value is None:
        return "left blank"
    if value == "na":
        return "does not apply"
    offered = dict(choices_of(form, item)) if isinstance(item, ChoiceItem) and not item.rows_of else {}
    return str(offered.get(value, value))


def _blank(form: Form, result: Result) -> Iterator[str]:
    items = {item.id: item for item in form.items}
    if result.missing.items:
        yield "Left blank:"
        for name in result.missing.items:
            yield f"  {name} {_asked(items[name])}"

"""Scoring by columns says of every row what scoring says of one sheet."""

from __future__ import annotations

import math
import random
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from openipt.therapy import shelf
from openipt.therapy.forms import Form, open_form, read_form, score
from openipt.therapy.forms.columns import Columns, score_columns
from openipt.therapy.forms.scoring import engine_of
from openipt.therapy.shelf import read_text

np = pytest.importorskip("numpy")
block_of = pytest.importorskip("openipt.therapy.forms.columns_block").block_of

QUESTIONNAIRES = shelf.ids("questionnaires")
WORKSHEETS = shelf.ids("worksheets")
IMPOSSIBLE = [True, "3 ", 77, -7, 3.5, 10**30, math.inf, [], b"3", "\ud800"]
SPREAD = 20  # sheets of one pattern of blanks; see `sheets`


def offered(form: Form, item: Any) -> list[Any]:
    """Return answers of an item, lowest first, with those at the ends twice: they lie at boundaries."""
    if item.kind == "choice" and not (item.vocabulary or item.rows_of):
        chosen = form.answers[item.choices] if isinstance(item.choices, str) else item.choices
        found: list[Any] = [one.value for one in chosen]
        found += ["na"] if item.allow_na else []
        return [*found, found[0], found[-1]]
    if item.kind == "scale":
        if item.step == int(item.step):
            return [*range(item.min, item.max + 1, int(item.step)), item.min, item.max]
        steps = round((item.max - item.min) / item.step)
        return [item.min + n * item.step for n in range(steps + 1)] + [item.min, item.max]
    if item.kind in ("whole", "number"):
        low = 0 if item.min is None else int(item.min)
        high = low + 50 if item.max is None else int(item.max)
        return [*range(low, min(high, low + 200) + 1), high]
    if item.kind == "choices" and not (item.vocabulary or item.rows_of):
        ticked = form.answers[item.choices] if isinstance(item.choices, str) else item.choices
        values = [one.value for one in ticked]
        return [values[:1], values[-1:], values[1:3] or values[:1], values]
    return {
        "yes_no": [True, False],
        "text": ["some words", ""],
        "long_text": ["", "more words"],
        "date": ["2026-03-01"],
        "time": ["07:30", "23:10"],
        "moment": ["2026-03-01T09:30:00+00:00"],
        "person": ["P01", "P02"],
    }.get(item.kind, [None])


def rows_of(draw: random.Random, form: Form, item: Any) -> list[dict[str, Any]]:
    """Draw the rows of a group, groups inside it too; times near each other, as in a week."""
    times = [f"{draw.randrange(24):02}:{draw.randrange(60):02}" for _ in range(3)]
    asked = [child for child in item.items if child.kind != "note"]
    return [
        {
            child.id: draw.choice([*times, None])
            if child.kind == "time"
            else rows_of(draw, form, child)
            if child.kind == "group"
            else draw.choice(offered(form, child))
            for child in asked
        }
        for _ in range(draw.randrange(4 if len(asked) > 6 else 8))
    ]


def sheets(form: Form, n: int, seed: str) -> list[dict[str, Any]]:
    """Draw sheets: whole, with few and with many blanks, low, high and mixed, and some that cannot be taken."""
    draw = random.Random(f"{form.id} {seed}")
    items = [item for item in form.items if item.kind != "note"]
    answers = {item.id: offered(form, item) for item in items}
    found = []
    for number in range(n):
        blank = (0.0, 0.0, 0.03, 0.1, 0.4, 0.95)[number % 6]
        share = (0.0, 0.2, 0.8, 1.0, None)[number % 5]  # of the way up; None: anywhere
        sheet: dict[str, Any] = {}
        for item in items:
            if draw.random() < blank:
                sheet[item.id] = None
            elif item.kind == "group":
                sheet[item.id] = rows_of(draw, form, item)
            else:
                steps = answers[item.id]
                near = None if share is None or draw.random() < 0.3 else round(share * (len(steps) - 3))
                sheet[item.id] = steps[near] if near is not None and 0 <= near < len(steps) else draw.choice(steps)
        if number % SPREAD == 7:
            sheet[draw.choice(items).id] = draw.choice(IMPOSSIBLE)
        found.append(sheet)
    return found


def objects(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def typed(rows: list[dict[str, Any]]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return columns of the smallest kind that holds their answers, and the sheets they stand for."""
    columns: dict[str, Any] = {}
    kept = [dict(row) for row in rows]
    for place, name in enumerate(rows[0]):
        values = [row[name] for row in rows]
        if any(isinstance(one, (list, str, bytes)) and one not in IMPOSSIBLE for one in values):
            columns[name] = values
            continue
        if any(isinstance(one, bool) for one in values) and all(isinstance(one, (bool, type(None))) for one in values):
            columns[name] = np.array([-1 if one is None else int(one) for one in values], "int8")
            continue
        fits = [
            one if one is None or (type(one) in (int, float) and abs(one) < 100_000) or one is math.inf else 77_777
            for one in values
        ]
        floats = any(isinstance(one, float) for one in fits) or place % 3 == 0
        wide = any(one is not None and abs(one) > 30_000 for one in fits)
        if floats:
            columns[name] = np.array([math.nan if one is None else one for one in fits], "float64")
        else:
            columns[name] = np.array([-1 if one is None else one for one in fits], "int32" if wide else "int16")
        for row, one in zip(kept, fits, strict=True):
            row[name] = one
    return columns, kept


def same_number(found: float, wanted: float | None) -> bool:
    return math.isnan(found) if wanted is None else found == wanted


def three(value: object) -> int:
    return -1 if value is None else int(value is True)


def difference(form: Form, columns: Columns, row: int, sheet: Mapping[str, Any]) -> list[str]:
    """Name whatever the two say differently of one row."""
    one = score(form, sheet)
    checks: dict[str, bool] = {"valid": bool(columns.valid[row]) == one.valid}
    checks["status"] = columns.statuses[columns.status[row]] == one.status
    for name, value in one.scores.items():
        checks[f"score {name}"] = same_number(columns.scores[name][row], value)
        checks[f"exact {name}"] = same_number(columns.exact[name][row], one.exact[name])
    band = columns.band[row]
    checks["band"] = (None if band < 0 else columns.bands[band]) == one.band
    for name, held in one.cutoffs.items():
        checks[f"cutoff {name}"] = columns.cutoffs[name][row] == three(held)
    for name, said in one.algorithms.items():
        place, ways = columns.algorithms[name][row], columns.outcomes.get(name)
        checks[f"rule {name}"] = (None if place < 0 else ways[place]) == said if ways else place == three(said)
    engine = engine_of(form)
    answers = engine.skipped(sheet) if one.valid and engine.skips else sheet
    made = {**one.scores, **{f"{name}.exact": value for name, value in one.exact.items()}, **one.algorithms}
    heard = {} if one.valid else engine.heard(sheet, list(one.errors))
    for name, meaning in engine.findings:
        held = three(meaning(answers, made, ()) if one.valid else heard[name])
        checks[f"finding {name}"] = columns.findings[name][row] == held
        checks[f"flag {name}"] = (held == 1) == (name in one.findings)
    checks["missing"] = columns.missing[row] == one.missing.n
    checks["prorated"] = bool(columns.prorated[row]) == one.missing.prorated
    return [f"row {row} {what}: {sheet}" for what, agrees in checks.items() if not agrees]


def differences(form: Form, columns: Mapping[str, Any], rows: list[dict[str, Any]]) -> list[str]:
    found = score_columns(form, columns)
    assert len(found) == len(rows)
    return [text for row, sheet in enumerate(rows) for text in difference(form, found, row, sheet)]


@pytest.mark.parametrize("form_id", QUESTIONNAIRES)
def test_both_agree_on_two_thousand_sheets(form_id: str) -> None:
    form = open_form(form_id)
    rows = sheets(form, 2000, "normal")

    assert differences(form, objects(rows[:1000]), rows[:1000])[:3] == []
    columns, kept = typed(rows[1000:])
    assert differences(form, columns, kept)[:3] == []


@pytest.mark.parametrize("form_id", WORKSHEETS)
def test_both_agree_on_a_hundred_sheets_of_a_worksheet(form_id: str) -> None:
    form = open_form(form_id)
    rows = sheets(form, 100, "normal")

    assert differences(form, objects(rows), rows)[:3] == []


@pytest.mark.nightly
@pytest.mark.parametrize("form_id", [*QUESTIONNAIRES, *WORKSHEETS])
def test_both_agree_on_a_hundred_thousand_sheets(form_id: str) -> None:
    form = open_form(form_id)
    for part in range(20):
        rows = sheets(form, 5000, f"nightly {part}")
        columns, kept = typed(rows) if part % 2 else (objects(rows), rows)
        assert differences(form, columns, kept)[:3] == []


def test_numpy_is_loaded_only_when_columns_are_scored() -> None:
    code = "import sys, openipt, openipt.therapy.forms.columns, openipt.cli; openipt.open_form('phq-9')\n"
    code += "assert 'numpy' not in sys.modules\n"
    code += "openipt.therapy.forms.columns.score_columns(openipt.open_form('phq-9'), {})\nassert 'numpy' in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_column_of_no_item_and_columns_of_two_lengths_are_refused() -> None:
    form = open_form("phq-9")
    with pytest.raises(ValueError, match="q77"):
        score_columns(form, {"q77": [1]})
    with pytest.raises(ValueError, match="one length"):
        score_columns(form, {"q1": [1, 2], "q2": [1]})


def test_an_item_without_a_column_is_blank_in_every_row() -> None:
    form = open_form("phq-9")
    found = score_columns(form, {"q9": np.array([0, 2, -1, 4], "int8")})
    assert found.valid.tolist() == [True, True, True, False]
    assert found.missing.tolist() == [8, 8, 9, 0]
    assert found.findings["suicidal_ideation"].tolist() == [0, 1, -1, -1]
    assert found.findings["risk_item_skipped"].tolist() == [0, 0, 1, 1]


WORKED = """\
grammar: openipt-form/1
id: worked
version: 1.0.0
kind: questionnaire
title: Worked
purpose: Every kind of item and condition that has an array.
filled_by: [client]
rights: ours
items:
  - {id: q1, kind: scale, min: -2, max: 2, low: a, high: b, label: One, reverse: true}
  - {id: q2, kind: whole, min: 1, max: 9, label: Two}
  - {id: q3, kind: yes_no, label: Three, required: true}
  - {id: q4, kind: text, label: Four, required: true, show_when: q3}
  - {id: q5, kind: choice, choices: [{value: 1, label: a}, {value: 4, label: b}], allow_na: true, label: Five}
  - {id: q6, kind: choice, choices: [{value: x, label: a}, {value: y, label: b}], label: Six}
  - {id: q7, kind: number, label: Seven}
scores:
  - id: total
    label: Total
    method: sum
    items: [q1, q2, q5]
    range: [0, 15]
    higher_is: worse
    missing: {policy: prorate_sum, max_missing: 1, not_applicable: {items: [q5], code: na, effect: left out}}
  - {id: two, label: Two, method: sum, items: [q1, q2], range: [-1, 11], higher_is: worse}
  - {id: n, label: N, method: count, items: [q2, q3], condition: {op: ">=", value: 1}, range: [1, 2], higher_is: worse}
  - id: mean
    label: Mean
    method: mean
    items: [q1, q2]
    range: [-0.25, 2.75]
    higher_is: worse
    transform: [{divide: 2}]
    missing: {policy: mean_of_answered, max_missing: 1}
primary: total
cutoffs:
  - {id: c, scale: mean, op: ">", value: 1.25, meaning: c}
algorithms:
  - {id: rule, when: two >= 4 and not q3}
  - {id: ways, outcomes: [{id: some, label: some, when: "q6 = 'x' or n = 2"}, {id: none, label: none}]}
findings:
  - {id: a, level: info, when: "rule or ways in ['some']", action: a}
  - {id: b, level: info, when: "not answered(q4) and q7 < 0.5", action: b}
  - {id: c1, level: info, when: "q5 >= 2 or q5 in [1, 9]", action: c}
  - {id: d, level: info, when: "5 < two or two != 3.5 and two = 4", action: d}
  - {id: e, level: info, when: "q5 = 1 or q6 != 'y' or true", action: e}
"""


def drawn(draw: random.Random) -> dict[str, Any]:
    answers = {
        "q1": [-2, -1, 0, 1, 2, None, -3], "q2": [1, 2, 5, 9, None, 0], "q3": [True, False, None],
        "q4": ["", "words", None], "q5": [1, 4, "na", None, 2], "q6": ["x", "y", None, 1], "q7": [0.5, -3, 7.25, None],
    }  # fmt: skip
    return {
        name: draw.choice(values[:-1] if name in ("q1", "q2", "q5", "q6") and draw.random() < 0.95 else values)
        for name, values in answers.items()
    }


@pytest.mark.parametrize("uneven", [False, True])
def test_every_kind_of_item_and_condition_agrees_by_arrays_and_row_by_row(uneven: bool) -> None:
    extra = '  - {id: f, level: info, when: "q1 + q2 > 3", action: f}\n' if uneven else ""
    form = read_form(read_text(WORKED + extra, "worked"))
    assert (block_of(form, engine_of(form)) is None) == uneven
    draw = random.Random(5)
    rows = [drawn(draw) for _ in range(5000)]
    assert differences(form, objects(rows), rows)[:3] == []


def slipped(form: Form, sheet: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return the findings of a sheet by either scorer."""
    found = score_columns(form, {name: [value] for name, value in sheet.items()})
    return list(score(form, sheet).findings), [name for name, held in found.findings.items() if held[0] == 1]


def test_a_slip_hides_no_answer_about_danger_and_makes_no_number() -> None:
    form = open_form("phq-9")
    sheet = {f"q{n}": 1 for n in range(1, 9)} | {"q1": "3 ", "q9": 2}

    assert slipped(form, sheet) == (["suicidal_ideation", "suicidal_ideation_frequent"],) * 2
    assert score(form, sheet).scores == dict.fromkeys(score(form, sheet).scores)


def test_a_slip_in_the_danger_item_itself_is_a_blank_one() -> None:
    form = open_form("phq-9")
    sheet = {f"q{n}": 0 for n in range(1, 9)} | {"q9": 7}

    assert slipped(form, sheet) == (slipped(form, {**sheet, "q9": None})[0],) * 2
    assert "suicidal_ideation" not in slipped(form, sheet)[0]
    assert slipped(form, sheet)[0]


def test_a_slip_is_not_taken_for_an_answer_that_could_be_skipped() -> None:
    form = open_form("c-ssrs-screener")
    skip = form.skip[0]
    plain = dict.fromkeys(skip.items)
    engine = engine_of(form)
    sheets_tried = [{item.id: value for item in form.items if item.kind == "yes_no"} for value in (False, True)]

    for sheet in sheets_tried:
        for item in plain:
            slip = {**sheet, item: "yess"}
            assert engine.heard(slip, list(score(form, slip).errors)) == engine.heard({**slip, item: None}, []) or (
                sheet is sheets_tried[0]
            )
            assert slipped(form, slip)[0] == slipped(form, slip)[1]


@pytest.mark.parametrize("form_id", QUESTIONNAIRES)
def test_what_is_heard_beside_a_slip_would_hold_whatever_was_meant(form_id: str) -> None:
    form = open_form(form_id)
    rows = [row for row in sheets(form, 300, "meant") if score(form, row).valid]
    draw = random.Random(form_id)
    for row in rows[:60]:
        item = draw.choice([one for one in form.items if one.kind != "note"])
        heard = set(score(form, {**row, item.id: b"?"}).findings)
        blank = set(score(form, {**row, item.id: None}).findings)
        assert heard <= blank | {one.id for one in form.findings if item.id in one.when}, row


def test_blocks_meet_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openipt.therapy.forms.columns_block.BLOCK", 7)
    form = open_form("phq-9")
    rows = sheets(form, 50, "blocks")
    assert differences(form, objects(rows), rows) == []

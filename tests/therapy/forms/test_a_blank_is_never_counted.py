"""A fact of a worksheet tells no number, and no "none", where nothing that it counts was answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from openipt.therapy import shelf
from openipt.therapy.forms import Form, open_form, score
from openipt.therapy.forms.checking import choices_of

COUNTS = re.compile(r"\b(?:count|list)\(")
WHERE = re.compile(r"\bwhere\b(.*)")
NAMES = re.compile(r"[a-z_][a-z0-9_]*")
SAMPLES = {"yes_no": True, "date": "2026-11-02", "moment": "2026-11-02T10:00", "time": "10:00", "person": "P1"}
SAMPLES |= {"phone": "01 234 5678", "people": ["P1"], "whole": 1, "number": 1, "feelings": [{"emotion": "anger"}]}


def facts_that_count() -> Iterator[Any]:
    for form_id in shelf.ids("worksheets"):
        for fact in open_form(form_id).facts:
            if COUNTS.search(fact.value):
                yield pytest.param(form_id, fact, id=f"{form_id}: {fact.id}")


def filled(form: Form, items: Any, without: set[str]) -> dict[str, Any]:
    """Everything answered that is not named, in one row of each group."""
    made = {}
    for item in items:
        if item.kind == "note" or item.id in without:
            continue
        if item.kind == "group":
            row = filled(form, item.items, without)
            made[item.id] = [row] if item.repeat else row
        elif item.kind in ("choice", "choices"):
            first = next(iter(choices_of(form, item)))[0] if not item.rows_of else item.count_from
            made[item.id] = [first] if item.kind == "choices" else first
        else:
            made[item.id] = item.max if item.kind == "scale" else SAMPLES.get(item.kind, "Said")
    return made


def shown(form: Form, answers: dict[str, Any]) -> dict[str, Any]:
    result = score(form, answers)
    assert result.valid, result.errors
    return {fact.id: fact.value for fact in result.facts}


@pytest.mark.parametrize(("form_id", "fact"), list(facts_that_count()))
def test_where_nothing_was_answered_that_a_fact_counts_it_tells_no_zero_and_no_none(form_id: str, fact: Any) -> None:
    form = open_form(form_id)
    groups = {item.id: [] for item in form.items if item.kind == "group" and item.repeat}
    looked_at = {name for where in WHERE.findall(fact.value) for name in NAMES.findall(where)} - set(groups)

    assert shown(form, filled(form, form.items, looked_at)).get(fact.id) not in (0, [])
    assert fact.id not in shown(form, groups)


def talk(*wished: str | None, turned: bool | None = None) -> dict[str, Any]:
    lines = [{"speaker": "me", "said": "Right.", "turning_point": turned} for _ in wished]
    return {"lines": [line | ({"thought_wanted": one} if one else {}) for line, one in zip(lines, wished, strict=True)]}


def test_a_talk_in_which_no_wish_was_written_says_nothing_about_wishes() -> None:
    form = open_form("communication-analysis")

    assert "unspoken_wishes" not in shown(form, talk(None, None, None))
    assert "mood_change" not in shown(form, talk(None))
    assert shown(form, talk("Ask me first.", None))["unspoken_wishes"] == 1


@pytest.mark.parametrize(("answers", "said"), [((False, False), 0), ((False, None), None), ((False, True), 1)])
def test_none_is_said_only_where_every_row_was_answered(answers: tuple[bool | None, ...], said: int | None) -> None:
    roles = [{"role": f"Role {n}"} | ({"changed": one} if one is not None else {}) for n, one in enumerate(answers)]

    assert shown(open_form("roles-card"), {"roles": roles}).get("n_changed") == said


def test_a_no_is_an_answer() -> None:
    days = [{"date": "2026-11-02", "first_contact": {"not_done": True}}]

    assert shown(open_form("communication-analysis"), talk(None, None, turned=False))["turning_points"] == []
    assert shown(open_form("rhythm-diary"), {"days": days})["contact_days"] == 0

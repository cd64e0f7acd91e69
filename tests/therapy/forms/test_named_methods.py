"""The methods that only some instruments need: highest of a group, tenths, rhythm, named outcomes, complete sheets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from test_scores import HEAD

from openipt.therapy.forms import Form, behind, open_form, read_form, score
from openipt.therapy.forms.definition import Named
from openipt.therapy.forms.rhythm import habitual, hits, regularity
from openipt.therapy.shelf import Refused, read_text
from openipt.therapy.words import render

RULE = Named(name="social_rhythm_metric", rows="days")


def made(text: str) -> Form:
    return read_form(read_text(HEAD + text, "form.yaml"))


def minutes(*clock: str) -> list[int]:
    return [(int(one[:2]) * 60 + int(one[3:]) - 240) % 1440 for one in clock]


def test_the_published_week_of_one_event() -> None:
    """PROTOCOLS 2.7: mean 07:30, SD 53.9 minutes, 09:30 dropped, usual time 07:10, six hits."""
    week = minutes("07:00", "07:10", "07:05", "07:30", "07:00", "09:30", "07:15")
    mean = sum(week) / 7
    assert mean == 3 * 60 + 30, "in minutes since 04:00"
    assert round((sum((time - mean) ** 2 for time in week) / 6) ** 0.5, 1) == 53.9
    assert habitual(week, RULE) == 3 * 60 + 10
    assert hits(week, RULE) == 6
    assert regularity([week, [0, 0]], RULE) == 6, "an event of two times is not counted"


def test_the_clock_is_round() -> None:
    bed = minutes("23:40", "00:10", "23:50", "00:20", "00:00")
    assert hits(bed, RULE) == 5
    assert hits(minutes("04:00", "04:05", "04:10", "03:50"), RULE.model_copy(update={"outlier_sd": 1.0})) == 4


def week_of(**events: list[str | None]) -> dict[str, Any]:
    return {"days": [dict(zip(events, day, strict=True)) for day in zip(*events.values(), strict=True)]}


def test_a_day_may_be_blank_and_is_not_midnight() -> None:
    form = open_form("srm-5")
    blank = score(form, week_of(dinner=["18:00", None, "18:10", None, "18:20", None, None]))
    assert blank.scores == {"srm": 3.0, "ali": 3}
    assert score(form, {}).scores == {"srm": None, "ali": None}
    assert score(form, {}).missing.items == tuple(f"days[{n}]" for n in range(7))


@pytest.mark.parametrize("change", [("rows: days", "rows: weeks"), ("items: [out_of_bed,", "items: [dinners,")])
def test_a_named_method_over_rows_that_are_not_there_is_refused(change: tuple[str, str]) -> None:
    text = open_text("srm-5").replace(*change)
    with pytest.raises(Refused, match=change[1].split()[-1].strip("[,")):
        read_form(read_text(text, "form.yaml"))


def open_text(form_id: str) -> str:
    from openipt.therapy import shelf

    return (shelf.find(form_id, "questionnaires") / "form.yaml").read_text(encoding="utf-8")


FULL = {f"q{n}": 1 for n in range(1, 17)}


@pytest.mark.parametrize(
    ("absent", "total", "missing"),
    [
        ([], 9, []),
        (["q7"], 9, []),
        (["q6", "q9"], 9, []),
        (["q6", "q7"], None, ["q6", "q7"]),
        (["q8", "q9", "q1"], None, ["q1", "q8", "q9"]),
        (["q2"], None, ["q2"]),
        (["q15"], None, ["q15"]),
    ],
)
def test_one_of_two_is_enough_and_every_other_answer_is_needed(
    absent: list[str], total: int | None, missing: list[str]
) -> None:
    result = score(open_form("qids-sr16"), {key: value for key, value in FULL.items() if key not in absent})
    assert (result.scores["total"], list(result.missing.items)) == (total, missing)


def test_highest_answers_cannot_be_made_up() -> None:
    text = (
        "scores: [{id: t, label: T, method: sum_of_maxima, groups: [[q1, q2], [q3]], range: [0, 8], "
        "higher_is: worse}]\n"
    )
    with pytest.raises(Refused, match="complete_only"):
        made(text + "primary: t\nmissing: {policy: prorate_sum, max_missing: 1}\n")
    with pytest.raises(Refused, match="one group"):
        made(text + "primary: t\nmissing: {policy: complete_only, either_or: [[q1, q3]]}\n")
    with pytest.raises(Refused, match="left to one"):
        made(text + "primary: t\nmissing: {policy: algorithm}\n")


def test_tenths_are_added_exactly() -> None:
    form = open_form("ors")
    assert score(form, {"q1": 0.1, "q2": 0.2, "q3": 0, "q4": 0}).scores == {"total": 0.3}
    assert score(form, {"q1": 0.1 + 0.2, "q2": 8.2, "q3": 8.2, "q4": 8.3}).scores == {"total": 25.0}
    assert score(form, {"q1": 0.1 + 0.2, "q2": 8.2, "q3": 8.2, "q4": 8.3}).band == "nonclinical"
    assert not score(form, {"q1": 5.05}).valid
    assert not score(form, {"q1": True}).valid
    srs = {"q1": 9.1, "q2": 9.0, "q3": 9.0}
    assert score(open_form("srs-3"), srs).findings == (), "36 and more can still be reached"
    assert score(open_form("srs-3"), {**srs, "q3": 8.9}).findings == ("alliance_rupture",)


def test_a_count_and_a_turned_item_take_tenths_too() -> None:
    text = """\
  - {id: mark, kind: scale, min: 0, max: 1, step: 0.1, low: a, high: b, reverse: true, label: mark}
scores:
  - {id: t, label: T, method: sum, items: [mark], range: [0, 1], higher_is: worse}
  - {id: n, label: N, method: count, items: [mark], condition: {op: ">=", value: 0.3}, range: [0, 1], higher_is: worse}
primary: t
"""
    assert score(made(text), {"mark": 0.1 + 0.2}).scores == {"t": 0.7, "n": 1}


def test_a_named_outcome_is_text_in_the_result_and_a_condition_of_findings() -> None:
    form = open_form("asq")
    result = score(form, {"q1": 0, "q2": 2, "q3": 0, "q4": 0, "q5": 0})
    assert result.algorithms == {"asq_result": "non_acute_positive"}
    assert json.loads(json.dumps(dict(result.algorithms))) == {"asq_result": "non_acute_positive"}
    assert result.findings == ("non_acute_positive",)
    assert behind(form, result, {"q1": 0, "q2": 2, "q3": 0, "q4": 0, "q5": 0}) == ("q2", "q5"), "answers, and no label"
    assert score(form, {"q1": 9}).algorithms == {"asq_result": None}


def test_the_highest_outcome_that_the_answers_support() -> None:
    form = open_form("c-ssrs-screener")
    assert score(form, {"q3": 1}).algorithms == {"triage": "moderate"}
    assert score(form, {"q3": 1, "q6": 1}).algorithms == {"triage": "high"}, "it is not known how long ago"
    assert score(form, {"q1": 0, "q2": 0, "q6": 0}).missing.items == ()
    assert score(form, {"q1": 0, "q2": 1, "q6": 0}).missing.items == ("q3", "q4", "q5")


OUTCOMES = "algorithms: [{id: way, outcomes: [{id: up, label: U, when: q1 = 4}, {id: other, label: O}]}]\n"
FOUND = 'findings: [{id: f, level: info, when: "%s", action: Look.}]\n'
WRONG = {
    "an outcome that the rule does not have": (OUTCOMES + FOUND % "way in ['upp']", "'upp' is no outcome of 'way'"),
    "an outcome spelt wrongly": (OUTCOMES + FOUND % "way = 'down'", "one of other, up"),
    "a rule with neither way": ("algorithms: [{id: way}]\n", "when or outcomes"),
    "a rule that stops too early": (
        "algorithms: [{id: way, outcomes: [{id: up, label: U}, {id: other, label: O, when: q1 = 1}]}]\n",
        "every outcome but the last",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_rule_that_cannot_be_is_refused(case: str) -> None:
    text, expected = WRONG[case]
    with pytest.raises(Refused) as refused:
        made(text)
    assert expected in str(refused.value)


def test_an_outcome_may_be_compared_with_a_list_of_its_own() -> None:
    form = made(OUTCOMES + FOUND % "way in ['up', 'other'] and way != 'other'")
    assert score(form, {"q1": 4}).findings == ("f",)
    assert score(form, {}).findings == ()


ROWS = """\
  - id: lines
    kind: group
    label: Lines
    repeat: {least: 2, most: 5}
    items:
      - {id: said, kind: text, label: Said, required: true}
      - {id: loud, kind: yes_no, label: Loud}
      - {id: why, kind: text, label: Why, required: true, show_when: loud = true}
  - id: place
    kind: group
    label: Place
    show_when: gate = true
    items: [{id: town, kind: text, label: Town, required: true}]
"""


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        ({}, ["lines[0]", "lines[1]"]),
        ({"lines": [{"said": "a"}, {"said": ""}]}, ["lines[1].said"]),
        ({"lines": [{"said": "a", "loud": True}]}, ["lines[0].why", "lines[1]"]),
        ({"lines": [{"said": "a"}] * 2, "gate": True}, ["place.town"]),
        ({"lines": [{"said": "a"}] * 2, "gate": True, "place": {"town": "x"}}, []),
        ({"lines": [{"said": "a"}] * 2, "gate": False}, []),
    ],
)
def test_what_a_complete_sheet_has_is_named_by_its_path(answers: Mapping[str, Any], missing: list[str]) -> None:
    result = score(made(ROWS), answers)
    assert result.valid
    assert (list(result.missing.items), result.missing.n) == (missing, len(missing))


PAST = """\
  - {id: born, kind: date, past: true, label: Born}
  - {id: planned, kind: date, label: Planned}
  - {id: told, kind: moment, past: true, label: Told}
  - id: rows
    kind: group
    label: Rows
    repeat: {most: 5}
    items: [{id: on, kind: date, past: true, label: On}]
"""


@pytest.mark.parametrize(
    ("answers", "late"),
    [
        ({"born": "2026-03-01", "told": "2026-03-01T23:59", "rows": [{"on": "2026-03"}, {"on": "2026"}]}, []),
        ({"born": "2026-03-02"}, ["born"]),
        ({"born": "2027", "planned": "2030"}, ["born"]),
        ({"told": "2026-03-02T00:01"}, ["told"]),
        ({"rows": [{"on": "2026-02-28"}, {}, {"on": "2026-04"}]}, ["rows[2].on"]),
    ],
)
def test_what_has_happened_cannot_lie_ahead(answers: Mapping[str, Any], late: list[str]) -> None:
    form = made(PAST)
    result = score(form, answers, {"today": "2026-03-01"})
    assert [trouble.item for trouble in result.errors] == late
    assert all(render(trouble.problem) for trouble in result.errors)
    assert score(form, answers).valid, "without a today nothing is late"

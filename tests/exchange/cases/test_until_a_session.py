"""A truncated case knows only what was known then: nothing of later days stands anywhere in it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time

import pytest

from openipt.exchange.cases import as_json, read_case, replay
from openipt.exchange.cases.report import html
from openipt.exchange.cases.text import lines
from openipt.therapy.shelf import Page, Refused
from openipt.therapy.writing import Told


def leaves(value) -> Iterator[object]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from leaves(key)
            yield from leaves(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from leaves(part)
    elif is_dataclass(value):
        yield from leaves(value.note if isinstance(value, Told) else None)
        for field in fields(value):
            if field.compare:
                yield from leaves(getattr(value, field.name))
    elif value is not None:
        yield value


def marked(data: dict, last: int) -> tuple[dict, set[str], set[str]]:
    """Put a mark into free texts, and say which marks belong to later sessions and which to earlier ones."""
    data, later, earlier = copy.deepcopy(data), set(), set()
    boundary = next(row["date"] for row in data["sessions"] if row["n"] == last)

    def mark(box: dict, keys: tuple[str, ...], name: str, is_later: bool) -> None:
        for key in keys:
            if key in box:
                box[key] = f"{box[key]} [{name}-{key}]"
                (later if is_later else earlier).add(f"[{name}-{key}]")

    for row in data["sessions"]:
        mark(row, ("note", "opener", "mood_event_link", "gap_note"), f"s{row['n']}", row["n"] > last)
        for part in ("step", "incident", "decision"):
            texts = ("text", "outcome", "aim_before", "other_side", "problem")
            mark(row.get(part, {}), texts, f"s{row['n']}-{part}", row["n"] > last)
        # How a step went is told in the next session.
        mark(row.get("step", {}), ("note",), f"s{row['n']}-told", row["n"] >= last)
    for row in data["decision_points"]:
        mark(row, ("client_says", "reason"), row["id"], row["session"] > last)
    for name in ("diary_sample", "follow_up", "violence_checks"):
        for n, row in enumerate(data.get(name) or []):
            mark(row, ("note",), f"{name}-{n}", row.get("date", row.get("at"))[:10] > boundary)
    for n, row in enumerate(data["fidelity"]):
        row.setdefault("comment", "words")
        mark(row, ("comment",), f"fidelity-{n}", row["session"] > last)
    for change in data["client"]["medication"].get("changes", []):
        mark(change, ("drug",), change["date"], change["date"] > boundary)
    for row in data.get("maintenance", {}).get("sessions", []):
        mark(row, ("note",), row["n"], True)
    mark(data["relapse_plan"], ("come_back_route", "measure_rule"), "relapse", True)
    return data, later, earlier


@pytest.mark.parametrize(("case", "last"), [("C01", 8), ("C02", 8), ("C03", 8), ("C01", 1), ("C02", 5)])
def test_no_mark_of_a_later_session_stands_anywhere(worked, case, last):
    data, later, earlier = marked(worked[case].page.data, last)
    told = replay(read_case(Page("marked.yaml", data, {})), last, people=True, words=True)
    everything = " ".join(
        [
            *map(str, leaves(told.case)),
            *map(str, leaves(as_json(told))),
            html(told),
            *(line.text for line in lines(told)),
        ]
    )
    assert {mark for mark in later if mark in everything} == set()
    assert {mark for mark in earlier if mark not in everything} == set()
    assert len(later) > 10


@pytest.mark.parametrize(("case", "last"), [("C01", 8), ("C02", 8), ("C03", 8), ("C05", 3)])
def test_nothing_was_recorded_after_the_day_of_the_session(worked, case, last):
    told = replay(worked[case].case, last)
    day = next(row["date"] for row in worked[case].page.data["sessions"] if row["n"] == last)
    end = datetime.combine(date.fromisoformat(day), time(23, 59, 59), UTC)
    moments = [leaf for leaf in leaves(told.case) if isinstance(leaf, datetime)]
    assert max(moments) <= end
    days = [leaf for leaf in leaves([one.record.ended_on for one in told.enrolments]) if leaf]
    assert all(leaf <= end.date() for leaf in days)


def test_case_1_until_session_8(worked):
    data = as_json(replay(worked["C01"].case, 8))
    assert [told["n"] for told in data["sessions"]] == list(range(1, 9))
    assert data["ending"] is None
    assert data["enrolments"][0]["outcome"]["last"] == 11
    assert [told["decision"]["id"] for told in data["sessions"] if told["decision"]] == ["DP4", "DP8"]
    assert data["sessions"] == worked["C01"].json["sessions"][:8]
    record = replay(worked["C01"].case, 8).case.records[0]
    ratings = [record.says("goals-and-boundaries", goal.id)["ratings"] for goal in record.goals]
    assert [[row["session"] for row in rows] for rows in ratings] == [[8]] * 4
    steps = [record.newest("between-session-step", step.id).answers["status"] for step in record.steps]
    assert steps[-1] == "planned"
    assert [entry.answers["point"] for entry in record.of("decision-record")] == ["DP4", "DP8"]
    assert not record.of("ending")
    assert not record.of("check-in")


def test_case_2_until_session_8_knows_one_stage_and_no_medication(worked):
    told = replay(worked["C02"].case, 8)
    record = told.case.records[0]
    assert len(told.enrolments) == 1
    assert [stage for entry in record.of("dispute-map") if (stage := entry.answers.get("stage"))] == ["impasse"]
    assert not record.of("medication")
    assert [flag.answered_at.date().isoformat() for flag in record.flags][-1] == "2025-10-27"


def test_the_group_is_cut_with_its_members(worked):
    told = replay(worked["C05"].case, 3)
    assert [session.number for session in told.case.group.sessions] == [1, 2, 3]
    assert {entry.about for entry in told.case.group.entries if entry.form == "group-session"} == {"S01", "S02", "S03"}
    assert [row["n"] for row in as_json(told)["sessions"]] == [1, 2, 3]
    assert all(one.closing.ending is None for one in told.enrolments)


@pytest.mark.parametrize("case", ["C01", "C02", "C03"])
def test_each_cut_tells_the_same_story_as_far_as_it_goes(worked, case):
    for number in (1, 4, 7, 12):
        assert as_json(replay(worked[case].case, number))["sessions"] == worked[case].json["sessions"][:number]


@pytest.mark.parametrize("number", [0, -1, 17, 999])
def test_a_session_that_is_not_there_is_refused(worked, number):
    with pytest.raises(Refused, match=r"there is no session .*one of 1, 2, 3"):
        replay(worked["C01"].case, number)

"""Any file that keeps the schema replays: other scores, dates, kinds of sessions, areas, contracts, ages, manuals."""

from __future__ import annotations

import json
from random import Random

import lawful
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openipt.exchange.cases import as_json, read_case, replay
from openipt.exchange.cases.checking import check
from openipt.exchange.cases.report import html
from openipt.exchange.cases.text import lines
from openipt.therapy.shelf import Page, read_text
from openipt.therapy.vocabulary import vocabulary

TOP = {"case", "manual", "manual_on_shelf", "title", "enrolments", "sessions", "ending"}
ENROLMENT = {
    "id",
    "client",
    "manual",
    "manual_on_shelf",
    "areas",
    "began_on",
    "ended_on",
    "sessions_attended",
    "weeks",
    "outcome",
    "ending",
    "wanting",
}
SESSION = {
    "n",
    "happened_at",
    "kind",
    "phase",
    "offered",
    "warned",
    "held_back",
    "done",
    "done_unoffered",
    "due",
    "gates",
    "state",
    "why",
    "scores",
    "bands",
    "findings",
    "flags",
    "decision",
    "note",
}
GATE = {"id", "open", "strength", "why"}
CASES = ("C01", "C02", "C03", "C05")


def shape(data: dict) -> None:
    """The shape of the JSON, as docs/reference/replay-json.md says it."""
    assert set(data) == TOP
    for one in data["enrolments"]:
        assert set(one) - {"sessions"} == ENROLMENT
    told = [row for one in data["enrolments"] for row in one.get("sessions", [])]
    if "sessions" not in data["enrolments"][0]:
        told += data["sessions"]
    for row in told:
        assert set(row) == SESSION
        assert row["state"] in vocabulary()["states"]
        assert all(set(gate) == GATE for gate in row["gates"])
        assert row["why"]
        assert row["note"]
    json.dumps(data, allow_nan=False)


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), bare=st.sampled_from([False, False, False, True]))
def test_a_lawful_neighbour_of_a_case_replays(worked, case, seed, bare):
    random = Random(seed)
    data = lawful.changed(worked[case].page.data, random, bare=bare)
    page = Page("neighbour.yaml", data, {})
    check(page)  # the strategy makes lawful files; what it makes is checked like any other
    read = read_case(page)
    told = replay(read)
    shape(as_json(told))
    assert list(lines(told))
    numbers = [row["n"] for row in data["sessions"]]
    if numbers:
        shape(as_json(replay(read, random.choice(numbers))))


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_a_lawful_neighbour_becomes_a_page_and_survives_yaml(worked, case, seed):
    data = lawful.changed(worked[case].page.data, Random(seed))
    read = read_case(Page("neighbour.yaml", data, {}))
    assert "<h1>" in html(replay(read))
    # JSON is YAML: what was written and read back is the same case.
    assert read_case(read_text(json.dumps(data), "neighbour.yaml")) == read


@pytest.mark.parametrize("case", CASES)
def test_a_file_without_any_optional_key_replays(worked, case):
    for seed in range(3):
        data = lawful.changed(worked[case].page.data, Random(seed), bare=True)
        shape(as_json(replay(read_case(Page("bare.yaml", data, {})))))


def test_a_manual_that_is_not_on_the_shelf_offers_nothing_and_tells_the_course(worked):
    data = json.loads(json.dumps(worked["C01"].page.data))
    data["case"]["protocol"] = "ipt-nowhere"
    told = as_json(replay(read_case(Page("unknown.yaml", data, {}))))
    assert told["manual_on_shelf"] is False
    assert all(row["offered"] == [] for row in told["sessions"])
    assert [row["scores"]["phq-9"] for row in told["sessions"]][-1] == 4
    assert told["ending"] == "finished"

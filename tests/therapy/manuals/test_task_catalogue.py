"""The catalogue of therapist tasks: complete, short enough to read in a session, in words that blame nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from openipt.therapy.shelf import read

FAMILIES = ("INI", "MID", "GRF", "DSP", "TRN", "DEF", "END", "MNT", "GRP", "ADO", "SRT")
VOCABULARY = read("vocabulary.yaml").data
CATALOGUE = {family: read("tasks", f"{family}.yaml").data for family in FAMILIES}
TASKS = {task: entry for entries in CATALOGUE.values() for task, entry in entries.items()}
TECHNIQUES = read("techniques.yaml").data

REQUIRED = {"name", "noted", "line", "guide", "example", "why", "sheets", "techniques", "minutes", "core"}
OPTIONAL = {"say", "raises_conflict"}
SPEAKERS = {"therapist", "client", "member", "caregiver"}
CONFRONTATIONS = {"DSP.07", "ADO.04", "ADO.06"}
BANNED = re.compile(
    r"because of|\bfail(s|ed|ure)?\b|(high|medium|low) risk|non-?complian|\brefus(e|es|ed|al)\b|homework|!",
    re.IGNORECASE,
)


def words(value: Any) -> Iterator[str]:
    """Yield every text of an entry, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from words(part)
    elif isinstance(value, list):
        for part in value:
            yield from words(part)


def test_every_task_of_the_vocabulary_has_an_entry_and_no_other() -> None:
    assert set(TASKS) == set(VOCABULARY["tasks"])


@pytest.mark.parametrize("family", FAMILIES)
def test_tasks_stand_in_the_file_of_their_family_in_the_order_of_the_vocabulary(family: str) -> None:
    assert list(CATALOGUE[family]) == [task for task in VOCABULARY["tasks"] if task.startswith(f"{family}.")]


def test_every_technique_of_the_vocabulary_has_an_entry_and_no_other() -> None:
    assert set(TECHNIQUES) == set(VOCABULARY["techniques"])


@pytest.mark.parametrize("task", TASKS)
def test_an_entry_has_the_keys_of_the_grammar(task: str) -> None:
    assert set(TASKS[task]) >= REQUIRED
    assert set(TASKS[task]) <= REQUIRED | OPTIONAL
    assert isinstance(TASKS[task]["core"], bool)


@pytest.mark.parametrize("task", TASKS)
def test_an_entry_can_be_read_at_a_glance(task: str) -> None:
    entry = TASKS[task]
    assert 0 < len(entry["name"]) <= 50
    assert 0 < len(entry["line"]) <= 110
    assert 3 <= len(entry["guide"]) <= 5
    assert [line for line in entry["guide"] if len(line) > 150] == []
    assert len(entry.get("say", "")) <= 150
    assert 3 <= len(entry["example"]) <= 6
    assert [turn for turn in entry["example"] if len(turn["said"]) > 150] == []
    assert len(entry["why"]) <= 200


@pytest.mark.parametrize("task", TASKS)
def test_an_entry_names_a_trap_and_says_why_now(task: str) -> None:
    # GRP.01 has more facts than five lines hold.
    assert any("Trap:" in line for line in TASKS[task]["guide"]) or task == "GRP.01"
    assert TASKS[task]["why"].startswith("Why this now: ")


@pytest.mark.parametrize("task", TASKS)
def test_an_example_is_an_exchange_between_known_speakers(task: str) -> None:
    turns = TASKS[task]["example"]
    assert {frozenset(turn) for turn in turns} == {frozenset({"who", "said"})}
    assert {turn["who"] for turn in turns} <= SPEAKERS
    assert len({turn["who"] for turn in turns}) >= 2


@pytest.mark.parametrize("task", TASKS)
def test_sheets_and_techniques_are_words_of_the_vocabulary(task: str) -> None:
    entry = TASKS[task]
    assert set(entry["sheets"]) <= set(VOCABULARY["worksheets"])
    assert set(entry["techniques"]) <= set(VOCABULARY["techniques"])
    assert entry["techniques"]
    assert len(set(entry["sheets"])) == len(entry["sheets"])
    assert len(set(entry["techniques"])) == len(entry["techniques"])


@pytest.mark.parametrize("entry", [*TASKS, *TECHNIQUES])
def test_no_entry_blames_predicts_claims_a_cause_or_shouts(entry: str) -> None:
    found = [text for text in words(TASKS.get(entry) or TECHNIQUES[entry]) if BANNED.search(text)]
    assert found == []


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_a_technique_is_told_in_four_short_texts(technique: str) -> None:
    entry = TECHNIQUES[technique]
    assert set(entry) == {"name", "does", "use", "avoid", "core"}
    assert len(entry["name"]) <= 40
    assert [text for text in words(entry) if len(text) > 130] == []
    assert entry["core"] is (technique != "T_CALM")


def test_a_task_of_the_core_rests_on_a_technique_of_the_core() -> None:
    assert [task for task, entry in TASKS.items() if entry["core"] and "T_CALM" in entry["techniques"]] == []


def test_every_technique_of_the_core_is_used_somewhere() -> None:
    used = {technique for entry in TASKS.values() for technique in entry["techniques"]}
    assert used == set(TECHNIQUES) - {"T_CALM"}


def test_steps_that_may_raise_conflict_are_marked_for_the_violence_gate() -> None:
    marked = {task for task, entry in TASKS.items() if "raises_conflict" in entry}
    assert marked == CONFRONTATIONS
    assert all(TASKS[task]["raises_conflict"] is True for task in marked)


def test_the_safety_review_asks_about_all_that_the_rules_name() -> None:
    entry = TASKS["INI.01"]
    assert set(entry["sheets"]) == {"WS_MEDICAL", "WS_VIOLENCE", "WS_SAFETALK", "WS_SAFETY"}
    text = " ".join(words(entry)).lower()
    asked = ("violence", "alone", "death", "mania", "psychosis", "drugs", "thyroid")
    assert [word for word in asked if word not in text] == []


@pytest.mark.parametrize("task", ["INI.01", "DSP.08"])
def test_the_violence_question_is_asked_alone(task: str) -> None:
    assert "alone" in TASKS[task]["guide"][0].lower()
    assert "WS_VIOLENCE" in TASKS[task]["sheets"]


def test_a_lower_answer_to_question_nine_clears_nothing() -> None:
    assert any("A lower answer clears nothing" in line for line in TASKS["MID.02"]["guide"])


@pytest.mark.parametrize("task", ["INI.01", "MID.02", "MID.10", "END.07", "END.09", "GRP.10"])
def test_contacts_where_safety_is_asked_aloud_have_the_sheet_for_it(task: str) -> None:
    assert "WS_SAFETALK" in TASKS[task]["sheets"]


def test_the_session_frame_fits_into_fifty_minutes() -> None:
    frame = ("MID.01", "MID.02", "MID.03", "MID.04", "MID.05", "MID.06", "MID.07", "MID.09")
    assert sum(TASKS[task]["minutes"] for task in frame) <= 50
    assert all(isinstance(entry["minutes"], int) and 2 <= entry["minutes"] <= 60 for entry in TASKS.values())

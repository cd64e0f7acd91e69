"""Whoever is left out is not spoken of, and what is said of everybody else stays honest (decision 0047)."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import fmean

import pytest
from factories import Course
from golden import PEOPLE, golden_diary
from hypothesis import given, settings
from hypothesis import strategies as st

from openipt.therapy.insight import (
    DiaryEntry,
    Interaction,
    as_plain,
    diary_entries,
    hidden_people,
    insight,
    look,
    may_show,
    of_plain,
)
from openipt.therapy.insight.hiding import GIVEN, TAKEN_BACK, sentences_about_hidden, sentences_taken_back
from openipt.therapy.insight.looking import hash_of
from openipt.therapy.insight.words import left_out_words
from openipt.therapy.record import Record
from openipt.therapy.words import render

MONDAY = datetime(2026, 1, 5, 20)
SHARED = "shared_with_therapist"


@pytest.mark.parametrize("hidden", PEOPLE)
def test_whoever_is_left_out_stands_nowhere_in_what_is_made(hidden: str) -> None:
    found = look(golden_diary(), hidden={hidden})

    assert not re.search(rf"\b{hidden}\b", str(as_plain(found)))
    assert [one.person for one in found.people] == sorted(set(PEOPLE) - {hidden})
    assert found.left_out == 1
    assert of_plain(as_plain(found)) == found


def test_contact_with_them_counts_among_other_people() -> None:
    """The same diary with the hidden person and a stranger met too seldom for a column gives the same numbers."""
    seldom = [one for one in golden_diary() if any(met.person == "friend" for met in one.interactions)][2:]
    few = tuple(one for one in golden_diary() if one not in seldom)  # the friend is met on two days
    by_days, by_hiding = look(few), look(few, hidden={"friend"})

    assert by_days.people[0].person == "friend"
    assert by_days.people[0].effect is None
    assert [one.effect for one in by_days.people[1:]] == [one.effect for one in by_hiding.people]


def test_nobody_loses_their_place_to_somebody_who_is_left_out() -> None:
    everybody = [f"p{n}" for n in range(9)]
    days = tuple(
        DiaryEntry(MONDAY + timedelta(days=day), 4 + day % 3, tuple(Interaction(one, day % 4 - 1) for one in everybody))
        for day in range(20)
    )
    assert sum(one.effect is not None for one in look(days).people) == 8
    shown = look(days, hidden={"p0"}).people
    assert [one.person for one in shown] == everybody[1:]
    assert all(one.effect is not None for one in shown)


def test_leaving_somebody_out_makes_the_fit_anew_and_nobody_leaves_it_as_it_was() -> None:
    used = golden_diary()
    assert hash_of(used) == look(used).inputs_hash == hash_of(used, hidden={"nobody who was met"})
    assert hash_of(used, hidden={"mother"}) == look(used, hidden={"mother"}).inputs_hash
    assert len({hash_of(used), hash_of(used, hidden={"mother"}), hash_of(used, hidden={"mother", "friend"})}) == 3


def together(seed: int) -> tuple[DiaryEntry, ...]:
    """Two people met on the same days, rated alike. Better days go with the partner; the friend alone means nothing."""
    chance = random.Random(seed)
    made = []
    for day in range(40):
        partner = chance.choice([-3, -2, -1, 1, 2, 3])
        friend = partner if chance.random() < 0.8 else chance.choice([-2, -1, 1, 2])
        mood = max(0, min(10, round(5 + 0.8 * partner + chance.gauss(0, 1))))
        met = (Interaction("partner", partner), Interaction("friend", friend))
        made.append(DiaryEntry(MONDAY + timedelta(days=day), mood, met))
    return tuple(made)


def without(entries: tuple[DiaryEntry, ...], person: str) -> tuple[DiaryEntry, ...]:
    return tuple(
        replace(one, interactions=tuple(met for met in one.interactions if met.person != person)) for one in entries
    )


def compared(clients: int) -> dict[str, float]:
    """How large the friend, of whom nothing is true, looks while the partner is left out, and how often it is said."""
    sizes: dict[str, list[float]] = {"counted": [], "left away": []}
    said = dict.fromkeys(sizes, 0)
    for seed in range(clients):
        entries = together(seed)
        for way, found in {
            "counted": look(entries, hidden={"partner"}),
            "left away": look(without(entries, "partner")),
        }.items():
            (friend,) = found.people
            assert friend.effect is not None
            sizes[way].append(friend.effect.mean)
            said[way] += friend.status == "worth asking about"
    return {f"size, {way}": fmean(all_) for way, all_ in sizes.items()} | {
        f"said, {way}": said[way] / clients for way in sizes
    }


def test_contact_that_is_left_away_would_be_put_down_to_whoever_else_was_there() -> None:
    found = compared(30)

    assert found["said, left away"] >= 0.9  # nothing of it is true
    assert found["said, counted"] <= 0.3
    assert abs(found["size, counted"]) < found["size, left away"] / 2


def course_with(*answers: bool | None) -> Record:
    course = Course().person("P1", 0, alias="Lena").person("P2", 0, alias="Rui")
    for n, answer in enumerate(answers, 1):
        said = {} if answer is None else {"leave_out_of_insight": answer}
        course = course.person("P1", n, alias="Lena", **said)
    return course.record


@pytest.mark.parametrize(
    ("answers", "hidden"),
    [((), False), ((True,), True), ((True, None, None), True), ((True, False), False), ((False, True, None), True)],
    ids=str,
)
def test_the_last_sheet_that_answers_decides_and_others_bring_nobody_back(answers, hidden: bool) -> None:
    assert hidden_people(course_with(*answers)) == ({"P1"} if hidden else frozenset())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([True, False, None]), max_size=5))
def test_the_law_of_the_last_answer(answers) -> None:
    said = [one for one in answers if one is not None]
    assert bool(hidden_people(course_with(*answers))) == (bool(said) and said[-1])


def test_a_record_is_looked_at_without_whoever_is_left_out() -> None:
    met = [{"person": "P1", "kinds": ["conflict"], "valence": -2}, {"person": "P2", "kinds": [], "valence": 1}]
    course = Course().person("P1", 0, alias="Lena", leave_out_of_insight=True).person("P2", 0, alias="Rui")
    for day in range(4):
        course = course.write("mood-diary", day, {"mood": 4 + day, "interactions": met}, visibility=SHARED)
    found = insight(course.record)

    assert len(diary_entries(course.record)) == found.entries == 4
    assert {one.person for one in (*found.people, *found.counts)} == {"P2"}


def test_what_was_stored_before_somebody_was_left_out_is_held_to_it_as_well() -> None:
    ids = {"partner": "P1", "friend": "P2"}
    met = [tuple(replace(met, person=ids[met.person or ""]) for met in one.interactions) for one in together(1)]
    stored = look(replace(one, interactions=met[n]) for n, one in enumerate(together(1)))
    shown = may_show(stored, course_with(True))

    assert shown is not None
    assert {one.person for one in (*shown.people, *shown.counts)} == {"P2"}
    assert shown.left_out == 1
    assert may_show(stored, course_with()) is stored
    assert may_show(None, course_with()) is None


def test_how_many_are_left_out_is_said_and_not_who() -> None:
    assert left_out_words(look(golden_diary())) is None
    said = left_out_words(look(golden_diary(), hidden=set(PEOPLE[:2])))
    assert said is not None
    assert render(said).startswith("2 people are left out here, as asked.")


def test_sentences_about_them_are_found_and_those_that_went_are_known() -> None:
    def given_to(answer: bool, why: str | None = None) -> Record:
        course = Course().person("P1", 0, alias="Lena", leave_out_of_insight=answer)
        course = course.write(GIVEN, 3, {"sentence": "Better days and Lena.", "person": "P1"}, visibility=SHARED)
        record = course.write(GIVEN, 3, {"sentence": "Quarrels.", "kind": "conflict"}, visibility=SHARED).record
        if why is None:
            return record
        gone = (replace(one, retracted_at=one.recorded_at, retracted_why=why) for one in record.entries)
        return replace(record, entries=tuple(gone), _memo={})

    assert [one.answers["person"] for one in sentences_about_hidden(given_to(True))] == ["P1"]
    assert list(sentences_about_hidden(given_to(False))) == []
    assert sentences_taken_back(given_to(True)) == ()
    assert sentences_taken_back(given_to(True, "Talked it over.")) == ()
    assert len(sentences_taken_back(given_to(True, TAKEN_BACK))) == 2

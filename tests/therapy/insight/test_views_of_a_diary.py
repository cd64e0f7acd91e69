"""How entries become columns (INSIGHT 1.2 and 1.6)."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from golden import golden_diary

from openipt.therapy.insight import DiaryEntry, Interaction
from openipt.therapy.insight.diary import diary_of
from openipt.therapy.insight.entries import window
from openipt.therapy.insight.kinds import groups, known, prior_mean, rows_with
from openipt.therapy.insight.views import kind_view, people_view

MONDAY = datetime(2026, 3, 2, 9)


def entry(day: float, *met: tuple[str | None, int], mood: float = 5, kinds: str = "", asked: bool = True) -> DiaryEntry:
    named = frozenset(kinds.split())
    return DiaryEntry(MONDAY + timedelta(days=day), mood, tuple(Interaction(*one, named) for one in met), asked)


def columns(*entries: DiaryEntry) -> dict[str, list[float]]:
    view = people_view(diary_of(entries, least=1))
    return {name: [round(float(value), 9) for value in column] for name, column in view.columns.items()}


def test_days_count_from_the_first_entry_with_their_fractions() -> None:
    view = people_view(diary_of((entry(3), entry(3.25), entry(10))))
    assert list(view.times) == [0, 0.25, 7]
    assert view.columns["trend"] == pytest.approx((np.array([0, 0.25, 7]) - 7.25 / 3) / 7)


def test_contact_with_a_person_is_the_sum_held_within_the_scale() -> None:
    found = columns(entry(0, ("Bea", 2), ("Bea", 2), ("Otto", -1)), entry(1, ("Bea", -3), ("Bea", 1)), entry(2))
    assert found["same:Bea"] == [3, -2, 0]
    assert found["same:Otto"] == [-1, 0, 0]


def test_contact_at_all_and_weekends_stand_around_their_means() -> None:
    found = columns(entry(4, ("Bea", 0)), entry(5), entry(6), entry(7, (None, -2)))
    assert found["contact"] == [0.75, -0.25, -0.25, -0.25]
    assert found["weekend"] == [-0.5, 0.5, 0.5, -0.5]


def test_where_nobody_asked_contact_is_unknown_and_lies_at_the_mean() -> None:
    found = columns(entry(0, ("Bea", 1)), entry(1), entry(2, asked=False))
    assert found["contact"] == [0.5, -0.5, 0]


def test_the_day_before_is_known_only_where_it_has_an_entry() -> None:
    found = columns(entry(0, ("Bea", 2)), entry(1), entry(3, ("Bea", -2)), entry(4), entry(4.3))
    known_rows = [2, -2, -2]  # of rows 1, 3 and 4; before rows 0 and 2 nothing was written
    mean = sum(known_rows) / 3
    assert found["lag:Bea"] == pytest.approx([0, 2 - mean, 0, -2 - mean, -2 - mean])


def test_the_day_before_sums_over_its_entries() -> None:
    found = columns(entry(0, ("Bea", 3)), entry(0.2, ("Bea", 2)), entry(1), entry(2))
    assert found["lag:Bea"] == pytest.approx([0, 0, 1.5, -1.5])


def test_a_day_on_which_nobody_asked_says_nothing_about_the_day_after() -> None:
    found = columns(entry(0, ("Bea", 3)), entry(1, asked=False), entry(2))
    assert found["lag:Bea"] == [0, 0, 0]


def crowd() -> tuple[DiaryEntry, ...]:
    """Ten people; p0 to p8 on 9 to 1 days more than three, p9 on two days."""
    days: list[DiaryEntry] = []
    for day in range(14):
        met = [(f"p{n}", 1 if day % 2 else -1) for n in range(9) if day < 12 - n]
        met += [("p9", 3)] if day in (0, 5) else []
        days.append(entry(day, *met))
    return tuple(days)


def test_eight_people_have_columns_and_the_rest_is_one() -> None:
    diary = diary_of(crowd())
    assert diary.chosen == tuple(f"p{n}" for n in range(8))
    view = people_view(diary)
    assert sum(name.startswith("same:") for name in view.columns) == 8
    assert view.columns["same others"][0] == 2  # p8 with -1 and p9 with 3
    assert view.columns["same others"][1] == 1


def test_who_was_met_on_fewer_than_three_days_has_no_column() -> None:
    diary = diary_of((entry(0, ("Bea", 1)), entry(1, ("Bea", 1)), entry(1.2, ("Bea", 1)), entry(2, ("Otto", 1))))
    assert diary.contact_days == {"Bea": 2, "Otto": 1}
    assert diary.chosen == ()
    assert list(people_view(diary).columns) == ["trend", "contact", "weekend", "same others", "lag others"]


def test_a_person_called_others_is_a_person() -> None:
    people = people_view(diary_of(tuple(entry(day, ("others", 1), ("x", 1)) for day in range(2)), least=1)).columns
    assert {"same:others", "same:x"} <= set(people)
    assert "same others" not in people


def test_the_window_holds_the_last_120_days_and_400_entries() -> None:
    long = tuple(entry(day) for day in range(200))
    assert window(long)[0].day == long[80].day
    assert len(window(long)) == 120
    many = tuple(entry(n / 8) for n in range(800))
    assert len(window(many)) == 400
    assert window(many)[-1] == many[-1]
    assert window(()) == ()


def test_the_golden_diary_has_the_columns_of_its_table() -> None:
    view = people_view(diary_of(golden_diary()))
    assert list(view.columns["same:mother"]) == [-2, 0, -3, -1, 0, 0, -2, -1, 0, 1, 0, -3, 0, 2]
    assert list(view.columns["contact"]) == [0] * 14


def test_kinds_fall_into_their_groups_or_stand_alone() -> None:
    diary = (entry(0, ("Bea", 1), kinds="supported helped"), entry(1, (None, -2), kinds="lonely"), entry(2, ("B", 0)))
    assert rows_with(diary) == {"support": [True, False, False], "lonely": [False, True, False]}
    assert groups()["ignored"] == "avoidance"
    assert prior_mean("conflict") == -0.6
    assert prior_mean("lonely") == 0


def test_something_else_is_no_kind_to_ask_about() -> None:
    assert "other" in known()
    assert rows_with((entry(0, ("Bea", 1), kinds="other"),)) == {}


def test_kinds_and_valences_never_stand_in_one_regression() -> None:
    diary = diary_of((entry(0, ("Bea", 1), kinds="conflict"), entry(1, ("Bea", -1))), least=1)
    assert set(kind_view(diary, rows_with(diary.entries)).columns) == {"trend", "conflict"}
    assert not set(people_view(diary).columns) & set(groups())

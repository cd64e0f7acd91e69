"""The four status words, what is lacking, warnings, and plain counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from golden import golden_diary

from openipt.therapy.insight import DiaryEntry, Interaction, Lack, look
from openipt.therapy.insight.counts import counts
from openipt.therapy.insight.diary import diary_of
from openipt.therapy.insight.status import diary_lack, kind_status, person_lack, person_status, warnings_of

WORTH, EARLY, NOTHING, LITTLE = "worth asking about", "too early", "nothing seen so far", "not enough entries"
MONDAY = datetime(2026, 3, 2, 20)


@pytest.mark.parametrize(
    ("pd", "sceptical", "tolerance", "status"),
    [
        (0.975, 0.95, 0.20, WORTH),
        (0.999, 0.999, 0.199, EARLY),  # strong, but mild colouring would be enough to explain it
        (0.974, 0.95, 0.9, EARLY),
        (0.999, 0.949, 0.9, EARLY),
        (0.95, 0.85, 0.0, EARLY),
        (0.95, 0.849, 0.9, NOTHING),
        (0.949, 0.90, 0.9, NOTHING),
        (0.5, 0.5, 0.0, NOTHING),
    ],
)
def test_a_person_is_worth_asking_about_only_where_all_three_agree(pd, sceptical, tolerance, status) -> None:
    assert person_status(pd, sceptical, tolerance) == status


@pytest.mark.parametrize(
    ("pd", "sceptical", "status"),
    [(0.96, 0.95, WORTH), (0.975, 0.85, EARLY), (0.974, 0.94, NOTHING), (0.99, 0.849, NOTHING)],
)
def test_a_kind_needs_the_sceptic(pd: float, sceptical: float, status: str) -> None:
    assert kind_status(pd, sceptical) == status


def days(moods, met=lambda day: (("Bea", day % 3 - 1),), apart: float = 1.0) -> tuple[DiaryEntry, ...]:
    return tuple(
        DiaryEntry(MONDAY + timedelta(days=n * apart), mood, tuple(Interaction(*one) for one in met(n)))
        for n, mood in enumerate(moods)
    )


@pytest.mark.parametrize(
    ("diary", "lack"),
    [
        (days([4, 6] * 6 + [5]), Lack("entries", 1)),
        (days([4, 6] * 8, apart=0.5), Lack("days", 1)),
        (days([5] * 15 + [6]), Lack("mood_same")),
        (days([4, 6] * 7), None),
    ],
)
def test_a_short_or_even_diary_is_not_enough(diary, lack: Lack | None) -> None:
    assert diary_lack(diary_of(diary)) == lack
    assert {one.status == LITTLE for one in look(diary).people} == {lack is not None}


def test_a_person_needs_five_days_and_two_ratings() -> None:
    seldom = diary_of(days([4, 6] * 7, lambda n: (("Bea", n % 2),) if n < 3 else ()))
    assert person_lack(seldom, "Bea") == Lack("contact_days", 2)
    same = diary_of(days([4, 6] * 7, lambda n: (("Bea", 2),) if n % 2 else ()))
    assert person_lack(same, "Bea") == Lack("valence_same")
    assert look(same.entries).people[0].status == LITTLE
    assert look(same.entries).people[0].effect is not None


def test_who_has_no_column_has_no_numbers_and_says_why() -> None:
    found = look(days([4, 6] * 7, lambda n: (("Bea", n % 3 - 1), *((("Rui", 1),) if n < 2 else ()))))
    rui = found.people[1]
    assert (rui.person, rui.status, rui.effect, rui.pd) == ("Rui", LITTLE, None, None)
    assert rui.lack == Lack("contact_days", 3)


def test_the_ninth_person_is_counted_with_the_others() -> None:
    found = look(days([4, 6] * 10, lambda n: tuple((f"p{k}", (n + k) % 3 - 1) for k in range(9) if n < 20 - k)))
    assert found.people[8].lack == Lack("not_among")
    assert [one.effect is not None for one in found.people] == [True] * 8 + [False]


def test_a_kind_needs_four_days_and_some_entries_without_it() -> None:
    def with_kind(n: int, every: int) -> DiaryEntry:
        kinds = frozenset({"conflict"} if n % every == 0 else ())
        return DiaryEntry(MONDAY + timedelta(days=n), 4 + n % 3, (Interaction(None, 0, kinds),))

    seldom = look([with_kind(n, 6) for n in range(18)]).kinds[0]
    assert (seldom.status, seldom.effect, seldom.lack) == (LITTLE, None, Lack("kind_days", 1))
    always = look([with_kind(n, 1) for n in range(18)]).kinds[0]
    assert (always.status, always.lack) == (LITTLE, Lack("kind_same"))
    assert look([with_kind(n, 3) for n in range(18)]).kinds[0].lack is None


@pytest.mark.parametrize(
    ("diary", "warnings"),
    [
        (days([0, 10, 5, 5, 5, 5]), ["moods_at_the_ends"]),
        (days([4, 6, 5], apart=3), ["days_missing"]),
        (days([4, 6, 5, 5, 5], lambda n: (("Bea", 1 if n else -1), ("Otto", 1))), ["one_valence"]),
        (days([4, 6, 5, 5, 5]), []),
    ],
)
def test_warnings_say_what_makes_sizes_less_sure(diary, warnings: list[str]) -> None:
    assert list(warnings_of(diary_of(diary))) == warnings
    assert list(look(diary).warnings) == warnings


def test_plain_counts_begin_with_the_third_entry() -> None:
    diary = days([3, 7, 6, 2, 8], lambda n: (("Rui", 1),) if n in (1, 2, 3) else ())
    rui = counts(diary_of(diary))[0]
    assert (rui.better, rui.of_better, rui.other, rui.of_other) == (1, 2, 2, 3)
    assert counts(diary_of(diary[:2])) == ()
    assert counts(diary_of(diary[:3])) != ()


def test_nothing_is_counted_where_no_day_is_better() -> None:
    assert counts(diary_of(days([5, 5, 5, 5]))) == ()


def test_counts_are_over_days_and_leave_out_what_was_not_asked() -> None:
    diary = (*days([3, 7, 6]), DiaryEntry(MONDAY + timedelta(days=2, hours=2), 9, asked=False))
    assert counts(diary_of(diary)) == counts(diary_of(days([3, 7, 6])))


def test_information_and_tolerance_grow_with_entries() -> None:
    few, many = look(golden_diary()), look([*golden_diary(), *_again(golden_diary())])
    for one, other in zip(few.people, many.people, strict=True):
        assert one.information < other.information <= 1
        assert one.tolerance >= 0


def _again(diary: tuple[DiaryEntry, ...]) -> list[DiaryEntry]:
    return [replace(one, at=one.at + timedelta(days=21)) for one in diary]

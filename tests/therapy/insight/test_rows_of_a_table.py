"""Rows become diaries; what cannot be read is named by its row and taken from nowhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from openipt.therapy.insight import Diaries, Interaction, RowsError, read_rows

GOOD = {"client": "K", "at": "2026-03-01T20:15", "mood": "4", "person": "Bea", "valence": "2", "kinds": "", "skill": ""}


def read(*changes: dict[str, object]) -> Diaries:
    return read_rows([{**GOOD, **change} for change in changes])


def problem(**change: object) -> str:
    found = read(change)
    assert found.clients == {}
    (one,) = found.problems
    return str(one)


def test_a_row_is_an_interaction_of_an_entry() -> None:
    (entry,) = read({"kinds": "supported, closeness", "skill": "yes"}).clients["K"]
    assert (entry.at, entry.mood) == (datetime(2026, 3, 1, 20, 15), 4.0)
    assert entry.interactions == (Interaction("Bea", 2, frozenset({"supported", "closeness"}), True),)


def test_rows_of_one_client_and_moment_are_one_entry() -> None:
    found = read({}, {"person": "Otto", "valence": "-1"}, {"client": "L"}, {"at": "2026-03-01T20:16"})
    assert [len(entry.interactions) for entry in found.clients["K"]] == [2, 1]
    assert list(found.clients) == ["K", "L"]
    assert found.rows == 4


def test_a_row_without_a_person_is_an_entry_without_contact() -> None:
    for change in ({"person": "", "valence": ""}, {"person": "", "valence": "-2"}):
        (entry,) = read(change).clients["K"]
        assert entry.interactions == ()
        assert entry.asked


def test_a_kind_without_a_person_happened_all_the_same() -> None:
    (entry,) = read({"person": "", "valence": "", "kinds": "lonely"}).clients["K"]
    assert entry.interactions == (Interaction(None, 0, frozenset({"lonely"})),)


def test_the_mood_of_an_entry_may_stand_in_one_of_its_rows() -> None:
    (entry,) = read({"mood": ""}, {"person": "Otto", "mood": "7"}).clients["K"]
    assert (entry.mood, len(entry.interactions)) == (7.0, 2)


def test_entries_stand_in_the_order_of_time() -> None:
    found = read({"at": "2026-03-05"}, {"at": "2026-03-01T08:00"}, {"at": "2026-03-01 07:00:30"})
    assert [entry.at for entry in found.clients["K"]] == [
        datetime(2026, 3, 1, 7, 0, 30), datetime(2026, 3, 1, 8), datetime(2026, 3, 5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"at": ""}, "row 2, column at: is blank; expected a local day and time"),
        ({"at": "01.03.2026"}, "row 2, column at: '01.03.2026' is no date that is the same everywhere"),
        ({"at": "3/4/26 20:15"}, "no date that is the same everywhere"),
        ({"at": "2026-02-30"}, "'2026-02-30' is on no calendar or clock"),
        ({"at": "2026-03-01T25:00"}, "is on no calendar or clock"),
        ({"at": "0026-03-01"}, "the year 26 cannot be; expected 1900 to 2200"),
        ({"at": "²026-03-01"}, "no date"),
        ({"mood": ""}, "row 2, column mood: is blank; expected a number from 0 to 10"),
        ({"mood": "11"}, "row 2, column mood: '11'; expected a number from 0 to 10"),
        ({"mood": "-1"}, "column mood: '-1'"),
        ({"mood": "nan"}, "column mood: 'nan'"),
        ({"mood": "1e1"}, "column mood: '1e1'"),
        ({"mood": True}, "column mood: 'True'"),
        ({"mood": float("inf")}, "column mood: 'inf'"),
        ({"mood": "five"}, "column mood: 'five'"),
        ({"valence": ""}, "row 2, column valence: is blank; expected a whole number from -3 to 3"),
        ({"valence": "4"}, "column valence: '4'"),
        ({"valence": "1.5"}, "column valence: '1.5'"),
        ({"person": "", "valence": "9"}, "column valence: '9'"),
        ({"kinds": "party"}, "row 2, column kinds: 'party'; expected kinds among alone_by_choice, asked_for_help"),
        ({"skill": "maybe"}, "row 2, column skill: 'maybe'; expected true or false"),
        ({"client": " "}, "row 2, column client: is blank; expected whose entry it is"),
    ],
)
def test_an_impossible_cell_is_named_by_row_and_column(change: dict[str, object], says: str) -> None:
    assert says in problem(**change)


def test_every_bad_row_is_named_and_the_good_ones_are_there() -> None:
    found = read({}, {"mood": "12"}, {"at": "x"}, {"at": "2026-03-02"}, {"valence": "z", "at": "2026-03-03"})
    assert [one.row for one in found.problems] == [3, 4, 6]
    assert len(found.clients["K"]) == 2


def test_two_moods_at_one_moment_cannot_be() -> None:
    found = read({}, {"person": "Otto", "mood": "6"})
    assert str(found.problems[0]) == (
        "row 3, column mood: 6, while row 2 of the same client and moment has 4; expected one mood for one entry"
    )
    assert [len(entry.interactions) for entry in found.clients["K"]] == [1]


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ("2026-03-01T20:15", "2026-03-02T20:15Z", "has the zone +00:00, while row 2 of this client has no zone"),
        ("2026-03-01T20:15+01:00", "2026-03-02T20:15", "has no zone, while row 2 of this client has the zone +01:00"),
        ("2026-03-01T20:15+01:00", "2026-03-02T20:15-05:30", "has the zone -05:30"),
    ],
)
def test_mixed_zones_are_refused(first: str, second: str, says: str) -> None:
    found = read({"at": first}, {"at": second})
    assert says in str(found.problems[0])
    assert "expected one zone for a client; best is local time without any" in str(found.problems[0])
    assert found.problems[0].row == 3


def test_one_zone_is_local_time_also_over_the_change_to_summer_time() -> None:
    found = read({"at": "2026-03-28T20:15+01:00"}, {"at": "2026-03-29T20:15+02:00"})
    assert [entry.at for entry in found.clients["K"]] == [datetime(2026, 3, 28, 20, 15), datetime(2026, 3, 29, 20, 15)]


def test_clients_may_live_in_different_zones() -> None:
    assert read({"at": "2026-03-01T20:15+01:00"}, {"client": "L", "at": "2026-03-01T20:15+09:00"}).problems == ()


def test_values_are_as_good_as_texts() -> None:
    east = timezone(timedelta(hours=2))
    found = read(
        {
            "at": datetime(2026, 3, 1, 20, 15, tzinfo=east),
            "mood": 4.5,
            "valence": 2.0,
            "skill": 1.0,
            "kinds": ["helped"],
        },
        {
            "at": datetime(2026, 3, 2, 20, 15, tzinfo=east),
            "mood": 4,
            "person": None,
            "valence": float("nan"),
            "kinds": None,
        },
    )
    assert found.problems == ()
    first, second = found.clients["K"]
    assert (first.mood, first.interactions[0].kinds, first.interactions[0].skill) == (4.5, {"helped"}, True)
    assert second.interactions == ()
    assert read({"at": date(2026, 3, 1)}, {"at": datetime(2026, 3, 2, tzinfo=UTC)}).problems != ()


def test_empty_rows_are_passed_over() -> None:
    assert read({}, dict.fromkeys(GOOD, ""), {"at": "2026-03-02"}).problems == ()
    assert read_rows([]).clients == {}


@pytest.mark.parametrize("column", ["client", "at", "mood", "person", "valence"])
def test_a_column_that_every_diary_needs_is_asked_for(column: str) -> None:
    with pytest.raises(RowsError, match=f"row 1, column {column}: is absent; expected the columns client, at, mood"):
        read_rows([{name: cell for name, cell in GOOD.items() if name != column}])


def test_kinds_and_skill_may_be_absent() -> None:
    assert read_rows([{name: cell for name, cell in GOOD.items() if name not in ("kinds", "skill")}]).problems == ()

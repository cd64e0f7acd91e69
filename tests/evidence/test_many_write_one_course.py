"""Many write in the same courses: whoever comes second learns of it, and both texts are kept. Nobody meets an error."""

from __future__ import annotations

import pytest
from durability.fresh import in_fresh_python
from evidence.home import SETTINGS, Home, on_postgresql

EDITS = {"act": "evidence.editing:edit", "check": "evidence.editing:what_became", "prepare": "evidence.editing:prepare"}
AGAIN = {"act": "evidence.editing:send_again", "check": "evidence.editing:sent_once"}
FOUND_NOTHING = ([], {}, {})


@pytest.fixture
def edit(home: Home, monkeypatch: pytest.MonkeyPatch):
    def run(saves: int, **how) -> dict:
        monkeypatch.setenv("SAVES", str(saves))
        tally = in_fresh_python(
            "durability.editors:edit",
            home=home(),
            settings=SETTINGS,
            seconds=120 + saves,
            editors=16,
            saves=saves,
            refusals=["Replaced"],
            **how,
        )
        print(
            f"{saves} saves in {tally['seconds']:.1f} s: {tally['saved']} saved, {tally['refused']} refused, "
            f"overwritten {len(tally['overwritten'])}, p95 {tally['p95']:.0f} ms, errors {tally['errors']}"
        )
        return tally

    return run


def found(tally: dict) -> tuple:
    return tally["overwritten"], tally["errors"], tally["faults"]


def test_sixteen_editors_never_overwrite_one_another_silently(edit) -> None:
    tally = edit(400, **EDITS)

    assert tally["saved"] + tally["refused"] == 400
    assert tally["refused"] > 0, "editors who never meet prove nothing"
    assert found(tally) == FOUND_NOTHING


def test_a_sheet_that_is_sent_sixteen_times_at_once_is_one_sheet_with_one_flag(edit) -> None:
    tally = edit(160, **AGAIN)

    assert tally["saved"] == 160
    assert found(tally) == FOUND_NOTHING


@pytest.mark.durability
@pytest.mark.parametrize(("saves", "processes"), [(800, 1), (5_000, 4)])
def test_sixteen_editors_thousands_of_saves(edit, saves: int, processes: int) -> None:
    tally = edit(saves, **EDITS, processes=processes)

    assert tally["saved"] + tally["refused"] == saves // 16 * 16
    assert found(tally) == FOUND_NOTHING


# ---- weakened builds


@pytest.mark.durability
def test_who_replaces_without_asking_overwrites_silently(edit) -> None:
    tally = edit(160, **EDITS, weaken="evidence.saboteurs:replaced_without_asking")

    assert tally["overwritten"]
    assert tally["faults"]["replaced twice"]


@pytest.mark.durability
@pytest.mark.skipif(on_postgresql, reason="PostgreSQL has no deferred transactions")
def test_transactions_that_begin_deferred_meet_errors(edit) -> None:
    tally = edit(160, **EDITS, weaken="durability.saboteurs:deferred_without_lock")

    assert any("locked" in error for error in tally["errors"])

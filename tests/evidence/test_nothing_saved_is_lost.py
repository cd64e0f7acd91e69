"""A sheet that was acknowledged is in the record, with its event, its flag and its place, whatever the machine does."""

from __future__ import annotations

import pytest
from durability.fresh import in_fresh_python
from evidence.home import SETTINGS, Home, on_postgresql

from openipt.site.sqlite.base import DatabaseWrapper

REAL = {"settings": SETTINGS, "act": "evidence.saving:save", "check": "evidence.verdict:verdict"}
SQLITE_ONLY = "PostgreSQL syncs its own log; what it promises then is its own evidence"
SHORT_LOG, REAL_LOG = 2**16, DatabaseWrapper.WAL_LIMIT  # bytes: a cut within a checkpoint, or a log of many acts
ACTS_IN_A_LIFE = 0.12  # seconds a worker lives at most: a save takes 10 to 30 ms


def counted(toll: dict) -> dict[str, int]:
    return {what: len(ids) for what, ids in toll["faults"].items()}


def kill(home: Home, number: int, **how) -> dict:
    toll = in_fresh_python(
        "durability.kills:kill",
        home=home(),
        seconds=120 + number,
        kills=number,
        longest=ACTS_IN_A_LIFE,
        **(REAL | how),
    )
    print(
        f"{toll['deaths']} kills in {toll['seconds']:.1f} s ({toll['deaths'] / toll['seconds']:.1f}/s), "
        f"{toll['acknowledged']} acknowledged, faults {counted(toll)}"
    )
    assert toll["deaths"] == number
    return toll


def nothing_is_lost(toll: dict, cuts: int) -> None:
    assert toll["errors"] == []
    assert toll["faults"] == {}
    assert toll["acknowledged"] > cuts / 2, "workers that acknowledge nothing prove nothing"


def cut(home: Home, number: int, **how) -> dict:
    if on_postgresql:
        pytest.skip(SQLITE_ONLY)
    how = {"weaken": "evidence.saboteurs:hold_the_shadow", **how}
    toll = in_fresh_python(
        "durability.power:cut", home=home(), seconds=120 + 4 * number, cuts=number, longest=1500, **(REAL | how)
    )
    if toll["skipped"]:
        pytest.skip(toll["skipped"])
    print(
        f"{toll['cuts']} cuts in {toll['seconds']:.1f} s ({toll['cuts'] / toll['seconds']:.1f}/s), "
        f"{toll['acknowledged']} acknowledged, faults {counted(toll)}"
    )
    return toll


@pytest.mark.in_part
def test_after_some_kills_every_sheet_is_there_with_its_event_and_its_flag(home: Home) -> None:
    nothing_is_lost(kill(home, 40), 40)


@pytest.mark.in_part
def test_after_some_power_cuts_too(home: Home) -> None:
    nothing_is_lost(cut(home, 10), 10)


@pytest.mark.durability
def test_a_thousand_kills(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MORE_COURSES", "100")
    nothing_is_lost(kill(home, 1_000, prepare="evidence.home:more"), 1_000)


@pytest.mark.durability
@pytest.mark.parametrize("log", [SHORT_LOG, REAL_LOG])
def test_two_hundred_power_cuts(home: Home, log: int) -> None:
    nothing_is_lost(cut(home, 100, wal_limit=log), 100)


@pytest.mark.nightly
def test_ten_thousand_kills(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MORE_COURSES", "1000")
    nothing_is_lost(kill(home, 10_000, prepare="evidence.home:more"), 10_000)


@pytest.mark.nightly
@pytest.mark.parametrize("log", [SHORT_LOG, REAL_LOG])
def test_a_thousand_power_cuts(home: Home, log: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MORE_COURSES", "100")
    nothing_is_lost(cut(home, 500, wal_limit=log, prepare="evidence.home:more"), 500)


# ---- the same checks, of builds that are weakened on purpose


def test_what_is_written_after_the_commit_is_missing_after_kills(home: Home) -> None:
    faults: set[str] = set()
    for seed in range(1, 5):  # whether a kill falls between two commits is a matter of luck
        faults |= kill(home, 20, weaken="evidence.saboteurs:everything_after_commit", seed=seed)["faults"].keys()
        if faults >= {"audit", "danger without flag"}:
            break

    assert faults >= {"audit", "danger without flag"}
    assert "lost" not in faults


@pytest.mark.durability
@pytest.mark.parametrize(
    ("saboteur", "reported"),
    [
        ("audit_after_commit", "audit"),
        ("flag_after_commit", "danger without flag"),
        ("standing_after_commit", "standing"),
    ],
)
def test_each_of_these_alone_is_reported_for_what_it_is(
    home: Home, saboteur: str, reported: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MORE_COURSES", "150")  # so that no later sheet of the same course mends what was broken
    toll = kill(home, 100, weaken=f"evidence.saboteurs:{saboteur}", prepare="evidence.home:more")

    assert reported in toll["faults"]


@pytest.mark.durability
def test_what_is_acknowledged_before_the_commit_is_lost(home: Home) -> None:
    toll = kill(home, 12, act="evidence.saboteurs:acknowledged_before_commit")

    assert toll["faults"]["lost"]


@pytest.mark.durability
def test_synchronous_normal_loses_acknowledged_sheets_in_power_cuts(home: Home) -> None:
    toll = cut(home, 8, weaken="evidence.saboteurs:synchronous_normal", wal_limit=REAL_LOG)

    assert toll["faults"]["lost"]

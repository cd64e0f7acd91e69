"""Each harness catches the weakened builds it is there for; and we know which it cannot see."""

from __future__ import annotations

import pytest
from durability.fresh import in_fresh_python

PREPARE = "durability.plain:prepare"
PLAIN = {"prepare": PREPARE, "act": "durability.plain:write", "check": "durability.plain:verdict"}
LATE = PLAIN | {"act": "durability.plain:write_and_audit_later"}
EDITS = {"prepare": PREPARE, "act": "durability.plain:edit", "check": "durability.plain:edits_verdict"}


def cut(home, **how):
    toll = in_fresh_python("durability.power:cut", home=home, **how)
    if toll["skipped"]:
        pytest.skip(toll["skipped"])
    return toll


def test_synchronous_normal_loses_acknowledged_entries_in_a_power_cut(tmp_path):
    toll = cut(tmp_path, cuts=25, weaken="durability.saboteurs:synchronous_normal", **PLAIN)

    print(f"lost {len(toll['faults']['lost'])} of {toll['acknowledged']}")
    assert toll["faults"]["lost"]


def test_synchronous_normal_is_not_seen_by_kills_and_so_kills_alone_prove_little(tmp_path):
    how = PLAIN | {"weaken": "durability.saboteurs:synchronous_normal"}

    assert in_fresh_python("durability.kills:kill", home=tmp_path, kills=20, **how)["faults"] == {}


def test_synchronous_off_leaves_a_damaged_database(tmp_path):
    toll = cut(tmp_path, cuts=40, weaken="durability.saboteurs:synchronous_off", **PLAIN)

    assert toll["unreadable"] or toll["faults"]["damaged"]


def test_an_audit_event_after_the_commit_is_missing_after_a_kill(tmp_path):
    toll = in_fresh_python("durability.kills:kill", home=tmp_path, kills=30, **LATE)

    print(f"{len(toll['faults']['without audit'])} of {toll['deaths']} kills left an entry without its event")
    assert set(toll["faults"]) == {"without audit"}


def test_an_audit_event_after_the_commit_is_missing_after_a_power_cut(tmp_path):
    assert cut(tmp_path, cuts=20, **LATE)["faults"]["without audit"]


def test_transactions_that_begin_deferred_are_refused_by_the_dozen(tmp_path):
    how = EDITS | {"weaken": "durability.saboteurs:deferred_without_lock", "editors": 16, "saves": 480}
    tally = in_fresh_python("durability.editors:edit", home=tmp_path, **how)

    print(tally["errors"])
    assert tally["errors"]["OperationalError: database is locked"] > 16


def test_the_last_one_to_save_wins_is_a_silent_overwrite(tmp_path):
    how = EDITS | {"act": "durability.plain:edit_blindly", "editors": 16, "saves": 480}

    assert in_fresh_python("durability.editors:edit", home=tmp_path, **how)["overwritten"]


def test_tables_without_their_triggers_let_everything_happen(tmp_path):
    assert in_fresh_python("durability.plain:guards_left", home=tmp_path / "guarded") == []
    assert in_fresh_python("durability.plain:guards_left_without_triggers", home=tmp_path / "open") == [
        f"{table}: {what}" for table in ("entry", "audit") for what in ("UPDATE", "DELETE", "REPLACE")
    ]

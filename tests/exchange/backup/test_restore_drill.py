"""A backup is worth what its restore is worth: made while somebody saves, restored, compared client by client."""

from __future__ import annotations

import os

import pytest
from durability.fresh import in_fresh_python

pytestmark = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="on PostgreSQL the server's own tools copy")


def drill(folder, times: int):
    return in_fresh_python(
        "exchange.backup.drill:drill", home=folder / "home", settings="openipt.site.settings",
        seconds=60 + 5 * times, times=times, folder=str(folder),
    )  # fmt: skip


def holds(found) -> None:
    assert found["errors"] == []
    assert found["saved while copied"] > 0, "a drill without load proves little"
    assert found["differ"] == 0, "a client's content is not what it was"
    assert found["lost"] == 0, "what was acknowledged before a backup began is in it"
    assert found["wrong"] == []
    assert any("casebook_entry" in words for words in found["caught"]), "an entry that vanished afterwards is named"


@pytest.mark.in_part
def test_five_backups_under_load_restore_every_client_as_they_were(tmp_path) -> None:
    holds(drill(tmp_path, 5))


@pytest.mark.durability
def test_fifty_backups_under_load_restore_every_client_as_they_were(tmp_path) -> None:
    found = drill(tmp_path, 50)
    holds(found)
    print(f"50 restores, the slowest {found['seconds']:.2f} s, {found['saved while copied']} saved while copying")

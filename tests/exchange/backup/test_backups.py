"""What a backup holds and what not, what a restore accepts, and how each refusal is said; nothing half stays behind."""

from __future__ import annotations

import base64
import errno
import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest
from durability.fresh import in_fresh_python

from openipt.casebook.sealing import Key, Keyring, read_key_file
from openipt.exchange.backup import copying, making, places
from openipt.exchange.backup.head import MAGIC, head_of
from openipt.exchange.backup.places import Opener
from openipt.exchange.backup.restoring import _needed, restore
from openipt.exchange.backup.retaining import backups_in, keep_newest
from openipt.therapy.shelf import Refused

pytestmark = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="on PostgreSQL the server's own tools copy")

OTHER_KEY = Key(date(2026, 3, 2), bytes(range(9, 41)))


@dataclass
class Backup:
    """The files of one backup, in a folder that a test may spoil."""

    page: Path
    ring: Keyring

    @property
    def record(self) -> Path:
        return self.page.with_suffix("").with_suffix(".record")

    @property
    def keys(self) -> Path:
        return self.page.with_suffix("").with_suffix(".keys")

    def restore(self, into: Path, *files: Path):
        return restore(files or (self.page,), into, self.ring)

    def refusal(self, into: Path, *files: Path) -> str:
        """Why it cannot be restored. Nothing is left behind."""
        with pytest.raises(Refused) as refused:
            self.restore(into, *files)
        assert not into.exists(), "a refused restore leaves nothing"
        return str(refused.value)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Path, Path]:
    """A service with two backups; its home and their folder."""
    folder = tmp_path_factory.mktemp("service")
    in_fresh_python(
        "exchange.backup.drill:two_backups", home=folder / "home", settings="openipt.site.settings",
        into=str(folder / "backups"),
    )  # fmt: skip
    return folder / "home", folder / "backups"


@pytest.fixture
def both(made, tmp_path) -> list[Backup]:
    """Both backups, the older first, copied for this test."""
    home, backups = made
    copied = shutil.copytree(backups, tmp_path / "backups")
    ring = read_key_file(home / "openipt.key")
    return [Backup(page, ring) for page in reversed(backups_in(copied))]


@pytest.fixture
def backup(both) -> Backup:
    return both[0]


# ---- what it holds


def test_a_restored_folder_is_a_home_that_only_its_owner_can_look_into(backup, tmp_path) -> None:
    restored = backup.restore(tmp_path / "new")

    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in (tmp_path / "new").iterdir()}
    assert modes == dict.fromkeys(("record.sqlite3", "keys.sqlite3", "openipt.key", "secret", "service.yaml"), "0o600")
    assert oct((tmp_path / "new").stat().st_mode & 0o777) == "0o700"
    assert restored.compared
    assert restored.ends.events > 0
    assert restored.made_at == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_nothing_in_a_backup_can_be_read_without_the_key_and_the_key_is_not_in_it(made, both) -> None:
    home, _ = made
    key_file = (home / "openipt.key").read_bytes()
    secret = base64.b64encode(both[0].ring.newest.secret)
    assert secret in key_file
    for path in both[0].page.parent.iterdir():
        raw = path.read_bytes()
        for words in (b"SQLite format 3", b"canary", b"t-01", b"casebook_entry", b"clinic.example", secret):
            assert words not in raw, f"{words!r} in {path.name}"


def test_the_files_of_a_backup_are_their_owners_alone(backup) -> None:
    assert {path.stat().st_mode & 0o777 for path in backup.page.parent.iterdir()} == {0o600}


def test_the_manifest_says_what_it_is_made_of_and_where_the_audit_ended(backup) -> None:
    said = json.loads(backup.page.read_text())

    assert set(said["files"]) == {"record", "keys"}
    assert len(said["files"]["record"]["sha256"]) == 64
    assert said["key"] == backup.ring.newest.id
    assert said["audit"]["events"] > 0


def test_no_copy_stays_in_the_home_folder(made) -> None:
    assert [path.name for path in made[0].iterdir() if path.name.startswith(".backup")] == []


# ---- what a restore accepts


def test_two_files_do_as_well_as_the_manifest_that_names_them(backup, tmp_path) -> None:
    named = backup.restore(tmp_path / "a", backup.keys, backup.record)
    assert named.ends == backup.restore(tmp_path / "b").ends


def test_an_older_record_opens_with_newer_keys_since_keys_are_kept_for_a_shorter_time(both, tmp_path) -> None:
    older, newer = both
    older.keys.unlink()

    assert older.restore(tmp_path / "new").made_at < head_of(newer.keys).made_at


def test_an_empty_folder_that_is_there_is_used(backup, tmp_path) -> None:
    (tmp_path / "new").mkdir(mode=0o755)
    backup.restore(tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


# ---- what it refuses


def test_nothing_is_restored_over_anything(backup, tmp_path) -> None:
    there = tmp_path / "new"
    there.mkdir()
    (there / "record.sqlite3").write_text("a real record")

    with pytest.raises(Refused, match=r"is not empty: record.sqlite3; expected an empty folder"):
        backup.restore(there)
    assert (there / "record.sqlite3").read_text() == "a real record"


def test_a_wrong_key_is_refused_by_the_names_of_both(backup, tmp_path) -> None:
    right = backup.ring.newest.id
    backup.ring = Keyring((OTHER_KEY,))

    said = backup.refusal(tmp_path / "new")

    assert f"was made with key {right}; the keys given are {OTHER_KEY.id}" in said


@pytest.mark.parametrize("store", ["record", "keys"])
def test_sixty_changes_anywhere_in_a_file_are_all_refused(backup, tmp_path, store) -> None:
    path, rng = getattr(backup, store), Random(store)
    whole = path.read_bytes()
    head = len(MAGIC) + whole[len(MAGIC) :].index(b"\n")
    for place in [*range(0, head, 12), *(rng.randrange(head, len(whole)) for _ in range(40)), len(whole) - 1]:
        spoilt = bytearray(whole)
        spoilt[place] ^= 1 << rng.randrange(8)
        path.write_bytes(bytes(spoilt))
        assert backup.refusal(tmp_path / "new", backup.record, backup.keys), place
        backup.page.rename(tmp_path / "aside")  # also without the manifest's sums
        assert backup.refusal(tmp_path / "new", backup.record, backup.keys), place
        (tmp_path / "aside").rename(backup.page)


@pytest.mark.parametrize("cut", [1, 16, 17, 5000, 1 << 20])
def test_a_file_that_was_cut_is_refused(backup, tmp_path, cut) -> None:
    backup.page.unlink()
    raw = backup.record.read_bytes()
    backup.record.write_bytes(raw[: max(len(raw) - cut, 0)])

    said = backup.refusal(tmp_path / "new", backup.record, backup.keys)
    assert "cut or altered" in said or "its head was altered" in said


def test_a_file_that_something_was_added_to_is_refused(backup, tmp_path) -> None:
    backup.page.unlink()
    backup.record.write_bytes(backup.record.read_bytes() + b"x")
    assert "cut or altered" in backup.refusal(tmp_path / "new", backup.record, backup.keys)


def test_the_content_of_the_two_files_cannot_change_places(backup, tmp_path) -> None:
    backup.page.unlink()
    record, keys = (path.read_bytes() for path in (backup.record, backup.keys))
    ends = [len(MAGIC) + raw[len(MAGIC) :].index(b"\n") + 1 for raw in (record, keys)]
    backup.record.write_bytes(record[: ends[0]] + keys[ends[1] :])
    backup.keys.write_bytes(keys[: ends[1]] + record[ends[0] :])

    assert "a part of another file" in backup.refusal(tmp_path / "new", backup.record, backup.keys)


def test_a_record_under_the_name_of_another_backup_is_refused(both, tmp_path) -> None:
    older, newer = both
    shutil.copyfile(older.record, newer.record)

    assert newer.refusal(tmp_path / "new")


def test_keys_that_are_older_than_the_record_are_refused(both, tmp_path) -> None:
    older, newer = both

    said = newer.refusal(tmp_path / "new", newer.record, older.keys)

    assert "older than the record" in said
    assert "clients who came in between could not be read" in said


def test_a_record_without_keys_and_keys_twice_are_refused(backup, tmp_path) -> None:
    assert "no file of the keys was named" in backup.refusal(tmp_path / "new", backup.record)
    assert "second file of the keys" in backup.refusal(tmp_path / "new", backup.keys, backup.keys)


def test_an_altered_manifest_is_refused(backup, tmp_path) -> None:
    said = json.loads(backup.page.read_text())
    said["audit"]["events"] -= 1
    backup.page.write_text(json.dumps(said))

    assert "its mark does not fit" in backup.refusal(tmp_path / "new")


@pytest.mark.parametrize(
    "text", ["", "{}", "no JSON", '{"format": "openipt backup manifest 1", "files": {"record": 1, "keys": 2}}']
)
def test_a_page_that_is_no_manifest_is_refused(backup, tmp_path, text) -> None:
    backup.page.write_text(text)
    assert "is not a manifest" in backup.refusal(tmp_path / "new")


def test_a_manifest_cannot_name_a_file_of_another_folder(backup, tmp_path) -> None:
    said = json.loads(backup.page.read_text())
    said["files"]["record"]["name"] = f"../{backup.record.name}"
    backup.page.write_text(json.dumps(said))
    assert "is not a manifest" in backup.refusal(tmp_path / "new")


@pytest.mark.parametrize("raw", [b"", b"\x00" * 100, MAGIC, MAGIC + b"{}\n", MAGIC + b"[" * 3000 + b"\n"])
def test_a_file_that_is_no_backup_is_refused_by_name(backup, tmp_path, raw) -> None:
    stranger = tmp_path / "stranger"
    stranger.write_bytes(raw)
    assert "stranger: is not a backup file of OpenIPT" in backup.refusal(tmp_path / "new", stranger, backup.keys)


def test_a_file_that_is_not_there_is_refused(backup, tmp_path) -> None:
    assert "cannot be opened (No such file" in backup.refusal(tmp_path / "new", tmp_path / "nothing", backup.keys)


def test_keys_that_need_a_key_that_was_not_given_are_refused_by_its_name(backup, tmp_path) -> None:
    backup.restore(tmp_path / "new")
    with pytest.raises(Refused, match=f"is closed with key {backup.ring.newest.id}, which was not given"):
        _needed(tmp_path / "new" / "keys.sqlite3", Keyring((OTHER_KEY,)))


# ---- disks and rights


def test_too_little_room_is_said_before_anything_is_written(backup, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(places.shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(10**9, 10**9, 1000))
    assert "0.0 MB are free" in backup.refusal(tmp_path / "new")


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "the disk is full"), (errno.EACCES, "cannot be used (Permission denied)")]
)
def test_what_the_disk_refuses_is_said_plainly_and_nothing_half_stays(
    backup, tmp_path, monkeypatch, number, words
) -> None:
    def no(self, name):
        if name == "keys.sqlite3":
            raise OSError(number, os.strerror(number), name)
        return honest(self, name)

    honest = Opener.__call__
    monkeypatch.setattr(Opener, "__call__", no)
    assert words in backup.refusal(tmp_path / "new")


def test_a_backup_inside_the_home_folder_is_refused(made) -> None:
    home, _ = made
    with pytest.raises(Refused, match="would be lost with it"):
        making.make_backup(home / "backups", home, OTHER_KEY, datetime.now(UTC))


def test_what_a_killed_backup_left_behind_goes_when_it_is_an_hour_old(made, tmp_path) -> None:
    old, young = (tmp_path / f"openipt-{name}.record.part" for name in ("old", "young"))
    now = datetime.now(UTC)
    for path, age in ((old, 3700), (young, 60)):
        path.write_text("half")
        os.utime(path, (now.timestamp() - age,) * 2)

    making.sweep(tmp_path, now)

    assert (old.exists(), young.exists()) == (False, True)


def test_the_copy_of_a_killed_backup_is_removed_from_the_home_folder_by_the_next_one(tmp_path) -> None:
    left = tmp_path / ".backup-killed"
    left.mkdir()
    (left / "record.sqlite3").write_text("a copy")
    with making._private_folder(tmp_path) as folder:
        assert not left.exists()
        assert folder.stat().st_mode & 0o777 == 0o700
    assert list(tmp_path.iterdir()) == []


def test_one_backup_at_a_time(made, tmp_path) -> None:
    home, _ = made
    with places.alone(home, "backup"), pytest.raises(Refused, match="another backup is running"):
        making.make_backup(tmp_path / "backups", home, OTHER_KEY, datetime.now(UTC))


def test_on_postgresql_it_says_which_tools_to_use_and_why_the_keys_lie_apart(monkeypatch) -> None:
    class Store:
        vendor = "postgresql"

    monkeypatch.setattr(copying, "connections", {"default": Store(), "keys": Store()})
    with pytest.raises(Refused) as refused, copying.one_moment("default", "keys"):
        pass
    assert all(word in str(refused.value) for word in ("pg_dump", "pgBackRest", "both databases", "shorter time"))


# ---- how long they stay


def names(folder: Path) -> list[str]:
    return sorted(path.name.rpartition("-")[2].partition(".")[2] for path in folder.iterdir())


def test_the_newest_stay_and_only_our_own_files_go(both) -> None:
    folder = both[0].page.parent
    (folder / "holiday.jpg").touch()
    (folder / "openipt-20200101T000000Z-none.manifest.json").write_text("not ours")

    gone = keep_newest(folder, 1)

    assert gone == [one.name for one in (both[0].page, both[0].record, both[0].keys)]
    assert both[1].record.exists()
    assert (folder / "holiday.jpg").exists()
    assert (folder / "openipt-20200101T000000Z-none.manifest.json").exists()


def test_keys_can_go_before_the_records_that_they_open(both) -> None:
    gone = keep_newest(both[0].page.parent, None, keep_keys=1)
    assert gone == [both[0].keys.name]


def test_without_a_number_all_stay(both) -> None:
    assert keep_newest(both[0].page.parent, None) == []

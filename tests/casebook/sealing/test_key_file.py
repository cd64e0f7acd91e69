"""The key file: made once, read only when it is whole, private and holds a real key."""

from __future__ import annotations

import base64
import json
import os
import random
import secrets
import stat
from datetime import date

import pytest

from openipt.casebook import sealing
from openipt.casebook.sealing.key_reading import current
from openipt.casebook.sealing.keys import weakness

CHANCE = random.Random(9).randbytes(33)


@pytest.fixture
def path(tmp_path, at):
    path = tmp_path / "openipt.key"
    sealing.make_key_file(path, at)
    return path


def rewritten(path, **changes):
    """Change words of the first key in a file; what is None is left out."""
    data = json.loads(path.read_text())
    data["keys"][0].update(changes)
    data["keys"][0] = {name: value for name, value in data["keys"][0].items() if value is not None}
    path.write_text(json.dumps(data))
    return path


def of(secret: bytes) -> str:
    return base64.b64encode(secret).decode()


def test_a_key_file_is_made_for_its_owner_alone_and_reads_back(tmp_path, at):
    path = tmp_path / "openipt.key"
    made = sealing.make_key_file(path, at)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sealing.read_key_file(path) == sealing.Keyring((made,))
    assert (made.made, len(made.secret)) == (date(2026, 10, 1), 32)


def test_two_key_files_never_hold_the_same_key(tmp_path, at):
    assert len({sealing.make_key_file(tmp_path / f"{number}", at).secret for number in range(50)}) == 50


def test_a_generous_umask_does_not_open_the_file_to_others(tmp_path, at):
    before = os.umask(0)
    try:
        sealing.make_key_file(tmp_path / "openipt.key", at)
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "openipt.key").stat().st_mode) == 0o600


def test_a_key_file_is_never_overwritten(path, at):
    before = path.read_bytes()

    with pytest.raises(sealing.KeyFileProblem, match="is there already; expected a place without a key file"):
        sealing.make_key_file(path, at)
    assert path.read_bytes() == before


def test_a_missing_folder_is_named(tmp_path, at):
    with pytest.raises(sealing.KeyFileProblem, match="No such file or directory"):
        sealing.make_key_file(tmp_path / "nowhere" / "openipt.key", at)


def test_a_missing_key_file_is_refused_and_says_what_to_do(tmp_path):
    with pytest.raises(sealing.KeyFileProblem) as refusal:
        sealing.read_key_file(tmp_path / "openipt.key")

    assert str(refusal.value) == (
        f"the key file {tmp_path / 'openipt.key'} is missing; expected the file that `openipt setup` made. "
        "Put the right file back, or make it anew from the recovery sheet"
    )


def test_a_folder_in_its_place_is_refused(tmp_path):
    with pytest.raises(sealing.KeyFileProblem, match="cannot be opened"):
        sealing.read_key_file(tmp_path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602, 0o777, 0o610])
def test_a_key_file_that_others_could_use_is_refused(path, mode):
    path.chmod(mode)

    with pytest.raises(sealing.KeyFileProblem, match=rf"mode {mode:04o}\); expected mode 0600.*chmod 600"):
        sealing.read_key_file(path)


def test_a_service_that_runs_goes_on_reading_when_the_file_is_opened_to_others(path):
    kept = current(path)
    path.chmod(0o644)

    assert current(path) == kept


@pytest.mark.parametrize(
    ("secret", "wrong"),
    [
        (b"", r"is too short \(0 bytes\)"),
        (CHANCE[:31], r"is too short \(31 bytes\)"),
        (CHANCE, r"is too long \(33 bytes\)"),
        (bytes(32), "is all zeros"),
        (b"\xff" * 32, "repeats the same few bytes"),
        (b"password" * 4, "repeats the same few bytes"),
        (b"0123456789abcdef" * 2, "repeats the same few bytes"),
        (bytes(range(16)) * 2, "repeats the same few bytes"),
        (bytes(range(32)), "counts in even steps"),
        (bytes(range(255, 127, -4)), "counts in even steps"),
    ],
    ids=["empty", "31", "33", "zeros", "ones", "a word", "two halves", "two counts", "up", "down"],
)
def test_a_key_that_is_none_is_refused(path, secret, wrong):
    rewritten(path, key=of(secret))

    with pytest.raises(sealing.KeyFileProblem, match=f"{wrong}; expected 32 bytes from the system's source of chance"):
        sealing.read_key_file(path)


def test_no_key_from_the_source_of_chance_is_ever_called_weak():
    assert {weakness(secrets.token_bytes(32)) for _ in range(5000)} == {None}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "is not a key file"),
        ("\x00\x01", "is not a key file"),
        ("[" * 60_000, "is not a key file"),
        ('{"format": "a", "format": "b"}', "is not a key file"),
        ("[]", "names another format"),
        ('{"format": "openipt key file 2", "keys": []}', "names another format"),
        ('{"format": "openipt key file 1"}', "holds no key"),
        ('{"format": "openipt key file 1", "keys": []}', "holds no key"),
        ('{"format": "openipt key file 1", "keys": {"id": 1}}', "holds no key"),
        ('{"format": "openipt key file 1", "keys": [7]}', "at place 1"),
        ('{"format": "openipt key file 1", "keys": ["id"]}', "at place 1"),
        (" " * 64_001, "is longer than 64,000 bytes"),
    ],
)
def test_a_malformed_file_is_refused(path, text, wrong):
    path.write_text(text)

    with pytest.raises(sealing.KeyFileProblem, match=f"{wrong}.*; expected JSON of the format 'openipt key file 1'"):
        sealing.read_key_file(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None},
        {"made": None},
        {"key": None},
        {"made": "yesterday"},
        {"made": 7},
        {"key": "not base64!"},
        {"key": 7},
    ],
)
def test_a_key_without_its_id_day_or_secret_is_refused(path, changes):
    with pytest.raises(sealing.KeyFileProblem, match="has no id, day and key in base64 at place 1"):
        sealing.read_key_file(rewritten(path, **changes))


def test_a_key_with_the_id_of_another_is_refused(path):
    with pytest.raises(sealing.KeyFileProblem, match="an id at place 1 that does not belong to its key"):
        sealing.read_key_file(rewritten(path, key=of(secrets.token_bytes(32))))


def test_the_same_key_twice_is_refused(path):
    data = json.loads(path.read_text())
    path.write_text(json.dumps(data | {"keys": data["keys"] * 2}))

    with pytest.raises(sealing.KeyFileProblem, match="holds the same key twice"):
        sealing.read_key_file(path)


def test_no_refusal_repeats_a_part_of_the_key(path):
    text = json.loads(path.read_text())["keys"][0]["key"]

    with pytest.raises(sealing.KeyFileProblem) as refusal:
        sealing.read_key_file(rewritten(path, key=text[:20]))
    assert text[:8] not in str(refusal.value)

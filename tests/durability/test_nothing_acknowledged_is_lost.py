"""What was acknowledged is there: after kills at any moment, and after power cuts at any operation of the disk."""

from __future__ import annotations

import pytest
from durability.disk import File
from durability.fresh import in_fresh_python

PLAIN = {"prepare": "durability.plain:prepare", "act": "durability.plain:write", "check": "durability.plain:verdict"}


def kills(home, number: int) -> None:
    toll = in_fresh_python("durability.kills:kill", home=home, seconds=60 + number / 8, kills=number, **PLAIN)

    print(
        f"{toll['deaths']} kills, {toll['acknowledged']} acknowledged, {toll['deaths'] / toll['seconds']:.0f} kills/s"
    )
    assert toll["deaths"] == number
    assert toll["acknowledged"] > number, "a worker that never acknowledges anything proves nothing"
    assert toll["errors"] == []
    assert toll["faults"] == {}


def power_cuts(home, number: int) -> None:
    toll = in_fresh_python("durability.power:cut", home=home, seconds=60 + number / 2, cuts=number, **PLAIN)

    if toll["skipped"]:
        pytest.skip(toll["skipped"])
    print(f"{number} cuts, {toll['acknowledged']} acknowledged, {number / toll['seconds']:.0f} cuts/s")
    assert toll["cuts"] == number
    assert toll["acknowledged"] > number / 4
    assert toll["errors"] == []
    assert toll["faults"] == {}


def test_some_kills(tmp_path):
    kills(tmp_path, 40)


def test_some_power_cuts(tmp_path):
    power_cuts(tmp_path, 20)


@pytest.mark.durability
def test_two_hundred_kills(tmp_path):
    kills(tmp_path, 200)


@pytest.mark.durability
def test_fifty_power_cuts(tmp_path):
    power_cuts(tmp_path, 50)


@pytest.mark.nightly
def test_ten_thousand_kills(tmp_path):
    kills(tmp_path, 10_000)


@pytest.mark.nightly
def test_a_thousand_power_cuts(tmp_path):
    power_cuts(tmp_path, 1_000)


# ---- the disk that is played is a bad one


class Chance:
    """A disk that has written each second sector, and nothing that was cut off."""

    def __init__(self) -> None:
        self.turn = 0

    def choice(self, several):
        return several[0] if several == (512, 4096) else 0.5

    def random(self) -> float:
        self.turn += 1
        return 0.9 if self.turn % 2 else 0.1

    def randbytes(self, length: int) -> bytes:
        return b"?" * length


def test_what_was_synced_survives_any_cut():
    file = File()
    file.write(0, b"a" * 1000)
    file.sync()

    assert file.after_cut(Chance()) == b"a" * 1000


def test_what_was_not_synced_is_torn_at_the_sectors_of_the_disk():
    file = File(bytearray(b"a" * 2048))
    file.write(256, b"b" * 1536)

    chance = Chance()
    chance.random(), chance.random(), chance.random()

    found = file.after_cut(chance)
    # of the four sectors it touches, the second and the last reached the disk
    assert found == b"a" * 256 + b"a" * 256 + b"b" * 512 + b"a" * 512 + b"b" * 256 + b"a" * 256


def test_a_file_whose_name_was_never_synced_may_be_gone():
    file = File()
    file.write(0, b"a")

    assert file.after_cut(Chance()) is None or file.after_cut(Chance()) in (b"a", b"")

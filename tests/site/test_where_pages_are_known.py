"""Where what the shelf says is kept: alone with its own, whole or not at all, and nobody notices where it cannot be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from openipt.site import known_pages
from openipt.site.known_pages import VARIABLE, Folder, know_pages
from openipt.therapy.shelf import known_pages as shelf_of_known

KEY = "a" * 64


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "known"))
    monkeypatch.setattr(shelf_of_known, "_place", None)
    return tmp_path / "known"


def opened() -> Folder | None:
    know_pages()
    return shelf_of_known._place


def test_a_text_comes_back_as_it_was(place):
    folder = opened()
    assert folder.find(KEY) is None
    folder.keep(KEY, "üñ\n\nof two lines\n")

    assert opened().find(KEY) == "üñ\n\nof two lines\n"
    assert [file.name for file in folder.path.iterdir()] == [KEY]


@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-3]),
        lambda file: file.write_bytes(file.read_bytes().replace(b"10", b"20")),
        lambda file: file.write_bytes(b"\xff" + file.read_bytes()),
        lambda file: file.write_bytes(b""),
        lambda file: file.rename(file.with_name("b" * 64)),
    ],
    ids=["cut off", "another cut-off", "no text", "empty", "of another page"],
)
def test_a_file_that_is_not_whole_is_not_known(place, harm):
    folder = opened()
    folder.keep(KEY, '{"cut_off": 10}')
    harm(folder.path / KEY)

    assert folder.find(KEY) is None
    assert folder.find("b" * 64) is None


def test_where_others_could_write_nothing_is_known(place):
    folder = opened()
    folder.keep(KEY, "{}")
    folder.path.chmod(0o770)

    assert opened() is None


def test_what_another_reader_made_of_the_pages_is_thrown_away(place, monkeypatch):
    opened().keep(KEY, "{}")
    monkeypatch.setattr(known_pages, "_reader", lambda: "pages-of-another")

    assert opened().find(KEY) is None
    assert [one.name for one in place.iterdir()] == ["pages-of-another"]


def test_where_no_folder_can_be_made_pages_are_parsed(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(shelf_of_known, "_place", None)
    for named in (str(tmp_path / "file" / "below"), ""):
        monkeypatch.setenv(VARIABLE, named)
        assert opened() is None


def test_a_folder_that_vanished_costs_nothing_but_time(place):
    folder = opened()
    folder.path.rmdir()
    folder.keep(KEY, "{}")

    assert folder.find(KEY) is None


def test_without_the_variable_it_stands_in_the_users_own_cache(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(shelf_of_known, "_place", None)

    assert opened().path.parent == tmp_path / "openipt"


FIRST = """
import sys
from openipt.site.known_pages import know_pages
know_pages()
from openipt.therapy.manuals import open_manual
open_manual("ipt-classic")
print("parsed" if "ruamel.yaml" in sys.modules else "known")
"""


def test_the_second_start_parses_nothing_of_the_manuals(tmp_path):
    def told() -> str:
        env = {**os.environ, VARIABLE: str(tmp_path)}
        command = [sys.executable, "-c", FIRST]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout

    assert (told(), told()) == ("parsed\n", "known\n")
    assert all(Path(one).stat().st_mode & 0o077 == 0 for one in tmp_path.glob("pages-*/*"))

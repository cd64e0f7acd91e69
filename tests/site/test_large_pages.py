"""Large pages are asked for what a process made; where there are none, nothing happens."""

from __future__ import annotations

import subprocess
import sys

import pytest

from openipt.site import large_pages
from openipt.site.large_pages import use_large_pages

WHOLE = """
from openipt.site.large_pages import use_large_pages
made = [f"line {n}" for n in range(200_000)]
before = sum(map(hash, made))
taken = use_large_pages()
assert sum(map(hash, made)) == before
made += [f"line {n}" for n in range(200_000)]
assert len(set(made)) == 200_000
print(taken)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asked of Linux alone")
def test_what_a_process_made_is_asked_for_and_stays_as_it_is():
    done = subprocess.run([sys.executable, "-c", WHOLE], capture_output=True, text=True, check=True)

    assert int(done.stdout) > 10_000_000


def test_only_what_the_process_made_itself_counts(monkeypatch, tmp_path):
    maps = tmp_path / "maps"
    maps.write_text(
        "7f0000000000-7f0001000000 rw-p 00000000 00:00 0 \n"
        "550000000000-550000400000 rw-p 00000000 00:00 0                          [heap]\n"
        "7f1000000000-7f1001000000 r--p 00000000 00:00 0 \n"
        "7f2000000000-7f2001000000 rw-p 00000000 fe:00 1234                       /usr/lib/x.so\n"
        "7f3000000000-7f3000001000 rw-p 00000000 00:00 0 \n"
        "7ffc00000000-7ffc01000000 rw-p 00000000 00:00 0                          [stack]\n"
    )
    monkeypatch.setattr(large_pages, "_MAPS", maps)

    assert list(large_pages._own_memory()) == [(0x7F0000000000, 0x1000000), (0x550000000000, 0x400000)]


def test_elsewhere_nothing_is_asked(monkeypatch, tmp_path):
    monkeypatch.setattr(large_pages, "_MAPS", tmp_path / "nowhere")
    assert use_large_pages() == 0

    monkeypatch.setattr(large_pages.sys, "platform", "darwin")
    assert use_large_pages() == 0

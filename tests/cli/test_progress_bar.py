"""The progress bar speaks on stderr, and only to a terminal."""

from __future__ import annotations

import io

import pytest

from openipt.cli import score


class Screen(io.StringIO):
    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(("out", "err", "shown"), [(False, True, True), (False, False, False), (True, True, False)])
def test_the_bar_shows_only_on_a_terminal(out: bool, err: bool, shown: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(err)
    monkeypatch.setattr("sys.stdout", Screen(out))
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with score._progress(100) as advance:
        advance(100)
    assert bool(screen.getvalue()) == shown

"""A server reads the settings of the shelf once, when it begins to serve; a command reads them as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from openipt.therapy.shelf import places


def test_a_server_keeps_the_shelves_it_began_with_and_a_command_does_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(places, "_settled", None)
    monkeypatch.setenv("OPENIPT_LIBRARY", str(tmp_path))
    assert places.shelves() == (tmp_path, places.OWN)

    places.settle()
    monkeypatch.delenv("OPENIPT_LIBRARY")
    assert places.shelves() == (tmp_path, places.OWN)

    monkeypatch.setattr(places, "_settled", None)
    assert places.shelves() == (places.OWN,)

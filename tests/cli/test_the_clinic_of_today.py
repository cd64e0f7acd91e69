"""`openipt serve` without a service: the clinic of today is kept, and made anew where it is not of this OpenIPT."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from openipt.cli import serve

TODAY = datetime.now(UTC).date()


def clinic(place: Path, day: str, built_from: str | None) -> Path:
    folder = place / day
    folder.mkdir()
    (folder / "record.sqlite3").write_bytes(b"")
    if built_from is not None:
        (folder / serve.READY).write_text(built_from, encoding="utf-8")
    return folder


def test_a_clinic_that_this_openipt_built_today_is_kept(tmp_path: Path) -> None:
    kept = clinic(tmp_path, TODAY.isoformat(), serve._made_of())

    assert serve._of_today(tmp_path) == kept
    assert (kept / "record.sqlite3").exists()


@pytest.mark.parametrize("built_from", [None, "", "tables and a shelf of yesterday"])
def test_one_that_another_openipt_built_or_nobody_finished_is_made_anew(tmp_path: Path, built_from: str | None) -> None:
    clinic(tmp_path, TODAY.isoformat(), built_from)

    assert not serve._of_today(tmp_path).exists()


def test_one_of_another_day_is_thrown_away(tmp_path: Path) -> None:
    old = clinic(tmp_path, (TODAY - timedelta(days=1)).isoformat(), serve._made_of())

    assert serve._of_today(tmp_path) == tmp_path / TODAY.isoformat()
    assert not old.exists()


def test_what_a_clinic_is_made_of_changes_with_its_shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cli").mkdir()
    (tmp_path / "library").mkdir()
    form = tmp_path / "library" / "form.yaml"
    form.write_text("one", encoding="utf-8")
    monkeypatch.setattr(serve, "__file__", str(tmp_path / "cli" / "serve.py"))
    before = serve._made_of.__wrapped__()
    form.write_text("one and two", encoding="utf-8")

    assert serve._made_of.__wrapped__() != before

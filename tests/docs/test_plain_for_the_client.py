"""The script of `make check` that grades what clients read finds a heavy page, and passes over the owners' words."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = "<p>Psychotherapeutic interventions necessitate considerable interpersonal reorganisation.</p>"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.chdir(ROOT)
    spec = importlib.util.spec_from_file_location("reading_grade", ROOT / "scripts" / "reading_grade.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_everything_that_clients_read_today_is_plain(script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert script.main() == 0
    assert "sentences that clients read" in capsys.readouterr().out


def test_a_heavy_page_is_named(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "heavy.html").write_text(HEAVY * 3, encoding="utf-8")
    monkeypatch.setattr(script, "PAGES", tmp_path)

    assert script.main() == 1
    assert "heavy.html: grade" in capsys.readouterr().out


def test_pages_sheets_lessons_and_sentences_are_all_looked_at_and_owned_words_are_not(script: ModuleType) -> None:
    seen = [name for name, _ in script.texts()]

    assert sum(name.endswith(".html") for name in seen) > 60
    assert "worksheet mood-diary" in seen
    assert "worksheet session-note" not in seen
    assert not [name for name in seen if "phq-9" in name]
    assert sum(name.startswith("lesson ") for name in seen) > 30

"""What somebody wrote by the how-to pages alone stands in the clinic, beside ours (acceptance d of the shelf)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from openipt.therapy.course import choose
from openipt.therapy.record import Record

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to"
_WRITTEN = re.compile(r"^```yaml our-shelf/(\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def own_shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for page in ("add-a-questionnaire.md", "add-a-manual.md"):
        for place, text in _WRITTEN.findall((HOW_TO / page).read_text(encoding="utf-8")):
            (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / place).write_text(text, encoding="utf-8")
    monkeypatch.setenv("OPENIPT_LIBRARY", str(tmp_path))
    return tmp_path


def test_both_can_be_opened_in_the_clinic(own_shelf: Path, visitor) -> None:
    assert "I kept away from people." in visitor.get("/forms/my-scale/").content.decode()
    assert "After a separation" in visitor.get("/manuals/our-way/").content.decode()
    assert "After a separation" in visitor.get("/manuals/").content.decode()


def test_the_manual_can_be_chosen_for_a_client(own_shelf: Path) -> None:
    from datetime import date

    record = Record("E-1", "CL-1", "ipt-classic", "1.0.0")
    assert "our-way" in [one.manual.id for one in choose(record, date(2026, 1, 5))]

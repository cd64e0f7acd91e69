"""On PostgreSQL everything runs again that opens a database; what opens none runs once."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = re.search(r"^NO_DATABASE = (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split()
TOUCHES = re.compile(r"django_db|transactional_db|\bdb\b\s*[,):]")


@pytest.mark.parametrize("folder", LEFT_OUT)
def test_what_postgresql_leaves_out_opens_no_database(folder: str) -> None:
    files = list((ROOT / folder).rglob("*.py"))

    assert files, f"{folder} is gone: take it out of the Makefile"
    assert [one.name for one in files if TOUCHES.search(one.read_text())] == []

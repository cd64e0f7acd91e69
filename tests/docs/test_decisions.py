"""The papers of the house: decisions are numbered and whole, and no link leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "decisions"
DECISIONS = sorted(FOLDER.glob("*.md"))
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "changelog.d").glob("*.md")])
PARTS = ["Context", "Decision", "Rejected", "Consequences"]
CONSEQUENCES = ["What gets harder:", "How we would notice we were wrong:", "Check:"]

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+\s+(.+)$", re.MULTILINE)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [path.name[:4] for path in DECISIONS]

    assert numbers == [f"{n:04d}" for n in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("path", DECISIONS, ids=name)
def test_a_decision_has_its_number_its_date_and_all_its_parts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    number = path.name[:4]

    assert re.match(rf"# {number}\. \S", text), f"the heading does not begin with '# {number}. '"
    assert re.search(r"^\d{4}-\d\d-\d\d · (proposed|accepted|superseded by \d{4})", text, re.MULTILINE)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS
    assert re.findall(r"^- \*\*([^*]+)\*\*", text, re.MULTILINE) == CONSEQUENCES


@pytest.mark.parametrize("path", DECISIONS, ids=name)
def test_a_decision_names_a_check_that_exists_or_says_that_there_is_none(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    check = text[text.index("- **Check:**") :]
    named = [word for word in re.findall(r"`([^`]+)`", check) if (ROOT / word).exists()]

    assert named or "no check yet" in check


@pytest.mark.parametrize("path", DECISIONS, ids=name)
def test_every_file_a_decision_names_as_its_check_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    check = text[text.index("- **Check:**") :]
    named: list[str] = re.findall(r"`([^`\s]+/[^`\s]+\.\w+)`", check)

    assert [word for word in named if not (ROOT / word).exists()] == []


def test_the_index_lists_every_decision() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")

    assert re.findall(r"\(decisions/([^)]+)\)", index) == [path.name for path in DECISIONS]


@pytest.mark.parametrize("path", PAPERS, ids=name)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    links = _LINK.findall(_FENCE.sub("", path.read_text(encoding="utf-8")))

    assert [link for link in links if not leads_somewhere(path, link)] == []


def leads_somewhere(path: Path, link: str) -> bool:
    if re.match(r"[a-z][a-z0-9+.-]*:", link):
        return True
    place, _, anchor = link.partition("#")
    target = (path.parent / place).resolve() if place else path
    if not target.exists():
        return False
    return not anchor or target.suffix != ".md" or anchor in anchors(target)


def anchors(path: Path) -> set[str]:
    """Headings as a reader's address bar writes them."""
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in _HEADING.findall(text)}


def test_the_link_checker_sees_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One heading\n", encoding="utf-8")

    assert leads_somewhere(page, "page.md#one-heading")
    assert leads_somewhere(page, "https://example.org/x")
    assert not leads_somewhere(page, "page.md#another-heading")
    assert not leads_somewhere(page, "missing.md")

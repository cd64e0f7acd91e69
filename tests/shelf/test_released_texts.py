"""A released text never changes: whoever corrects a manual or a form gives it a new version."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from openipt.therapy import shelf
from openipt.therapy.shelf import read_page

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"manuals": "manual.yaml", "questionnaires": "form.yaml", "worksheets": "form.yaml"}
_RELEASE = re.compile(r"^## \[\d", re.MULTILINE)


def now() -> dict[str, str]:
    """Return `id@version` -> fingerprint of everything on the shelf. Comments and the order of keys do not count."""
    found = {}
    for kind, name in KINDS.items():
        for one in shelf.ids(kind):
            data = read_page(shelf.find(one, kind) / name).data
            plain = json.dumps(data, sort_keys=True, separators=(",", ":"))
            found[f"{one}@{data['version']}"] = sha256(plain.encode()).hexdigest()
    return found


def complaints(released: Mapping[str, str], changes: str, texts: Mapping[str, str]) -> list[str]:
    """Return what is wrong, as somebody should read it who is about to release."""
    changed = [name for name, sha in released.items() if texts.get(name, sha) != sha]
    found = [f"{name} was released with another text: give this one a new version" for name in changed]
    if _RELEASE.search(changes):
        found += [
            f"{name}: {sha}  is to be written into released.yaml" for name, sha in texts.items() if name not in released
        ]
    return found


def test_no_released_text_has_changed() -> None:
    released = read_page(Path(__file__).with_name("released.yaml")).data
    assert complaints(released, (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), now()) == []


def test_a_changed_text_is_named() -> None:
    texts = now()
    spoilt = {**texts, "ipt-classic@1.0.0": "0" * 64}
    assert complaints(spoilt, "", texts) == [
        "ipt-classic@1.0.0 was released with another text: give this one a new version"
    ]


def test_at_a_release_everything_on_the_shelf_is_written_down() -> None:
    texts = now()
    assert len(complaints({}, "## [1.0.0] - 2027-01-01\n", texts)) == len(texts)
    assert complaints(texts, "## [1.0.0] - 2027-01-01\n", texts) == []


@pytest.mark.parametrize("version", ["1.1.0", "2.0.0"])
def test_a_new_version_leaves_the_released_one_alone(version: str) -> None:
    assert complaints({"ipt-classic@1.0.0": "0" * 64}, "", {f"ipt-classic@{version}": "1" * 64}) == []

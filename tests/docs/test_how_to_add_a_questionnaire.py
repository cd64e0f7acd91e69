"""The page "Add a questionnaire in ten minutes" is true: whoever follows it step by step gets what it says."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "add-a-questionnaire.md"
_BLOCK = re.compile(r"^```(sh|yaml our-shelf/\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def steps() -> list[tuple[str, str]]:
    return _BLOCK.findall(PAGE.read_text(encoding="utf-8"))


@pytest.mark.long
def test_the_page_followed_step_by_step(tmp_path: Path) -> None:
    pytest.importorskip("numpy")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    environment["OPENIPT_LIBRARY"] = ""
    said = ""
    for kind, text in steps():
        if kind == "sh":
            shelf = f'[ -d our-shelf ] && export OPENIPT_LIBRARY="$PWD/our-shelf"\nset -e\n{text}'
            done = subprocess.run(
                ["bash", "-c", shelf], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
            said += done.stdout
        else:
            place = tmp_path / kind.removeprefix("yaml ")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")

    assert len(steps()) == 7
    assert "form.yaml" in said
    assert said.count("problems: 0.") == 2
    assert "1 forms and 1 text packs read" in said
    assert re.search(r"^my-scale +questionnaire +My scale +1\.0\.0", said, re.MULTILINE)
    with (tmp_path / "scored.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["client"], row["total"], row["status"], row["missing"]) for row in rows] == [
        ("A-1", "0", "scored", "0"),
        ("A-2", "", "unscored", "1"),
    ]

"""The page "Add a manual" is true: whoever follows it step by step has a treatment that can be checked and printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from test_how_to_add_a_questionnaire import _BLOCK

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "add-a-manual.md"


@pytest.mark.long
def test_the_page_followed_step_by_step(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    environment |= {"OPENIPT_LIBRARY": "", "COLUMNS": "200"}
    said = ""
    blocks = _BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    for kind, text in blocks:
        if kind == "sh":
            shelf = f'[ -d our-shelf ] && export OPENIPT_LIBRARY="$PWD/our-shelf"\nset -e\n{text}'
            done = subprocess.run(
                ["bash", "-c", shelf], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
            said += done.stdout
        else:
            (tmp_path / kind.removeprefix("yaml ")).write_text(text, encoding="utf-8")

    assert len(blocks) == 4
    assert "1 manuals read; problems: 0." in said
    assert "After a separation" in said
    assert {"our-way-client.pdf", "our-way-staff.pdf"} <= {place.name for place in tmp_path.iterdir()}

"""The pages on progress are true: their commands run, their fields and functions exist."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openipt.cli import app
from openipt.therapy import progress

DOCS = Path(__file__).resolve().parents[2] / "docs"
HOW_TO = (DOCS / "how-to" / "follow-a-measure.md").read_text(encoding="utf-8")
REFERENCE = (DOCS / "reference" / "progress.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```", HOW_TO, re.MULTILINE | re.DOTALL)
TABLE = next(block for block in BLOCKS if block.startswith("client,"))
COMMANDS = [block.strip() for block in BLOCKS if block.startswith("openipt ")]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_how_to_runs(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("scores.csv", "finished.csv"):
        Path(name).write_text(TABLE, encoding="utf-8")
    result = CliRunner().invoke(app, shlex.split(command)[1:])
    assert result.exit_code == 0, result.output
    assert "--json" in command or Path("scores.progress.html").exists()


def test_the_reference_names_every_field(tmp_path: Path) -> None:
    place = tmp_path / "scores.csv"
    place.write_text(TABLE, encoding="utf-8")
    made = json.loads(CliRunner().invoke(app, ["progress", str(place), "--form", "phq-9", "--json"]).stdout)
    named = set(re.findall(r"`([a-z_.]+)`", REFERENCE))
    one = made["clients"][0]
    assert set(one) <= named
    assert {"predicted.at", "predicted.mean", ".sd", "predicted.p_no_reliable_improvement"} <= named
    assert list(one["predicted"]) == ["at", "mean", "sd", "p_no_reliable_improvement"]


def test_the_reference_names_every_option() -> None:
    known = set(re.findall(r"--[a-z]+", CliRunner().invoke(app, ["progress", "--help"]).stdout)) - {"--help"}
    assert known <= set(re.findall(r"--[a-z]+", REFERENCE))


def test_every_function_of_the_reference_exists() -> None:
    table = REFERENCE.split("| function |")[1].split("\n\n")[0]
    functions = re.findall(r"^\| `([a-z_]+)\(", table, re.MULTILINE)
    assert len(functions) > 10
    assert [name for name in functions if not hasattr(progress, name)] == []


def test_the_python_of_the_reference_runs() -> None:
    code = re.search(r"^```python\n(.*?)^```", REFERENCE, re.MULTILINE | re.DOTALL)[1]
    exec(code, {})  # noqa: S102 - our own page

"""The page of commands tells of every command that runs a service, and of every option it has."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from openipt.cli import app

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
WITHOUT_A_SERVICE = {"score", "insight", "progress", "replay", "paper", "library", "serve"}


def _commands() -> dict[str, typer.core.TyperCommand]:
    """Name -> command, those of a group as `rebuild standing`."""
    found = {}
    for name, command in typer.main.get_command(app).commands.items():
        if name not in WITHOUT_A_SERVICE:
            inside = getattr(command, "commands", None)
            found |= {f"{name} {one}": each for one, each in inside.items()} if inside else {name: command}
    return found


COMMANDS = _commands()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_part_that_names_all_its_options(name: str) -> None:
    assert f"\n## openipt {name}" in PAGE, f"no part about openipt {name}"
    part = PAGE.split(f"\n## openipt {name}", 1)[1].split("\n## ", 1)[0]
    options = [
        option for one in COMMANDS[name].params if one.param_type_name == "option"
        for option in (*one.opts, *one.secondary_opts) if option.startswith("--") and option != "--help"
    ]  # fmt: skip
    assert [option for option in options if f"`{option}" not in part and f" {option}" not in part] == []


def test_no_part_tells_of_a_command_that_there_is_not() -> None:
    told = [line.removeprefix("## openipt ") for line in PAGE.splitlines() if line.startswith("## openipt ")]
    assert [one for one in told if not any(one == name or one.startswith(f"{name} ") for name in COMMANDS)] == []


def test_every_command_of_a_service_says_what_it_asks_of_whoever_comes() -> None:
    assert [name for name, command in COMMANDS.items() if not hasattr(command.callback, "door")] == []

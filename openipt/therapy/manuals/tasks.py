"""The catalogue of tasks: what a therapist does, with guidance short enough to read in a session."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field, RootModel

from openipt.therapy import shelf
from openipt.therapy.forms.items import Strict
from openipt.therapy.manuals.definition import Manual


class Spoken(Strict):
    """One line of an invented exchange."""

    who: Literal["therapist", "client", "member", "caregiver"]
    said: str


class Task(Strict):
    """One task, said in our own words."""

    name: str
    noted: str | None = None  # as a note says that it was done: no capital, no full stop
    line: str
    guide: tuple[str, ...] = Field(min_length=1)
    say: str | None = None
    example: tuple[Spoken, ...] = ()
    why: str
    sheets: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    minutes: int | None = None
    core: bool = True
    raises_conflict: bool = False  # a confrontation, boundary or joint-session step: behind the gate `violence`


class _Page(RootModel[dict[str, Task]]):
    pass


@cache
def _page(family: str, _settings: tuple[str, ...]) -> dict[str, Task]:
    return shelf.to_model(shelf.read("tasks", f"{family}.yaml"), _Page).root


def task_ids() -> list[str]:
    """List the ids of all tasks in the controlled vocabulary."""
    from openipt.therapy.vocabulary import vocabulary

    return list(vocabulary()["tasks"])


def open_task(task_id: str) -> Task:
    """Open one task of the catalogue by its id (`GRF.02`); raise KeyError naming it where there is none."""
    return _opened(task_id, shelf.as_set())


@cache  # a session's page asks three hundred times
def _opened(task_id: str, settings: tuple[str, ...]) -> Task:
    tasks = _page(task_id.split(".")[0], settings)
    if task_id not in tasks:
        raise KeyError(f"no task {task_id!r} in the catalogue; its family has {', '.join(tasks)}")
    return tasks[task_id]


def sheets_of(manual: Manual, task_id: str) -> tuple[str, ...]:
    """Return the worksheets of a task (`WS_GRIEF`) that this manual does not forbid."""
    return tuple(code for code in open_task(task_id).sheets if code not in manual.forbid)

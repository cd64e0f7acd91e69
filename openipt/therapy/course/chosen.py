"""The focus as it was chosen, and chosen anew; and the areas a manual leaves out, with why. Nothing is chosen here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openipt.therapy.manuals import Manual, open_manual, open_task
from openipt.therapy.record import Entry, Record
from openipt.therapy.record.views import day_of
from openipt.therapy.vocabulary import label, vocabulary
from openipt.therapy.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Chosen:
    """A focus from a day to a day: the areas, the one that was considered beside them, and the reasons in words."""

    areas: tuple[str, ...]  # the first one primary
    since: date
    until: date | None
    because: str | None
    changed_because: str | None  # why the focus before it was left
    runner_up: str | None
    runner_up_why: str | None


def focus_history(record: Record) -> tuple[Chosen, ...]:
    """Return every focus of a course, oldest first; the last one stands. What was taken back is not among them."""
    said = [
        entry
        for entry in sorted(record.entries, key=lambda one: (one.happened_at, one.recorded_at))
        if entry.form == "formulation" and entry.retracted_at is None and entry.answers.get("area_primary")
    ]
    runs: list[list[Entry]] = []
    for entry in said:
        if runs and areas_of(runs[-1][-1].answers) == areas_of(entry.answers):
            runs[-1].append(entry)
        else:
            runs.append([entry])
    days = [_since(run[0]) for run in runs]
    ends = [*days[1:], None] if days else []
    return tuple(_chosen(run, since, until) for run, since, until in zip(runs, days, ends, strict=True))


def areas_of(said: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the areas a formulation names, the first one primary."""
    return tuple(area for area in (said.get("area_primary"), said.get("area_secondary")) if area)


def _since(entry: Entry) -> date:
    return day_of(entry.answers.get("focus_agreed_on")) or entry.happened_at.date()


def _chosen(run: list[Entry], since: date, until: date | None) -> Chosen:
    last = run[-1].answers
    return Chosen(
        areas=areas_of(last),
        since=since,
        until=until,
        because=last.get("focus_because"),
        changed_because=last.get("focus_changed_because"),
        runner_up=last.get("runner_up"),
        runner_up_why=last.get("runner_up_why"),
    )


def left_out(manual: Manual) -> tuple[tuple[str, Sentence], ...]:
    """Return the classic areas that a manual does not offer as a focus, each with why."""
    offered = {area.id for area in manual.areas}
    classic = [name for name, area in vocabulary()["problem_areas"].items() if area["classic"]]
    return tuple((name, _why_not(manual, name)) for name in classic if name not in offered) if offered else ()


def _why_not(manual: Manual, name: str) -> Sentence:
    classic = open_manual("ipt-classic").area(name)
    forbidden = [task for task in (classic.steps if classic else ()) if task in manual.forbid]
    if forbidden:
        return say("focus.forbidden", manual=manual.title, what=tuple(open_task(task).name for task in forbidden))
    return say("focus.not_offered", manual=manual.title, areas=tuple(area_name(manual, one.id) for one in manual.areas))


def not_done(manual: Manual, area_id: str) -> tuple[str, ...]:
    """Return the steps of an area that this manual leaves out, by their names."""
    classic = open_manual("ipt-classic").area(area_id)
    return tuple(open_task(task).name for task in (classic.steps if classic else ()) if task in manual.forbid)


def area_name(manual: Manual, area_id: str) -> str:
    """Return what an area is called in a manual."""
    area = manual.area(area_id)
    return (area.label if area else None) or label("problem_areas", area_id)

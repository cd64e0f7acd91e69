"""The JSON Schema of a manual's page, for editors: as people write it, with the names that may be used."""

from __future__ import annotations

from typing import Any

from openipt.therapy import shelf
from openipt.therapy.forms import form_ids
from openipt.therapy.manuals.definition import Manual
from openipt.therapy.vocabulary import vocabulary

Schema = dict[str, Any]


def page_schema() -> Schema:
    """Return the schema of `manual.yaml` on the shelves in use.

    Gates and decision points may be named by their id alone, which the whole definition does not know.
    """
    whole = Manual.model_json_schema()
    whole["properties"].pop("known")  # a stand-in is made by the program, never written
    words = vocabulary()
    _or_by_name(whole["properties"]["gates"], sorted(words["gates"]))
    _or_by_name(whole["properties"]["decision_points"], sorted(words["decision_points"]))
    for place, key, names in _names(words):
        part = whole if place is None else whole["$defs"][place]
        _only(part["properties"][key], sorted(names))
    return whole


def _names(words: Schema) -> list[tuple[str | None, str, set[str]]]:
    """Return which key of which part takes which names; None is the page itself."""
    tasks, forms, manuals = set(words["tasks"]), set(form_ids()), set(shelf.ids("manuals"))
    return [
        (None, "forbid", tasks | set(words["worksheets"])),
        (None, "outcome", forms),
        (None, "base", manuals),
        ("Phase", "exit", tasks),
        ("Phase", "exit_if_not_recovered", tasks),
        ("Phase", "then", manuals),
        ("Area", "id", set(words["problem_areas"])),
        ("Area", "steps", tasks),
        ("Area", "techniques", set(words["techniques"])),
        ("Area", "look_for", set(words["timeline_event_types"])),
        ("Offer", "task", tasks),
        ("Measure", "first_of", forms),
        ("Meeting", "tasks", tasks),
        ("GateRule", "id", set(words["gates"])),
        ("DecisionPoint", "actions", set(words["decision_actions"])),
        ("Known", "form", forms),
    ]


def _or_by_name(listed: Schema, names: list[str]) -> None:
    listed["items"] = {"anyOf": [{"enum": names}, listed["items"]]}


def _only(key: Schema, names: list[str]) -> None:
    """Let a key take these names alone: the key itself, each of its list, or its one way that is not null."""
    if key.get("type") == "array":
        key["items"] = {"type": "string", "enum": names}
    elif "anyOf" in key:
        key["anyOf"] = [one if one.get("type") == "null" else {**one, "enum": names} for one in key["anyOf"]]
    else:
        key["enum"] = names

"""The gallery: every shared component, drawn from the examples beside its template."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from openipt.therapy.shelf import read_definition

TEMPLATES = Path(__file__).parent / "templates" / "ui"


@dataclass(frozen=True, slots=True)
class Example:
    """One component in one state."""

    says: str
    html: SafeString


def examples() -> list[tuple[str, list[Example]]]:
    """Return (component, its drawn examples) for each component that has an examples.yaml, sorted by name."""
    found = []
    for file in sorted(TEMPLATES.glob("*/examples.yaml")):
        name = file.parent.name
        drawn = [_draw(name, one) for one in read_definition(file, f"ui/{name}/examples.yaml").data]
        found.append((name, drawn))
    return found


def _draw(name: str, example: dict[str, Any]) -> Example:
    return Example(example["example"], mark_safe(render_to_string(f"ui/{name}/{name}.html", example["with"])))  # noqa: S308

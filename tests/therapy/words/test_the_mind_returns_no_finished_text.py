"""The mind returns sentences by id (RULINGS 19): no finished English stands in its modules."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import openipt

MIND = Path(openipt.__file__).parent / "therapy"
CONCEPTS = ("course", "insight", "progress", "writing", "record", "forms")
WORD = re.compile(r"[^\W\d_][\w'’-]*")


def is_sentence(text: str) -> bool:
    """Four words or more, and an end."""
    return text.rstrip().endswith((".", "?")) and len(WORD.findall(text)) >= 4


def finished_text(source: str) -> list[str]:
    """Return the sentences in a module that are neither docstrings nor part of a `raise`, each with its line."""
    tree = ast.parse(source)
    allowed: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            allowed |= set(ast.walk(node))
    found = []
    for node in ast.walk(tree):
        if node in allowed:
            continue
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
            text = "".join(map(str, parts))
            allowed |= set(ast.walk(node))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if is_sentence(text):
            found.append(f"{node.lineno}: {text}")
    return found


def modules() -> list[Path]:
    return sorted(path for concept in CONCEPTS for path in (MIND / concept).rglob("*.py"))


@pytest.mark.parametrize("module", modules(), ids=lambda path: str(path.relative_to(MIND)))
def test_a_module_of_the_mind_holds_no_finished_text(module: Path) -> None:
    assert finished_text(module.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('x = "Ask her about the week."', ["1: Ask her about the week."]),
        ('x = f"Ask {who} about the week?"', ["1: Ask {} about the week?"]),
        ('x = ("Ask her "\n     "about the week.")', ["1: Ask her about the week."]),
        ('"""Ask her about the week."""', []),
        ('def f():\n    """Ask her about the week."""', []),
        ('raise ValueError("Ask her about the week.")', []),
        ('raise ValueError(f"Ask {who} about the week.")', []),
        ('x = say("ask.about.the.week")', []),
        ('x = "Ask her."', []),
        ('x = "one of these four words"', []),
        ('x = r"[a-z]+ [a-z]+ [a-z]+ [a-z]+?"', ["1: [a-z]+ [a-z]+ [a-z]+ [a-z]+?"]),
    ],
)
def test_the_reader_knows_finished_text_when_it_sees_it(source: str, found: list[str]) -> None:
    assert finished_text(source) == found

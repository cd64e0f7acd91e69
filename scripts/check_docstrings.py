"""Every public module, class and function of a package says what it is for; exit 1 and name those that do not."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path


def undocumented(tree: ast.AST, before: str) -> Iterator[str]:
    """Yield the dotted names of public definitions without a docstring or without full types."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) or node.name.startswith("_"):
            continue
        if node.name == "Meta":  # Django's word for a table's settings
            continue
        name = f"{before}.{node.name}"
        if ast.get_docstring(node) is None:
            yield f"{name}: no docstring"
        if isinstance(node, ast.ClassDef):
            yield from undocumented(node, name)
        elif node.returns is None or any(a.annotation is None for a in node.args.args if a.arg not in ("self", "cls")):
            yield f"{name}: types are missing"


def main(folder: str) -> int:
    """Check a folder; return the exit code."""
    missing, files = [], 0
    for path in sorted(Path(folder).rglob("*.py")):
        if path.parent.name == "migrations":  # written by a program, kept as written
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        files += 1
        if ast.get_docstring(tree) is None and tree.body:
            missing.append(f"{path}: the module has no docstring")
        missing += undocumented(tree, str(path))
    print("\n".join(missing) or f"{files} modules: every public name is documented and typed.")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

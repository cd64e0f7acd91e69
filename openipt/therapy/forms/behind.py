"""What lies behind a finding: the items and scores that made it, so that a person sees answers and no label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openipt.therapy.forms.definition import Form
from openipt.therapy.forms.expressions import Call, Name, Operation, Rows, Tree, parse
from openipt.therapy.forms.meaning import Scope, bind
from openipt.therapy.forms.result import Result
from openipt.therapy.forms.scoring import engine_of


def behind(form: Form, result: Result, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the items, scores and rules that speak in the findings of a result, each once, in order.

    Of alternatives (`q1 <= 1 or q2 <= 1`) only those that hold are named: a person sees what was answered, not
    everything that was asked.
    """
    computed = {**result.scores, **result.algorithms}
    scope = engine_of(form).scope
    spoken = [parse(finding.when) for finding in form.findings if finding.id in result.findings]
    return tuple(dict.fromkeys(name for tree in spoken for name in _speaking(tree, scope, answers, computed)))


def _speaking(tree: Tree, scope: Scope, answers: Mapping[str, Any], computed: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(tree, Operation) and tree.sign in ("and", "or"):
        for part in tree.parts:
            if bind(part, scope)(answers, computed, ()) is True:
                yield from _speaking(part, scope, answers, computed)
    else:
        yield from _names(tree)


def _names(tree: Tree | None) -> Iterator[str]:
    if isinstance(tree, Name):
        yield tree.name.split(".")[0]
    elif isinstance(tree, Rows):
        yield tree.group
    elif isinstance(tree, (Operation, Call)):
        for part in tree.parts:
            yield from _names(part)

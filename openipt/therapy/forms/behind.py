"""What lies behind a finding: the items and scores that made it, so that a person sees answers and no label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openipt.therapy.forms.definition import Form
from openipt.therapy.forms.expressions import Call, Name, Operation, Rows, Tree, Value, parse
from openipt.therapy.forms.meaning import Scope, bind
from openipt.therapy.forms.result import Result
from openipt.therapy.forms.scoring import engine_of


def behind(form: Form, result: Result, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the items, scores and rules that speak in the findings of a result, each once, in order.

    Of alternatives (`q1 <= 1 or q2 <= 1`) only those that hold are named: a person sees what was answered, not
    everything that was asked. A rule with named outcomes is never named itself; the answers behind its outcome are.
    """
    computed = {**result.scores, **result.algorithms}
    scope = engine_of(form).scope
    outcomes = {
        one.id: Value(True) if way.when is None else parse(way.when)
        for one in form.algorithms
        for way in one.outcomes
        if way.id == result.algorithms.get(one.id)
    }
    spoken = [
        part
        for finding in form.findings
        if finding.id in result.findings
        for part in _unfolded(parse(finding.when), outcomes)
    ]
    return tuple(dict.fromkeys(name for tree in spoken for name in _speaking(tree, scope, answers, computed)))


def _unfolded(tree: Tree, outcomes: Mapping[str, Tree]) -> Iterator[Tree]:
    """Yield the condition behind the outcome that a finding names, in place of the finding's own."""
    named = [outcomes[name] for name in _names(tree) if name in outcomes]
    yield from named or [tree]


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

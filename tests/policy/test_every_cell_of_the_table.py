"""Every role, tie, kind and action is ruled as the requirements say, against a second encoding typed by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import matrix
import pytest

from openipt import policy
from openipt.policy.cells import WORDS
from openipt.policy.deciding import settle
from openipt.policy.filling import Cell, Key, cells, fill
from openipt.policy.table import Table, table

ACTIONS = ("read", "write")
CLAUSE = re.compile(r" (via|if|with|but) ([a-z_]+(?:, [a-z_]+)*)")
EVERY = frozenset(matrix.ALL_FACTS)
SETS_OF_FACTS = [
    frozenset(),
    EVERY,
    frozenset({"shared", "agreed"}),
    *(frozenset({fact}) for fact in matrix.ALL_FACTS),
    *(EVERY - {fact} for fact in matrix.ALL_FACTS),
]
MOMENTS: list[dict[str, bool]] = [{}, *({name: True} for name in ("limited", "write_only", "leaving", "solo"))]


def ruled(cell: Cell, true: frozenset[str], **moment: Any) -> tuple[bool, str, list[str], list[str]]:
    asked = {name: moment.get(name, False) for name in ("limited", "write_only", "leaving", "solo")}
    ruling = settle(cell, true, **asked)
    return ruling.allowed, ruling.extent, list(ruling.needs), list(ruling.bounds)


def differences(worked_out: Iterable[tuple[Key, Cell]]) -> Iterator[str]:
    """Name every act on which the table and the second encoding disagree."""
    for (key, cell), true, moment in product(worked_out, SETS_OF_FACTS, MOMENTS):
        if ruled(cell, true, **moment) != matrix.expected(*key, true, **moment):
            yield f"{' '.join(key)} {sorted(true)} {moment}"


def unnoticed(page: Table, role: str, *kinds: str) -> bool:
    """Whether nothing in these cells of a page differs from the second encoding."""
    return next(differences(each for kind in kinds for each in fill(page, role, kind)), None) is None


def test_the_table_and_the_second_encoding_know_the_same_names() -> None:
    assert policy.roles() == tuple(matrix.COLUMNS)
    assert set(policy.kinds()) == set(matrix.MATRIX)
    assert set(policy.ties()) == set(matrix.ALL_TIES)
    assert policy.facts() == EVERY
    assert len(cells()) == len(matrix.COLUMNS) * len(matrix.ALL_TIES) * len(matrix.MATRIX) * len(ACTIONS)


def test_every_act_is_ruled_as_the_requirements_say() -> None:
    assert list(differences(cells().items())) == []


def test_decide_answers_by_these_cells() -> None:
    """The same through the front: facts by their own names, one moment at a time."""
    wrong = []
    for role, tie, kind, action in cells():
        for shared, author, rest in product((False, True), (False, True), (frozenset(), EVERY - {"shared", "author"})):
            ruling = policy.decide(role, tie, kind, action, shared=shared, author=author, facts=rest)
            true = rest | ({"shared"} if shared else set()) | ({"author"} if author else set())
            said = (ruling.allowed, ruling.extent, list(ruling.needs), list(ruling.bounds))
            if said != matrix.expected(role, tie, kind, action, true):
                wrong.append(f"{role} {tie} {kind} {action} {sorted(true)}")
    assert wrong == []


@pytest.mark.parametrize("moment", MOMENTS[1:], ids=lambda moment: next(iter(moment)))
def test_decide_hands_on_what_takes_away(moment: dict[str, bool]) -> None:
    wrong = [
        key
        for key in cells()
        for ruling in [policy.decide(*key, facts=EVERY, **moment)]
        if (ruling.allowed, ruling.extent, list(ruling.needs), list(ruling.bounds))
        != matrix.expected(*key, EVERY, **moment)
    ]
    assert wrong == []


# ---- would these tests notice? Change every cell in turn, and see that they do ----


def changed(page: Table, kind: str, **with_these: Any) -> Table:
    """The page with one kind changed; nothing else is."""
    kinds = {**page.kinds, kind: page.kinds[kind].model_copy(update=with_these)}
    return page.model_copy(update={"kinds": kinds})


def other_cells(text: str) -> set[str]:
    """A cell as it might be mistyped: another word, a grant, clause or name less, a fact more."""
    grants = text.split("; ")
    found = {"none", "read, write", *WORDS}
    found |= {"; ".join(grants[:n] + grants[n + 1 :]) or "none" for n in range(len(grants))}
    for clause in CLAUSE.finditer(text):
        names = clause[2].split(", ")
        for left in [[], *([name for name in names if name != out] for out in names)]:
            instead = f" {clause[1]} {', '.join(left)}" if left else ""
            found.add(text[: clause.start()] + instead + text[clause.end() :])
    if " " not in text and text != "none":
        found |= {f"{text} if {fact}" for fact in matrix.ALL_FACTS}
    return {cell for cell in found if not same(cell, text)}


def same(cell: str, text: str) -> bool:
    """`shared if shared` is `shared`: no change at all."""
    return sorted(map(repr, table().parse(cell))) == sorted(map(repr, table().parse(text)))


def test_every_cell_changed_in_turn_is_noticed() -> None:
    page, tried, missed = table(), 0, []
    for kind, role in product(page.kinds, page.roles):
        text = page.kinds[kind].cells[role]
        for other in other_cells(text):
            tried += 1
            wrong = changed(page, kind, cells={**page.kinds[kind].cells, role: other})
            if unnoticed(wrong, role, kind):
                missed.append(f"{kind} {role}: {text!r} as {other!r}")
    assert missed == []
    assert tried > 1_500, tried


def test_every_tie_given_to_or_taken_from_a_role_is_noticed() -> None:
    page, missed = table(), []
    for role, tie in product(page.roles, matrix.ALL_TIES[1:]):
        through = tuple({*page.roles[role].through} ^ {tie})
        wrong = page.model_copy(
            update={"roles": {**page.roles, role: page.roles[role].model_copy(update={"through": through})}}
        )
        if unnoticed(wrong, role, *page.kinds):
            missed.append(f"{role} through {tie}")
    assert missed == []


def test_every_way_of_leaving_and_of_keeping_back_changed_is_noticed() -> None:
    page, missed = table(), []
    for kind, was in page.kinds.items():
        changes: list[dict[str, Any]] = [
            {"leaves": other} for other in ("freely", "never", "step_up") if other != was.leaves
        ]
        changes.append({"limited": not was.limited})
        if any(word in was.cells["client"] for word in ("read", "shared")):
            changes.append({"write_only": not was.write_only})
        for change in changes:
            wrong = changed(page, kind, **change)
            if all(unnoticed(wrong, role, kind) for role in page.roles):
                missed.append(f"{kind} {change}")
    assert missed == []

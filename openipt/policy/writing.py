"""The table as a page that people read: docs/reference/policy.md is made by this and by nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from openipt.policy.cells import NOTHING
from openipt.policy.ruling import EXTENTS
from openipt.policy.table import Kind, Table, table
from openipt.therapy.words import Sentence, render

OPENING = """\
# Who may do what

Made from `openipt/policy/table.yaml` by `openipt.policy.page()`: change the table, never this page. The reasons behind
it stand in [who may see what](../explanation/who-may-see-what.md).

`decide(role, tie, kind, action)` looks one act up; `may(actor, ties, kind, action)` takes the best of an actor's roles
and ties; `ways(...)` returns all of them, for a query to filter with. What the table does not allow is refused. A name
that it does not have raises `Unknown`, which says the names it has.

## How to read a cell

A cell is `-` or one or more grants, parted by `;`. A grant is words, then, if there is more to say, `via` ties, `if`
facts, `with` needs, `but` bounds, in this order; they hold for every word of the grant.

| part | says |
|---|---|
| `read` | all of it |
| `write` | add or amend: a new version, nothing is overwritten |
| `shared` | read what was shared with this reader, item by item |
| `pseudonymous` | read under a pseudonym |
| `aggregate` | read as numbers about many |
| `metadata` | read that it exists, when, how large |
| `break glass` | read while an emergency access runs |
| `via` | only through these ties, in place of the role's own |
| `if` | only where all of this is true of the item |
| `with` | only with this before, while or after it |
| `but` | only so far |
| `-` | nothing |

A role alone opens nothing. It works through a tie that is live at that moment.
"""

CIRCUMSTANCES = """\
## What takes away

Three things about an item or a moment only ever take away. They are given to `decide` by name.

| given | effect |
|---|---|
| `limited` | The client keeps the item to themself. Where a kind allows that, others see it only if shared with them |
| `write_only` | A phone that the client set to write only. Where a kind knows this, the client cannot read it there |
| `leaving` | Print, export, another program. A kind may ask for more then, or never leave |
"""


def page() -> str:
    """Write the whole table as Markdown, ready to stand as docs/reference/policy.md."""
    data = table()
    parts = (OPENING, _people(data), _matrix(data), _kinds(data), CIRCUMSTANCES, _terms(data), _forms(data))
    return "\n".join(parts)


def _people(data: Table) -> str:
    rows = [(f"`{name}`", role.means, ", ".join(role.through)) for name, role in data.roles.items()]
    ties = [(f"`{name}`", means) for name, means in data.ties.items()]
    return (
        f"## Roles\n\n{_grid(('role', 'who', 'works through'), rows)}\n## Ties\n\n{_grid(('tie', 'what it is'), ties)}"
    )


def _matrix(data: Table) -> str:
    rows = [(f"`{name}`", *map(_spoken, kind.cells.values())) for name, kind in data.kinds.items()]
    return f"## The table\n\n{_grid(('kind of record', *data.roles), rows)}"


def _spoken(cell: str) -> str:
    return "-" if cell == NOTHING else cell.replace("_", " ")


def _kinds(data: Table) -> str:
    return "## Kinds of record\n\n" + "\n".join(_kind(name, kind) for name, kind in data.kinds.items())


def _kind(name: str, kind: Kind) -> str:
    lines = [f"### `{name}`\n", f"**{kind.title}.** {kind.means}\n", *_also(kind)]
    lines += [f"- {role}: {note}" for role, note in kind.notes.items()]
    return "\n".join(lines) + ("\n" if lines[-1].startswith("- ") else "")


def _also(kind: Kind) -> Iterator[str]:
    if kind.limited:
        yield "- The client may keep an item of it to themself."
    if kind.write_only:
        yield "- The client may choose that it cannot be read again on a phone."
    if kind.leaves == "never":
        yield "- It never leaves the program."
    elif kind.leaves != "freely":
        yield f"- To print or export it asks for `{kind.leaves}`."


def _terms(data: Table) -> str:
    facts = [(f"`{name}`", means) for name, means in data.facts.items()]
    extents = [(f"`{name}`", _said("extent", name, data)) for name in EXTENTS if name not in ("full", "none")]
    needs = [(f"`{name}`", when, _said("need", name, data)) for name, when in data.needs.items()]
    bounds = [(f"`{name}`", _said("bound", name, data)) for name in data.bounds]
    return "\n".join(
        (
            f"## Facts\n\n{_grid(('fact', 'true when'), facts)}",
            f"## Extents\n\n{_grid(('extent', 'what is seen'), extents)}",
            f"## Needs\n\n{_grid(('need', 'when', 'what'), needs)}",
            f"`break glass` stands for read with {_listed(data.break_glass)}.\n"
            f"Where one clinician works alone, {_listed(data.solo)} stand for `second_person`.\n",
            f"## Bounds\n\n{_grid(('bound', 'how far'), bounds)}",
        )
    )


def _said(what: str, name: str, data: Table) -> str:
    return render(Sentence(f"policy.{what}.{name}", dict(data.numbers)))


def _forms(data: Table) -> str:
    rows = [
        (f"`{name}`", _listed(kind.forms), _listed(kind.things))
        for name, kind in data.kinds.items()
        if kind.forms or kind.things
    ]
    unlisted = [(f"`{name}`", f"`{kind}`") for name, kind in data.visibilities.items()]
    grid = _grid(("kind of record", "forms", "rows of their own"), rows)
    default = data.default
    return (
        f"## Which form is which\n\n{grid}\n"
        f"A questionnaire that is not listed belongs to `{default['questionnaire']}`, a worksheet to "
        f"`{default['worksheet']}`,\nunless its visibility says otherwise:\n\n"
        f"{_grid(('visibility', 'kind of record'), unlisted)}"
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"

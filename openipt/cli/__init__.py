"""The command line: `openipt score`, `openipt library`, and whatever else stands in the list below.

Exit codes: 0 done, 1 the input was refused (what, where, what was expected), 2 wrong usage.
"""

from __future__ import annotations

import sys

import typer

from openipt.cli import (
    insight,
    keys,
    library,
    paper,
    progress,
    records,
    replay,
    safekeeping,
    score,
    serve,
    setup,
    staff,
    ticking,
    verifying,
)

# A command is one line here. Its module imports what is heavy inside its functions, so that --help stays quick.
COMMANDS = (
    replay.replay,
    score.score,
    insight.insight,
    paper.paper,
    progress.progress,
    setup.setup,
    serve.serve,
    ticking.tick,
    safekeeping.backup,
    safekeeping.restore,
    verifying.verify,
    verifying.anchor,
    keys.rotate_key,
    keys.recovery_sheet,
    setup.upgrade,
    records.import_case,
)  # fmt: skip
GROUPS = (
    library.app,
    verifying.app,
    staff.app,
)  # fmt: skip

app = typer.Typer(
    name="openipt",
    help="Interpersonal Psychotherapy as software: questionnaires, worksheets and treatment manuals as data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _before() -> None:
    # Whatever a sheet holds can be printed: half a character pair must not end the work in the middle.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if "--help" not in sys.argv:  # which opens no page
        from openipt.site.known_pages import know_pages

        know_pages()


for command in COMMANDS:
    app.command()(command)
for group in GROUPS:
    app.add_typer(group)


def main() -> None:
    """Run the command line."""
    app()

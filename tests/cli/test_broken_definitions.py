"""Forty broken definitions: each is refused with its file, the line, and what to do instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from openipt.cli import app

FOLDER = Path(__file__).parent / "broken"
# The file, the line of its first problem, a word of what is wrong, a word of what was expected.
TABLE = {
    "m01-unknown-task": (16, "'END.99' is not known", "END.09"),
    "m03-phases-gap": (15, "a gap", "go on at 4"),
    "m04-phases-end-early": (16, "session 11 of 12", "end at session 12"),
    "m05-dose": (10, "out of order", "least <= usual <= most"),
    "m06-unknown-measure": (19, "'phq-99'", "phq-9"),
    "m08-forbid": (22, "'EVERYTHING'", "WS_COMM"),
    "m09-format": (8, "'crowd'", "'individual'"),
    "m10-no-include": (24, "[] does not fit", "at least 1"),
    "q01-unknown-key": (1, "'title' is missing", "a value for 'title'"),
    "q02-no-grammar": (1, "'grammar' is missing", "a value for 'grammar'"),
    "q03-another-grammar": (1, "'openipt-form/9'", "'openipt-form/1'"),
    "q04-bad-id": (2, "'Broken Form'", "pattern"),
    "q05-bad-version": (3, "1.0 does not fit", "string"),
    "q06-unknown-kind": (4, "'quiz'", "'worksheet'"),
    "q07-nobody-fills-it": (7, "[] does not fit", "at least 1"),
    "q08-key-twice": (6, "stands twice", "each key once"),
    "q09-alias": (17, "alias", "YAML 1.2"),
    "q10-anchor": (9, "an anchor", "the value alone"),
    "q11-torn-brackets": (17, "but got", "YAML 1.2"),
    "q12-tab": (10, "cannot start", "YAML 1.2"),
    "q13-item-twice": (13, "'q1' stands twice", "each id once"),
    "q14-unknown-answers": (15, "'seldom'", "often"),
    "q15-no-choices": (15, "no place", "one of choices"),
    "q16-item-kind": (15, "'slider'", "'choice'"),
    "q17-scale-upside-down": (15, "min 5", "a range"),
    "q18-score-of-no-item": (17, "'q3'", "q1, q2"),
    "q19-method": (17, "'median'", "'sum'"),
    "q20-range": (17, "0 to 3", "[0, 2]"),
    "q21-range-turned": (17, "holds no score", "[least, most]"),
    "q22-primary": (18, "'sum'", "total"),
    "q23-policy": (19, "'guess'", "'complete_only'"),
    "q24-all-missing": (17, "may be missing", "at least one answer"),
    "q25-bands-overlap": (22, "overlap", "rising limits"),
    "q26-bands-gap": (24, "has no band", "min: 1"),
    "q27-bands-short": (22, "0 to 1", "0 to 2"),
    "q29-cutoff-divides-nothing": (26, "the same of every score", "0 to 2"),
    "q31-finding-of-no-name": (30, "'q9'", "q1, q2"),
    "q33-expression-torn": (28, "'the end'", "a name"),
    "q34-expression-function": (28, "'twice'", "missing"),
    "q35-rights": (8, "'free'", "'ship'"),
}


def test_each_of_forty_files_has_its_line_in_the_table() -> None:
    assert sorted(TABLE) == sorted(page.stem for page in FOLDER.glob("*.yaml"))
    assert len(TABLE) == 40


@pytest.mark.parametrize("name", TABLE)
def test_a_broken_definition_is_refused_with_file_line_and_what_to_do(name: str, tmp_path: Path) -> None:
    kind, page = ("manuals", "manual.yaml") if name.startswith("m") else ("questionnaires", "form.yaml")
    folder = tmp_path / "shelf" / kind / "broken"
    folder.mkdir(parents=True)
    (folder / page).write_bytes((FOLDER / f"{name}.yaml").read_bytes())

    result = CliRunner().invoke(app, ["library", "check", str(tmp_path / "shelf")])

    line, wrong, expected = TABLE[name]
    assert result.exit_code == 1
    first = result.stdout.splitlines()[0]
    assert first.startswith(f"shelf/{kind}/broken/{page}:{line}: "), first
    said, _, advice = first.partition("; expected ")
    assert wrong in said
    assert expected in advice

"""A result as one JSON object: the shape that programs read."""

from __future__ import annotations

from typing import Any

from openipt.therapy.forms import Form, Result
from openipt.therapy.words import render


def row(result: Result) -> dict[str, Any]:
    """Return a result as plain data; what is not known is null, and a sheet that was not taken has no number at all."""
    return {
        "form": result.form,
        "version": result.version,
        "valid": result.valid,
        "errors": [{"item": trouble.item, "problem": render(trouble.problem)} for trouble in result.errors],
        "status": result.status,
        "scores": dict(result.scores),
        "exact": {name: value for name, value in result.exact.items() if value is not None},
        "band": result.band,
        "cutoffs": dict(result.cutoffs),
        "algorithms": dict(result.algorithms),
        "flags": list(result.findings),
        "missing": {
            "n": result.missing.n,
            "items": list(result.missing.items),
            "prorated": result.missing.prorated,
        },
    }


def row_of_nothing(form: Form, wrong: str) -> dict[str, Any]:
    """Return the row of a line that holds no sheet."""
    return {
        "form": form.id,
        "version": form.version,
        "valid": False,
        "errors": [{"item": "", "problem": wrong}],
        "status": "unscored",
        "scores": {one.id: None for one in form.scores},
        "exact": {},
        "band": None,
        "cutoffs": {one.id: None for one in form.cutoffs},
        "algorithms": {one.id: None for one in form.algorithms},
        "flags": [],
        "missing": {"n": 0, "items": [], "prorated": False},
    }

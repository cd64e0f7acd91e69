"""A followed measure as plain data: the shape that programs read (docs/reference/progress.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openipt.therapy.words import render

if TYPE_CHECKING:
    from openipt.therapy.course.following import Followed

_DECIMALS = 6


def as_data(followed: Followed, language: str = "en") -> dict[str, Any]:
    """Return one client's result; what cannot be said is null."""
    state = followed.state
    return {
        "client": followed.client,
        "form": followed.form.id,
        "n": followed.n,
        "baseline": followed.baseline,
        "last": followed.last,
        "change": _rounded(followed.change),
        "reliable": followed.reliable,
        "clinically_significant": followed.clinically_significant,
        "response": followed.response,
        "remission": followed.remission,
        "sudden_gains": [
            {"after": gain.after.isoformat(), "size": _rounded(gain.size)} for gain in followed.sudden_gains
        ],
        "predicted": _predicted(followed),
        "state": state.id.replace("_", " ") if state else None,
        "why": render(state.why, language) if state else None,
        "definitions": {
            **{name: render(sentence, language) for name, sentence in followed.definitions.items()},
            "model_version": followed.model_version,
            "inputs_hash": followed.inputs_hash,
        },
    }


def _predicted(followed: Followed) -> dict[str, Any] | None:
    made = followed.predicted
    if made is None or followed.predicted_on is None:
        return None
    return {
        "at": followed.predicted_on.isoformat(),
        "mean": _rounded(made.mean),
        "sd": _rounded(made.sd),
        "p_no_reliable_improvement": _rounded(made.p_no_reliable_improvement),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS)

"""Whether answers speak of danger to the client's own life: then help is shown, and somebody hears of it, at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from openipt.therapy.forms import Form, score
from openipt.therapy.vocabulary import vocabulary

RULES = ("R1", "R2", "R3", "R4", "R8")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def danger(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that speak of danger, by question; empty where none does. A blank speaks of nothing here.

    Args:
        form: The form.
        answers: Its answers so far.
    """
    found = set(score(form, dict(answers)).findings) - set(score(form, {}).findings)
    grave = {
        line["finding"]
        for line in vocabulary()["finding_rules"]
        if line["rule"] in RULES and {form.id, form.code} & set(line["forms"])
    }
    asked = {item.id for item in form.items}
    named = {
        name
        for one in form.findings
        if one.id in found & grave
        for name in _NAME.findall(one.when)
        if name in asked and answers.get(name) is not None
    }
    return {name: answers[name] for name in sorted(named)}

"""What a page needs to add up a score while it is typed; the record is scored on the server, as ever."""

from __future__ import annotations

import json

from openipt.therapy.forms import Form
from openipt.therapy.forms.items import ChoiceItem
from openipt.therapy.forms.scales import points


def adds_up(form: Form) -> str:
    """Return item -> answer -> points as JSON, where the score is their plain sum; empty where it is made otherwise."""
    one = form.score_named(form.primary) if form.primary else None
    rule = (one.missing if one else None) or form.missing
    if one is None or one.method != "sum" or one.transform or form.skip or (rule and rule.requires):
        return ""
    parts = [item for item in form.items if item.id in one.items]
    if len(parts) != len(one.items) or not all(isinstance(item, ChoiceItem) for item in parts):
        return ""
    try:
        return json.dumps(
            {item.id: {str(raw): worth for raw, worth in points(form, item.id).items()} for item in parts}
        )
    except ValueError:
        return ""

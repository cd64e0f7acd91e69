"""What a link has filled in already: choices that stand in its address. Never a word anybody would have typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openipt.therapy.forms import Form
from openipt.therapy.forms.checking import choices_of
from openipt.therapy.forms.items import ChoiceItem


def preset(form: Form, address: Mapping[str, str]) -> dict[str, Any]:
    """Return the choices that an address names and the form offers: `?point=DP8&state=off_track`.

    What the form does not offer is left out: a link may be old, and whoever fills the sheet in sees what is chosen.

    Args:
        form: The form that is filled in.
        address: The names and values of the address.
    """
    found: dict[str, Any] = {}
    for item in form.items:
        if isinstance(item, ChoiceItem) and item.id in address:
            offered = {str(value): value for value, _ in choices_of(form, item)}
            if address[item.id] in offered:
                found[item.id] = offered[address[item.id]]
    return found

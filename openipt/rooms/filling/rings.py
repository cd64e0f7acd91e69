"""The words for the rings of the closeness circle, as its form has them."""

from __future__ import annotations

from functools import cache

from openipt.therapy.forms import open_form
from openipt.therapy.forms.checking import choices_of
from openipt.therapy.forms.items import ChoiceItem, GroupItem

CIRCLE = "closeness-circle"


@cache
def ring_words() -> dict[int, str]:
    """Return the words for the rings, nearest first."""
    places = next(item for item in open_form(CIRCLE).items if isinstance(item, GroupItem))
    ring = next(item for item in places.items if isinstance(item, ChoiceItem) and item.id == "ring")
    return {int(value): words for value, words in choices_of(open_form(CIRCLE), ring)}

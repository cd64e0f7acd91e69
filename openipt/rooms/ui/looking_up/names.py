"""What a name on a page means, found by the short way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.base import Variable

ASK_DJANGO, MISSING = object(), object()
_ATTRIBUTES, _ENTRIES, _PLACES, _ANYTHING = range(4)  # what a name may mean of an object of some kind
_kinds: dict[type, int] = {type(None): _ENTRIES, dict: _ENTRIES, list: _PLACES, tuple: _PLACES}


def _kind(kind: type) -> int:
    if not hasattr(kind, "__getitem__"):
        return _ATTRIBUTES
    # One that says itself what is in it may say that something is not, and give it when it is asked for.
    plain = issubclass(kind, Mapping) and kind.__contains__ is Mapping.__contains__
    return _ENTRIES if plain else _ANYTHING


class Name(Variable):
    """A name with what is asked of it: `person.name`."""

    __slots__ = ()

    def found(self, context: Any) -> Any:
        """Return what stands at the end of the way; MISSING where nothing does, ASK_DJANGO where that is not plain.

        In one piece, because a page asks up to twelve hundred times.
        """
        way = self.lookups or ()
        try:
            for names in reversed(context.dicts):
                if way[0] in names:
                    found = names[way[0]]
                    break
            else:
                return MISSING
            for name in way[1:]:
                if callable(found):
                    return ASK_DJANGO
                kind = _kinds.get(type(found))
                if kind is None:
                    kind = _kinds[type(found)] = _kind(type(found))
                if kind == _ATTRIBUTES:
                    found = getattr(found, name, ASK_DJANGO)
                elif kind == _ENTRIES and found is not None and name in found:
                    found = found[name]
                elif kind == _ENTRIES:
                    return ASK_DJANGO if name.isdigit() or hasattr(found, name) else MISSING
                elif kind == _PLACES and name.isdecimal():
                    found = found[int(name)]
                else:
                    return ASK_DJANGO
            return ASK_DJANGO if callable(found) else found
        except Exception:  # Django says what a page shows instead
            return ASK_DJANGO

    def _resolve_lookup(self, context: Any) -> Any:
        found = self.found(context)
        if found is ASK_DJANGO or found is MISSING:
            return super()._resolve_lookup(context)  # type: ignore[misc]  # unknown to the stubs
        return found

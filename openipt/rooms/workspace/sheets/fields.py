"""Take the fields of a sheet apart, so that a page made by hand can put each in its own place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from openipt.rooms.filling.fields import Field, Row

Fields = tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of a sheet with the questions below it."""

    id: str
    title: str
    fields: Fields


def last(name: str) -> str:
    """Return the last part of a field's name: the id of its question."""
    return name.rpartition(".")[2]


def by_id(fields: Iterable[Field]) -> dict[str, Field]:
    """Return fields by the ids of their questions, also those that stand folded."""
    return {last(one.name): one for one in flat(fields)}


def flat(fields: Iterable[Field]) -> Iterator[Field]:
    """Yield fields, and in place of a fold what lies in it."""
    for one in fields:
        if one.way == "more":
            yield from one.fields
        else:
            yield one


def without(fields: Iterable[Field], ids: Sequence[str]) -> Fields:
    """Return fields without some questions; a fold with nothing left in it goes, too."""
    kept = []
    for one in fields:
        if one.way == "more":
            inside = without(one.fields, ids)
            kept += [_folded(one, inside)] if inside else []
        elif last(one.name) not in ids:
            kept.append(one)
    return tuple(kept)


def _folded(fold: Field, inside: Fields) -> Field:
    """Return a fold that is called by what still lies in it."""
    first, now = fold.fields[0].asked, inside[0].asked
    words = fold.asked.replace(first, now, 1) if len(inside) > 1 else now
    return replace(fold, fields=inside, asked=words if fold.asked.startswith(first) else fold.asked)


def parts(fields: Iterable[Field]) -> list[Part]:
    """Return the questions under their headings; what stands before the first heading has none."""
    found: list[tuple[str, str, list[Field]]] = [("", "", [])]
    for one in fields:
        if one.way == "heading":
            found.append((last(one.name), one.asked, []))
        else:
            found[-1][2].append(one)
    return [Part(name, title, tuple(inside)) for name, title, inside in found if title or inside]


def marked(one: Field | None) -> str:
    """Return the words of what is marked, or what was typed; empty where neither is."""
    if one is None:
        return ""
    words = ", ".join(option.words for option in one.options if option.marked and option.value)
    return words or one.other or one.typed


def value(one: Field | None) -> str:
    """Return the value of what is marked, or what was typed."""
    if one is None:
        return ""
    return next((option.value for option in one.options if option.marked), "") or one.typed


def felt(one: Field | None) -> str:
    """Return feelings in a line: afraid 7, angry 6."""
    if one is None:
        return ""
    return ", ".join(f"{row.word} {row.strength}".strip() for row in one.rows if row.word)


def is_blank(row: Row) -> bool:
    """Whether nothing was typed into a row."""
    from openipt.rooms.filling.laying import holds

    return not any(map(holds, row.fields))

"""A worksheet as screens: one question each, with what belongs to it. What does not apply now is no screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openipt.rooms.filling.asking import Page
from openipt.rooms.filling.fields import Field
from openipt.rooms.filling.laying import fields_of, holds
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.typed import Pairs, plant
from openipt.therapy.forms import Form
from openipt.therapy.forms.items import GroupItem

BEFORE = ("heading", "note")


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: the question, what is said before it, and what may be added to it."""

    before: tuple[Field, ...]
    one: Field
    more: tuple[Field, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The questions that are answered here."""
        return frozenset(part.name for one in self.fields for part in (one.fields if one.way == "more" else (one,)))

    @property
    def fields(self) -> tuple[Field, ...]:
        """All that is asked here."""
        return (self.one, *self.more)

    @property
    def filled(self) -> bool:
        """Whether anything stands here."""
        return any(map(holds, self.fields))


def screens_of(
    form: Form,
    pairs: Pairs,
    names: Mapping[str, str],
    wrong: Mapping[str, Sequence[str]] | None = None,
    fresh: str | None = None,
) -> list[Screen]:
    """Lay a worksheet out, screen by screen, with what was written.

    Args:
        form: The form.
        pairs: What was written, as the fields of a page.
        names: The people of the circle.
        wrong: What cannot be taken, by the name of its field.
        fresh: The name of a row that was just added.
    """
    root, _ = plant([*pairs, *_one_row(form, pairs)])
    page = Page(form, root, read(form, root), names, wrong or {}, staff=False, fresh=fresh)
    return list(_screens(fields_of(page)))


def _one_row(form: Form, pairs: Pairs) -> Pairs:
    """Return a first row for each group that has none: more are added when they are wanted, and none is asked for."""
    begun = {name.partition(".")[0] for name, _ in pairs}
    groups = (item for item in form.items if isinstance(item, GroupItem) and item.repeat)
    return [(f"{item.id}.0", "") for item in groups if item.id not in begun]


def _screens(fields: Sequence[Field]) -> Iterator[Screen]:
    before: list[Field] = []
    made: Screen | None = None
    for one in fields:
        if one.way in BEFORE:
            if one.applies:
                before.append(one)
        elif one.way == "more" and made is not None and not before:
            made = Screen(made.before, made.one, (*made.more, one))
        else:
            if made is not None and applies(made):
                yield made
            made, before = Screen(tuple(before), one), []
    if made is not None and applies(made):
        yield made


def applies(screen: Screen) -> bool:
    """Whether the question applies, by the answers so far; what holds an answer stays."""
    return screen.one.applies or screen.filled


def mine(screen: Screen, pairs: Pairs) -> Pairs:
    """Return what of a page belongs to a screen."""
    return [(name, text) for name, text in pairs if name.partition(".")[0] in screen.names]


def others(screen: Screen, pairs: Pairs) -> Pairs:
    """Return what was written on other screens."""
    return [(name, text) for name, text in pairs if name.partition(".")[0] not in screen.names]


def said(pairs: Pairs) -> bool:
    """Whether anything was written; the marks of empty rows say nothing."""
    return any(text.strip() for _, text in pairs)


def answers_of(form: Form, pairs: Pairs) -> dict[str, Any]:
    """Return the answers that can be read."""
    return read(form, plant(pairs)[0]).answers

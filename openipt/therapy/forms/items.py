"""The kinds of item a form can ask, as they are written on the shelf."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

LONG_TEXT = 4000  # characters; PROTOCOLS 3, general rules of worksheets
DEEPEST_GROUP = 3  # RULINGS 20


class Strict(BaseModel):
    """A piece of a definition: frozen, and a key it does not know is refused by name."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Choice(Strict):
    """One answer that can be chosen: the raw value that is stored, and the words shown for it."""

    value: int | str
    label: str
    loinc: str | None = None


class Repeat(Strict):
    """How many rows a group takes. `most` guards against floods; `least` is needed for a complete sheet only."""

    least: int = Field(default=0, ge=0)
    most: int = Field(default=60, ge=1, le=500)

    @model_validator(mode="after")
    def _ordered(self) -> Repeat:
        if self.least > self.most:
            raise ValueError(f"least {self.least} is above most {self.most}; expected least <= most")
        return self


class _Item(Strict):
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str | None = None  # what is asked, in words that may ship
    topic: str | None = None  # what it is about, where the words may not ship
    help: str | None = None
    example: str | None = None
    picture: str | None = None  # a drawn face or posture beside the question: a name of library/pictures.yaml
    required: bool = False  # needed for a complete sheet; never blocks saving
    show_when: str | None = None
    private: bool = False  # the client may keep this to themself
    staff_only: bool = False
    later: bool = False  # asked on demand, not at first (CLINICAL-RULES 4)
    scored: bool = True
    reverse: bool = False
    loinc: str | None = None
    loinc_note: str | None = None
    notes: str | None = None


class _Chosen(_Item):
    choices: tuple[Choice, ...] | str = ()  # written out, or the name of one of the form's answer sets
    vocabulary: str | None = None  # or: a kind of the controlled vocabulary
    rows_of: str | None = None  # or: a row of another group of this sheet
    count_from: Literal[0, 1] = 1  # the number of the first row
    other: bool = False  # own words may be given instead

    @model_validator(mode="after")
    def _one_source(self) -> _Chosen:
        if sum(map(bool, (self.choices, self.vocabulary, self.rows_of))) != 1:
            raise ValueError("its choices come from no place or from two; expected one of choices, vocabulary, rows_of")
        return self


class ChoiceItem(_Chosen):
    """One of several answers."""

    kind: Literal["choice"]
    allow_na: bool = False  # "does not apply", stored as "na"


class ChoicesItem(_Chosen):
    """Any number of several answers."""

    kind: Literal["choices"]


class ScaleItem(_Item):
    """A whole-step scale with words at both ends."""

    kind: Literal["scale"]
    min: int = 0
    max: int = 10
    step: float = Field(default=1, gt=0)
    low: str
    high: str

    @model_validator(mode="after")
    def _possible(self) -> ScaleItem:
        if self.min >= self.max:
            raise ValueError(f"min {self.min} is not below max {self.max}; expected a range")
        return self


class NumberItem(_Item):
    """A number: `whole` counts, `number` may have a fraction."""

    kind: Literal["whole", "number"]
    min: float | None = None
    max: float | None = None
    unit: str | None = None

    @model_validator(mode="after")
    def _possible(self) -> NumberItem:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min:g} is above max {self.max:g}; expected a range that some answer can meet")
        return self


class PlainItem(_Item):
    """An item that needs nothing more than its kind."""

    kind: Literal["yes_no", "text", "long_text", "time", "person", "people", "phone"]


class MomentItem(_Item):
    """A day and a time of day."""

    kind: Literal["moment"]
    precision: Literal["minute", "day"] = "minute"  # the coarsest that is accepted
    past: bool = False  # cannot lie after the day the sheet is filled in


class DateItem(_Item):
    """A day, a month or a year, as precisely as it is known."""

    kind: Literal["date"]
    precision: Literal["day", "month", "year"] = "year"  # the coarsest that is accepted
    past: bool = False  # cannot lie after the day the sheet is filled in


class FeelingsItem(_Item):
    """Feelings by word and strength 0-10; a free word is always allowed."""

    kind: Literal["feelings"]
    strength: bool = True


class NoteItem(_Item):
    """Words that are shown and not answered; `heading` begins a new part of the sheet."""

    kind: Literal["note"]
    heading: bool = False

    @model_validator(mode="after")
    def _has_words(self) -> NoteItem:
        if not self.label:
            raise ValueError('a note without words; expected label: "..."')
        return self


class GroupItem(_Item):
    """Items that belong together; with `repeat`, rows of them."""

    kind: Literal["group"]
    items: tuple[Item, ...] = Field(min_length=1)
    repeat: Repeat | None = None
    row: str | None = None  # what one row is called ("line", "person")
    agreed_step: bool = False  # what is agreed until next time: its first text says what, its first person with whom

    @model_validator(mode="after")
    def _one_step(self) -> GroupItem:
        if self.agreed_step and (self.repeat or not any(item.kind in ("text", "long_text") for item in self.items)):
            raise ValueError("agreed_step on rows or without a text; expected one group with a text that says what")
        return self


Item = Annotated[
    ChoiceItem
    | ChoicesItem
    | ScaleItem
    | NumberItem
    | PlainItem
    | MomentItem
    | DateItem
    | FeelingsItem
    | NoteItem
    | GroupItem,
    Field(discriminator="kind"),
]
GroupItem.model_rebuild()


def worded(item: Any) -> bool:
    """Whether everything that an item asks has words; a group that asks through its items needs none of its own."""
    if isinstance(item, GroupItem):
        return all(map(worded, item.items))
    return bool(item.label)


def depth(item: Any) -> int:
    """Return how many groups deep an item goes: 0 for a plain item."""
    return 1 + max(map(depth, item.items)) if isinstance(item, GroupItem) else 0

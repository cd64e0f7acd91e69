"""Text packs: the words of a questionnaire, kept apart from its definition because their rights are their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from openipt.therapy.forms.definition import Form
from openipt.therapy.forms.items import GroupItem, NoteItem, ScaleItem, Strict
from openipt.therapy.shelf import Page, Refused, is_audio_folder, setting, to_model

SWITCH = "OPENIPT_NONCOMMERCIAL"


class Ends(Strict):
    """The words at both ends of a scale."""

    low: str = Field(min_length=1)
    high: str = Field(min_length=1)


class TextPack(Strict):
    """The grammar of `text.<language>.yaml`: every item's words, with their licence."""

    grammar: Literal["openipt-text/1"]
    form: str
    language: str = "en"
    licence: str = Field(min_length=1)
    attribution: str = Field(min_length=1)  # shown wherever the form is shown, in place of the definition's
    noncommercial: bool = False  # merged only where the service says that its use is not for trade
    instructions: str | None = None
    items: dict[str, str] = Field(min_length=1)  # by item id, inside groups by way: `days.dinner`
    ends: dict[str, Ends] = {}
    answers: dict[str, dict[str, str]] = {}  # by set of answers, then by value


def noncommercial() -> bool:
    """Whether this service has said that its use is not commercial."""
    return setting(SWITCH) == "1"


def holds_words_alone(folder: Path) -> bool:
    """Whether a folder brings words, written or recorded, to a definition that stands on a shelf behind it."""
    words = any(folder.glob("text.*.yaml")) or any(map(is_audio_folder, folder.glob("audio.*")))
    return words and not (folder / "form.yaml").exists()


def pack_beside(places: Sequence[Path], language: str) -> Path | None:
    """Find the first text pack of a language in some folders."""
    return next((one for place in places if (one := place / f"text.{language}.yaml").is_file()), None)


def with_words(form: Form, page: Page) -> Form:
    """Give a form the words of a pack; raise Refused where the two do not belong together.

    A pack for non-commercial use leaves the form as it is, structure only, unless the service has switched it on.
    """
    pack = to_model(page, TextPack)
    _prove(form, pack, page)
    if pack.noncommercial and not noncommercial():
        return form
    return form.model_copy(
        update={
            "items": tuple(_worded(item, pack, "") for item in form.items),
            "answers": {name: _labelled(choices, pack.answers.get(name, {})) for name, choices in form.answers.items()},
            "instructions": pack.instructions or form.instructions,
            "rights": form.terms.model_copy(update={"name": pack.licence, "attribution": pack.attribution}),
        }
    )


def _worded(item: Any, pack: TextPack, way: str) -> Any:
    path = f"{way}{item.id}"
    new: dict[str, Any] = {}
    if path in pack.items:
        new["label"] = pack.items[path]
    if path in pack.ends:
        new |= {"low": pack.ends[path].low, "high": pack.ends[path].high}
    if isinstance(item, GroupItem):
        new["items"] = tuple(_worded(child, pack, f"{path}.") for child in item.items)
    return item.model_copy(update=new)


def _labelled(choices: Sequence[Any], words: Mapping[str, str]) -> tuple[Any, ...]:
    return tuple(one.model_copy(update={"label": words.get(str(one.value), one.label)}) for one in choices)


def _prove(form: Form, pack: TextPack, page: Page) -> None:
    problems = [page.problem(way, wrong, expected) for way, wrong, expected in _faults(form, pack)]
    if problems:
        raise Refused(*problems)


def _faults(form: Form, pack: TextPack) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    if pack.form != form.id:
        yield ("form",), f"{pack.form!r} beside the definition of {form.id!r}", "the id of the form"
    if pack.language != form.language:
        yield ("language",), f"{pack.language!r} for a form in {form.language!r}", "the language of the form"
    known = dict(_places(form.items, ""))
    for name in pack.items:
        if name not in known:
            yield ("items", name), f"{name!r} is not asked by {form.id}", "one of " + ", ".join(known)
    for name, item in known.items():
        if not isinstance(item, (GroupItem, NoteItem)) and not pack.items.get(name):
            yield ("items",), f"{name!r} has no words", "words for every item of the form"
    for name in pack.ends:
        if not isinstance(known.get(name), ScaleItem):
            yield ("ends", name), f"{name!r} is no scale of {form.id}", "an item of the kind scale"
    for name, words in pack.answers.items():
        offered = [str(one.value) for one in form.answers.get(name, ())]
        for value in words:
            if value not in offered:
                wrong = f"{form.id} has no answer {value!r} in {name!r}"
                yield ("answers", name), wrong, "one of " + ", ".join(offered or form.answers)


def _places(items: Sequence[Any], way: str) -> Iterator[tuple[str, Any]]:
    for item in items:
        yield f"{way}{item.id}", item
        if isinstance(item, GroupItem):
            yield from _places(item.items, f"{way}{item.id}.")

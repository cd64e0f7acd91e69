"""Open a form from the shelf, with the words that may be shown here."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from openipt.therapy import shelf
from openipt.therapy.forms.definition import Form
from openipt.therapy.forms.proving import problems_of
from openipt.therapy.forms.scoring import engine_of
from openipt.therapy.forms.texts import holds_words_alone, pack_beside, with_words
from openipt.therapy.shelf import Page, Problem, Refused
from openipt.therapy.vocabulary import vocabulary

KINDS = ("questionnaires", "worksheets")


def form_ids() -> list[str]:
    """List the ids of all forms on the shelf, sorted."""
    return sorted({name for kind in KINDS for name in shelf.ids(kind)})


def open_forms() -> list[Form]:
    """Open every form that can be opened; one that is being mended hides no other (`library check` names it)."""
    found = []
    for name in form_ids():
        try:
            found.append(open_form(name))
        except Refused:
            continue
    return found


def has_form(form_id: str) -> bool:
    """Whether a form of this id stands on the shelf, or was kept when it was used."""
    key = (form_id, shelf.as_set())
    if key not in _standing and shelf.stands(form_id, *KINDS):
        _standing.add(key)  # a definition that stood once is opened once; whoever takes it away starts anew
    return key in _standing or shelf.remembered("form", form_id) is not None


_standing: set[tuple[str, tuple[str, ...]]] = set()


def open_form(form_id: str, version: str | None = None) -> Form:
    """Open a form by its id (`phq-9`) or its short name (`PHQ9`, `WS_COMM`); raise Refused if unknown.

    Args:
        form_id: The id or short name.
        version: The version something was filled in on. Where the shelf holds another one by now, or none, the text
            that was kept when the form was used is opened; where none was kept, the shelf's.
    """
    try:
        form = _named(form_id, shelf.as_set())
    except Refused:
        kept = _kept(_id_of(form_id), version) or _kept(_id_of(form_id), None)
        if kept is None:
            raise
        return kept
    return form if version is None or form.version == version else _kept(form.id, version) or form


@cache  # a page asks two hundred times
def _named(name: str, settings: tuple[str, ...]) -> Form:
    return _open(_id_of(name), settings)


def _id_of(name: str) -> str:
    words = vocabulary()
    return str(words["measure_aliases"].get(name) or words["worksheet_aliases"].get(name) or name)


def _kept(form_id: str, version: str | None) -> Form | None:
    text = shelf.remembered("form", form_id, version)
    return None if text is None else _from_text(text)


@lru_cache(maxsize=512)
def _from_text(text: str) -> Form:
    return Form.model_validate_json(text)


@cache
def _open(form_id: str, _settings: tuple[str, ...]) -> Form:
    first = shelf.find(form_id, *KINDS)  # refuses a name that is no plain folder, before it becomes part of a path
    folders = [folder for one in shelf.shelves() for kind in KINDS if (folder := one / kind / form_id).is_dir()]
    # Only a folder with words and no definition is looked through; an empty one is refused, never passed over.
    last = next((n for n, folder in enumerate(folders) if not holds_words_alone(folder)), None)
    if last is None:
        place = f"{first.parent.name}/{form_id}"
        expected = "the id of a form on a shelf, or a form.yaml beside the words"
        raise Refused(Problem(place, 0, "", f"words for {form_id!r}, of which no shelf has a definition", expected))
    folder = folders[last]
    form = open_folder(folder, f"{folder.parent.name}/{form_id}/form.yaml")
    words = pack_beside(folders[: last + 1], form.language)
    if words is None:
        return form
    return with_words(form, shelf.read_definition(words, f"{words.parent.parent.name}/{form_id}/{words.name}"))


def open_folder(folder: Path, name: str | None = None) -> Form:
    """Open the definition that stands in a folder, without a text pack; `name` stands for its page in problems."""
    page = shelf.read_definition(folder / "form.yaml", name)
    form = read_form(page)
    if form.id != folder.name:
        raise Refused(page.problem(("id",), f"{form.id!r} in the folder {folder.name!r}", "the folder's name"))
    return form


def read_form(page: Page) -> Form:
    """Turn a page into a form, proving every name in it; raise Refused with file, line, key, expected."""
    form = shelf.to_model(page, Form)
    problems: list[Problem] = []
    try:
        problems = problems_of(form, page)
        if not problems:
            engine_of(form)
    except ValueError as error:
        wrong, _, expected = str(error).rpartition("; expected ")
        problems = [
            page.problem(
                _place(page, getattr(error, "expression", "")),
                wrong or str(error),
                expected or "a form that can be scored",
            )
        ]
    if problems:
        raise Refused(*problems)
    return form


def _place(page: Page, expression: str) -> tuple[str | int, ...]:
    """Find an expression on the page, so that the problem names its line."""
    for way in page.lines:
        if way and way[-1] in ("when", "value", "show_when", "each"):
            value = page.data
            for part in way:
                value = value[part]
            if value == expression:
                return way
    return ()

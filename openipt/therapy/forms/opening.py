"""Open a form from the shelf."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from openipt.therapy import shelf
from openipt.therapy.forms.definition import Form
from openipt.therapy.forms.expressions import Misread
from openipt.therapy.forms.items import ChoiceItem, ChoicesItem, GroupItem
from openipt.therapy.forms.scoring import engine_of
from openipt.therapy.shelf import Page, Problem, Refused
from openipt.therapy.vocabulary import vocabulary

KINDS = ("questionnaires", "worksheets")


def form_ids() -> list[str]:
    """List the ids of all forms on the shelf, sorted."""
    return sorted({name for kind in KINDS for name in shelf.ids(kind)})


def open_form(form_id: str) -> Form:
    """Open a form by its id (`phq-9`), its short name in the vocabulary (`PHQ9`, `WS_COMM`); raise Refused if unknown."""
    words = vocabulary()
    known = words["measure_aliases"].get(form_id) or words["worksheet_aliases"].get(form_id) or form_id
    return _open(known, shelf.shelves())


@cache
def _open(form_id: str, shelves: tuple[Path, ...]) -> Form:
    place = shelf.find(form_id, *KINDS) / "form.yaml"
    form = read_form(shelf.read_page(place, f"{place.parent.parent.name}/{form_id}/form.yaml"))
    if form.id != form_id:
        raise Refused(Problem(str(place), 1, "id", f"{form.id!r} in the folder {form_id!r}", "the folder's name"))
    return form


def read_form(page: Page) -> Form:
    """Turn a page into a form, proving every name in it; raise Refused with file, line, key, expected."""
    form = shelf.to_model(page, Form)
    problems = list(_unknown_names(form, page))
    if not problems:
        try:
            engine_of(form)
        except (Misread, ValueError) as error:
            wrong, _, expected = str(error).rpartition("; expected ")
            problems.append(page.problem(_place(page, str(error)), wrong or str(error), expected or "a form that can be scored"))
    if problems:
        raise Refused(*problems)
    return form


def _unknown_names(form: Form, page: Page) -> list[Problem]:
    problems = []
    scores = {one.id for one in form.scores}
    items = {one.id for one in form.items}

    def need(name: str | None, known: set[str], *way: str | int) -> None:
        if name is not None and name not in known:
            problems.append(page.problem(way, f"{name!r} does not exist in this form", "one of " + ", ".join(sorted(known))))

    need(form.primary, scores, "primary")
    for n, score in enumerate(form.scores):
        for name in (*score.items, *score.item_conditions, *(name for group in score.groups for name in group)):
            need(name, items, "scores", n)
        for name in (*score.scores, *score.weights):
            need(name, scores, "scores", n)
    need(form.bands.scale if form.bands else None, scores, "bands", "scale")
    for n, cutoff in enumerate(form.cutoffs):
        need(cutoff.scale, scores, "cutoffs", n, "scale")
    for n, skip in enumerate(form.skip):
        for name in skip.items:
            need(name, items, "skip", n, "items")
    need(form.code, set(vocabulary()["worksheets"]), "code")
    need(form.visibility, set(vocabulary()["visibility_kinds"]), "visibility")
    for n, item in enumerate(form.items):
        _item_names(form, item, ("items", n), need)
    return problems


def _item_names(form: Form, item: object, way: tuple[str | int, ...], need: object) -> None:
    assert callable(need)
    if isinstance(item, (ChoiceItem, ChoicesItem)):
        if isinstance(item.choices, str):
            need(item.choices, set(form.answers), *way, "choices")
        need(item.vocabulary, set(vocabulary()), *way, "vocabulary")
        need(item.rows_of, {one.id for one in form.items if isinstance(one, GroupItem)}, *way, "rows_of")
    if isinstance(item, GroupItem):
        for n, child in enumerate(item.items):
            _item_names(form, child, (*way, "items", n), need)


def _place(page: Page, message: str) -> tuple[str | int, ...]:
    """Find the expression a message quotes, so that the problem names its line."""
    for way in page.lines:
        value = page.data
        try:
            for part in way:
                value = value[part]
        except (KeyError, IndexError, TypeError):
            continue
        if isinstance(value, str) and way and way[-1] in ("when", "value", "show_when", "each") and repr(value) in message:
            return way
    return ()

"""Make the PDF: the layout becomes plain data, and a Typst page sets it. No word of a form is ever read as markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from openipt.pictures import drawn, on_paper
from openipt.therapy.forms import Form, open_form
from openipt.therapy.forms.layout import Shown, lay_out
from openipt.therapy.manuals import Manual, open_task, sheets_of
from openipt.therapy.vocabulary import drawings, vocabulary

NOT_OURS = "The wording is not on this shelf: what each question is about stands below."
PAGE = Path(__file__).with_name("sheet.typ")


class NoPaperError(RuntimeError):
    """PDFs need the paper extra, which is not installed here."""


def form_pdf(form: Form, answers: Mapping[str, Any] | None = None, staff: bool = False) -> bytes:
    """Return a form as PDF/UA-1: empty for the pen, or as it was filled in."""
    return _pdf(form.title, [_sheet(form, answers, staff)])


def manual_pdf(manual: Manual, *, for_staff: bool) -> bytes:
    """Return one part of the pack of a manual, with a page of contents; every form stands on a page of its own.

    The client's part holds what a client may fill in, without what only staff ask. The staff's part holds the checklist
    by phase, and every sheet that asks something of staff.
    """
    forms = [open_form(name) for name in _forms(manual)]
    if for_staff:
        asked = [form for form in forms if "client" not in form.filled_by or any(one.staff_only for one in form.items)]
        sheets = [_checklist(manual), *(_sheet(form, None, True) for form in asked)]
    else:
        sheets = [_sheet(form, None, False) for form in forms if "client" in form.filled_by]
    whose = "for staff" if for_staff else "for the client"
    return _pdf(f"{manual.title}: sheets {whose}", sheets, contents=True)


def _pdf(title: str, sheets: list[dict[str, Any]], contents: bool = False) -> bytes:
    try:
        import typst
    except ModuleNotFoundError as missing:
        raise NoPaperError("PDFs need the paper extra; expected: pip install 'openipt[paper]'") from missing
    data = json.dumps({"title": title, "sheets": sheets, "contents": contents}, ensure_ascii=False)
    made: bytes = typst.compile(str(PAGE), sys_inputs={"data": data}, pdf_standards=["ua-1"])
    return made


def _sheet(form: Form, answers: Mapping[str, Any] | None, staff: bool) -> dict[str, Any]:
    staff = staff or "client" not in form.filled_by
    return {
        "title": form.title,
        "lead": form.instructions or "",
        "notice": "" if form.may_ship else NOT_OURS,
        "items": [_drawn(asdict(item)) for item in lay_out(form, answers, staff)],
        "foot": f"{form.terms.attribution} · {form.terms.name} · {form.id} {form.version}",
    }


def _drawn(item: dict[str, Any]) -> dict[str, Any]:
    """Put the drawing itself in the place of its name, in rows too."""
    name = item["picture"]
    seen = drawings()[name] if name else ""
    picture = {"svg": on_paper(drawn(name, seen)), "seen": seen} if name else None
    return {**item, "picture": picture, "rows": [[_drawn(one) for one in row] for row in item["rows"]]}


def _checklist(manual: Manual) -> dict[str, Any]:
    """What is done in each phase, as boxes to tick."""
    items: list[dict[str, Any]] = []
    for phase in manual.phases:
        tasks = [offer.task for offer in manual.offers if phase.kind in offer.phases]
        if not tasks:
            continue
        items.append(_item("heading", phase.label))
        items += [_item("tick", open_task(name).name, open_task(name).line) for name in dict.fromkeys(tasks)]
    for area in manual.areas:
        items.append(_item("heading", area.label or vocabulary()["problem_areas"][area.id]["label"]))
        items += [_item("tick", open_task(name).name, open_task(name).line) for name in area.steps]
    return {
        "title": manual.title,
        "lead": manual.summary,
        "notice": "",
        "items": items,
        "foot": f"{manual.id} {manual.version}",
    }


def _item(way: str, asked: str, help_: str | None = None) -> dict[str, Any]:
    return asdict(Shown(id="", way=way, asked=asked, help=help_))


def _forms(manual: Manual) -> list[str]:
    """Return the forms a manual uses: its measures, then the sheets of its tasks, each once."""
    folders = vocabulary()["worksheet_aliases"]
    tasks = [offer.task for offer in manual.offers] + [step for area in manual.areas for step in area.steps]
    sheets = [folders[code] for task in tasks for code in sheets_of(manual, task) if code in folders]
    measures = [
        next((name for name in one.first_of if open_form(name).may_ship), one.first_of[0]) for one in manual.measures
    ]
    return list(dict.fromkeys([*measures, *sheets]))

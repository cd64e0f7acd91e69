"""Which sheets have a face made by hand, and what each shows besides its questions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.http import HttpRequest

from openipt.rooms.filling.face import Face
from openipt.rooms.filling.fields import Field, Row
from openipt.rooms.filling.said import Read
from openipt.rooms.filling.sheet import Sheet
from openipt.rooms.workspace.risk.conversation_sheet import CONVERSATION, conversation_sheet
from openipt.rooms.workspace.sheets import pictures
from openipt.rooms.workspace.sheets.conversation import (
    begin_practice,
    begin_talk,
    conversation,
    practice,
    tidy,
)
from openipt.rooms.workspace.sheets.fields import Fields, Part, by_id, is_blank, marked, parts, value, without
from openipt.rooms.workspace.sheets.quarrels import for_a_map, take

PLAIN = "plain"  # in the address: the sheet question by question
PART_OF = {  # of remembering somebody who died: heading on the sheet -> what opens it
    "part_story": "story",
    "part_relationship": "relationship",
    "part_feelings": "feelings",
    "part_reminders": "reminders",
    "part_letter": "letter",
    "part_reengage": "reengage",
}


def face_of(form_id: str, request: HttpRequest) -> Face | None:
    """Return the face of a form; None where it has none, or the plain page is asked for."""
    if form_id == CONVERSATION and PLAIN not in request.GET:
        return conversation_sheet(request)
    return None if PLAIN in request.GET else FACES.get(form_id)


# ---- which way to go ----


@dataclass(frozen=True, slots=True)
class Way:
    """One option: what it is, what speaks for and against it, and the rest."""

    row: Row
    text: Field
    sides: tuple[Field, ...]
    rest: Fields


def options(sheet: Sheet, fields: Fields, read: Read) -> dict[str, Any]:  # noqa: ARG001 - the shape of `Gather`
    """Return the options of a decision side by side."""
    known = by_id(fields)
    every = {part.id: part for part in parts(fields)}
    ways = [_way(row) for row in known["options"].rows]
    after = [every[name] for name in ("part_choice", "part_after") if name in every]
    return {"question": every["part_question"].fields, "options": known["options"], "ways": ways, "after": after}


def _way(row: Row) -> Way:
    known = by_id(row.fields)
    sides = tuple(replace(known[name], rows=tuple(map(_touching, known[name].rows))) for name in ("pros", "cons"))
    return Way(row, known["text"], sides, without(row.fields, ("text", "pros", "cons")))


def _touching(row: Row) -> Row:
    """Bring whom a point touches out of the fold: it belongs beside the point."""
    known = by_id(row.fields)
    return replace(row, fields=(known["text"], known["who"], *without(row.fields, ("text", "who"))))


# ---- what we disagree about ----


def dispute(sheet: Sheet, fields: Fields, read: Read) -> dict[str, Any]:
    """Return a dispute as a picture of three stages, with its history, above its questions."""
    said, record = read.answers, sheet.record
    person = said.get("person") or (sheet.asked.replaces.answers.get("person") if sheet.asked.replaces else None)
    older = pictures.older_maps(record, person) if person and not sheet.turned else []
    history = pictures.stood(said, older)
    every = parts(fields)
    return {
        "stages": pictures.stages(history) if history else (),
        "history": history if len(history) > 1 else (),
        # How much conflict there is was told about a person elsewhere: it is no part of the sheet a client sees.
        "movement": pictures.movement(history, () if sheet.turned else pictures.conflict_with(record, person)),
        "parts": every,
        "quarrels": for_a_map(sheet, said),
    }


# ---- old role, new role ----


def balance(sheet: Sheet, fields: Fields, read: Read) -> dict[str, Any]:  # noqa: ARG001 - the shape of `Gather`
    """Return both roles side by side, with what is lost between them, and how they looked from time to time."""
    every = {part.id: part for part in parts(fields)}
    looks = [row for row in read.answers.get("balance") or () if isinstance(row, dict)]
    seen = [one for one in looks if one.get("balance_old") is not None or one.get("balance_new") is not None]
    return {
        "change": every["part_change"].fields,
        "old": _inside(every["part_old"]),
        "lost": every["part_lost"],
        "new": _inside(every["part_new"]),
        "after": [every[name] for name in ("part_needs", "part_balance")],
        "looks": [_look(one) for one in seen],
    }


def _inside(part: Part) -> Part:
    """Return a role without a frame around its questions: its column is the frame."""
    inside = tuple(one for field in part.fields for one in (field.fields if field.way == "part" else (field,)))
    return replace(part, fields=inside)


def _look(row: dict[str, Any]) -> dict[str, Any]:
    when = row.get("date") or (f"session {row['session']}" if row.get("session") else "")
    return {"when": when, "old": row.get("balance_old"), "new": row.get("balance_new")}


# ---- remembering somebody who died ----


@dataclass(frozen=True, slots=True)
class Chapter:
    """One part of the sheet: closed until the therapist opens it, and never asked to be full."""

    key: str
    title: str
    fields: Fields
    opened: bool
    begun: bool
    option: Any
    wrong: bool


def chapters(sheet: Sheet, fields: Fields, read: Read) -> dict[str, Any]:
    """Return the parts of a reconstruction, one after the other."""
    known = by_id(fields)
    every = parts(fields)
    opened = set(read.answers.get("sections_open") or ())
    opening = {one.value: one for one in known["sections_open"].options} if "sections_open" in known else {}
    before = [one for part in every for one in part.fields if part.id == ""]
    told = [
        _chapter(part, PART_OF[part.id], opened, opening.get(PART_OF[part.id]), sheet.turned)
        for part in every
        if part.id in PART_OF
    ]
    return {
        "before": [one for one in before if one.name != "sections_open"],
        "person": next(part for part in every if part.id == "part_person"),
        "chapters": [one for one in told if one.opened or not sheet.turned],
        "close": next(part for part in every if part.id == "part_close"),
    }


def _chapter(part: Part, key: str, opened: set[str], option: Any, turned: bool) -> Chapter:
    # Turned to the client there is no control that opens a part, so nothing on the page may wait for one.
    fields = (
        tuple(replace(one, when=None, applies=True) for one in part.fields) if turned or key in opened else part.fields
    )
    wrong = any(one.wrong for one in _deep(part.fields))
    return Chapter(key, part.title, fields, key in opened, _begun(part.fields), option, wrong)


def _deep(fields: Fields) -> Any:
    for one in fields:
        yield one
        yield from _deep(one.fields)
        for row in one.rows:
            yield from _deep(row.fields)


def _begun(fields: Fields) -> bool:
    from openipt.rooms.filling.laying import holds

    return any(map(holds, fields))


# ---- closer to people ----


def ladder(sheet: Sheet, fields: Fields, read: Read) -> dict[str, Any]:  # noqa: ARG001 - the shape of `Gather`
    """Return the best and hardest ties side by side, the ladder as a picture, and the contacts of each week."""
    known = by_id(fields)
    every = {part.id: part for part in parts(fields)}
    rungs = [_rung(row) for row in known["ladder"].rows if not is_blank(row)]
    weeks = [one for one in read.answers.get("weeks") or () if one.get("contacts") is not None]
    most = max([1, *(one["contacts"] for one in weeks if isinstance(one["contacts"], int))])
    past = every["part_past"].fields
    return {
        "ties": [known["best_tie"], known["worst_tie"]],
        "past": without(past, ("best_tie", "worst_tie")),
        "rungs": list(reversed(rungs)),
        "ladder": every["part_ladder"],
        "after": [every["part_setting"], every["part_weeks"]],
        "weeks": weeks,
        "most": most,
    }


def _rung(row: Row) -> dict[str, Any]:
    known = by_id(row.fields)
    return {
        "text": known["text"].typed,
        "person": marked(known["person"]),
        "size": value(known["size"]),
        "rehearsed": value(known["rehearsed"]) == "yes",
        "status": marked(known["status"]),
        "done": value(known["status"]) == "done",
    }


# ---- a moment with someone ----


def moments(sheet: Sheet, fields: Fields, read: Read) -> dict[str, Any]:  # noqa: ARG001 - the shape of `Gather`
    """Return what was counted over the moments written before this one."""
    record = sheet.record
    return {
        "counted": pictures.counted(record),
        "noticed": pictures.noticed(record),
        "to_come": pictures.still_to_come(record),
    }


def _made(name: str) -> str:
    return f"workspace/sheets/{name}.html"


FACES = {
    "communication-analysis": Face(_made("conversation"), conversation, tidy=tidy, begin=begin_talk),
    "decision-analysis": Face(_made("options"), options),
    "dispute-map": Face(_made("dispute"), dispute, tidy=partial(take, names=("person", "stage_evidence"))),
    "role-transition": Face(_made("balance"), balance),
    "grief-reconstruction": Face(_made("chapters"), chapters, carried=("sections_open",)),
    "isolation": Face(_made("ladder"), ladder),
    "pattern-log": Face(_made("moments"), moments),
    "role-play": Face(_made("practice"), practice, begin=begin_practice),
}

"""Door to the lines between people: who is close, cut off, carries messages or sides with whom, in plain lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from openipt.casebook.operations.drafting import drop_drafts
from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody, save_entry
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.rooms.filling.asked_for import zone_of
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.said import Wrong
from openipt.rooms.filling.sheet import ID, SETTLES, id_of, unknown
from openipt.rooms.filling.signing_in import made_for
from openipt.rooms.filling.typed import Pairs, plant
from openipt.rooms.filling.wrong import by_name, in_words
from openipt.rooms.workspace.courses import Course, who
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.people.known import TIES, everybody, named
from openipt.rooms.workspace.people.lasting import lasting, notice, told
from openipt.rooms.workspace.people.person import REPLACES
from openipt.therapy.forms import open_form, score
from openipt.therapy.vocabulary import vocabulary

SPARE = 3  # empty lines at the end
MOST = 60  # lines on one sheet
FASTER = (
    "The lines were changed while this page was open. Theirs are in the record; yours are below, and kept. Save once \
more to put yours in their place."
)
SAME = "This line begins and ends with the same person."


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it stands on the page; `others` are ends in own words, which stay as they are."""

    number: int
    one: str
    other: str
    tie: str
    note: str
    wrong: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@lasting("goals_homework", "write")
def ties(request: HttpRequest, pairs: Pairs | None, course_id: str) -> HttpResponse:
    """Show the lines between people, or take them in as a new version of the sheet."""
    now, actor = timezone.now(), who(request)
    find_enrolment(actor, course_id, "goals_homework", "write", now)
    find_enrolment(actor, course_id, "inventory", "read", now)
    one = find_course(request, course_id)
    if request.method != "POST":
        return _show(request, one, pairs, above=notice(request, pairs))
    return _take(request, one, pairs or [])


def _take(request: HttpRequest, one: Course, pairs: Pairs) -> HttpResponse:
    form, actor = open_form(TIES), who(request)
    root, strange = plant(pairs)
    found = read(form, root)
    wrong = [
        *found.wrong,
        *unknown([*strange, *found.strange]),
        *in_words(score(form, found.answers).errors, found, root),
    ]
    rows = found.answers.get("ties") or []
    wrong += [
        Wrong(f"{found.places[f'ties[{n}]']}.to", SAME)
        for n, row in enumerate(rows)
        if row.get("from") and row.get("from") == row.get("to")
    ]
    older = one.record.newest(TIES)
    if not rows and older is None and not wrong:
        return _on(one, "people", "")
    made = id_of(pairs)
    if wrong or made is None:
        return _show(request, one, pairs, wrong=wrong, status=422)
    replaces = dict(pairs).get(REPLACES, "")
    known = {entry.id for entry in one.record.entries if entry.form == TIES}
    try:
        saved = save_entry(
            by=actor,
            at=timezone.now(),
            enrolment=one.id,
            form=TIES,
            answers=found.answers,
            id=made,
            replaces=UUID(replaces) if replaces in known else None,
            zone=zone_of(actor.organisation),
        )
    except Invalid as refused:
        return _show(request, one, pairs, wrong=in_words(refused.troubles, found, root), status=422)
    except (SameIdOtherBody, Replaced) as conflict:
        again = [pair for pair in pairs if pair[0] not in (ID, REPLACES, SETTLES)]
        again += [(REPLACES, older.id if older else ""), (SETTLES, str(conflict.draft))]
        return _show(request, one, again, above=FASTER, status=409)
    settles = id_of(pairs, SETTLES)
    drop_drafts(actor, [settles] if settles else [])
    half = any(not {"from", "to", "tie"} <= row.keys() for row in rows)
    return _on(one, "ties" if half else "people", "again" if not saved.made else "half" if half else "tied")


def _on(one: Course, name: str, word: str) -> HttpResponse:
    address = reverse(name, args=[one.id])
    answer = redirect(f"{address}?told={word}{'#h-circle' if name == 'people' else ''}" if word else address)
    answer.status_code = 303
    return answer


def _show(
    request: HttpRequest,
    one: Course,
    pairs: Pairs | None,
    *,
    wrong: Iterable[Wrong] = (),
    above: str = "",
    status: int = 200,
) -> HttpResponse:
    names = named(everybody(one.record))
    older = one.record.newest(TIES)
    stands = older.answers if older else {}
    off = by_name(wrong)
    said = dict(pairs or [])
    lines = _typed(said, off) if pairs is not None else _stored(stands)
    page = {
        "here": "caseload",
        "tab": "people",
        "all": one,
        "lines": [_with_others(line, names) for line in _spare(lines)],
        "names": list(names.items()),
        "kinds": list(vocabulary()["ties"].items()),
        "strikes": said.get("strikes_me", "") if pairs is not None else stands.get("strikes_me", ""),
        "wrong": [words for several in off.values() for words in several],
        "told": told(request, names),
        "notice": above,
        "new_id": id_of(pairs or []) or uuid4(),
        "replaces": said.get(REPLACES, older.id if older else ""),
        "settles": said.get(SETTLES, ""),
        "made_for": made_for(who(request).id, request.path),
    }
    return render(request, "workspace/people/ties.html", page, status=status)


def _stored(stands: Mapping[str, Any]) -> list[Line]:
    return [
        Line(number, row.get("from", ""), row.get("to", ""), row.get("tie", ""), row.get("note", ""))
        for number, row in enumerate(stands.get("ties") or ())
    ]


def _typed(said: Mapping[str, str], off: Mapping[str, Any]) -> list[Line]:
    """Return the lines as they were typed, each with what cannot be taken of it."""
    root, _ = plant(said.items())
    made = []
    for key, row in root.at("ties").rows():
        words = tuple(
            text for name, several in off.items() if f"{name}.".startswith(f"ties.{key}.") for text in several
        )
        ends = (row.one("from"), row.one("to"), row.one("tie"), row.one("note"))
        if any(ends) or words:
            made.append(Line(int(key), *ends, words))
    return made


def _spare(lines: list[Line]) -> list[Line]:
    """Add empty lines, as many as find room."""
    last = max((line.number for line in lines), default=-1) + 1
    return [*lines, *(Line(last + n, "", "", "", "") for n in range(min(SPARE, max(MOST - len(lines), 0))))]


def _with_others(line: Line, names: Mapping[str, str]) -> Line:
    """Offer an end that is nobody of the circle as well: it was written in own words, and stays."""
    own = tuple(dict.fromkeys(end for end in (line.one, line.other) if end and end not in names))
    return Line(line.number, line.one, line.other, line.tie, line.note, line.wrong, own)

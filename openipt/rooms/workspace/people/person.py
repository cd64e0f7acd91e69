"""Door to one person: six questions first, more on demand, what was said earlier, and an end that loses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from openipt.casebook.operations.drafting import drop_drafts
from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody, save_entry
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.rooms.filling.asked_for import may_write, zone_of
from openipt.rooms.filling.asking import Page
from openipt.rooms.filling.fields import Field
from openipt.rooms.filling.kept_both import Difference, differences
from openipt.rooms.filling.laying import fields_of
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.said import Read, Wrong
from openipt.rooms.filling.sheet import ID, SETTLES, id_of, unknown
from openipt.rooms.filling.signing_in import made_for
from openipt.rooms.filling.typed import Pairs, plant
from openipt.rooms.filling.writing import pairs_of
from openipt.rooms.filling.wrong import by_name, in_words
from openipt.rooms.workspace.courses import Course, who
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.people.known import LEFT_OUT, SHEET, Someone, everybody, named
from openipt.rooms.workspace.people.lasting import lasting, notice, told
from openipt.therapy.forms import open_form, score
from openipt.therapy.record import Entry, Record
from openipt.therapy.words import catalogue

REPLACES = "_replaces"
FIRST = ("alias", "relation", "closeness", "satisfying", "unsatisfying", "wished_closeness")
MORE = ("relation_words", "turns_to", "turned_to_by", "never_talked_about", "satisfaction", "change_recent", LEFT_OUT)
ON_PAGE = (*FIRST, *MORE)
NAMELESS = "Write what this person is called. A nickname or initials are enough."
FASTER = (
    "This sheet was changed while yours was open. Theirs is in the record; yours is below, and kept. Save once more \
to put yours in its place."
)


@dataclass(frozen=True, slots=True)
class Version:
    """The sheet as it stood at some time: when, and which of the questions here it answered differently."""

    entry: Entry
    changed: tuple[str, ...]


@lasting("inventory", "read")
def person(request: HttpRequest, pairs: Pairs | None, course_id: str, person_id: str) -> HttpResponse:
    """Show one person, or take their sheet in: what is not asked on this page stays as it was."""
    find_enrolment(who(request), course_id, "inventory", "read", timezone.now())
    one = find_course(request, course_id)
    here = person_or_404(one, person_id)
    if request.method != "POST":
        return show(request, one, here, pairs=pairs, above=notice(request, pairs))
    return _take(request, one, here, pairs or [])


def person_or_404(one: Course, person_id: str) -> Someone:
    """Return somebody of this record."""
    found = next((each for each in everybody(one.record) if each.id == person_id), None)
    if found is None:
        raise Http404("Nobody of that name is in this course.")
    return found


def _take(request: HttpRequest, one: Course, here: Someone, pairs: Pairs) -> HttpResponse:
    """Store a new version of the sheet, or show it again with everything as it was typed."""
    form, now, actor = open_form(SHEET), timezone.now(), who(request)
    find_enrolment(actor, one.id, "inventory", "write", now)
    root, strange = plant(pairs)
    found = read(form, root)
    older = _older(one.record, here, dict(pairs).get(REPLACES, ""))
    answers = {**(_kept(older) if older else {}), **found.answers}
    wrong = [*found.wrong, *unknown([*strange, *found.strange]), *in_words(score(form, answers).errors, found, root)]
    if not found.answers.get("alias") and not any(one.name == "alias" for one in wrong):
        wrong.append(Wrong("alias", NAMELESS))
    made = id_of(pairs)
    if wrong or made is None:
        return show(request, one, here, pairs=pairs, wrong=wrong, status=422)
    try:
        saved = save_entry(
            by=actor,
            at=now,
            enrolment=one.id,
            form=SHEET,
            answers=answers,
            id=made,
            about=here.id,
            replaces=UUID(older.id) if older else None,
            visibility=older.visibility if older else None,
            zone=zone_of(actor.organisation),
        )
    except Invalid as refused:
        return show(request, one, here, pairs=pairs, wrong=in_words(refused.troubles, found, root), status=422)
    except (SameIdOtherBody, Replaced) as conflict:
        return beside(request, one, here, pairs, found, conflict)
    settles = id_of(pairs, SETTLES)
    drop_drafts(actor, [settles] if settles else [])
    return back_to(one, here, "saved" if saved.made else "again")


def _older(record: Record, here: Someone, entry: str) -> Entry | None:
    """Return the version the page was made from; only one about this person counts."""
    return next((one for one in record.entries if one.id == entry and (one.form, one.about) == (SHEET, here.id)), None)


def _kept(older: Entry) -> dict[str, Any]:
    return {name: value for name, value in older.answers.items() if name not in ON_PAGE}


def beside(
    request: HttpRequest,
    one: Course,
    here: Someone,
    pairs: Pairs,
    found: Read,
    conflict: SameIdOtherBody | Replaced,
) -> HttpResponse:
    """Show both: what stands in the record by now, and what was typed, ready to take its place."""
    known = next((each for each in one.record.entries if each.id == str(conflict.entry)), None)
    mine = known is not None and (known.form, known.about) == (SHEET, here.id) and known.retracted_at is None
    ours = {ID, REPLACES, SETTLES}
    again = [pair for pair in pairs if pair[0] not in ours]
    again += [(REPLACES, known.id if known and mine else ""), (SETTLES, str(conflict.draft)), (ID, str(uuid4()))]
    form, names = open_form(SHEET), named(everybody(one.record))
    first = {name: value for name, value in (known.answers if known and mine else {}).items() if name in ON_PAGE}
    other = list(differences(form, first, found.answers, names))
    return show(request, one, here, pairs=again, above=FASTER, both=other, stored=known if mine else None, status=409)


def back_to(one: Course, here: Someone, word: str) -> HttpResponse:
    """Lead back to the people's page; the address says in one word what became of it."""
    answer = redirect(f"{reverse('people', args=[one.id])}?told={word}&who={here.id}#p-{here.id}")
    answer.status_code = 303
    return answer


def show(
    request: HttpRequest,
    one: Course,
    here: Someone,
    *,
    pairs: Pairs | None = None,
    wrong: Iterable[Wrong] = (),
    above: str = "",
    both: Iterable[Difference] = (),
    stored: Entry | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Show one person's page with everything as it was typed, else as it stands in the record."""
    form, names = open_form(SHEET), named(everybody(one.record))
    stands = {name: value for name, value in here.said.items() if name in ON_PAGE}
    stands |= {LEFT_OUT: True} if here.left_out else {}  # said on an older sheet, and still true
    given = pairs if pairs is not None else pairs_of(form, stands, names)
    root, _ = plant(given)
    off = by_name(wrong)
    fields = {field.name: field for field in _flat(fields_of(Page(form, root, read(form, root), names, off)))}
    said = dict(given)
    page = {
        "here": "caseload",
        "tab": "people",
        "all": one,
        "person": here,
        "may_write": may_write(who(request), one.id, form, timezone.now()),
        "first": [fields[name] for name in FIRST],
        "more": [fields[name] for name in MORE],
        "more_open": any(off.get(name) for name in MORE),
        "more_said": sum(here.said.get(name) is not None for name in MORE),
        "told_wrong": [(fields[name], words) for name, words in off.items() if name in fields],
        "else_wrong": [(name, words) for name, words in off.items() if name not in fields],
        "told": told(request, names),
        "notice": above,
        "both": list(both),
        "stored": stored,
        "versions": list(_versions(one.record, here)),
        "months": catalogue().months,
        "new_id": id_of(given) or uuid4(),
        "end_id": uuid4(),
        "replaces": said.get(REPLACES, here.sheet.id if here.sheet else ""),
        "settles": said.get(SETTLES, ""),
        **_marks(request, one, here),
        **more,
    }
    return render(request, "workspace/people/person.html", page, status=status)


def _marks(request: HttpRequest, one: Course, here: Someone) -> dict[str, str]:
    """Return the marks of the two forms on the page: for whom each was made, and for which address."""
    names = {"made_for": "person", "made_for_end": "end-person"}
    return {key: made_for(who(request).id, reverse(name, args=[one.id, here.id])) for key, name in names.items()}


def _flat(fields: Iterable[Field]) -> Iterator[Field]:
    """Yield every question, those on demand as well."""
    for one in fields:
        yield from _flat(one.fields) if one.way == "more" else (one,)


def _versions(record: Record, here: Someone) -> Iterator[Version]:
    """Yield the sheet as it stood, newest first, each with what it changed."""
    form = open_form(SHEET)
    asked = {item.id: item.label or item.id for item in form.items}
    entries = [one for one in record.entries if (one.form, one.about) == (SHEET, here.id) and one.retracted_at is None]
    before: dict[str, Any] = {}
    found = []
    for entry in sorted(entries, key=lambda one: one.recorded_at):
        now = dict(entry.answers)
        names = [name for name in asked if before.get(name) != now.get(name)]
        found.append(Version(entry, tuple(asked[name] for name in names) if before else ()))
        before = now
    yield from reversed(found)

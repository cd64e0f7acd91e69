"""Take a sheet in: into the record whole, or back onto the page with everything as it was typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from uuid_utils.compat import uuid7

from openipt.casebook.operations.drafting import drop_drafts, may_wait
from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody, Saved, save_entry
from openipt.casebook.queries.facts import SHEETS
from openipt.rooms.filling.asked_for import AskedFor, asked_for
from openipt.rooms.filling.happened import happened
from openipt.rooms.filling.kept_both import both
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.said import Read, Wrong, number_of, shortened
from openipt.rooms.filling.sheet import SETTLES, TOTAL, VERSION, id_of, show, unknown
from openipt.rooms.filling.things import begun
from openipt.rooms.filling.typed import Pairs, Typed, plant
from openipt.rooms.filling.wrong import in_words
from openipt.therapy.forms import Form, score
from openipt.therapy.forms.scoring import engine_of

if TYPE_CHECKING:
    from openipt.rooms.filling.fill import Desk

NO_MARK = (
    "This page had lost the mark that keeps a sheet from being stored twice. Nothing is stored yet: save once more."
)
NEEDED = "Pages of the course are made from this answer, so this sheet cannot be stored without it."
NEWER = "This sheet was changed to version {version} while you were writing. Nothing is stored yet."


def take(desk: Desk, pairs: Pairs, *, total: bool) -> HttpResponse:
    """Store a sheet and lead to its entry; show it again where something cannot be taken.

    Args:
        desk: The request.
        pairs: The fields of the page.
        total: Whether only a reported total is stored, without answers.
    """
    root, strange = plant(pairs)
    found = read(desk.form, root)
    moment, wrong = happened(pairs, desk.at, desk.zone)
    wrong += [*found.wrong, *unknown([*strange, *found.strange])]
    more: dict[str, Any] = {"zone": desk.zone}
    if total:
        value, off = total_of(desk.form, dict(pairs).get(TOTAL, ""), found)
        wrong += off
        more |= {"kind": "total_only", "total": value}
    else:
        wrong += list(_needed(desk.form, found)) + _past(desk, found, root, moment)
    made = id_of(pairs)
    if wrong or made is None:
        return _back(desk, pairs, found, root, wrong, {} if made else {"notice": NO_MARK})
    asked = asked_for(desk.request, desk.form, desk.record)
    if asked.is_plain and not total:
        asked = AskedFor(begun(desk.actor, desk.at, desk.course, desk.form, found.answers, made))
    try:
        saved = save_entry(
            by=desk.actor,
            at=desk.at,
            enrolment=desk.course,
            form=desk.form.id,
            answers={} if total else found.answers,
            happened_at=moment,
            id=made,
            **more,
            **_from_address(asked),
        )
    except Invalid as refused:
        return _back(desk, pairs, found, root, in_words(refused.troubles, found, root), {})
    except (SameIdOtherBody, Replaced) as conflict:
        return both(desk, pairs, found, conflict)
    _settle(desk, pairs, made)
    return _on(desk, pairs, saved)


def total_of(form: Form, text: str, found: Read) -> tuple[int | float | None, list[Wrong]]:
    """Return a reported total inside the range of the form's score, or what is wrong with it."""
    one = form.score_named(form.primary) if form.primary else None
    if one is None:
        return None, [Wrong(TOTAL, "This sheet has no total.")]
    if found.answers:
        return None, [Wrong(TOTAL, "There are answers on the sheet, too. Save the answers, or blank them first.")]
    number = number_of(text.strip())
    low, high = one.range
    if isinstance(number, (int, float)) and low <= number <= high and (one.is_exact or float(number).is_integer()):
        return (int(number) if float(number).is_integer() else number), []
    said = f"you wrote “{shortened(text)}”" if text.strip() else "nothing stands there"
    return None, [Wrong(TOTAL, f"The total goes from {low:g} to {high:g}; {said}.")]


def _needed(form: Form, found: Read) -> Iterable[Wrong]:
    """Name what is blank on a sheet that courses, sessions and groups are read from; no other demands completeness."""
    if form.id in SHEETS:
        yield from (Wrong(item, NEEDED) for item in score(form, found.answers).missing.items)


def _past(desk: Desk, found: Read, root: Typed, moment: Any) -> list[Wrong]:
    """Name days that cannot lie ahead of the day the sheet was filled in."""
    if not engine_of(desk.form).past:
        return []
    day = (moment or desk.at).astimezone(desk.here).date()
    return in_words(score(desk.form, found.answers, {"today": day.isoformat()}).errors, found, root)


def _back(desk: Desk, pairs: Pairs, found: Read, root: Typed, wrong: list[Wrong], more: dict[str, Any]) -> HttpResponse:
    """Show the sheet again: nothing is stored, nothing is lost."""
    every = [*wrong, *in_words(score(desk.form, found.answers).errors, found, root)]
    if dict(pairs).get(VERSION, desk.form.version) != desk.form.version:
        more.setdefault("notice", NEWER.format(version=desk.form.version))
    return show(desk.request, desk.sheet(pairs, id_of(pairs) or uuid7()), status=422, wrong=every, **more)


def _from_address(asked: AskedFor) -> dict[str, Any]:
    if asked.is_plain:
        return {}
    older = asked.replaces
    kept = {"replaces": UUID(older.id), "visibility": older.visibility} if older else {}
    return {"about": asked.about, **kept}


def _settle(desk: Desk, pairs: Pairs, made: UUID) -> None:
    """Throw away what was kept of the sheet while it was being written."""
    settles = id_of(pairs, SETTLES)
    if may_wait(desk.form) or settles:
        drop_drafts(desk.actor, [made, *([settles] if settles else [])])


def _on(desk: Desk, pairs: Pairs, saved: Saved) -> HttpResponse:
    """Lead on to the entry; the address says in one word how it came to be."""
    told = "saved" if saved.made else "again"
    back = desk.back(desk.record()) if desk.came_from else None
    calls = bool(saved.flags or (saved.result and saved.result.findings))
    if back is not None and told == "saved" and (back.tells or not calls):
        return HttpResponseRedirect(f"{back.address}?told=sheet#h-sheets", status=303)
    if saved.made and dict(pairs).get(VERSION, desk.form.version) != desk.form.version:
        told = "newer"
    back_there = f"back={back.session}&" if back is not None and back.session else ""
    response = HttpResponseRedirect(f"{desk.done(str(saved.id))}?{back_there}told={told}")
    response.status_code = 303
    return response

"""The After card of a session: one page of chips, kept as a draft while it is written, saved as one act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from openipt.casebook.operations.drafting import drop_drafts, open_drafts
from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody
from openipt.casebook.operations.sessions import RECORD, close_session, step_before
from openipt.casebook.queries.deadlines import deadlines
from openipt.casebook.queries.fits import stored_fit
from openipt.casebook.queries.notes import signed
from openipt.casebook.queries.visible import NotVisible
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor, door
from openipt.rooms.filling.asked_for import may_write, names_of, zone_of
from openipt.rooms.filling.drafts import keep
from openipt.rooms.filling.fill import BACK, SIGNED_IN_ANEW
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.said import Wrong
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.sheet import AGAIN, DO, ID, id_of, unknown
from openipt.rooms.filling.signing_in import LastingDoor, ask_to_sign_in, come_back, forget, made_for
from openipt.rooms.filling.typed import Pairs, plant
from openipt.rooms.filling.writing import pairs_of
from openipt.rooms.filling.wrong import by_name, in_words
from openipt.rooms.workspace.courses import Course, who
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.measuring.piles import can_be_typed
from openipt.rooms.workspace.measuring.typed import typed_words
from openipt.rooms.workspace.said import Said
from openipt.rooms.workspace.sessions.chips import (
    LAST,
    LAST_WORDS,
    STEP_PERSON,
    STEP_TEXT,
    Card,
    chips,
    offered,
    with_what_follows,
)
from openipt.rooms.workspace.sessions.meeting import Meeting, as_marked, meeting
from openipt.rooms.workspace.sessions.next_date import two_dates
from openipt.rooms.workspace.sessions.since import since
from openipt.rooms.workspace.sessions.told import told
from openipt.rooms.workspace.sheets import catching
from openipt.rooms.workspace.sheets.beside_session import address_of_session, keyed
from openipt.therapy.course.runs_out import runs_out
from openipt.therapy.forms import open_form, score
from openipt.therapy.record import Entry, alias
from openipt.therapy.vocabulary import vocabulary

REPLACES = "_replaces"
CHANGE, CARD = "change", "card"  # in the address of a session: its card is to be changed
ON_CARD: tuple[str, ...] = (
    "mood",
    "mood_event_link",
    "meeting",
    "tasks",
    "techniques",
    "people",
    "feelings",
    "safety_asked",
    "safety_said",
    "next_date",
)
ON_CARD += ("note",)
NO_SUCH_MEETING = "The manual has no meeting “{}” beside its sessions. Choose one of those shown, or leave it."
BESIDE = (
    "Somebody was faster: this card was written while yours was open. Theirs stands; yours is kept with your drafts, "
    "and everything you typed is below. Save once more to put it in the place of the other."
)


# ---- doors ----


@door("session_records", "read")
def session_by_id(request: HttpRequest, course_id: str, session_id: str) -> HttpResponse:
    """Show a session by its label: one that uses no contracted session has no number of its own."""
    one = find_course(request, course_id)
    return show(request, one, _meeting(one, session_id))


def close(request: HttpRequest, course_id: str, session_id: str) -> HttpResponse:
    """Take the card in: into the record whole, or back onto the page with everything as it was typed.

    Whoever has to sign in again on the way finds everything here again, as on any sheet.
    """
    pairs = typed_in(request)
    if request.actor is None:  # type: ignore[attr-defined]
        return ask_to_sign_in(request, pairs)
    if request.method != "POST":
        return _come_back(request, course_id, session_id)
    if dict(pairs).get(DO) == AGAIN:
        one = find_course(request, course_id)
        return show(request, one, _meeting(one, session_id), pairs=pairs, notice=SIGNED_IN_ANEW, status=403)
    then = dict(pairs).get("_then", "")
    if then == "catch":
        return _catch(request, course_id, session_id, pairs)
    if then == "all":
        return _mark_all(request, course_id, session_id, pairs)
    if then.startswith("undo:"):
        return _take_back(request, course_id, session_id, pairs, then.removeprefix("undo:"))
    return _close(request, course_id, session_id, pairs)


close.door = LastingDoor("session_records", "write")  # type: ignore[attr-defined]


def _come_back(request: HttpRequest, course_id: str, session_id: str) -> HttpResponse:
    """Show the card with what was typed before the sign-in ran out; else lead to the session."""
    find_enrolment(who(request), course_id, "session_records", "write", timezone.now())
    one = find_course(request, course_id)
    met = _meeting(one, session_id)
    typed = come_back(request, who(request).id)
    if typed is None:
        return redirect(f"{address_of(met, course_id)}#h-after")
    return forget(request, show(request, one, met, pairs=typed, notice=BACK))


def _catch(request: HttpRequest, course_id: str, session_id: str, pairs: Pairs) -> HttpResponse:
    """Keep one line, and the card as far as it is written."""
    now, actor = timezone.now(), who(request)
    one = find_course(request, course_id)
    met = _meeting(one, session_id)
    catch, line = catching.read(dict(pairs), one.record)
    if line is None:
        return show(request, one, met, pairs=_card_of(pairs), catch=catch, status=422)
    made = catching.keep_line(actor, now, course_id, met.session, line, catch.id, zone_of(actor.organisation))
    _keep_card(actor, course_id, session_id, pairs, now)
    return redirect(f"{address_of(met, course_id)}?told=caught&caught={made}#h-catch")


def _take_back(request: HttpRequest, course_id: str, session_id: str, pairs: Pairs, entry: str) -> HttpResponse:
    now, actor = timezone.now(), who(request)
    one = find_course(request, course_id)
    met = _meeting(one, session_id)
    catching.take_back(actor, now, one.record, entry)
    _keep_card(actor, course_id, session_id, pairs, now)
    return redirect(f"{address_of(met, course_id)}?told=back#h-catch")


def _mark_all(request: HttpRequest, course_id: str, session_id: str, pairs: Pairs) -> HttpResponse:
    """Show the card again with what was offered marked, but what was asked about danger and what is not there yet."""
    one = find_course(request, course_id)
    met = _meeting(one, session_id)
    _keep_card(who(request), course_id, session_id, pairs, timezone.now())
    step = bool(dict(pairs).get(STEP_TEXT, "").strip())
    marked = [("tasks", task) for task in offered(met, step=step) if ("tasks", task) not in pairs]
    return show(request, one, met, pairs=[*pairs, *marked])


def _card_of(pairs: Pairs) -> Pairs | None:
    """Return what was typed on the card; nothing where only the line beside it was sent."""
    return pairs if id_of(pairs) else None


def _keep_card(actor: Actor, course_id: str, session_id: str, pairs: Pairs, now: datetime) -> None:
    """Keep the card as a draft where it came along: what was typed on it must not go with the page."""
    made = id_of(pairs)
    if made is None:
        return
    card = [(name, text) for name, text in pairs if not name.startswith("_catch") and name != "_then"]
    keep(actor, course_id, open_form(RECORD), made, card, session_id, dict(pairs).get(REPLACES) or None, now)


def _close(request: HttpRequest, course_id: str, session_id: str, pairs: Pairs) -> HttpResponse:
    now, actor = timezone.now(), who(request)
    form = open_form(RECORD)
    root, strange = plant(pairs)
    found = read(form, root)
    one = find_course(request, course_id)
    met = _meeting(one, session_id)
    replaced = _record_entry(one, session_id, dict(pairs).get(REPLACES, ""))
    kept = {name: value for name, value in replaced.answers.items() if name not in ON_CARD} if replaced else {}
    steps, wrong = _steps(dict(pairs), one, met)
    wrong += [*found.wrong, *unknown([*strange, *found.strange]), *two_dates(dict(pairs))]
    answers = {**kept, **found.answers}
    if tasks := with_what_follows(found.answers.get("tasks") or (), dict(pairs)):
        answers["tasks"] = tasks
    wrong += [*in_words(score(form, answers).errors, found, root), *_strange_meeting(answers, one, replaced)]
    made = id_of(pairs)
    if wrong or made is None:
        return show(request, one, met, pairs=pairs, wrong=wrong, status=422)
    try:
        close_session(
            by=actor,
            at=now,
            enrolment=course_id,
            session=session_id,
            answers=answers,
            id=made,
            replaces=UUID(replaced.id) if replaced else None,
            **steps,
        )
    except Invalid as refused:
        return show(request, one, met, pairs=pairs, wrong=in_words(refused.troubles, found, root), status=422)
    except (Replaced, SameIdOtherBody) as late:
        again = _with(pairs, {ID: str(uuid4()), REPLACES: str(late.entry)})
        return show(request, find_course(request, course_id), met, pairs=again, notice=BESIDE, status=409)
    if dict(pairs).get("_then") == "note":
        return redirect("note", course_id, session_id)
    return redirect(f"{address_of(met, course_id)}?told=saved#h-after")


@door("session_records", "write")
@require_POST
def draft(request: HttpRequest, course_id: str, session_id: str) -> HttpResponse:
    """Keep the card as its author's draft; answer when."""
    now, actor, pairs = timezone.now(), who(request), typed_in(request)
    made = id_of(pairs)
    if made is None:
        return JsonResponse({"say": "Not kept: this page has lost its mark. Your text is still here."}, status=400)
    older = dict(pairs).get(REPLACES) or None
    kept = keep(actor, course_id, open_form(RECORD), made, pairs, session_id, older, now)
    here = now.astimezone(ZoneInfo(zone_of(actor.organisation)))
    return JsonResponse({"kept": f"{here:%H:%M}", "handed_in": not kept})


@door("session_records", "write")
@require_POST
def drop(request: HttpRequest, course_id: str, session_id: str) -> HttpResponse:
    """Throw a draft of the card away."""
    one, made = find_course(request, course_id), id_of(typed_in(request))
    drop_drafts(who(request), [made] if made else [])
    return redirect(f"{address_of(_meeting(one, session_id), course_id)}#h-after")


# ---- the page ----


def show(
    request: HttpRequest,
    one: Course,
    met: Meeting,
    *,
    pairs: Pairs | None = None,
    wrong: Iterable[Wrong] = (),
    notice: str = "",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Show a session in its four moments; its card can be written by whoever may."""
    now, actor = timezone.now(), who(request)
    may = one.named and may_write(actor, one.id, open_form(RECORD), now)
    writes = may and met.session.attended
    card = _card(request, one, met, pairs, wrong, notice, now) if writes else None
    between = since(one, met.session, met.before, stored_fit(actor, one.id, now))
    page = {
        "here": "caseload",
        "tab": "session",
        "meeting": as_marked(met, card.done) if card and not card.written else met,
        "since": between,
        "all": one,
        "done": told(request.GET.get("told", ""), met),
        "about_people": [alias(one.record, person) or person for person in met.sheet.get("people") or ()],
        "step_with": _step_with(one, met),
        "typed_words": typed_words(one, request.GET.get("typed", "")),
        "on_paper": {item.id for item in met.told.due if item.kind == "measure" and can_be_typed(open_form(item.id))},
        "note": (note := signed(one.record, met.session)),
        "card_is_newer": note is not None and _written_after(one.record.newest(RECORD, met.session.id), note.note),
        "may_write": may,
        "card": card,
        "change_card": f"{address_of(met, one.id)}?{CHANGE}={CARD}" if writes and card is None else "",
        "runs_out": () if met.following else runs_out(one.manual, one.record, _today(actor, now)),
        "missed": met.sheet.get("missed_reason"),
        "made_for": made_for(actor.id, reverse("close-session", args=[one.id, met.session.id])),
        "keys": keyed(one, met.session) if may else (),
        "catch": _blank_catch(request, one) if may else None,
        "catch_kinds": catching.WORDS,
        "catch_days": catching.days(now.astimezone(ZoneInfo(zone_of(actor.organisation))).date()),
        "catch_people": names_of(one.record) if may else {},
        "zone": zone_of(actor.organisation),
        "deadlines": deadlines(actor, (one.id,)).get(one.id, ()) if met.told.flags else (),
        **more,
    }
    return render(request, "workspace/session.html", page, status=status)


def _today(actor: Actor, now: datetime) -> date:
    """Return the day it is where the service is."""
    return now.astimezone(ZoneInfo(zone_of(actor.organisation))).date()


def _step_with(one: Course, met: Meeting) -> str:
    """Name whom the step agreed is with; empty where nobody was named."""
    person = met.next_step.answers.get("person") if met.next_step else None
    return str(alias(one.record, str(person)) or person) if person else ""


def _written_after(card: Entry | None, note: Entry) -> bool:
    """Whether the card was changed once the note was signed: the two may say different things then."""
    return card is not None and card.recorded_at > note.recorded_at


def address_of(met: Meeting, course_id: str) -> str:
    """Return where a session stands."""
    return address_of_session(course_id, met.session)


def _blank_catch(request: HttpRequest, one: Course) -> catching.Catch:
    """Return an empty line; with the one that was just caught, so that it can be taken back."""
    entry, words = catching.caught(one.record, request.GET.get("caught", ""))
    return replace(catching.blank(), caught=entry, caught_words=words)


def _meeting(one: Course, session_id: str) -> Meeting:
    found = meeting(one, session_id=session_id)
    if found is None:
        raise NotVisible(session_id)
    return found


def _record_entry(one: Course, session_id: str, entry_id: str) -> Entry | None:
    """Return the card that this one replaces; only one of this session counts."""
    return next((entry for entry in one.record.of(RECORD, session_id) if entry.id == entry_id), None)


def _with(pairs: Pairs, more: Mapping[str, str]) -> Pairs:
    return [*((name, text) for name, text in pairs if name not in more), *more.items()]


def _strange_meeting(answers: Mapping[str, Any], one: Course, replaced: Entry | None) -> list[Wrong]:
    """Name a meeting that the manual does not have; one that was written under an earlier manual stays."""
    said = answers.get("meeting")
    known = {meeting.id for meeting in one.manual.meetings} | {replaced.answers.get("meeting") if replaced else None}
    return [] if said is None or said in known else [Wrong("meeting", NO_SUCH_MEETING.format(str(said)[:60]))]


def _steps(typed: Mapping[str, str], one: Course, met: Meeting) -> tuple[dict[str, Any], list[Wrong]]:
    """Read the step agreed and how the last one went."""
    said = Said(typed)
    step = {"text": said.text(STEP_TEXT), "person": said.one_of(STEP_PERSON, names_of(one.record))}
    last = {
        "status": said.one_of(LAST, vocabulary()["step_statuses"]),
        "what_happened": said.text(LAST_WORDS),
    }
    if last["what_happened"] and not last["status"]:
        said.wrong[LAST] = "Say how the last step went, too."
    steps = {"step": step, "last": last if last["status"] and step_before(one.record, met.session) else None}
    return steps, [Wrong(name, words) for name, words in said.wrong.items()]


def _card(
    request: HttpRequest,
    one: Course,
    met: Meeting,
    pairs: Pairs | None,
    wrong: Iterable[Wrong],
    notice: str,
    now: datetime,
) -> Card | None:
    """Build the card from what was just typed, else from the draft, else from the record, else from what is known.

    One that was handed in is only shown to whoever asks to change it: most who open the page only read.
    """
    stored = one.record.newest(RECORD, met.session.id)
    kept_at = None
    if pairs is None:
        drafts = open_drafts(by=who(request), at=now, enrolment=one.id, form=RECORD, about=met.session.id)
        if drafts:
            pairs, kept_at = [tuple(pair) for pair in drafts[0].body["pairs"]], drafts[0].saved_at
            pairs = _with(pairs, {ID: str(drafts[0].id)})
    if pairs is None:
        if stored and request.GET.get(CHANGE) != CARD:
            return None
        pairs = _stored(one, met, stored) if stored else []
    made = chips(met, pairs, step_before(one.record, met.session), stored is not None)
    return Card(
        **made,
        id=id_of(pairs) or uuid4(),
        replaces=dict(pairs).get(REPLACES, stored.id if stored else ""),
        written=stored is not None,
        kept_at=kept_at,
        wrong={f"x{name}" if name.startswith("_") else name: words for name, words in by_name(wrong).items()},
        notice=notice,
    )


def _stored(one: Course, met: Meeting, stored: Entry) -> Pairs:
    pairs = pairs_of(open_form(RECORD), stored.answers, [thing.id for thing in one.record.people])
    said = met.next_step.answers if met.next_step else {}
    return [*pairs, (STEP_TEXT, str(said.get("text") or "")), (STEP_PERSON, str(said.get("person") or ""))]

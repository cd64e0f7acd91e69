"""The After card of a session: one page of chips, kept as a draft while it is written, saved as one act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
from openipt.casebook.queries.fits import stored_fit
from openipt.casebook.queries.notes import signed
from openipt.casebook.queries.visible import NotVisible
from openipt.policy import door
from openipt.rooms.filling.asked_for import may_write, names_of, zone_of
from openipt.rooms.filling.drafts import keep
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.said import Wrong
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.sheet import ID, id_of, unknown
from openipt.rooms.filling.typed import Pairs, plant
from openipt.rooms.filling.writing import pairs_of
from openipt.rooms.filling.wrong import by_name, in_words
from openipt.rooms.workspace.courses import Course, who
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.meeting import Meeting, meeting
from openipt.rooms.workspace.said import Said
from openipt.rooms.workspace.since import since
from openipt.therapy.forms import open_form, score
from openipt.therapy.manuals import open_task, open_technique, technique_ids
from openipt.therapy.record import Entry, Record, alias, focus_people
from openipt.therapy.vocabulary import label, vocabulary
from openipt.therapy.words import render as put
from openipt.therapy.words import say

REPLACES = "_replaces"
STEP_TEXT, STEP_PERSON, LAST, LAST_WORDS = "_step_text", "_step_person", "_last", "_last_words"
ON_CARD = ("mood", "mood_event_link", "tasks", "techniques", "people", "feelings", "safety_asked", "next_date", "note")
TOLD = {
    "saved": "In the record.",
    "started": "The session stands in the record. What comes next is below.",
    "amended": "The session was changed. How it stood before is kept.",
}
BESIDE = (
    "Somebody was faster: this card was written while yours was open. Theirs stands; yours is kept with your drafts, "
    "and everything you typed is below. Save once more to put it in the place of the other."
)
DAYS_APART = {"weekly": 7, "biweekly": 14, "monthly": 28}


@dataclass(frozen=True, slots=True)
class Chip:
    """One answer that takes a tap."""

    value: str
    words: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """The card as it is shown: its chips, what was typed, what cannot be taken."""

    id: UUID
    replaces: str
    written: bool  # there is one in the record
    moods: tuple[Chip, ...]
    link: str
    tasks: tuple[Chip, ...]
    more_tasks: tuple[Chip, ...]
    techniques: tuple[Chip, ...]
    more_techniques: tuple[Chip, ...]
    people: tuple[Chip, ...]
    other_people: str
    feelings: tuple[Chip, ...]
    more_feelings: tuple[tuple[str, tuple[Chip, ...]], ...]
    safety: str
    last: Entry | None
    last_statuses: tuple[Chip, ...]
    last_words: str
    step: str
    step_people: tuple[Chip, ...]
    next_day: str
    next_time: str
    note: str
    kept_at: datetime | None = None
    wrong: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notice: str = ""


# ---- doors ----


@door("session_records", "read")
def session_by_id(request: HttpRequest, course_id: str, session_id: str) -> HttpResponse:
    """Show a session by its label: one that uses no contracted session has no number of its own."""
    one = find_course(request, course_id)
    return show(request, one, _meeting(one, session_id))


@door("session_records", "write")
@require_POST
def close(request: HttpRequest, course_id: str, session_id: str) -> HttpResponse:
    """Take the card in: into the record whole, or back onto the page with everything as it was typed."""
    now, actor, pairs = timezone.now(), who(request), typed_in(request)
    form = open_form(RECORD)
    root, strange = plant(pairs)
    found = read(form, root)
    one = find_course(request, course_id)
    met = _meeting(one, session_id)
    replaced = _record_entry(one, session_id, dict(pairs).get(REPLACES, ""))
    kept = {name: value for name, value in replaced.answers.items() if name not in ON_CARD} if replaced else {}
    steps, wrong = _steps(dict(pairs), one, met)
    wrong += [*found.wrong, *unknown([*strange, *found.strange])]
    answers = {**kept, **found.answers}
    wrong += in_words(score(form, answers).errors, found, root)
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
    between = since(one, met.session, met.before, stored_fit(actor, one.id, now))
    page = {
        "here": "caseload",
        "tab": "session",
        "meeting": met,
        "since": between,
        "all": one,
        "done_words": TOLD.get(request.GET.get("told", "")),
        "note": signed(one.record, met.session),
        "may_write": may,
        "card": _card(request, one, met, pairs, wrong, notice, now) if may and met.session.attended else None,
        "missed": met.sheet.get("missed_reason"),
        "zone": zone_of(actor.organisation),
        **more,
    }
    return render(request, "workspace/session.html", page, status=status)


def address_of(met: Meeting, course_id: str) -> str:
    """Return where a session stands: under its number, or under its label where it has none."""
    session = met.session
    if session.number:
        return reverse("session", args=[course_id, session.number])
    return reverse("meeting", args=[course_id, session.id])


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
) -> Card:
    """Build the card from what was just typed, else from the draft, else from the record, else from what is known."""
    stored = one.record.newest(RECORD, met.session.id)
    kept_at = None
    if pairs is None:
        drafts = open_drafts(by=who(request), at=now, enrolment=one.id, form=RECORD, about=met.session.id)
        if drafts:
            pairs, kept_at = [tuple(pair) for pair in drafts[0].body["pairs"]], drafts[0].saved_at
            pairs = _with(pairs, {ID: str(drafts[0].id)})
    fresh = pairs is None and stored is None
    if pairs is None:
        pairs = _stored(one, met, stored) if stored else []
    made = _chips(met, pairs, fresh, step_before(one.record, met.session))
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


def _chips(met: Meeting, pairs: Pairs, fresh: bool, last: Entry | None) -> dict[str, Any]:
    marked: dict[str, list[str]] = {}
    for name, text in pairs:
        marked.setdefault(name, []).append(text)
    said = {name: texts[-1] for name, texts in marked.items()}
    record = met.course.record
    planned = _next_date(met) if fresh else ("", "")
    status = said.get(LAST) or (str(last.answers.get("status")) if last else "")
    statuses = [(name, words) for name, words in vocabulary()["step_statuses"].items() if name != "planned"]
    return {
        "moods": tuple(Chip(str(n), str(n), said.get("mood") == str(n)) for n in range(11)),
        "link": _link(met) if fresh else said.get("mood_event_link", ""),
        **_work_chips(met, marked),
        **_feeling_chips(marked.get("feelings", [])),
        "people": tuple(_person_chips(record, marked.get("people", []))),
        "other_people": said.get("people.other", ""),
        "safety": said.get("safety_asked", ""),
        "last": last,
        "last_statuses": tuple(Chip(name, words, name == status) for name, words in statuses),
        "last_words": said.get(LAST_WORDS, str(last.answers.get("what_happened") or "") if last else ""),
        "step": said.get(STEP_TEXT, ""),
        "step_people": tuple(_person_chips(record, [said.get(STEP_PERSON, "")])),
        "next_day": said.get("next_date.day", planned[0]),
        "next_time": said.get("next_date.time", planned[1]),
        "note": said.get("note", ""),
    }


def _work_chips(met: Meeting, marked: Mapping[str, list[str]]) -> dict[str, tuple[Chip, ...]]:
    """Tasks and techniques: what this session offered stands first, everything else of the manual behind a fold."""
    manual = met.course.manual
    tasks, ways = marked.get("tasks", []), marked.get("techniques", [])
    offered = [item.task for item in met.told.agenda.offered]
    every = [offer.task for offer in manual.offers] + [step for area in manual.areas for step in area.steps]
    first = list(dict.fromkeys([*offered, *tasks]))
    near = [way for task in offered if _known(task) for way in open_task(task).techniques]
    near = list(dict.fromkeys([*ways, *near]))[: max(8, len(ways))]
    return {
        "tasks": tuple(Chip(name, _task_words(name), name in tasks) for name in first),
        "more_tasks": tuple(Chip(name, _task_words(name)) for name in dict.fromkeys(every) if name not in first),
        "techniques": tuple(Chip(name, _way_words(name), name in ways) for name in near),
        "more_techniques": tuple(Chip(name, _way_words(name)) for name in technique_ids() if name not in near),
    }


def _known(task: str) -> bool:
    try:
        open_task(task)
    except (KeyError, ValueError):
        return False
    return True


def _task_words(task: str) -> str:
    return open_task(task).name if _known(task) else label("tasks", task)


def _way_words(way: str) -> str:
    return open_technique(way).name if way in technique_ids() else way


def _feeling_chips(marked: list[str]) -> dict[str, Any]:
    families = vocabulary()["feelings"].values()
    first = {next(iter(family["words"])) for family in families} | set(marked)
    words = {name: text for family in families for name, text in family["words"].items()}
    more = (
        (family["label"], tuple(Chip(name, text) for name, text in family["words"].items() if name not in first))
        for family in families
    )
    return {
        "feelings": tuple(Chip(name, text, name in marked) for name, text in words.items() if name in first),
        "more_feelings": tuple(more),
    }


def _person_chips(record: Record, marked: list[str]) -> Iterable[Chip]:
    """The people of the circle, those of the focus first."""
    near = focus_people(record)
    ids = [*near, *(thing.id for thing in record.people if thing.ended_at is None and thing.id not in near)]
    for name in dict.fromkeys([*ids, *(one for one in marked if one)]):
        yield Chip(name, alias(record, name) or name, name in marked)


def _link(met: Meeting) -> str:
    """Begin the sentence on mood and event from the diary: the lowest day since last time with somebody in it."""
    record = met.course.record.as_of(met.session.happened_at)
    since = met.before.recorded_at if met.before else None
    days = [
        entry
        for entry in record.of("mood-diary")
        if entry.answers.get("interactions")
        and entry.answers.get("mood") is not None
        and (since is None or entry.happened_at > since)
    ]
    if not days:
        return ""
    lowest = min(days, key=lambda entry: (entry.answers["mood"], -entry.happened_at.timestamp()))
    row = lowest.answers["interactions"][0]
    kinds = ", ".join(label("event_kinds", kind).lower() for kind in row.get("kinds") or ())
    person = alias(record, row.get("person"))
    event = f"{person}: {kinds}" if person and kinds else person or kinds
    return put(say("after.link", on=lowest.happened_at, mood=lowest.answers["mood"], event=event)) if event else ""


def _next_date(met: Meeting) -> tuple[str, str]:
    """Propose the next date by the rhythm that was agreed; nothing near the end, or without a rhythm."""
    rhythm = met.course.record.says("contract").get("cadence") or met.course.manual.dose.cadence
    if met.told.agenda.position.left <= 1 or rhythm not in DAYS_APART:
        return "", ""
    then = met.session.happened_at + timedelta(days=DAYS_APART[rhythm])
    return f"{then:%Y-%m-%d}", f"{then:%H:%M}"

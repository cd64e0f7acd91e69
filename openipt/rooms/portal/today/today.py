"""The door to today: one thing at a time, in order of need, with how long it takes; and a pause in one tap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openipt.casebook.operations.saving import SameIdOtherBody, save_entry
from openipt.casebook.queries.own import Own, in_charge
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.sheet import DO, id_of
from openipt.rooms.portal.caregiver.young import young_things
from openipt.rooms.portal.hall.doors import own_door, page
from openipt.rooms.portal.hall.promised import read_hours
from openipt.rooms.portal.questions.asking import asked_now, asked_of, at_question, key_of
from openipt.rooms.portal.today.afterwards import after_the_end
from openipt.rooms.portal.today.appointments import not_met
from openipt.rooms.portal.well.staying_well import asked_again
from openipt.rooms.portal.worksheets.to_do import own_things
from openipt.therapy.record import Entry, step_after
from openipt.therapy.record.views import day_of

TALK, DIARY, STEP, PAUSE = "talk-about", "mood-diary", "between-session-step", "portal-pause"
BACK = {"on": "on", "undo": "undone"}  # the buttons that end a pause, and what the page then says
WEEK = timedelta(days=7)
NEAR = timedelta(days=2)  # so long before a session what to talk about comes first
STEP_STAYS = timedelta(days=14)  # CLINICAL-RULES 4: old steps vanish after two weeks
OPEN_STATES = (None, "planned")
TOLD = {
    "sent": "Sent. Thank you.",
    "again": "This was sent before. It is there once.",
    "on": "You are back. Welcome.",
    "undone": "Not paused. All is as it was before.",
}


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing to do: where it is, what it is, how long it takes, why it is worth it."""

    kind: str
    address: str
    title: str
    long: str
    words: str
    verb: str


@own_door("goals_homework", "read")
def today(request: HttpRequest, own: Own) -> HttpResponse:
    """Show what there is to do today; nothing is a good answer, too."""
    until = paused_until(own)
    things = [] if until or own.ended else list(things_to_do(own))
    after = after_the_end(own) if own.ended else None
    return page(
        request,
        own,
        "today",
        tab="today",
        first=things[0] if things else None,
        others=things[1:],
        paused=until,
        just_paused=until is not None and request.GET.get("told") == "paused",
        ended=own.ended,
        after=after,
        missed=not_met(own),
        ask_again=after is not None and not after.due and asked_again(own),  # one question on one day
        next_at=own.next_at.astimezone(own.zone) if own.next_at else None,
        hours=read_hours(own),
        told=TOLD.get(request.GET.get("told", "")),
        plan_here=own.plan_on_phone and bool(own.record.of("safety-plan")),
        made_id=uuid4(),
    )


@own_door("goals_homework", "write")
def pause(request: HttpRequest, own: Own) -> HttpResponse:
    """Begin a pause of a week, take it back, or end it early: one tap each."""
    pairs = typed_in(request)
    made = id_of(pairs)
    if request.method != "POST" or made is None:
        return redirect("portal-today")
    back = BACK.get(dict(pairs).get(DO, ""))
    until = own.today if back else own.today + WEEK
    try:
        save_entry(
            by=own.actor,
            at=own.at,
            enrolment=own.label,
            form=PAUSE,
            answers={"until": until.isoformat()},
            id=made,
            zone=str(own.zone),
        )
    except SameIdOtherBody:  # two browsers with one page: the first tap stands
        return redirect("portal-today")
    return redirect(f"{reverse('portal-today')}?told={back or 'paused'}")


def paused_until(own: Own) -> date | None:
    """Return the day a pause ends; None where there is none now."""
    until = day_of(own.record.says(PAUSE).get("until"))
    return until if until is not None and until > own.today else None


def things_to_do(own: Own) -> Iterator[ToDo]:
    """Yield what there is to do, what matters most first."""
    yield from (ToDo(*one) for one in young_things(own))
    near = own.next_at is not None and own.next_at - own.at <= NEAR
    talk = list(_talk(own))
    yield from talk if near else ()
    yield from _questions(own)
    yield from _step(own)
    yield from _diary(own)
    yield from () if near else talk
    yield from (ToDo(*one) for one in own_things(own))


def _talk(own: Own) -> Iterator[ToDo]:
    if not since_last_session(own, own.record.of(TALK)):
        who = in_charge(own) or "your therapist"
        words = f"Your words are the first thing {who} reads. A word is enough. You can skip it."
        title = "What would you like to talk about next time?"
        yield ToDo("talk", reverse("portal-talk"), title, "One minute", words, "Write a few words")


def since_last_session(own: Own, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the entries that came after the last session that was held."""
    held = own.record.held()
    return tuple(one for one in entries if not held or one.happened_at > held[-1].happened_at)


def _questions(own: Own) -> Iterator[ToDo]:
    for form in asked_of(own):
        answered = since_last_session(own, own.record.of(form.id))
        if any(own.today - one.happened_at.date() < WEEK for one in answered):
            continue
        minutes = max(1, round(form.minutes or 2))
        long = "One minute" if minutes == 1 else f"About {minutes} minutes"
        n = len(asked_now(form, {}))
        title = f"{n} short questions" if n > 1 else "One short question"
        at = at_question(own, form)
        words = "How were the last days? Your answers show how it is going. You can stop at any time."
        verb = f"Go on at {at} of {n}" if at else "Begin"
        yield ToDo("questions", reverse("portal-begin", args=[key_of(form.id)]), title, long, words, verb)


def _step(own: Own) -> Iterator[ToDo]:
    held = own.record.held()
    entry = step_after(own.record, held[-1]) if held else None
    if entry is None or not entry.about or entry.answers.get("status") not in OPEN_STATES:
        return
    if own.today - held[-1].day > STEP_STAYS:
        return
    title = str(entry.answers.get("text") or "The step you agreed") if own.reads else "The step you agreed"
    words = "Done, partly, changed, or not now: each answer helps."
    yield ToDo("step", reverse("portal-step", args=[entry.about]), title, "One minute", words, "Say how it went")


def _diary(own: Own) -> Iterator[ToDo]:
    if not any(one.happened_at.date() == own.today for one in own.record.of(DIARY)):
        words = "Your mood, and one thing that happened with somebody. A day without a note is fine."
        yield ToDo("diary", reverse("portal-diary"), "How is today?", "Half a minute", words, "Note it")

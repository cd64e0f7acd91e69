"""What a course says about reminders: whether and when the client may be written to, and what there is to remind of.

Nothing that was asked alone has a part in it: a mail, too, is something that the client's phone shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openipt.accounts.devices import Device
from openipt.accounts.models import Account
from openipt.casebook.models import Enrolment
from openipt.casebook.queries.manuals import manual_of
from openipt.casebook.queries.own import CONTACT, PAPER, chosen_way, due_now, next_session, open_to_client
from openipt.casebook.queries.record import record
from openipt.post.reminding.planning import HEARD_OF, Facts
from openipt.post.reminding.wall import Daytime
from openipt.therapy.course import outcome_form
from openipt.therapy.record import Entry, Record, step_after
from openipt.therapy.record.views import day_of

WISHES, ANSWER, PLAN, PAUSE = "reminders", "appointment-answer", "relapse-plan", "portal-pause"
A_WEEK = {"two": 2, "one": 1, "none": 0}
USUAL = 2
SAME = "same"  # the clock of the service
LATELY = timedelta(days=7)
OPEN_STEPS = (None, "planned")


@dataclass(frozen=True)
class Reach:
    """How a client may be reminded.

    Attributes:
        address: The e-mail address; empty where none may be used.
        why: Why there is none, as a code: `no_channel`, `no_address`, `hours_in_words`, `none_wanted`, `on_paper`.
        day: At which times of the day, in which zone.
        a_week: How many notes in seven days.
        link: Whether a note may lead straight to the questions.
    """

    address: str
    why: str
    day: Daytime
    a_week: int = USUAL
    link: bool = False


@dataclass(frozen=True)
class Stands:
    """One course, as far as reminders go."""

    enrolment: Enrolment
    record: Record
    facts: Facts
    reach: Reach


def stands(enrolment: UUID, at: datetime) -> Stands | None:
    """Return what a course says about reminders; None where there is no such course."""
    found = Enrolment.objects.select_related("client", "organisation").filter(id=enrolment).first()
    if found is None:
        return None
    known = open_to_client(record(found, naming=False))
    return Stands(found, known, _facts(found, known, at), reach_of(known, ZoneInfo(found.organisation.zone)))


def reach_of(known: Record, zone: ZoneInfo) -> Reach:
    """Return how a client may be reminded, from what they said about reaching them and about reminders.

    Args:
        known: The record.
        zone: The zone of the service, by whose clock a client lives who has not said otherwise.
    """
    contact, wishes = _said(known, CONTACT), _said(known, WISHES)
    day = _daytime(wishes, _zone(wishes, zone))
    a_week = A_WEEK.get(str(wishes.get("a_week")), USUAL)
    address = str(contact.get("email") or "").strip()
    hours_said = bool(contact.get("hours")) and not (wishes.get("earliest") and wishes.get("latest"))
    reasons = {
        "none_wanted": a_week == 0,
        "on_paper": chosen_way(known)[0] == PAPER,
        "no_channel": "email" not in (contact.get("channels") or ()),
        "no_address": "@" not in address,
        "hours_in_words": hours_said,  # safe hours in the client's words: a machine does not guess at them
    }
    why = next((name for name, holds in reasons.items() if holds), "")
    return Reach("" if why else address, why, day, a_week, wishes.get("link") is True)


def _said(known: Record, form: str) -> dict[str, Any]:
    """Return what a client said on all sheets of a form: the newest that answers a question decides it."""
    return {name: one for entry in known.of(form) for name, one in entry.answers.items() if one is not None}


def _zone(wishes: dict[str, Any], of_service: ZoneInfo) -> ZoneInfo:
    """Return the zone by whose clock a client lives."""
    said = str(wishes.get("zone") or SAME)
    return of_service if said == SAME else ZoneInfo(said)


def _daytime(wishes: dict[str, Any], zone: ZoneInfo) -> Daytime:
    usual = Daytime(zone)
    try:
        first = time.fromisoformat(str(wishes["earliest"])) if wishes.get("earliest") else usual.earliest
        last = time.fromisoformat(str(wishes["latest"])) if wishes.get("latest") else usual.latest
    except ValueError:
        return usual
    return Daytime(zone, first, last) if first < last else usual


def _facts(enrolment: Enrolment, known: Record, at: datetime) -> Facts:
    zone = ZoneInfo(enrolment.organisation.zone)
    today = at.astimezone(zone).date()
    pause = day_of(known.says(PAUSE).get("until"))
    devices = _devices(enrolment, at)
    outcome = outcome_form(manual_of(known), known).id
    if known.ended_on is not None and known.ended_on <= today:
        days = tuple(one for one in check_ins(known) if one > known.ended_on and not looked_at(known, outcome, one))
        return Facts(check_ins=days, follow_up=outcome, pause=pause, devices=devices)
    session = next_session(known, at)
    due = due_now(known, today) if session else ()
    return Facts(
        session=session,
        answered=session is not None and answer_to(known, session) is not None,
        questions=outcome if outcome in due and not _answered_lately(known, outcome, today) else "",
        step=_step(known),
        pause=pause,
        devices=devices,
    )


def _answered_lately(known: Record, form: str, today: date) -> bool:
    """Whether a questionnaire was answered for the session that comes: since the last one, and in these seven days."""
    held = known.held()
    since = [one for one in known.of(form) if not held or one.happened_at > held[-1].happened_at]
    return any(today - one.happened_at.date() < LATELY for one in since)


def _step(known: Record) -> datetime | None:
    held = known.held()
    entry = step_after(known, held[-1]) if held else None
    open_now = entry is not None and entry.answers.get("status") in OPEN_STEPS
    return held[-1].happened_at if open_now else None


def _devices(enrolment: Enrolment, at: datetime) -> tuple[tuple[str, datetime], ...]:
    """Return the devices that came in lately, but for the one that came first: that one the clinic let in."""
    account = Account.objects.filter(client=enrolment.client_id).first()
    if account is None:
        return ()
    met = list(Device.objects.filter(account=account).order_by("first_seen_at").values_list("id", "first_seen_at"))
    return tuple((str(name), since) for name, since in met[1:] if at - since < HEARD_OF)


def check_ins(known: Record) -> list[date]:
    """Return the days after the end on which client and clinic agreed to look at how it is."""
    rows = known.says(PLAN).get("check_in_dates") or ()
    return sorted({one for one in (day_of(row.get("date")) for row in rows) if one is not None})


def looked_at(known: Record, form: str, on: date, early: timedelta = timedelta(days=7)) -> bool:
    """Whether the questionnaire of a follow-up was answered: up to a week early counts for it."""
    later = [one for one in check_ins(known) if one > on]
    until = later[0] - early if later else date.max
    return any(on - early <= one.happened_at.date() < until for one in known.of(form))


def answer_to(known: Record, session: datetime) -> Entry | None:
    """Return the newest answer about a session; None where there is none."""
    minute = session.replace(second=0, microsecond=0)
    found = None
    for entry in known.of(ANSWER):
        said = datetime.fromisoformat(str(entry.answers["session_at"]))
        there = said if said.tzinfo else said.replace(tzinfo=session.tzinfo)
        found = entry if there == minute else found
    return found

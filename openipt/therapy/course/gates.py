"""Gates hold back offers, never the record. Each gate is one question to the record, with the reason in words."""

# ruff: noqa: ARG001 - all questions share one signature, whether or not they need all of it
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from openipt.therapy.course.beside import PROVIDER, agreed, gate_rules, has_provider
from openipt.therapy.course.eligibility import eligibility
from openipt.therapy.course.endings import closing
from openipt.therapy.course.events import events_since
from openipt.therapy.course.flags import ADULT, SELF_HARM_RULES, open_flags
from openipt.therapy.course.points import LOW_FIT, points_fallen
from openipt.therapy.course.position import count_at, planned_sessions, where
from openipt.therapy.course.young import age_now, consent, word_against
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import Manual, open_task
from openipt.therapy.manuals.definition import GateRule, Rule
from openipt.therapy.record import (
    Asked,
    Record,
    agreement,
    alias,
    done_tasks,
    fit,
    focus_people,
    violence_checks,
)
from openipt.therapy.record.views import day_of
from openipt.therapy.vocabulary import label, vocabulary
from openipt.therapy.words import Sentence, say

ASKED_WITHIN = timedelta(days=14)  # gate `violence`
ENDING_BEFORE = 3  # END.01 at least so many sessions before the planned end
ENDING_BEFORE_SHORT = 1  # in forms of up to 8 sessions
SHORT_FORM = 8
REASK_EVENTS = {"move", "birth", "relationship"}  # move, pregnancy, new partner
LEAST_BMI = 17.5  # PROTOCOLS 2.11: at or below this, medical care comes first
FEAR = {"unsure", "fear_or_coercion", "current_violence"}


@dataclass(frozen=True, slots=True)
class GateState:
    """A gate on a day: open, or closed with the reason and what would open it."""

    id: str
    open: bool
    strength: Literal["hard", "soft"]
    why: Sentence


Answer = tuple[bool, Sentence]


def gates(manual: Manual, record: Record, today: date) -> tuple[GateState, ...]:
    """Return every gate that has something to say on a day: in the manual's order, then those of add-ons."""
    key = ("gates", manual.id, manual.version, today)
    return record.remember(key, lambda: tuple(_answered(manual, record, today)))


def _answered(manual: Manual, record: Record, today: date) -> Iterator[GateState]:
    number = where(manual, record, today).number
    for rule in gate_rules(manual, record):
        question = _QUESTIONS.get(rule.id)
        answer = question(manual, record, today) if question else None
        if answer is not None:
            yield GateState(rule.id, answer[0], _strength(rule, number), answer[1])


def _strength(rule: GateRule, number: int) -> Literal["hard", "soft"]:
    if rule.hard_from_session is not None and number >= rule.hard_from_session:
        return "hard"
    return rule.strength


def _consent(manual: Manual, record: Record, today: date) -> Answer:
    given = record.newest("consent")
    if given and given.answers.get("treatment") is False:
        return False, say("gate.consent.refused", on=given.happened_at)
    if given and given.answers.get("emergency_reason"):
        return True, say("gate.consent.emergency", on=given.happened_at)
    done = done_tasks(record).get("INI.14")
    if given or done:
        return True, say("gate.consent.open", on=given.happened_at if given else done[0].day if done else None)
    return False, say("gate.consent.closed")


def _eligibility(manual: Manual, record: Record, today: date) -> Answer:
    intake = record.newest("intake")
    if intake is None:
        return False, say("gate.eligibility.closed")
    if not intake.answers.get("diagnosis"):
        return False, say("gate.eligibility.no_diagnosis")
    said = intake.answers
    against = tuple(row.get("text", "") for row in said.get("exclusions_met") or ())
    if against := against or _against_at_the_start(manual, record, today):
        return False, say("gate.eligibility.excluded", which=against)
    return True, say("gate.eligibility.open", diagnosis=said["diagnosis"], by=said.get("assessed_by") or "-")


def _against_at_the_start(manual: Manual, record: Record, today: date) -> tuple[str, ...]:
    """Return what spoke against this treatment before it began and still does.

    What comes up later is for the rules of safety: it holds back no course that is under way.
    """
    started = [session.day for session in record.held() if session.kind != "pre_group"]
    then = _against(manual, record, min([today, *started]))
    now = _against(manual, record, today) if then else {}
    return tuple(words for name, words in then.items() if name in now)


def _against(manual: Manual, record: Record, day: date) -> dict[str, str]:
    found = record.remember(("suitability", manual.id, manual.version, day), lambda: eligibility(manual, record, day))
    own = {rule.id for _, rule in manual.rules() if not _has_a_gate(rule)}  # those of an add-on have one as well
    against = (*found.met("exclude"), *found.made_for_others)
    return {met.rule.id: met.rule.when for met in against if met.rule.id in own}


def _has_a_gate(rule: Rule) -> bool:
    """Whether a rule of eligibility has a gate of its own: violence is asked again and again on the way."""
    return any(known.form == "violence-check" for known in rule.known_from)


def _prescriber(manual: Manual, record: Record, today: date) -> Answer:
    said = record.says("intake")
    if said.get("prescriber") and said.get("mood_stabiliser_plan"):
        return True, say("gate.prescriber.open", who=said["prescriber"])
    return False, say("gate.prescriber.closed")


def _medical(manual: Manual, record: Record, today: date) -> Answer:
    """Weight and height on record, and a body mass index above the limit."""
    said = record.says("medical-review")
    weight, height = said.get("weight_kg"), said.get("height_cm")
    if not weight or not height:
        return False, say("gate.medical.closed")
    index = weight / (height / 100) ** 2
    line = "gate.medical.open" if index > LEAST_BMI else "gate.medical.low"
    return index > LEAST_BMI, say(line, index=round(index, 1), least=LEAST_BMI)


def _add_on(manual: Manual, record: Record, today: date) -> Answer | None:
    if not agreed(record):
        return None
    if not has_provider(record):
        return False, say("gate.add_on.closed")
    return True, say("gate.add_on.open", who=record.says("intake")[PROVIDER])


def _minors(manual: Manual, record: Record, today: date) -> Answer | None:
    age = record.age if record.age is not None else age_now(record, today)
    if age is None or age >= ADULT:
        return None
    said = record.says("consent")
    if word_against(record):
        return False, say("gate.minors.word")
    if said.get("parent_not_safe"):
        return True, say("gate.minors.not_safe")
    stands = consent(record, today) if said.get("way") else None
    if stands is not None and stands.stands and stands.on:
        return True, say("gate.minors.way", way=say(f"young.way.{stands.way}"), on=stands.on)
    if said.get("caregivers") and said.get("assent_on") and said.get("caregivers_see"):
        return True, say("gate.minors.open", on=day_of(said["assent_on"]), n=len(said["caregivers"]))
    return False, say("gate.minors.closed")


def _open_flag(manual: Manual, record: Record, today: date) -> Answer:
    waiting = [flag for flag in open_flags(manual, record, today) if flag.rule in SELF_HARM_RULES]
    if waiting:
        return False, say("gate.open_flag.closed", why=waiting[0].why, on=waiting[0].on)
    return True, say("gate.open_flag.open")


def _formulation(manual: Manual, record: Record, today: date) -> Answer:
    shared = fit(record)
    if shared is None:
        return False, say("gate.formulation.closed")
    if shared.client_fit is None:
        return False, say("gate.formulation.no_fit", on=shared.at)
    if shared.client_fit < LOW_FIT:
        return True, say("gate.formulation.low", fit=shared.client_fit, on=shared.at)
    return True, say("gate.formulation.open", fit=shared.client_fit, on=shared.at)


def _contract(manual: Manual, record: Record, today: date) -> Answer:
    agreed = agreement(record)
    if agreed is None or agreed.planned_end is None:
        return False, say("gate.contract.closed")
    return True, say("gate.contract.open", n=agreed.total, end=agreed.extension_until or agreed.planned_end)


def _violence(manual: Manual, record: Record, today: date) -> Answer:
    if manual.format == "couple":
        return safe_together(record, today)
    return safe_for(record, people_of_step(record), today)


def safe_together(record: Record, today: date) -> Answer:
    """With a couple: open only when each of the two was asked alone, found it safe, and lately enough."""
    client = safe_for(record, people_of_step(record), today)
    if not client[0]:
        return client
    partner = _fresh_and_safe(record, None, today, of_partner=True)
    return partner if not partner[0] else (True, say("gate.violence.both", client=client[1], partner=partner[1]))


def safe_for(record: Record, people: tuple[str, ...], today: date) -> Answer:
    """Open when every person of a step is covered by a fact asked alone, safe, and fresh enough."""
    answers = [safe_to_raise(record, person, today) for person in people] or [safe_to_raise(record, None, today)]
    return next((answer for answer in answers if not answer[0]), answers[0])


def people_of_step(record: Record, task: str | None = None) -> tuple[str, ...]:
    """Return whom a hard step is about: caregivers in a joint session with them; the other side of a mapped dispute;
    else the living people of the focus; else whoever was last asked about by name.
    """
    if task and task.startswith("ADO"):
        return tuple(row["person"] for row in record.says("consent").get("caregivers") or () if row.get("person"))
    mapped = dict.fromkeys(entry.answers.get("person") for entry in record.of("dispute-map"))
    living = [person for person in mapped if person and _in_life(record, person)]
    people = living or [person for person in focus_people(record) if _in_life(record, person)]
    named = [check.about for check in violence_checks(record) if "all_current" not in check.about]
    return tuple(people) or (named[-1] if named else ())


def safe_to_raise(record: Record, person: str | None, today: date) -> Answer:
    """Say whether a hard talk with a person may be offered on a day, and why (not)."""
    return _fresh_and_safe(record, person, today, of_partner=False)


def _fresh_and_safe(record: Record, person: str | None, today: date, *, of_partner: bool) -> Answer:
    """Judge the newest check of one side: the client's about a person, or what the partner of a couple answered."""
    name = alias(record, person) or say("gate.violence.partner" if of_partner else "gate.violence.somebody")
    checks = [check for check in violence_checks(record) if check.counts and check.on <= today]
    covering = [check for check in checks if check.of_partner == of_partner and (of_partner or check.covers(person))]
    if not covering:
        return False, say("gate.violence.never", person=name)
    last = covering[-1]
    if not last.opens:
        return False, say("gate.violence.not_safe", person=name, on=last.on)
    if today - last.on > ASKED_WITHIN:
        return False, say("gate.violence.stale", person=name, on=last.on, days=ASKED_WITHIN.days)
    if event := _asked_again(record, person, last, today):
        return False, say("gate.violence.again", person=name, on=last.on, event=event)
    return True, say("gate.violence.open", person=name, on=last.on)


def _in_life(record: Record, person: str) -> bool:
    return record.says("interpersonal-inventory", person).get("status") != "deceased"


def _asked_again(record: Record, person: str | None, last: Asked, today: date) -> Sentence | None:
    """Return what has happened since the last check that asks for a new one."""
    for dispute in record.of("dispute-map"):
        whose = dispute.about in (None, person) or person is None
        after = last.on < dispute.happened_at.date() <= today
        if whose and after and dispute.answers.get("stage") == "dissolution":
            return say("gate.violence.event.dissolution")
    for said in events_since(record, REASK_EVENTS, last.on, today):
        return say("gate.violence.event.life", text=said.get("text") or label("timeline_event_types", said["type"]))
    entry = record.newest("interpersonal-inventory", person) if person else None
    if entry and entry.answers.get("safety") in FEAR and last.on < entry.happened_at.date() <= today:
        return say("gate.violence.event.fear")
    return None


def _prohibited(manual: Manual, record: Record, today: date) -> Answer | None:
    if not manual.forbid:
        return None
    return False, say("gate.prohibited", names=tuple(map(_called, manual.forbid)))


def _called(code: str) -> str:
    """Return what a task or a sheet is called; its code says nothing to a reader."""
    folder = vocabulary()["worksheet_aliases"].get(code)
    return open_form(folder).title if folder else open_task(code).name


def _decision_due(manual: Manual, record: Record, today: date) -> Answer:
    for point in points_fallen(manual, record, today):
        if point.overdue:
            return False, say("gate.decision_due.closed", point=point.point.label, on=point.on)
    return True, say("gate.decision_due.open")


def _ending_raised(manual: Manual, record: Record, today: date) -> Answer:
    planned = planned_sessions(manual, record)
    before = ENDING_BEFORE_SHORT if planned <= SHORT_FORM else ENDING_BEFORE
    here, latest = where(manual, record, today), max(1, planned - before)
    raised = done_tasks(record).get("END.01")
    if here.open_end:
        return True, say("gate.ending_raised.open_end", n=before)
    if raised:
        was = count_at(manual, record, raised[0])
        line = "gate.ending_raised.open" if was <= latest else "gate.ending_raised.late"
        return was <= latest, say(line, n=latest, was=was)
    if here.number <= latest:
        return True, say("gate.ending_raised.later", n=latest)
    return False, say("gate.ending_raised.closed", n=latest)


def _silent_discharge(manual: Manual, record: Record, today: date) -> Answer:
    wanting = closing(manual, record, today).wanting
    if wanting:
        return False, say("gate.silent_discharge.closed", what=wanting)
    return True, say("gate.silent_discharge.open")


def _extension(manual: Manual, record: Record, today: date) -> Answer:
    here, agreed = where(manual, record, today), agreement(record)
    if here.open_end:
        return True, say("gate.extension.open_end")
    if here.number > here.planned and not record.ended_on:
        return False, say("gate.extension.closed", n=here.planned)
    if agreed and agreed.extension and not (agreed.extension_until and agreed.extension_reason):
        return False, say("gate.extension.half", n=agreed.extension)
    return True, say("gate.extension.open", left=here.left)


def _version(manual: Manual, record: Record, today: date) -> Answer:
    if manual.known and record.manual_version != manual.version:
        return False, say("gate.version.closed", has=record.manual_version, shelf=manual.version)
    return True, say("gate.version.open", has=record.manual_version)


def _group_entry(manual: Manual, record: Record, today: date) -> Answer:
    met = done_tasks(record).get("GRP.01")
    if met:
        return True, say("gate.group_entry.open", on=met[0].day)
    return False, say("gate.group_entry.closed")


def _group_reachable(manual: Manual, record: Record, today: date) -> Answer:
    who = [name for name in (record.staff, record.supervisor) if name]
    if who:
        return True, say("gate.group_reachable.open", who=tuple(who))
    return False, say("gate.group_reachable.closed")


_QUESTIONS: dict[str, Callable[[Manual, Record, date], Answer | None]] = {
    "consent": _consent,
    "eligibility": _eligibility,
    "minors": _minors,
    "open_flag": _open_flag,
    "formulation": _formulation,
    "contract": _contract,
    "violence": _violence,
    "prohibited": _prohibited,
    "decision_due": _decision_due,
    "ending_raised": _ending_raised,
    "silent_discharge": _silent_discharge,
    "extension": _extension,
    "version": _version,
    "prescriber": _prescriber,
    "medical": _medical,
    "add_on": _add_on,
    "group_entry": _group_entry,
    "group_reachable": _group_reachable,
}

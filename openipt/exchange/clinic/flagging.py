"""Flags of a made-up course: what the rules raise is answered by a person, in words, on the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from openipt.exchange.cases.clock import on
from openipt.exchange.clinic.chance import likely, some
from openipt.exchange.clinic.rows import texts
from openipt.exchange.clinic.story import Story
from openipt.therapy.course import DerivedFlag
from openipt.therapy.course.flags import SELF_HARM_RULES, plan_is_current
from openipt.therapy.record import Entry, Flag, Outcome, Record

AT_WORK = timedelta(hours=8, minutes=40)  # of a working day: the clinic rings whoever wrote in the evening
SPOKEN = timedelta(minutes=12)  # into a session
RANG = timedelta(minutes=50)  # after a date nobody came to
PLAN_HOLDS = 26  # days


def settle(story: Story, raised: Iterable[DerivedFlag], met: datetime, *, came: bool) -> list[DerivedFlag]:
    """Answer every flag that nobody has answered yet, at a date the client came to or not; return those answered."""
    settled = []
    for flag in raised:
        if flag.handled is None:
            answered = _answered_at(story, flag, met)
            outcome = _outcome(story, flag, _spoken_at(answered, met, came), came)
            story.flags.append(_flag(story, flag, answered, (outcome,)))
            settled.append(flag)
    return settled


def leave_open(story: Story, raised: Iterable[DerivedFlag], moment: datetime) -> None:
    """Raise the flags that nobody has seen yet: they wait for a person."""
    for flag in raised:
        if flag.handled is None:
            story.flags.append(_flag(story, flag, _answered_at(story, flag, moment), ()))


def _flag(story: Story, flag: DerivedFlag, answered: datetime, outcomes: tuple[Outcome, ...]) -> Flag:
    return Flag(
        id=story.chance.id(f"flag/{flag.rule}/{flag.on}/{flag.entry or 'course'}"),
        rule=flag.rule,
        state=flag.state if outcomes else "new",
        answered_at=answered,
        received_at=answered,
        entry=flag.entry,
        item=flag.item,
        seen_at=outcomes[0].at if outcomes else None,
        outcomes=outcomes,
    )


def _answered_at(story: Story, flag: DerivedFlag, met: datetime) -> datetime:
    """Return when the answer came: the sheet's own time; of a state or a missed date, the last thing of that day."""
    sheet = next((entry for entry in story.entries if entry.id == flag.entry), None)
    if sheet is not None:
        return sheet.recorded_at
    return max([met] * (met.date() == flag.on) + _scored_on(story.entries, story, flag.on) or [on(flag.on)])


def _scored_on(entries: list[Entry], story: Story, day: date) -> list[datetime]:
    forms = story.manual.outcome
    return [one.recorded_at for one in entries if one.form in forms and one.happened_at.date() == day]


def _spoken_at(answered: datetime, met: datetime, came: bool) -> datetime:
    """Return when somebody spoke with the client: in the session, the next morning, or after a date not kept."""
    if answered >= met:
        return max(answered, met + SPOKEN) if came else met + RANG
    if came and answered.date() == met.date():
        return met + SPOKEN
    morning = on(answered.date() + timedelta(days=1)).replace(hour=0) + AT_WORK
    return morning if morning < met else met + (SPOKEN if came else RANG)


def _outcome(story: Story, flag: DerivedFlag, at: datetime, came: bool) -> Outcome:
    strong = flag.rule in ("R2", "R3", "R5", "R7")
    next_day = at.date() + timedelta(days=2 if flag.rule == "R2" else 7)
    return Outcome(
        at=at,
        by=story.staff,
        words=story.words.phrase(_words(flag, at, came)),
        assessed=flag.rule in SELF_HARM_RULES,
        supervisor_informed=strong,
        next_contact=next_day if flag.rule in (*SELF_HARM_RULES, "R11") else None,
    )


def _words(flag: DerivedFlag, at: datetime, came: bool) -> str:
    other = {"R5": "flag_worse", "R7": "flag_afraid", "R11": "flag_missed", "R12": "flag_minor"}
    if flag.rule in other:
        return other[flag.rule]
    if not came or at.date() != flag.on:
        return "flag_rang"
    if flag.rule == "R2":
        return "flag_strong"
    return "flag_known" if flag.state == "known" else "flag_new"


def look_after(story: Story, known: Record, settled: list[DerivedFlag], at: datetime, path: str) -> None:
    """Make the safety plan, or renew it, where thoughts of death were answered and no plan is current."""
    at_risk = any(flag.rule in SELF_HARM_RULES for flag in settled)
    if at_risk and not plan_is_current(known, at.date()):
        story.write("safety-plan", _plan(story, at.date(), len(known.of("safety-plan"))), at, f"{path}/safety-plan")


def _plan(story: Story, day: date, earlier: int) -> dict[str, object]:
    stream, words = story.chance.of("plan", earlier), story.words
    safer = {"action": words.phrase("plan_safer"), "done": likely(stream, 0.7)}
    return {
        "version": earlier + 1,
        "warning_signs": texts(words.several("plan_signs", 2)),
        "alone": texts(words.several("plan_alone", 3)),
        "people_places_distract": [{"name": name} for name in words.several("plan_places", 2)],
        "people_i_can_tell": [{"person": story.cast.other.id, "phone": "+00 000 000 04"}],
        "professionals": [
            {"name": "Clinic, working hours", "phone": "+00 000 000 10", "hours": "8 to 18"},
            {"name": "Crisis line", "phone": "+00 000 000 11", "hours": "day and night"},
        ],
        "emergency_number": "112",
        "safer_discussed": True,
        "safer_surroundings": [safer],
        "reason_to_live": words.phrase("plan_reasons"),
        "confidence_can_use": stream.randint(5, 9),
        "shared_with": some(stream, [story.cast.other.id], 0, 1) or None,
        "made_with": story.staff,
        "review_by": (day + timedelta(days=PLAN_HOLDS)).isoformat(),
    }

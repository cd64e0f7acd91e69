"""What a file claims, held against what follows from its facts. Differences are named, never smoothed over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Any

from openipt.therapy.course import derived_flags
from openipt.therapy.progress import half_up_pct
from openipt.therapy.record import session_sheet
from openipt.therapy.vocabulary import vocabulary

if TYPE_CHECKING:
    from openipt.exchange.cases.replay import Enrolment, Replay


@dataclass(frozen=True, slots=True)
class Compared:
    """One claim of a file beside what follows; None where one of the two says nothing."""

    enrolment: str
    place: str
    says: Any
    follows: Any

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return bool(self.says == self.follows)


def compare(told: Replay) -> tuple[Compared, ...]:
    """Compare everything a file says that follows from its other facts, in the order of the course."""
    found = [one for enrolment in told.enrolments for one in _enrolment(enrolment)]
    return (*found, *_group(told))


def _enrolment(one: Enrolment) -> Iterator[Compared]:
    for place, says, follows in (*_phases(one), *_decisions(one), *_flags(one), *_outcome(one)):
        yield Compared(one.record.enrolment, place, says, follows)


Row = tuple[str, Any, Any]


def _phases(one: Enrolment) -> Iterator[Row]:
    if not one.manual.known:
        return  # a stand-in has no phases of its own to hold against the file
    for told in one.sessions:
        says = session_sheet(one.record, told.session).get("phase")
        if says:
            yield f"session {told.session.number}: phase", says, told.phase.kind


def _decisions(one: Enrolment) -> Iterator[Row]:
    points = {point.point.id: point for told in one.sessions for point in told.decision}
    for entry in one.record.of("decision-record"):
        said, point = entry.answers, points.get(entry.answers.get("point", ""))
        place = f"{said.get('point')} (session {said.get('session')})"
        yield f"{place}: state", said.get("state"), point.state.id if point else None
        yield f"{place}: better by %", said.get("reduction_pct"), point.shown_pct if point else None


def _flags(one: Enrolment) -> Iterator[Row]:
    """A file may leave out flags that the rules make, and never has one that no rule makes."""
    last = one.record.sessions[-1].day if one.record.sessions else one.record.began_on
    derived = {(flag.on, flag.rule): flag for flag in derived_flags(one.manual, one.record, last)} if last else {}
    written = {(flag.answered_at.date(), flag.rule): flag.state for flag in one.record.flags}
    for on, rule in sorted({*written, *derived}):
        flag = derived.get((on, rule))
        yield f"{on.isoformat()}: flag {rule}", written.get((on, rule)), flag.state if flag else None


def _outcome(one: Enrolment) -> Iterator[Row]:
    said = one.record.says("ending").get("reported") or {}
    made, end = one.closing.outcome, one.closing
    follows = {
        "sessions_attended": end.sessions,
        "weeks": end.weeks,
        "response": made and made.response,
        "remission": made and made.remission,
        "recovered": made and made.recovered,
        "reliable_change": made and made.reliable,
        "reduction_pct": None if made is None or made.fall_pct is None else half_up_pct(made.fall_pct),
        "goal_attainment_mean": _goals(one),
    }
    yield from ((f"outcome: {key}", said[key], value) for key, value in follows.items() if key in said)
    for row in said.get("scores") or ():
        form = vocabulary()["measure_aliases"].get(row["measure"], row["measure"])
        values = [made.first, made.last] if made and form == made.form else _ends(one, form)
        for key, value in zip(("first", "last"), values, strict=True):
            if key in row:
                yield f"outcome: {row['measure']}_{key}", row[key], value


def _ends(one: Enrolment, form: str) -> list[float | None]:
    try:
        values = [reading.value for reading in one.record.readings(form)]
    except ValueError:  # the form is not on this shelf
        values = []
    return [values[0], values[-1]] if values else [None, None]


def _goals(one: Enrolment) -> float | None:
    """Return the mean of the last rating of every goal, to one decimal, half up."""
    sheets = [one.record.says("goals-and-boundaries", thing.id) for thing in one.record.goals]
    last = [sheet["ratings"][-1]["value"] for sheet in sheets if sheet.get("ratings")]
    return floor(10 * sum(last) / len(last) + 0.5) / 10 if last else None


def _group(told: Replay) -> Iterator[Compared]:
    said = next((claim.says for claim in told.case.claims if claim.place == "outcome"), None)
    if told.case.group is None or not isinstance(said, dict):
        return
    made = [one.closing.outcome for one in told.enrolments if one.closing.outcome]
    stopped = sum(one.closing.ending == "stopped_coming" for one in told.enrolments)
    follows = {
        "enrolled": len(told.enrolments),
        "completed": len(told.enrolments) - stopped,
        "stopped_coming": stopped,
        "mean_attendance_pct": _attendance(told),
        "PHQ9_pre_mean": _mean([one.first for one in made]),
        "PHQ9_last_mean": _mean([one.last for one in made]),
        "response_itt": sum(one.response is True for one in made),
        "remission_itt": sum(one.remission is True for one in made),
        "below_10": sum(one.last < 10 for one in made),
        "reliably_improved": sum(one.reliable == "improved" for one in made),
    }
    for key, value in follows.items():
        if key in said:
            yield Compared(told.case.id, f"outcome: {key}", said[key], value)


def _mean(values: list[float]) -> float | None:
    return floor(10 * sum(values) / len(values) + 0.5) / 10 if values else None


def _attendance(told: Replay) -> int | None:
    """Return the mean share of the group's sessions that members came to, in percent."""
    held = len(told.case.group.sessions) if told.case.group else 0
    came = [one.closing.sessions for one in told.enrolments]
    return half_up_pct(100 * sum(came) / (held * len(came))) if held and came else None

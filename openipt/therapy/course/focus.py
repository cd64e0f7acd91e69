"""Evidence for each problem area, from the timeline and the inventory. Nothing is chosen here, nothing preselected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openipt.therapy.manuals import Manual
from openipt.therapy.manuals.definition import Area
from openipt.therapy.record import Record, alias, gone, people_now
from openipt.therapy.words import Sentence, say

CONFLICT_SPEAKS = 2  # conflict 0-4, from here on it is evidence
FEW_PEOPLE = 2  # fewer current people than this is a finding (PROTOCOLS 1.3)
GAP_SPEAKS = 3  # wished closeness minus closeness
TIES_LOST = {"estranged", "lost_contact"}


@dataclass(frozen=True, slots=True)
class AreaEvidence:
    """What the record holds that speaks for an area, and what is known about choosing it."""

    area: Area
    lines: tuple[Sentence, ...]


def evidence_for_areas(manual: Manual, record: Record, today: date) -> tuple[AreaEvidence, ...]:
    """Return the evidence for every area of the manual, in the manual's order."""
    return tuple(AreaEvidence(area, (*_events(record, area, today), *_people(record, area))) for area in manual.areas)


def _events(record: Record, area: Area, today: date) -> list[Sentence]:
    lines = []
    for thing in record.events:
        said = record.says("timeline", thing.id)
        if said.get("type") in area.look_for and str(said.get("date", "")) <= today.isoformat():
            line = "evidence.event_onset" if said.get("suspected_onset_link") else "evidence.event"
            lines.append(say(line, text=said.get("text"), date=said.get("date")))
    return lines


def _people(record: Record, area: Area) -> list[Sentence]:
    everybody = [(thing.id, record.says("interpersonal-inventory", thing.id)) for thing in record.people]
    if area.id == "PA_GRIEF":
        return [
            say("evidence.died", person=alias(record, person), role=said.get("role_in_onset") or "none")
            for person, said in everybody
            if said.get("status") == "deceased" and said.get("role_in_onset") in ("possible", "clear")
        ]
    if area.id == "PA_DISPUTE":
        return [
            say("evidence.conflict", person=alias(record, person), conflict=said["conflict"])
            for person, said in everybody
            if (said.get("conflict") or 0) >= CONFLICT_SPEAKS and said.get("status") != "deceased"
        ]
    if area.id == "PA_DEFICIT":
        return _isolation(record, everybody)
    return []


def _isolation(record: Record, people: list[tuple[str, dict[str, object]]]) -> list[Sentence]:
    """Who is in this life now is counted as on the page of people: a sheet that does not say is somebody who is."""
    if not people:
        return []
    now = people_now(record)
    current = [said for person, said in people if person in now]
    lines = [say("evidence.few", n=len(current))] if len(current) < FEW_PEOPLE else []
    lost = [person for person, said in people if _tie_lost(record, person, said)]
    if lost:
        lines.append(say("evidence.lost_ties", n=len(lost)))
    wanting = [said for said in current if _gap(said) >= GAP_SPEAKS]
    if wanting:
        lines.append(say("evidence.gap", n=len(wanting)))
    return lines


def _tie_lost(record: Record, person: str, said: dict[str, object]) -> bool:
    status = said.get("status")
    return status in TIES_LOST and (status == "estranged" or gone(record, person))


def _gap(said: dict[str, object]) -> float:
    wished, close = said.get("wished_closeness"), said.get("closeness")
    return wished - close if isinstance(wished, (int, float)) and isinstance(close, (int, float)) else 0


def dispute_in_view(record: Record) -> bool:
    """Whether the record already speaks of a conflict with a living person."""
    return any(
        (said.get("conflict") or 0) >= CONFLICT_SPEAKS and said.get("status") != "deceased"
        for thing in record.people
        for said in (record.says("interpersonal-inventory", thing.id),)
    ) or any(record.says("timeline", thing.id).get("type") == "dispute" for thing in record.events)

"""Medicines and other care as they stand, each change a fact of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openipt.therapy.record import Entry, Record
from openipt.therapy.record.views import day_of
from openipt.therapy.words import Sentence, render, say

MEDICATION, OTHER = "medication", "other-care"
STOPPED = "stop"


@dataclass(frozen=True, slots=True)
class Medicine:
    """One medicine: how it stands after its newest change, and everything that was written of it, newest first."""

    name: str
    now: Sentence
    taken: bool
    said: dict[str, Any]  # of the newest change
    adherence: float | None  # the newest that was told, and when
    adherence_on: str | None
    changes: tuple[tuple[Entry, Sentence], ...]


@dataclass(frozen=True, slots=True)
class Carer:
    """Somebody else who looks after the client."""

    entry: Entry
    said: dict[str, Any]
    lines: tuple[Sentence, ...]
    ended: bool
    asks: Sentence | None  # what has not been settled between the two who care


def medicines(record: Record) -> list[Medicine]:
    """Return the medicines of a course, those taken first; the same name in other letters is the same medicine."""
    by_name: dict[str, list[Entry]] = {}
    for entry in sorted(record.of(MEDICATION), key=_when):
        if entry.kind == "answers":
            by_name.setdefault(_key(entry), []).append(entry)
    made = [_medicine(entries) for entries in by_name.values()]
    return sorted(made, key=lambda one: not one.taken)


def _medicine(entries: list[Entry]) -> Medicine:
    last = dict(entries[-1].answers)
    told = next((one.answers for one in reversed(entries) if one.answers.get("adherence") is not None), {})
    doses = [one.answers["dose_mg"] for one in entries if one.answers.get("dose_mg") is not None]
    stopped = last.get("action") == STOPPED
    dose = None if stopped else (doses[-1] if doses else None)
    now = say(
        "care.stopped" if stopped else "care.taken_dose" if dose is not None else "care.taken",
        drug=drug_of(entries[-1]),
        dose=dose,
    )
    return Medicine(
        name=drug_of(entries[-1]),
        now=now,
        taken=not stopped,
        said=last,
        adherence=told.get("adherence"),
        adherence_on=told.get("date"),
        changes=tuple((one, change_in_words(one)) for one in reversed(entries)),
    )


def change_in_words(entry: Entry) -> Sentence:
    """Say one change of a medicine: what was done, to how much."""
    said = entry.answers
    action = said.get("action") if said.get("action") in ("start", "increase", "decrease", "stop") else "unknown"
    line = f"care.change.{action}" + ("_dose" if said.get("dose_mg") is not None and action != STOPPED else "")
    return say(line, drug=drug_of(entry), dose=said.get("dose_mg"))


def drug_of(entry: Entry) -> str:
    """Return the name of a medicine as it was written."""
    return str(entry.answers.get("drug") or "").strip() or render(say("care.no_name"))


def _key(entry: Entry) -> str:
    return " ".join(drug_of(entry).lower().split())


def _when(entry: Entry) -> tuple[str, str]:
    """Changes stand in the order of their days; one without a day where it was told."""
    return str(entry.answers.get("date") or entry.happened_at.date().isoformat()), entry.recorded_at.isoformat()


def carers(record: Record) -> list[Carer]:
    """Return who else looks after the client, those who do now first."""
    made = [_carer(entry) for entry in record.of(OTHER) if entry.kind == "answers"]
    return sorted(made, key=lambda one: one.ended)


def _carer(entry: Entry) -> Carer:
    said = dict(entry.answers)
    ended = bool(said.get("ended_on"))
    asks = None
    if not ended and said.get("may_talk") in (None, "not_asked"):
        asks = say("care.ask_consent", who=who_of(entry))
    elif not ended and said.get("leads") in (None, "not_agreed"):
        asks = say("care.ask_leads", who=who_of(entry))
    return Carer(entry, said, tuple(_lines(said)), ended, asks)


def who_of(entry: Entry) -> str:
    """Return who it is, as it was written."""
    return str(entry.answers.get("who") or "").strip() or render(say("care.no_name"))


def _lines(said: dict[str, Any]) -> Iterator[Sentence]:
    if said.get("leads"):
        yield say(f"care.leads.{said['leads']}")
    if said.get("may_talk"):
        dated = day_of(said.get("may_talk_on")) is not None and said["may_talk"] in ("spoken", "written")
        yield say(f"care.talk.{said['may_talk']}" + ("_on" if dated else ""), on=day_of(said.get("may_talk_on")))


def care_days(record: Record) -> Iterator[tuple[str | None, str]]:
    """Yield the days on which a medicine changed, or other care began or ended, each with a few words for an axis."""
    for entry in record.of(MEDICATION):
        if entry.kind == "answers":
            yield entry.answers.get("date"), render(change_in_words(entry))
    for entry in record.of(OTHER):
        if entry.kind == "answers":
            yield entry.answers.get("since"), render(say("care.began", who=who_of(entry)))
            yield entry.answers.get("ended_on"), render(say("care.ended", who=who_of(entry)))

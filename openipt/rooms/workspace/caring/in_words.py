"""Medication that stands in words on another sheet while no medicine is on record: shown, never written by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from openipt.rooms.workspace.caring.told import MEDICATION
from openipt.therapy.record import Entry, Record
from openipt.therapy.record.views import day_of
from openipt.therapy.words import Sentence, say

INTAKE, REVIEW = "intake", "medical-review"
_TAKES = ("taking", "stopped")
_DOSE = re.compile(r"\d\s*(?:mg|mcg|µg|ml)\b", re.IGNORECASE)  # what names a dose names a medicine
_NONE = ("no", "none", "nothing", "no medication", "-")


@dataclass(frozen=True, slots=True)
class InWords:
    """What a sheet says of medication, and the sheet."""

    entry: Entry
    says: Sentence


def said_elsewhere(record: Record) -> tuple[InWords, ...]:
    """Return what the newest intake and medical review say of medication; nothing once a medicine is on record."""
    if any(one.kind == "answers" for one in record.of(MEDICATION)):
        return ()
    return tuple(_said(record))


def _said(record: Record) -> Iterator[InWords]:
    for form, read in ((INTAKE, _of_intake), (REVIEW, _of_review)):
        entry = record.newest(form)
        if entry is None:
            continue
        for words in read(entry):
            yield InWords(entry, say(f"care.says.{form.replace('-', '_')}", on=_day(entry), words=words.rstrip(".")))


def _of_intake(entry: Entry) -> Iterator[str]:
    """Yield what was written of medication itself; of the body, where it names a dose or nothing else says what."""
    group = entry.answers.get("medication") or {}
    status, decided, body = group.get("status"), _text(group.get("decision")), _text(entry.answers.get("medical"))
    if body and (_DOSE.search(body) or (status in _TAKES and not decided)):
        yield body
    if decided and (status != "none" or _DOSE.search(decided)):
        yield decided


def _of_review(entry: Entry) -> Iterator[str]:
    text = _text(entry.answers.get("medication"))
    if text and text.lower().rstrip(".") not in _NONE:
        yield text


def _text(said: Any) -> str:
    return str(said or "").strip()


def _day(entry: Entry) -> date:
    return day_of(entry.answers.get("date")) or entry.happened_at.date()

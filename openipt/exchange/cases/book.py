"""A book of entries in the making: gathers the facts of one record while a case file is read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from openipt.exchange.cases.case import Claim
from openipt.exchange.cases.taking import Tree
from openipt.therapy.forms import form_ids, open_form
from openipt.therapy.forms.definition import Form
from openipt.therapy.record import Entry, Thing
from openipt.therapy.shelf.reading import spell
from openipt.therapy.vocabulary import vocabulary


class Book:
    """Entries, people, goals, steps and events of one enrolment, with ids that are the same at every reading."""

    def __init__(self, enrolment: str, by: str | None = None) -> None:
        self.enrolment = enrolment
        self.by = by
        self.entries: list[Entry] = []
        self.things: dict[str, dict[str, Thing]] = {"people": {}, "goals": {}, "steps": {}, "events": {}}
        self.claims: list[Claim] = []
        self.shelf = frozenset(form_ids())  # asked once: a file writes hundreds of entries

    def write(
        self,
        form: str,
        answers: dict[str, Any],
        at: datetime,
        *,
        name: str | None = None,
        about: str | None = None,
        happened_at: datetime | None = None,
        **more: Any,
    ) -> Entry:
        """Write one entry. Versions stay apart: the newest speaks, the older ones remain askable as of their time."""
        known = open_form(form) if form in self.shelf else None
        entry = Entry(
            id=f"{self.enrolment}-{name or f'{len(self.entries) + 1:03d}'}",
            form=form,
            happened_at=happened_at or at,
            recorded_at=at,
            answers={item: value for item, value in answers.items() if value is not None},
            by=more.pop("by", self.by),
            about=about,
            version=known.version if known else None,
            visibility=known.visibility if known else "shared_with_therapist",
            **more,
        )
        self.entries.append(entry)
        return entry

    def thing(self, kind: str, thing_id: str, at: datetime) -> None:
        """Let something with a life of its own begin, unless it is there already."""
        known = self.things[kind].get(thing_id)
        if known is None or at < known.created_at:
            self.things[kind][thing_id] = Thing(thing_id, at)

    def all(self, kind: str) -> tuple[Thing, ...]:
        """Return everything of a kind, in the order it was named."""
        return tuple(self.things[kind].values())

    def measure(self, short: str, score: Tree, at: datetime, name: str | None = None) -> Entry | None:
        """Write a score: item by item where the file has the items, else as a reported total."""
        form_id = vocabulary()["measure_aliases"][short]
        items, total = score.take("items"), score.take("total")
        for key in ("cutoff", "interpretation"):  # what they say follows from the form and the score
            if key in score:
                self.claims.append(Claim(spell((*score.way, key)), score.take(key)))
        return self.scored(form_id, items, total, at, name)

    def scored(
        self, form_id: str, items: list[int] | None, total: float | None, at: datetime, name: str | None
    ) -> Entry | None:
        """Write a score, unless the same one stands already on the same day."""
        asked = asked_by(open_form(form_id)) if items and form_id in self.shelf else []
        answers: dict[str, Any] = dict(zip(asked, items or [], strict=False))
        kind = "answers" if answers else "total_only"
        if items and not answers:
            answers = {"items": list(items)}  # no form here takes these numbers: kept as they came, and never scored
        if any(
            entry.form == form_id
            and entry.happened_at.date() == at.date()
            and entry.kind == kind
            and entry.answers == answers
            and entry.total == total
            for entry in self.entries
        ):
            return None
        return self.write(form_id, answers, at, name=name and f"{name}-{form_id}", kind=kind, total=total, by=None)


NUMBERED = ("choice", "scale", "whole", "number")


def asked_by(form: Form) -> list[str]:
    """Return the items whose answers a file lists, in order: the scored ones; all, of a form that scores none."""
    numbered = [item for item in form.items if item.kind in NUMBERED]
    return [item.id for item in numbered if item.scored] or [item.id for item in numbered]

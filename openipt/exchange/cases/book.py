"""A book of entries in the making: gathers the facts of one record while a case file is read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from openipt.exchange.cases.taking import Tree
from openipt.therapy import vocabulary
from openipt.therapy.forms import form_ids, open_form
from openipt.therapy.forms.definition import Form
from openipt.therapy.record import Entry, Thing


class Book:
    """Entries, people, goals, steps and events of one enrolment, with ids that are the same at every reading."""

    def __init__(self, enrolment: str, by: str | None = None) -> None:
        self.enrolment = enrolment
        self.by = by
        self.entries: list[Entry] = []
        self.things: dict[str, dict[str, Thing]] = {"people": {}, "goals": {}, "steps": {}, "events": {}}
        self.newest: dict[tuple[str, str | None], str] = {}

    def write(
        self,
        form: str,
        answers: dict[str, Any],
        at: datetime,
        *,
        name: str | None = None,
        about: str | None = None,
        happened_at: datetime | None = None,
        next_version: bool = False,
        **more: Any,
    ) -> Entry:
        """Write one entry; with `next_version` it replaces the newest one of that form about the same thing."""
        key = (form, about)
        entry = Entry(
            id=f"{self.enrolment}-{name or f'{len(self.entries) + 1:03d}'}",
            form=form,
            happened_at=happened_at or at,
            recorded_at=at,
            answers={item: value for item, value in answers.items() if value is not None},
            by=more.pop("by", self.by),
            about=about,
            version=_version(form),
            visibility=_visibility(form),
            replaces=None,
            **more,
        )
        # Versions stay apart: the newest speaks, the older ones remain askable as of their time. `replaces` is for
        # corrections only, which a case file does not hold.
        self.newest[key] = entry.id
        self.entries.append(entry)
        return entry

    def thing(self, kind: str, thing_id: str, at: datetime) -> None:
        """Let something with a life of its own begin, unless it is there already."""
        known = self.things[kind].get(thing_id)
        if known is None or at < known.created_at:
            self.things[kind][thing_id] = Thing(thing_id, at)

    def measure(self, short: str, score: Tree, at: datetime, name: str | None = None) -> Entry | None:
        """Write a score: item by item where the file has the items, else as a reported total."""
        form_id = vocabulary.vocabulary()["measure_aliases"][short]
        items, total = score.take("items"), score.take("total")
        score.take("cutoff")  # the form holds it
        score.take("interpretation")
        return self.scored(form_id, items, total, at, name)

    def scored(
        self, form_id: str, items: list[int] | None, total: float | None, at: datetime, name: str | None
    ) -> Entry | None:
        """Write a score, unless the same one stands already on the same day."""
        answers = answers_of(form_id, items) if items else {}
        kind = "answers" if answers else "total_only"
        if any(
            entry.form == form_id
            and entry.happened_at.date() == at.date()
            and (entry.answers == answers if answers else entry.kind == "total_only" and entry.total == total)
            for entry in self.entries
        ):
            return None
        return self.write(form_id, answers, at, name=name and f"{name}-{form_id}", kind=kind, total=total, by=None)


def answers_of(form_id: str, items: list[int]) -> dict[str, int]:
    """Give each number of a file its item: the form's scored items in the order they are asked."""
    if form_id not in form_ids():
        return {}
    form: Form = open_form(form_id)
    asked = [item.id for item in form.items if item.kind != "note" and item.scored]
    return dict(zip(asked, items, strict=False))


def _version(form_id: str) -> str | None:
    return open_form(form_id).version if form_id in form_ids() else None


def _visibility(form_id: str) -> str:
    return open_form(form_id).visibility if form_id in form_ids() else "shared_with_therapist"

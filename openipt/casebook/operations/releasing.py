"""Give the client one sentence of what was found in their diary, word for word. It is taken back by retracting it."""

from __future__ import annotations

from datetime import datetime

from openipt.casebook.operations.saving import Saved, save_entry
from openipt.casebook.queries.fits import stored_fit
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotAllowed
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor
from openipt.therapy.insight import Insight, KindInsight, PersonInsight, may_show
from openipt.therapy.insight.words import client_words
from openipt.therapy.record import alias
from openipt.therapy.words import render

FORM = "released-sentence"
PERSON, KIND_OF_EVENT = "person", "kind"
WORTH = "worth asking about"


class NothingToRelease(ValueError):  # noqa: N818
    """There is no such sentence to give: nothing of this name was found worth asking about."""


def key_of(one: PersonInsight | KindInsight) -> str:
    """Return the name under which the sentence about a person or kind is asked for: `person:P1`, `kind:conflict`."""
    return f"{PERSON}:{one.person}" if isinstance(one, PersonInsight) else f"{KIND_OF_EVENT}:{one.kind}"


def release_sentence(*, by: Actor, at: datetime, enrolment: str, sentence: str) -> Saved | None:
    """Give one sentence to the client. The same words twice are one sentence: then nothing is done (None).

    Args:
        by: A therapist of the course.
        at: The server's time.
        enrolment: The course's label.
        sentence: Which one (`key_of`). Its words are made here, from what is stored, and never taken from outside.

    Raises:
        NotVisible, NotAllowed: as policy rules, for reading the insight and for writing to the client's sheets.
        NothingToRelease: nothing of this name is worth asking about now.
    """
    seen = find_enrolment(by, enrolment, "goals_homework", "write", at)
    stored = stored_fit(by, enrolment, at)
    if not stored.ruling.allowed:
        raise NotAllowed(stored.ruling)
    known = record(seen.enrolment, naming=False)
    found = may_show(stored.found, known) if stored.on else None
    one = _worth(found, sentence)
    if found is None or one is None:
        raise NothingToRelease(f"{sentence!r} is not among what is worth asking about in this course now")
    about = {PERSON: one.person} if isinstance(one, PersonInsight) else {KIND_OF_EVENT: one.kind}
    name = (alias(known, one.person) or one.person) if isinstance(one, PersonInsight) else ""
    words = render(client_words(one, found.entries, name))
    if any(entry.answers.get("sentence") == words for entry in known.of(FORM)):
        return None
    answers = {
        "sentence": words,
        **about,
        "entries": found.entries,
        "until": found.last_on.isoformat() if found.last_on else None,
        "model_version": found.model_version,
    }
    answers = {name: value for name, value in answers.items() if value is not None}
    return save_entry(by=by, at=at, enrolment=enrolment, form=FORM, answers=answers)


def _worth(found: Insight | None, sentence: str) -> PersonInsight | KindInsight | None:
    every: tuple[PersonInsight | KindInsight, ...] = (*found.people, *found.kinds) if found else ()
    return next((one for one in every if one.status == WORTH and key_of(one) == sentence), None)

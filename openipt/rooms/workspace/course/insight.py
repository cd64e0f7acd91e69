"""What goes along with mood, as the page of a course tells it: a question for the session, read from what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from openipt.casebook.operations.releasing import FORM, WORTH, key_of
from openipt.casebook.queries.fits import Stored
from openipt.exchange.insight_drawing import NOT_ENOUGH, draw_kinds, draw_people
from openipt.pictures import Picture
from openipt.rooms.workspace.courses import Course
from openipt.therapy.insight import Insight, KindInsight, PersonInsight, may_show, violence_stands
from openipt.therapy.insight.counts import LEAST_ENTRIES
from openipt.therapy.insight.hiding import sentences_about_hidden, sentences_taken_back
from openipt.therapy.insight.kinds import kind_label
from openipt.therapy.insight.words import (
    basis_words,
    client_words,
    count_words,
    kind_words,
    left_out_words,
    person_words,
    status_words,
    trend_words,
    warning_words,
)
from openipt.therapy.record import Record, alias
from openipt.therapy.vocabulary import label
from openipt.therapy.words import Sentence, render, say

Told = Literal["not enough", "shortly", "there"]

WIDE, NARROW = 560.0, 340.0
SHAPES = {WORTH: "worth", "too early": "early", "nothing seen so far": "nothing", NOT_ENOUGH: "few"}


@dataclass(frozen=True, slots=True)
class Line:
    """One person or kind of event: a status word, what it means, and what the client would read."""

    key: str
    name: str
    shape: str
    status: Sentence
    said: tuple[Sentence, ...]
    count: Sentence | None = None
    for_client: Sentence | None = None  # only where it is worth asking about
    given: bool = False  # the client has these very words


@dataclass(frozen=True, slots=True)
class Given:
    """A sentence that the client was given, as it was given. Words are None where they may not be shown."""

    id: str
    on: datetime
    words: str | None


@dataclass(frozen=True, slots=True)
class InsightPage:
    """What the page shows. Where there is not enough, it is the same page whatever the reason."""

    told: Told
    given: tuple[Given, ...] = ()
    taken_back: tuple[Sentence, ...] = ()
    left_out: Sentence | None = None
    made_at: datetime | None = None
    basis: tuple[Sentence, ...] = ()
    warnings: tuple[Sentence, ...] = ()
    people: tuple[Line, ...] = ()
    kinds: tuple[Line, ...] = ()
    people_wide: Picture | None = None
    people_narrow: Picture | None = None
    kinds_wide: Picture | None = None
    kinds_narrow: Picture | None = None
    version: str = ""


def insight_page(course: Course, stored: Stored) -> InsightPage:
    """Gather the page of a course from what is stored of it. There is none where the service has it switched off.

    Where a violence fact stands nothing is stored, and the page is that of a diary with hardly an entry: whoever looks
    over a shoulder learns nothing from it.
    """
    given, gone = tuple(_given(course)), taken_back_words(course)
    found = may_show(stored.found, course.record)
    if violence_stands(course.record) or (found and found.entries < LEAST_ENTRIES):
        return InsightPage("not enough", given, gone)
    if found is None:
        waiting = len(course.record.of("mood-diary")) >= LEAST_ENTRIES
        return InsightPage("shortly" if waiting else "not enough", given, gone)
    return replace(_there(course, found, stored.made_at, given), taken_back=gone)


def _there(course: Course, found: Insight, made_at: datetime | None, given: tuple[Given, ...]) -> InsightPage:
    names = names_of(course)
    people = in_order(course.record, found.people, names)
    trend = trend_words(found)
    drawn_people = any(one.status != NOT_ENOUGH for one in people)
    drawn_kinds = any(one.status != NOT_ENOUGH for one in found.kinds)
    words = {one.words for one in given}
    return InsightPage(
        "there",
        given,
        left_out=left_out_words(found),
        made_at=made_at,
        basis=(*basis_words(found), *((trend,) if trend else ())),
        warnings=warning_words(found),
        people=tuple(_person(one, found, names, words) for one in people),
        kinds=tuple(_kind(one, found, words) for one in found.kinds),
        people_wide=draw_people(people, names, WIDE, "people-wide") if drawn_people else None,
        people_narrow=draw_people(people, names, NARROW, "people-narrow") if drawn_people else None,
        kinds_wide=draw_kinds(found.kinds, WIDE, "kinds-wide") if drawn_kinds else None,
        kinds_narrow=draw_kinds(found.kinds, NARROW, "kinds-narrow") if drawn_kinds else None,
        version=found.model_version,
    )


def _person(one: PersonInsight, found: Insight, names: dict[str, str], given: set[str | None]) -> Line:
    name = names.get(one.person, one.person)
    count = next((count_words(count, name) for count in found.counts if count.person == one.person), None)
    client = client_words(one, found.entries, name) if one.status == WORTH else None
    return Line(
        key_of(one),
        name,
        SHAPES[one.status],
        status_words(one.status),
        person_words(one, found.entries, name),
        count,
        client,
        client is not None and render(client) in given,
    )


def _kind(one: KindInsight, found: Insight, given: set[str | None]) -> Line:
    client = client_words(one, found.entries) if one.status == WORTH else None
    return Line(
        key_of(one),
        kind_label(one.kind),
        SHAPES[one.status],
        status_words(one.status),
        (kind_words(one, found.entries),),
        for_client=client,
        given=client is not None and render(client) in given,
    )


def names_of(course: Course) -> dict[str, str]:
    """Return what the people of a course are called on this page; a relation and a code where names are not shown."""
    return {thing.id: _name(course, thing.id) for thing in course.record.people}


def _name(course: Course, person: str) -> str:
    if course.named:
        return alias(course.record, person) or person
    relation = course.record.says("interpersonal-inventory", person).get("relation")
    if relation is None:
        return person
    return render(say("insight.room.pseudonym", relation=label("relations", relation), code=person))


def in_order(record: Record, people: tuple[PersonInsight, ...], names: dict[str, str]) -> tuple[PersonInsight, ...]:
    """Return people in the order of the client's circle, then by name. Never by what was found."""
    placed = [row["person"] for row in record.says("closeness-circle").get("places") or () if row.get("person")]
    place = {person: n for n, person in enumerate(placed)}
    return tuple(
        sorted(
            people, key=lambda one: (place.get(one.person, len(place)), names.get(one.person, one.person).casefold())
        )
    )


def _given(course: Course) -> Iterator[Given]:
    hidden = {entry.id for entry in sentences_about_hidden(course.record)}
    for entry in course.record.of(FORM):
        if entry.id in hidden:
            continue
        yield Given(entry.id, entry.happened_at, str(entry.answers.get("sentence")) if course.named else None)


def taken_back_words(course: Course, since: datetime | None = None) -> tuple[Sentence, ...]:
    """Say which sentences the client no longer has because somebody was left out; not whom they were about."""
    gone = sentences_taken_back(course.record)
    return tuple(
        say("insight.room.taken_back", given=one.happened_at.date(), on=one.retracted_at.date())
        for one in gone
        if one.retracted_at and (since is None or one.retracted_at >= since)
    )


def one_to_ask(course: Course, stored: Stored) -> Sentence | None:
    """Return one sentence worth asking about, for the page of a session; None most of the time.

    The first in the client's own order, people before kinds of events: none is more worth asking about than another.
    """
    found = may_show(stored.found, course.record) if stored.on else None
    if found is None:
        return None
    names = names_of(course)
    for one in in_order(course.record, found.people, names):
        if one.status == WORTH:
            return person_words(one, found.entries, names.get(one.person, one.person))[0]
    return next((kind_words(one, found.entries) for one in found.kinds if one.status == WORTH), None)

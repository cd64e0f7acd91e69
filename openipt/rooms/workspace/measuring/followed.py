"""Every measure of a course over its days: score, band, change in words, with what else happened marked on the axis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from openipt.exchange.drawing import scale_of
from openipt.pictures import Picture, Score
from openipt.pictures.followed import Marker, followed
from openipt.rooms.workspace.caring.told import care_days
from openipt.rooms.workspace.course.following import dated_events, whole_day
from openipt.rooms.workspace.course.insight import names_of
from openipt.rooms.workspace.courses import Course
from openipt.rooms.workspace.measuring.typed import in_words
from openipt.therapy.course import outcome_form
from openipt.therapy.forms import Form, has_form, open_form
from openipt.therapy.progress import progress
from openipt.therapy.record import Reading
from openipt.therapy.words import Sentence, render, say
from openipt.therapy.writing.summary import change_sentence

Side = Literal["symptoms", "people", "together"]
PEOPLE = ("mos-sss", "mspss", "own-satisfaction", "own-longing", "ecr-rs", "iip-32", "ipip-ipc", "csi-4", "ucla-3")
TOGETHER = ("openipt-session-feedback", "alliance-5", "srs-3", "wai-sr")  # how therapist and client work
OF_EACH = "own-satisfaction"  # answers about different people are never put on one line
WIDE, NARROW = 560.0, 340.0


@dataclass(frozen=True, slots=True)
class Followed:
    """One measure: what it is called here, where it stands, and the way there."""

    name: str
    form: Form
    side: Side
    now: Sentence
    change: Sentence | None  # from two answers on
    wide: Picture | None
    narrow: Picture | None
    about: str | None
    last: str  # the newest entry


def measures_of(course: Course) -> list[Followed]:
    """Return every measure that was answered in a course, its own outcome first, then as they were begun."""
    main = outcome_form(course.manual, course.record).id
    names = dict.fromkeys(entry.form for entry in course.record.entries if has_form(entry.form))
    forms = [form for form in map(open_form, names) if form.primary and form.kind == "questionnaire"]
    ordered = sorted(forms, key=lambda form: form.id != main)
    return [one for form in ordered for one in _of(course, form)]


def _of(course: Course, form: Form) -> Iterator[Followed]:
    readings = course.record.readings(form.id)
    if form.id != OF_EACH:
        if readings:
            yield _followed(course, form, form.name, readings, None)
        return
    names = names_of(course)
    whom = dict.fromkeys(person_of(one) for one in readings)
    for person in whom:
        mine = tuple(one for one in readings if person_of(one) == person)
        name = render(say("measure.with", form=form.name, who=names.get(person, person)))
        yield _followed(course, form, name, mine, person)


def person_of(reading: Reading) -> str:
    """Return whom an answer is about."""
    return str(reading.entry.about or reading.entry.answers.get("person") or "")


def _followed(course: Course, form: Form, name: str, readings: tuple[Reading, ...], about: str | None) -> Followed:
    made = progress(form, [one.value for one in readings])
    change = change_sentence(name, made) if made and made.n > 1 else None
    title = render(change) if change else render(say("measure.first_answer", form=name))
    entry = readings[-1].entry
    return Followed(
        name=name,
        form=form,
        side="people" if form.id in PEOPLE else "together" if form.id in TOGETHER else "symptoms",
        now=in_words(course, form, entry),
        change=change,
        wide=_draw(course, form, title, readings, WIDE, f"{entry.id}-wide") if change else None,
        narrow=_draw(course, form, title, readings, NARROW, f"{entry.id}-narrow") if change else None,
        about=about,
        last=entry.id,
    )


def _draw(course: Course, form: Form, title: str, readings: tuple[Reading, ...], width: float, prefix: str) -> Picture:
    first, last = readings[0].day, readings[-1].day
    sessions = [session.day for session in course.record.held() if first <= session.day <= last]
    return followed(
        title,
        [Score(one.day, one.value) for one in readings],
        markers=list(_markers(course, readings)),
        sessions=sessions,
        width=width,
        id_prefix=f"m-{prefix}",
        **scale_of(form),
    )


def _markers(course: Course, readings: tuple[Reading, ...]) -> Iterator[Marker]:
    """Life events, medicines and other care, where the day is known and lies on the axis of these answers."""
    first, last = readings[0].day, readings[-1].day
    events = [(day, str(said.get("text") or "")) for said, day in dated_events(course.record)]
    days = [*events, *((whole_day(day), words) for day, words in care_days(course.record))]
    for day, text in days:
        if day is not None and first <= day <= last:
            yield Marker(day, text)

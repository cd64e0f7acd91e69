"""A replay as one HTML file that needs nothing else: readable on a phone, by ear, in the dark and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from importlib.resources import files

from openipt.exchange.cases.comparing import compare
from openipt.exchange.cases.drawing import pictures_of
from openipt.exchange.cases.replay import Enrolment, Replay, note_text
from openipt.exchange.cases.text import (
    closed_gates,
    decision_words,
    difference,
    due_words,
    ending_lines,
    flag_words,
    held_words,
    score_words,
    session_title,
    state_words,
)
from openipt.pictures import Picture, stylesheet
from openipt.therapy.words import render
from openipt.therapy.writing import Told
from openipt.therapy.writing.naming import task_name, unnamed


@cache
def _style() -> str:
    return files("openipt.exchange.cases").joinpath("report.css").read_text(encoding="utf-8") + stylesheet()


def html(told: Replay) -> str:
    """Return a replay as a whole page."""
    title = escape(f"{told.case.id}: {told.case.title}")
    body = "\n".join((*_top(told, title), '<main id="main">', *_course(told), *_claims(told), "</main>", *_foot()))
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_style()}</style>"
    )
    return f'<!doctype html>\n<html lang="en">\n<head>{head}</head>\n<body>\n{body}\n</body>\n</html>\n'


def _top(told: Replay, title: str) -> Iterator[str]:
    yield '<a class="skip" href="#main">Skip to the course</a>'
    yield f'<header><p class="quiet">A replayed course. Every person in it is invented.</p><h1>{title}</h1>'
    if told.case.group:
        yield _p(f"{told.case.group.name}: {len(told.case.group.members)} people.")
    yield "</header>"
    yield '<nav aria-label="Parts of the course"><ol>'
    for one in told.enrolments:
        if told.case.group or len(told.enrolments) > 1:
            yield f'<li><a href="#{_id(one)}">{escape(_name(one))}</a></li>'
        if not told.case.group:
            yield from (f'<li><a href="#{_id(one, n)}">{escape(_short(n))}</a></li>' for n in one.sessions)
    yield "</ol></nav>"


def _short(told: Told) -> str:
    return told.session.id if not told.session.id.startswith("S") else f"Session {told.session.number}"


def _name(one: Enrolment) -> str:
    return f"{one.record.enrolment}, {one.manual.title}"


def _id(one: Enrolment, told: Told | None = None) -> str:
    return escape(f"{one.record.enrolment}{f'-{told.session.id}' if told else ''}".lower(), quote=True)


def _course(told: Replay) -> Iterator[str]:
    for one in told.enrolments:
        yield from _enrolment(one, told.people)


def _enrolment(one: Enrolment, people: bool) -> Iterator[str]:
    yield f'<section aria-labelledby="{_id(one)}"><h2 id="{_id(one)}">{escape(_name(one))}</h2>'
    if not one.manual.known:
        yield _p("This manual is not on this shelf: nothing is offered; the record is told all the same.", "look")
    for name, picture in pictures_of(one, people).items():
        yield from _figure(f"{name}, {one.record.enrolment}", picture)
    for told in one.sessions:
        yield from _session(one, told, people)
    ending = [line.text.strip() for line in ending_lines(one)]
    yield f"<h3>{escape(ending[0])}</h3>"
    yield from (_p(_hide(one, text, people)) for text in ending[1:])
    yield "</section>"


def _hide(one: Enrolment, text: str, people: bool) -> str:
    return text if people else unnamed(one.record, text)


def _figure(name: str, picture: Picture) -> Iterator[str]:
    name = escape(name, quote=True)
    yield f"<figure><figcaption>{escape(picture.title)}</figcaption>"
    yield f'<div class="wide" role="region" tabindex="0" aria-label="{name}">{picture.svg}</div>'
    yield "<details><summary>The same as a table</summary>"
    yield f'<div class="wide" role="region" tabindex="0" aria-label="{name} (table)">'
    yield f"<table>{picture.table.html}</table></div></details></figure>"


def _session(one: Enrolment, told: Told, people: bool) -> Iterator[str]:
    def hidden(texts: Iterable[str]) -> list[str]:
        return [_hide(one, text, people) for text in texts]

    name = _id(one, told)
    yield f'<article class="session" aria-labelledby="{name}"><h3 id="{name}">{escape(session_title(told))}</h3>'
    yield _p(f"{state_words(told.state.id)}. {render(told.state.why)}")
    yield from (_p(text, "flag") for text in hidden(flag_words(flag) for flag in told.flags))
    for point in told.decision:
        yield from (_p(text, "look") for text in hidden(decision_words(point)))
    yield from _list("Scores", [score_words(score) for score in told.scores if score.value is not None])
    yield from _list("Done", [task_name(task) for task in told.done])
    yield from _list("Done although it was not offered", [task_name(task) for task in told.done_unoffered])
    yield "<details><summary>What was offered, due and held back</summary>"
    yield from _list("Offered", [task_name(item.task) for item in told.agenda.offered])
    yield from _list("Due", hidden(due_words(item) for item in told.due))
    yield from _list("Offered with a warning", hidden(held_words(told, "warned")))
    yield from _list("Held back", hidden(held_words(told, "held_back")))
    yield from _list("Gates that were closed", hidden(closed_gates(told, told is one.sessions[-1])))
    yield "</details><details><summary>The drafted note</summary>"
    yield from (_p(text) for text in note_text(told.note).splitlines())
    yield "</details></article>"


def _list(name: str, texts: list[str]) -> Iterator[str]:
    if texts:
        rows = "".join(f"<li>{escape(text)}</li>" for text in texts)
        yield f"<h4>{escape(name)}</h4><ul>{rows}</ul>"


def _claims(told: Replay) -> Iterator[str]:
    found = compare(told)
    if not found:
        return
    other = [one for one in found if not one.agrees]
    yield '<section aria-labelledby="claims"><h2 id="claims">What the file says, and what follows from its facts</h2>'
    yield _p(f"{len(found) - len(other)} of {len(found)} agree.")
    yield from (_p(difference(one), "look") for one in other)
    yield "</section>"


def _foot() -> Iterator[str]:
    yield '<footer><p class="quiet">Made by OpenIPT from a worked case. It holds no real person.</p></footer>'


def _p(text: str, look: str = "") -> str:
    opened = f'<p class="{look}">' if look else "<p>"
    return f"{opened}{escape(text)}</p>"

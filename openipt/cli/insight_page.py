"""Diaries looked at, as one HTML file: for each client sentences, then pictures with their tables, then how to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from openipt.cli.page import figure, listed, page
from openipt.exchange.insight_drawing import NOT_ENOUGH, draw_kinds, draw_people
from openipt.pictures import Picture
from openipt.pictures.followed import followed
from openipt.pictures.timeline_values import Score
from openipt.therapy.insight.kinds import kind_label
from openipt.therapy.insight.result import Insight, Status
from openipt.therapy.insight.words import (
    basis_words,
    count_words,
    kind_words,
    person_words,
    status_words,
    trend_words,
    warning_words,
)
from openipt.therapy.words import Sentence, render, say

if TYPE_CHECKING:
    from openipt.therapy.insight import DiaryEntry

MOST_PICTURES = 200  # a page with more could hardly be opened; the words of the others are still there
WIDTH = 304  # of the ranges: fits a telephone, so that nothing has to be pushed aside to see both ends


def html(found: Sequence[tuple[Insight, Sequence[DiaryEntry]]], left_out: Sequence[str] = ()) -> str:
    """Return the page of some clients with the entries behind each, in the order they are given: nobody is ranked."""
    clients = [one for one, _ in found]
    body = [*_top(clients), '<main id="main">']
    if len(found) > MOST_PICTURES:
        body.append(f"<p>{_text(say('insight.page.few_pictures', n=MOST_PICTURES))}</p>")
    for n, (one, entries) in enumerate(found, 1):
        body += _client(one, entries, n)
    body += [*_how(clients), *_left_out(left_out), "</main>"]
    return page(render(say("insight.page.title")), body)


def _top(clients: Sequence[Insight]) -> Iterator[str]:
    yield f'<a class="skip" href="#main">{_text(say("insight.page.skip"))}</a>'
    yield f"<header><h1>{_text(say('insight.page.title'))}</h1>"
    yield f"<p>{_text(say('insight.page.question'))}</p>"
    yield f'<p class="look">{_text(say("insight.page.intended"))}</p></header>'
    if 1 < len(clients) <= MOST_PICTURES:
        yield f'<nav aria-label="{_text(say("insight.page.clients"))}"><ol>'
        yield from (f'<li><a href="#c{n}">{escape(one.client)}</a></li>' for n, one in enumerate(clients, 1))
        yield "</ol></nav>"


def _client(found: Insight, entries: Sequence[DiaryEntry], n: int) -> Iterator[str]:
    yield f'<section class="session" aria-labelledby="c{n}"><h2 id="c{n}">{escape(found.client)}</h2>'
    trend = trend_words(found)
    basis = [*basis_words(found), *([trend] if trend else [])]
    yield f"<p>{' '.join(map(_text, basis))}</p>"
    yield from (f'<p class="look">{_text(warning)}</p>' for warning in warning_words(found))
    if n <= MOST_PICTURES and found.entries > 1:
        yield from _figure(_mood(entries, n), found)
    if found.people:
        yield f"<h3>{_text(say('insight.page.people'))}</h3>"
        told = (person_words(one, found.entries) for one in found.people)
        yield from _said([(one.person, one.status, list(words)) for one, words in zip(found.people, told, strict=True)])
        if n <= MOST_PICTURES and any(one.status != NOT_ENOUGH for one in found.people):
            yield from _figure(draw_people(found.people, {}, WIDTH, f"people-{n}"), found)
    if found.kinds:
        yield f"<h3>{_text(say('insight.page.kinds'))}</h3>"
        yield from _said([(kind_label(one.kind), one.status, [kind_words(one, found.entries)]) for one in found.kinds])
        if n <= MOST_PICTURES and any(one.status != NOT_ENOUGH for one in found.kinds):
            yield from _figure(draw_kinds(found.kinds, WIDTH, f"kinds-{n}"), found)
    if found.counts:
        yield f"<h3>{_text(say('insight.page.counts'))}</h3><p>{_text(say('insight.page.better_day'))}</p>"
        yield from listed(render(count_words(count)) for count in found.counts)
    yield "</section>"


def _text(sentence: Sentence) -> str:
    return escape(render(sentence))


def _said(rows: Sequence[tuple[str, Status, Sequence[Sentence]]]) -> Iterator[str]:
    """Yield for each person or kind its status word and its sentences."""
    for name, status, sentences in rows:
        yield f"<h4>{escape(name)}: {_text(status_words(status))}</h4>"
        yield f"<p>{' '.join(map(_text, sentences))}</p>"


def _figure(picture: Picture, found: Insight) -> Iterator[str]:
    return figure(picture, f"{picture.title}, {found.client}", render(say("insight.page.same_table")))


def _mood(entries: Sequence[DiaryEntry], n: int) -> Picture:
    moods = [entry.mood for entry in entries]
    return followed(
        render(say("insight.picture.mood_title")),
        _with_gaps(entries),
        finding=render(say("insight.picture.mood_range", low=min(moods), high=max(moods))),
        measure=render(say("insight.picture.mood")),
        low=0,
        high=10,
        id_prefix=f"mood-{n}",
    )


def _with_gaps(entries: Sequence[DiaryEntry]) -> list[Score]:
    """Moods over days; a break in the line where a day has no entry."""
    drawn: list[Score] = []
    for entry in entries:
        if drawn and (entry.day - drawn[-1].on).days > 1:
            drawn.append(Score(drawn[-1].on + timedelta(days=1), None))
        drawn.append(Score(entry.day, entry.mood))
    return drawn


def _how(clients: Sequence[Insight]) -> Iterator[str]:
    yield f"<section><h2>{_text(say('insight.page.how'))}</h2>"
    for sentence in (
        say("insight.page.range"),
        say("insight.page.good_difficult"),
        say("insight.page.first"),
        say(
            "insight.page.words",
            worth=status_words("worth asking about"),
            early=status_words("too early"),
            nothing=status_words("nothing seen so far"),
        ),
    ):
        yield f"<p>{_text(sentence)}</p>"
    for version in sorted({one.model_version for one in clients}):
        yield f'<p class="quiet">{_text(say("insight.page.version", version=version))}</p>'
    yield "</section>"


def _left_out(rows: Sequence[str]) -> Iterator[str]:
    if rows:
        yield f"<section><h2>{_text(say('insight.page.left_out'))}</h2>"
        yield from listed(rows)
        yield "</section>"

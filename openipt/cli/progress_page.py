"""Followed measures as one HTML file that needs nothing else: words first, a picture, and the table behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from openipt.cli.page import figure, listed, page
from openipt.cli.progress_words import findings, rows_of_rates, state_phrase
from openipt.pictures import Picture
from openipt.pictures.followed import Marker, Stretch
from openipt.pictures.followed import followed as draw
from openipt.pictures.timeline_values import Score
from openipt.therapy.course.series import with_gaps
from openipt.therapy.progress import is_clinical
from openipt.therapy.progress.measure import cutoff_of, is_own_scale
from openipt.therapy.words import render, say

if TYPE_CHECKING:
    from openipt.therapy.course.following import Followed

MOST_PICTURES = 500  # a page with more could not be opened; their words are still there


def html(clients: Sequence[Followed], left_out: Sequence[str] = ()) -> str:
    """Return the page of some clients, in the order they are given: nobody is ranked."""
    title = render(say("progress.page.title", form=clients[0].form.name if clients else ""))
    body = [*_top(escape(title), clients), '<main id="main">', *_main(clients, left_out), "</main>"]
    return page(title, body)


def _top(title: str, clients: Sequence[Followed]) -> Iterator[str]:
    yield f'<a class="skip" href="#main">{_text("progress.page.skip")}</a>'
    yield f"<header><h1>{title}</h1>"
    yield f"<p>{_text('progress.page.intended')}</p>"
    yield f"<p>{_text('progress.page.judged')}</p></header>"
    if 1 < len(clients) <= MOST_PICTURES:
        yield f'<nav aria-label="{_text("progress.page.clients")}"><ol>'
        yield from (f'<li><a href="#c{n}">{escape(one.client)}</a></li>' for n, one in enumerate(clients, 1))
        yield "</ol></nav>"


def _main(clients: Sequence[Followed], left_out: Sequence[str]) -> Iterator[str]:
    if len(clients) > 1:
        yield from _overview(clients)
    if len(clients) > MOST_PICTURES:
        yield f"<p>{escape(render(say('progress.page.few_pictures', n=MOST_PICTURES)))}</p>"
    for n, one in enumerate(clients, 1):
        yield from _client(one, n, n <= MOST_PICTURES)
    if clients:
        yield from _definitions(clients[0])
    if left_out:
        yield f"<section><h2>{_text('progress.page.left_out')}</h2>"
        yield from listed(left_out)
        yield "</section>"


def _text(line: str) -> str:
    return escape(render(say(line)))


def _overview(clients: Sequence[Followed]) -> Iterator[str]:
    yield f"<section><h2>{_text('progress.page.together')}</h2>"
    yield from listed(render(sentence) for sentence in rows_of_rates(clients))
    yield "</section>"


def _client(one: Followed, n: int, with_picture: bool) -> Iterator[str]:
    yield f'<section class="session" aria-labelledby="c{n}"><h2 id="c{n}">{escape(one.client)}</h2>'
    yield f"<p><strong>{escape(state_phrase(one))}</strong></p>"
    yield from listed(render(sentence) for sentence in findings(one))
    if with_picture and one.n > 0:
        yield from figure(_picture(one, n), f"{one.form.name}, {one.client}", render(say("progress.page.table")))
    yield "</section>"


def _picture(one: Followed, n: int) -> Picture:
    values = [point.value for point in one.series if point.value is not None]
    score = one.form.score_named()
    low, high = score.range if score and not is_own_scale(one.form) else (min([0.0, *values]), max(values))
    finding = say("progress.found.scores", form=one.form.name, first=one.baseline, last=one.last, n=one.n)
    return draw(
        render(say("progress.page.picture", form=one.form.name)),
        _scores(one),
        finding=render(finding),
        measure=one.form.name,
        low=low,
        high=high,
        cut_off=cutoff_of(one.form),
        expected=_expected(one),
        expected_words=(render(say("progress.page.middle")), render(say("progress.page.band"))),
        markers=[
            Marker(gain.after, render(say("progress.page.gain"))) for gain in one.sudden_gains if gain.size is not None
        ],
        id_prefix=f"progress-{n}",
    )


def _scores(one: Followed) -> list[Score]:
    """The scores, with a break in the line where one is missing."""
    drawn: list[Score] = []
    for point in with_gaps(one.series):
        day = point.day if point else drawn[-1].on + timedelta(days=1)
        if point or drawn[-1].value is not None:
            drawn.append(Score(day, point.value if point else None))
    return drawn


def _may_expect(one: Followed) -> bool:
    started = one.baseline is not None and is_clinical(one.baseline, one.form.change) is not False
    return started and one.expected is not None and one.expected.shown


def _expected(one: Followed) -> list[Stretch]:
    """The expected course, once it may be shown, as far as the course has come."""
    made = one.expected
    if made is None or not _may_expect(one):
        return []
    first = one.series[0].day
    weeks = zip(made.mean, made.low, made.high, strict=True)
    return [
        Stretch(first + timedelta(days=7 * week), middle, low, high) for week, (middle, low, high) in enumerate(weeks)
    ]


def _definitions(one: Followed) -> Iterator[str]:
    yield f"<section><h2>{_text('progress.page.meaning')}</h2><dl>"
    shown = one.expected is not None and one.expected.shown
    told = {name: text for name, text in one.definitions.items() if name != "predicted" or shown}
    for name, sentence in told.items():
        yield f"<dt><strong>{_text(f'progress.name.{name}')}</strong></dt><dd>{escape(render(sentence))}</dd>"
    yield "</dl>"
    yield f'<p class="quiet">{escape(render(say("progress.page.version", version=one.model_version)))}</p></section>'

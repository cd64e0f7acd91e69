"""What of the client's own material may stand on today: a sheet begun or given, and how it is with somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from openipt.casebook.queries.manuals import manual_of
from openipt.casebook.queries.own import Own, begun_sheets
from openipt.rooms.portal.questions.asking import key_of
from openipt.rooms.portal.worksheets.shelf import given, keys
from openipt.therapy.course import due
from openipt.therapy.forms import open_form

CONTENT = "own-satisfaction"
WEEK = timedelta(days=7)

Told = tuple[str, str, str, str, str, str]  # kind, address, title, how long, words, verb


def own_things(own: Own) -> Iterator[Told]:
    """Yield what may be done, what was begun first.

    Args:
        own: Whose course.
    """
    yield from _sheets(own)
    yield from _between(own)


def _sheets(own: Own) -> Iterator[Told]:
    known = set(keys().values())
    waiting = [one.form for one in begun_sheets(own) if one.form in known]
    for name in dict.fromkeys(waiting):
        words = "What you wrote waits. You can go on, or leave it."
        yield _sheet(name, "As long as you like", words, "Go on")
    asked = [name for name in given(own) if name in known and name not in waiting and not own.record.of(name)]
    for name in dict.fromkeys(asked):
        minutes = max(1, round(open_form(name).minutes or 5))
        long = "One minute" if minutes == 1 else f"About {minutes} minutes"
        yield _sheet(name, long, "You agreed on this sheet. It goes step by step. Skip what you like.", "Begin")


def _sheet(name: str, long: str, words: str, verb: str) -> Told:
    return ("sheet", reverse("portal-sheet", args=[key_of(name)]), open_form(name).title, long, words, verb)


def _between(own: Own) -> Iterator[Told]:
    for item in due(manual_of(own.known), own.known, own.today):
        if item.id != CONTENT or item.about is None or item.about not in own.names:
            continue
        told = own.record.of(CONTENT, item.about)
        if any(own.today - one.happened_at.date() < WEEK for one in told):
            continue
        address = f"{reverse('portal-person', args=[item.about])}#h-content"
        title = f"How are things with {own.names[item.about]}?"
        words = "One tap says it. It stands beside your other answers."
        yield ("between", address, title, "One tap", words, "Say how it is")

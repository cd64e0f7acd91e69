"""One request about one step of a worksheet: show it, take what is written on it, go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from openipt.casebook.operations.drafting import open_drafts, save_draft
from openipt.casebook.queries.own import Own
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.said import Wrong
from openipt.rooms.filling.sheet import AGAIN, DO, id_of, unknown
from openipt.rooms.filling.signing_in import made_for
from openipt.rooms.filling.typed import Pairs, add_row, pairs_below, plant, remove_row
from openipt.rooms.filling.writing import pairs_of
from openipt.rooms.filling.wrong import by_name, in_words
from openipt.rooms.portal.hall.doors import leave, page
from openipt.rooms.portal.hall.taking import ANEW, KEEP, LEAVE
from openipt.rooms.portal.worksheets.screens import Screen, answers_of, mine, others, said, screens_of
from openipt.therapy.forms import Form, score
from openipt.therapy.record import Entry
from openipt.therapy.vocabulary import words_of
from openipt.therapy.words import catalogue


@dataclass(frozen=True, slots=True)
class Walk:
    """A worksheet on its way: what was written so far, and what it is a newer version of."""

    form: Form
    id: UUID
    pairs: Pairs
    replaces: str | None = None
    kept: bool = False  # whether anything of it waits on the server

    @property
    def body(self) -> dict[str, Any]:
        """What is sealed."""
        return {"pairs": [list(pair) for pair in self.pairs], "replaces": self.replaces}


def walk_of(own: Own, form: Form, made: UUID | None = None) -> Walk:
    """Return the worksheet as it was left; an empty one, under the id of the page, where none was begun."""
    left = open_drafts(by=own.actor, at=own.at, enrolment=own.label, form=form.id)
    found = next((one for one in left if "pairs" in one.body), None)
    if found is None:
        return Walk(form, made or uuid4(), [])
    pairs = [(name, text) for name, text in found.body["pairs"] if not name.startswith("_")]
    return Walk(form, found.id, pairs, found.body.get("replaces"), kept=True)


def keep(own: Own, walk: Walk) -> bool:
    """Keep a worksheet as it stands; False where it was sent meanwhile."""
    how: dict[str, Any] = {"by": own.actor, "at": own.at, "enrolment": own.label, "form": walk.form.id}
    return save_draft(**how, about="", body=walk.body, id=walk.id)


class Desk:
    """One request about one step."""

    def __init__(
        self, request: HttpRequest, own: Own, key: str, walk: Walk, number: int, screens: list[Screen]
    ) -> None:
        self.request, self.own, self.key, self.walk = request, own, key, walk
        self.number, self.screens = number, screens
        self.screen = screens[number - 1]

    def show(
        self,
        typed: Pairs | None = None,
        *,
        status: int = 200,
        wrong: Sequence[Wrong] = (),
        notice: str = "",
        fresh: str | None = None,
        page_of: Mapping[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the step: with what is typed, else as it was left; where nothing may be read here, blank.

        `page_of` is what a page made by hand shows besides, its `template` among it.
        """
        here = typed if typed is not None else mine(self.screen, self.walk.pairs) if self.own.reads else []
        pairs = [*others(self.screen, self.walk.pairs), *here]
        named = by_name(wrong)
        laid = screens_of(self.walk.form, pairs, self.own.names, named, fresh)
        shown = next((one for one in laid if one.one.name == self.screen.one.name), self.screen)
        return page(
            self.request,
            self.own,
            str((page_of or {}).get("template", "walk/step")),
            status=status,
            tab="mine",
            form=self.walk.form,
            key=self.key,
            screen=shown,
            number=self.number,
            of=len(self.screens),
            ring=round(100 * self.number / len(self.screens)),
            made_id=self.walk.id,
            made_for=made_for(self.own.actor.id, self.request.path),
            wrong=named,
            notice=notice,
            keeps=True,
            **{**page_words(), **(page_of or {})},
        )

    def take(self, typed: Pairs) -> HttpResponse:
        """Do what the pressed button says."""
        act, _, name = dict(typed).get(DO, "").partition(":")
        here = mine(self.screen, typed)
        if act == AGAIN or id_of(typed) is None:
            return self.show(here, notice=ANEW)
        if act in ("add", "remove"):
            pairs, fresh = with_rows(act, name, here)
            return self.show(pairs, fresh=fresh)
        if act == "pass":
            here = []
        elif not said(here) and not self.own.reads:  # nothing was shown, so nothing was taken away
            here = mine(self.screen, self.walk.pairs)
        if act not in (LEAVE, KEEP) and (wrong := self.wrong(here, typed)):
            return self.show(here, status=422, wrong=wrong)
        return self.go(act, here)

    def go(self, act: str, here: Pairs) -> HttpResponse:
        """Keep what stands on the step, and go where the button leads."""
        sent = next((one for one in self.own.record.entries if one.id == str(self.walk.id)), None)
        if act == KEEP:
            if sent is None:  # what was sent is not changed before a button is pressed
                self.keep(here)
            return HttpResponse(status=204)
        if sent is not None and self._stands(sent, here):  # tapped twice, or a page from before
            return leave(self.request) if act == LEAVE else redirect("portal-kept", sent.id)
        self.keep(here, sent)
        if act == LEAVE:
            return leave(self.request)
        return redirect("portal-walk", self.key, self.number - 1) if act == "back" and self.number > 1 else self._on()

    def _stands(self, sent: Entry, here: Pairs) -> bool:
        """Whether all that was written here stands in what was sent."""
        found = answers_of(self.walk.form, here)
        return all(sent.answers.get(name) == found.get(name) for name in self.screen.names)

    def keep(self, here: Pairs, sent: Entry | None = None) -> None:
        """Keep what stands on the step; where the sheet was sent meanwhile, as a newer version of it."""
        if sent is not None:
            pairs = pairs_of(self.walk.form, sent.answers, self.own.names)
            self.walk = Walk(self.walk.form, uuid4(), pairs, sent.id)
        self.walk = replace(self.walk, pairs=[*others(self.screen, self.walk.pairs), *here])
        if self.walk.kept or sent is not None or said(here):
            keep(self.own, self.walk)

    def wrong(self, here: Pairs, typed: Pairs) -> list[Wrong]:
        """Say what on this step cannot be taken."""
        strangers = [one for one in others(self.screen, typed) if not one[0].startswith("_")]
        root, strange = plant([*others(self.screen, self.walk.pairs), *here])
        found = read(self.walk.form, root)
        troubles = in_words(score(self.walk.form, found.answers).errors, found, root)
        here_only = [one for one in (*found.wrong, *troubles) if one.name.partition(".")[0] in self.screen.names]
        odd = [one for one in found.strange if one[0].partition(".")[0] in self.screen.names]
        return [*here_only, *unknown([*strange, *odd, *strangers])]

    def _on(self) -> HttpResponse:
        """Go on to the next step that applies now; to the end after the last."""
        laid = screens_of(self.walk.form, self.walk.pairs, self.own.names)
        place = next((n for n, one in enumerate(laid, 1) if one.one.name == self.screen.one.name), self.number)
        return redirect("portal-walk", self.key, place + 1) if place < len(laid) else redirect("portal-look", self.key)


def with_rows(act: str, name: str, pairs: Pairs) -> tuple[Pairs, str | None]:
    """Add an empty row to a group, or take one away; return what is typed then, and the new row's name."""
    root, strange = plant(pairs)
    fresh = add_row(root, name) if act == "add" else None
    if act == "remove":
        remove_row(root, name)
    typed = [pair for part, place in root.below.items() for pair in pairs_below(place, part)]
    return [*strange, *typed, *([(fresh, "")] if fresh else [])], fresh


def page_words() -> dict[str, Any]:
    """Return the words that fields of any kind may need: months, and feelings to choose from."""
    return {"months": catalogue().months, "feelings": list(words_of("feelings").values())}

"""Two steps of a talk as a conversation: what was said, line by line, and other words beside a line of one's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openipt.rooms.filling.fields import Field, Row
from openipt.rooms.filling.laying import id_of as id_of_field
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.sheet import AGAIN, DO, id_of
from openipt.rooms.filling.talk import Line, talk_of
from openipt.rooms.filling.typed import Pairs, is_row, plant
from openipt.rooms.portal.hall.taking import ANEW, KEEP, LEAVE
from openipt.rooms.portal.worksheets.desk import Desk
from openipt.rooms.portal.worksheets.screens import mine, said

LINES, AGAIN_SAID = "lines", "rewrite"
SPEAKERS = (("me", "Me"), ("other", "The other person"), ("third", "Somebody else"))


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line of the talk: the number of its row, and how it is drawn."""

    key: str
    line: Line

    @property
    def mine(self) -> bool:
        """Whether the client said it."""
        return self.line.side == "me"


class TalkDesk(Desk):
    """One request about the lines of a talk: a page shows one line to write, the others stay as they are."""

    def show(self, typed: Pairs | None = None, **more: Any) -> HttpResponse:
        """Show the talk so far, and one line to write."""
        pairs = self.walk.pairs
        spoken = self._spoken(pairs) if self.own.reads else []
        row = self._row(typed)
        here = typed if typed is not None else self._of_row(row, pairs) if self.own.reads else []
        more["page_of"] = {
            "template": "walk/lines" if self.screen.one.name == LINES else "walk/again",
            "spoken": spoken,
            "count": len(self._rows_of(LINES, pairs)),
            "row": row,
            "typed": {name.removeprefix(f"{self.screen.one.name}.{row}."): text for name, text in here},
            "felt": self._felt(row, here),
            "of_line": self._line(spoken),
            "speakers": SPEAKERS,
            "turn": self._turn(spoken),
            "other": self.own.names.get(dict(pairs).get("with_person", ""), "The other person"),
        }
        return super().show(None, **more)

    def take(self, typed: Pairs) -> HttpResponse:
        """Take one line; stay for the next one, or go on."""
        act, line = dict(typed).get(DO, ""), _tidy(mine(self.screen, typed))
        if act == AGAIN or id_of(typed) is None:
            return self.show(line, notice=ANEW)
        if act.startswith("remove:"):
            self.walk = replace(self.walk, pairs=_without(self.walk.pairs, act.removeprefix("remove:")))
            self.keep(mine(self.screen, self.walk.pairs))
            return redirect("portal-walk", self.key, self.number)
        rows = {_row_of(name) for name, _ in mine(self.screen, typed)}
        before = [pair for pair in mine(self.screen, self.walk.pairs) if _row_of(pair[0]) not in rows]
        if act == "pass":
            return self.go("next", mine(self.screen, self.walk.pairs))
        if act not in (LEAVE, KEEP) and (wrong := self.wrong([*before, *line], typed)):
            return self.show(line, status=422, wrong=wrong)
        if act == "line":
            self.keep([*before, *line])
            return redirect(f"{reverse('portal-walk', args=[self.key, self.number])}#next")
        return self.go(act, [*before, *line])

    def _turn(self, spoken: list[Spoken]) -> str:
        """Return who may speak next: the other one. Whoever sees the line sees who is marked."""
        return "other" if spoken and spoken[-1].mine else "me"

    def _spoken(self, pairs: Pairs) -> list[Spoken]:
        found = read(self.walk.form, plant(pairs)[0])
        keys = found.kept.get(LINES, [])
        return [Spoken(*one) for one in zip(keys, talk_of(self.walk.form, found.answers, self.own.names), strict=False)]

    def _rows_of(self, group: str, pairs: Pairs) -> list[str]:
        parts = [name.split(".") for name, text in pairs if text.strip()]
        return sorted({one[1] for one in parts if one[0] == group and len(one) > 2 and is_row(one[1])}, key=int)

    def _row(self, typed: Pairs | None) -> str:
        """Return the row that is written on this page: the one asked for, else a new one."""
        name = self.screen.one.name
        if typed:
            rows = [one.split(".")[1] for one, _ in typed if one.startswith(f"{name}.") and one.count(".") > 1]
            if rows:
                return rows[0]
        asked = self.request.GET.get("line", "")
        known = self._rows_of(name, self.walk.pairs)
        if name == LINES:
            return asked if asked in known else _after(known)
        pairs = dict(self.walk.pairs)
        return next((row for row in known if pairs.get(f"{name}.{row}.line") == asked), _after(known))

    def _line(self, spoken: list[Spoken]) -> Spoken | None:
        """Return the line that is said in another way on this page."""
        asked = self.request.GET.get("line", "")
        return next((one for one in spoken if one.key == asked and one.mine), None)

    def _of_row(self, row: str, pairs: Pairs) -> Pairs:
        return [pair for pair in pairs if pair[0].startswith(f"{self.screen.one.name}.{row}.")]

    def _felt(self, row: str, here: Pairs) -> Field:
        """Return the feelings of a line as a field."""
        name = f"{LINES}.{row}.felt"
        words = [text for one, text in here if one.startswith(f"{name}.") and one.endswith(".word")]
        rows = tuple(Row(f"{name}.{n}", n, (), word=text) for n, text in enumerate(words))
        return Field("feelings", name, id_of_field(name), "What did you feel?", rows=rows)


def _row_of(name: str) -> str:
    return ".".join(name.split(".")[:2])


def _after(rows: list[str]) -> str:
    return str(max(map(int, rows), default=-1) + 1)


def _without(pairs: Pairs, row: str) -> Pairs:
    """Take one row away; with a line go the other words for it."""
    group, _, key = row.partition(".")
    gone = {row}
    if group == LINES:
        gone |= {
            _row_of(name)
            for name, text in pairs
            if name.startswith(f"{AGAIN_SAID}.") and name.endswith(".line") and text == key
        }
    return [pair for pair in pairs if _row_of(pair[0]) not in gone]


def _tidy(line: Pairs) -> Pairs:
    """Leave out a line that nobody wrote: who speaks, or which line it is, is filled in by the page."""
    words = [pair for pair in line if pair[0].rpartition(".")[2] not in ("speaker", "line")]
    return line if said(words) else []

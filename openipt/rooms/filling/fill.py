"""Doors to filling in: show a sheet, take it in, and lose nothing of what was typed on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from uuid_utils.compat import uuid7

from openipt.casebook.operations.drafting import drop_drafts, may_wait, open_drafts
from openipt.casebook.queries.visible import NotAllowed
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor, kind_of
from openipt.rooms.filling.asked_for import Find, asked_for, zone_of
from openipt.rooms.filling.drafts import keep
from openipt.rooms.filling.face import Face, WayBack
from openipt.rooms.filling.happened import DAY, TIME
from openipt.rooms.filling.preset import preset
from openipt.rooms.filling.sent import form_or_404, typed_in
from openipt.rooms.filling.sheet import AGAIN, DO, SETTLES, TOTAL, VERSION, Sheet, id_of, moment_in_words, show
from openipt.rooms.filling.signing_in import ask_to_sign_in, come_back, forget
from openipt.rooms.filling.taking import take
from openipt.rooms.filling.turned import MARK, TURNED, held_back, may_turn
from openipt.rooms.filling.typed import Pairs, add_row, pairs_below, plant, remove_row
from openipt.rooms.filling.writing import left_over, pairs_of
from openipt.therapy.forms import Form
from openipt.therapy.record import Record

GONE = "_gone:"  # before the names of fields in a row that was just taken away
OF_THE_PAGE = (DAY, TIME, TOTAL, SETTLES, VERSION)
Done = Callable[[str], str]  # an entry's id -> the address that shows it
Back = Callable[[Record], WayBack | None]

KEPT = "Kept {moment}. Not yet in the record."
KEPT_HERE = "Kept {moment}."
BACK = "Your sign-in had run out. Everything you typed is here again. Not yet in the record."
ON_PAGE = "Not yet in the record."
SIGNED_IN_ANEW = "You signed in again while this page was open. Everything on it is here; press the button once more."


def nowhere(record: Record) -> WayBack | None:  # noqa: ARG001 - the shape of `Back`
    """Lead back to no page in particular."""
    return None


def fill(
    request: HttpRequest,
    course_id: str,
    form_id: str,
    *,
    find: Find,
    done: Done,
    face: Face | None = None,
    back: Back = nowhere,
) -> HttpResponse:
    """Fill in any form of the shelf in a course.

    Args:
        request: Whoever asks need not be signed in: they are led to sign in, and nothing they typed is lost.
        course_id: The label of the enrolment.
        form_id: The form.
        find: How the room above looks a record up, for whoever asks.
        done: Where an entry is shown.
        face: How the sheet is shown by hand; as a plain page, question by question, where there is none.
        back: Where whoever fills it in came from.
    """
    form = form_or_404(form_id)
    pairs = typed_in(request)
    actor = cast(Actor | None, request.actor)  # type: ignore[attr-defined]
    if actor is None:
        return ask_to_sign_in(request, pairs)
    try:
        desk = Desk(request, course_id, form, actor, find, done, face, back)
        return desk.answer(face.tidy(pairs) if face else pairs) if request.method == "POST" else desk.open()
    except NotAllowed as refused:
        return render(request, "filling/not_allowed.html", {"form": form, "ruling": refused.ruling}, status=403)


class Desk:
    """One request about one sheet: who asks, in which course, and what the address asks for."""

    def __init__(
        self,
        request: HttpRequest,
        course_id: str,
        form: Form,
        actor: Actor,
        find: Find,
        done: Done,
        face: Face | None = None,
        back: Back = nowhere,
    ) -> None:
        self.request, self.course, self.form, self.actor = request, course_id, form, actor
        self.find, self.done, self.face, self.back = find, done, face, back
        self.turned = may_turn(form) and (TURNED in request.GET or bool(request.POST.get(MARK)))
        self.at = timezone.now()
        self.zone = zone_of(actor.organisation)
        self._record: Record | None = None

    @property
    def came_from(self) -> bool:
        """Whether the address names a page to lead back to. Only then a record is opened that was only written to."""
        return bool(self.request.GET.get("back"))

    @property
    def here(self) -> ZoneInfo:
        """The zone of the service."""
        return ZoneInfo(self.zone)

    def record(self) -> Record:
        """Return the record, opened once; whoever may not write such a sheet here gets no further."""
        if self._record is None:
            kind = kind_of(self.form.id, self.form.kind, self.form.visibility)
            find_enrolment(self.actor, self.course, kind, "write", self.at)
            self._record = self.find(self.course)
            if self._record is None:
                raise Http404("No such course.")
        return self._record

    def sheet(self, pairs: Pairs, made: UUID | None = None) -> Sheet:
        """Return the sheet with what was typed."""
        return Sheet(
            form=self.form,
            course=self.course,
            id=made or uuid7(),
            record=self.record(),
            account=self.actor.id,
            at=self.at,
            zone=self.zone,
            pairs=pairs,
            asked=asked_for(self.request, self.form, self.record),
            face=self.face,
            turned=self.turned,
            back=self.back(self.record()),
        )

    def open(self) -> HttpResponse:
        """Show the sheet: as it was left, as its older version stands, or empty."""
        empty = self.sheet([])
        back = come_back(self.request, self.actor.id)
        if back is not None:
            sheet = replace(empty, pairs=back, id=id_of(back) or empty.id)
            return forget(self.request, show(self.request, sheet, notice=BACK))
        draft = None if "fresh" in self.request.GET else self._left(empty)
        if draft is not None:
            sheet, saved_at = draft
            if self.turned:
                return show(self.request, sheet)
            return show(self.request, sheet, notice=KEPT.format(moment=moment_in_words(saved_at, sheet)), draft=True)
        if self.turned:  # a sheet is turned by its button, which keeps first what staff wrote on it
            return redirect(self._address(turned=False))
        older = empty.asked.replaces
        people = [thing.id for thing in empty.record.people]
        if older is None or older.kind != "answers":
            named = preset(self.form, self.request.GET)
            if self.face:
                named = {**self.face.begin(empty.record, self.request.GET), **named}
            return show(self.request, replace(empty, pairs=pairs_of(self.form, named, people)) if named else empty)
        sheet = replace(empty, pairs=pairs_of(self.form, older.answers, people))
        return show(self.request, sheet, left_over=left_over(self.form, older.answers))

    def _left(self, sheet: Sheet) -> tuple[Sheet, Any] | None:
        """Return the sheet as its author left it, and when."""
        if not may_wait(self.form):
            return None
        older = sheet.asked.replaces.id if sheet.asked.replaces else None
        about = None if older else sheet.asked.about or ""  # a new version is about what the older one was about
        drafts = open_drafts(by=self.actor, at=self.at, enrolment=self.course, form=self.form.id, about=about)
        found = next((one for one in drafts if one.body.get("replaces") == older), None)
        if found is None:
            return None
        return replace(sheet, id=found.id, pairs=[(name, text) for name, text in found.body["pairs"]]), found.saved_at

    def answer(self, pairs: Pairs) -> HttpResponse:
        """Do what the pressed button says."""
        act, _, name = dict(pairs).get(DO, "").partition(":")
        if self.turned:
            pairs = [*pairs, *held_back(self.actor, self.course, self.form, id_of(pairs), self.at)]
        if act == "turn":
            return self._turn(name == "to", pairs)
        if act in ("add", "remove", "undo"):
            return self._rows(act, name, pairs)
        if act == "drop":
            drop_drafts(self.actor, [made] if (made := id_of(pairs)) else [])
            return redirect(self.request.get_full_path())
        if act == AGAIN:
            return show(self.request, self.sheet(pairs, id_of(pairs)), status=403, notice=SIGNED_IN_ANEW)
        if act in ("save", "total"):
            return take(self, pairs, total=act == "total")
        return self._keep(pairs)

    def _rows(self, act: str, name: str, pairs: Pairs) -> HttpResponse:
        """Add a row, take one away, or put back the one that was just taken away; all else stays as it is."""
        sheet = self.sheet(pairs, id_of(pairs))
        back = [(one.removeprefix(GONE), text) for one, text in pairs if one.startswith(GONE) and act == "undo"]
        root, strange = plant([*pairs, *back])
        fresh = add_row(root, name) if act == "add" else None
        gone = remove_row(root, name) if act == "remove" else []
        typed = [pair for part, place in root.below.items() for pair in pairs_below(place, part)]
        page = [pair for pair in pairs if pair[0] in OF_THE_PAGE]
        rows = [(fresh, "")] if fresh else []
        now = replace(sheet, pairs=[*page, *strange, *typed, *rows])
        gone = [(f"{GONE}{one}", text) for one, text in gone]
        return show(self.request, now, fresh=fresh, gone=gone if any(text for _, text in gone) else ())

    def _turn(self, to_client: bool, pairs: Pairs) -> HttpResponse:
        """Turn the sheet to the client, or back; what was typed goes along."""
        self.turned = to_client and may_turn(self.form)
        sheet = self.sheet([pair for pair in pairs if pair[0] != MARK], id_of(pairs))
        if not may_wait(self.form):
            return show(self.request, sheet)
        older, about = sheet.asked.replaces, sheet.asked.about
        kept = keep(
            self.actor, self.course, self.form, sheet.id, sheet.pairs, about, older.id if older else None, self.at
        )
        if not kept:
            return redirect(f"{self.done(str(sheet.id))}?told=again")
        return redirect(self._address(turned=self.turned))

    def _address(self, *, turned: bool) -> str:
        """Return the address of this sheet, turned or not."""
        asked = self.request.GET.copy()
        for name in (TURNED, "fresh"):
            asked.pop(name, None)
        if turned:
            asked[TURNED] = "1"
        return f"{self.request.path}?{asked.urlencode()}" if asked else self.request.path

    def _keep(self, pairs: Pairs) -> HttpResponse:
        """Keep a draft where one may lie here, and show the sheet again: the answer to the Enter key, too."""
        sheet = self.sheet(pairs, id_of(pairs))
        if not may_wait(self.form):
            return show(self.request, sheet, notice=ON_PAGE)
        older = sheet.asked.replaces
        if not keep(
            self.actor, self.course, self.form, sheet.id, pairs, sheet.asked.about, older.id if older else None, self.at
        ):
            return redirect(f"{self.done(str(sheet.id))}?told=again")
        notice = KEPT_HERE if self.turned else KEPT
        return show(self.request, sheet, notice=notice.format(moment=moment_in_words(self.at, sheet)), draft=True)

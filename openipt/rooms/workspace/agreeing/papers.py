"""A page of the first phase, over its form and checker: drafts, two versions, a lost sign-in as with any sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid5

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from openipt.casebook.operations.saving import Replaced
from openipt.policy import Actor
from openipt.rooms.filling.asked_for import names_of
from openipt.rooms.filling.face import Face, WayBack
from openipt.rooms.filling.fields import Field
from openipt.rooms.filling.fill import Desk
from openipt.rooms.filling.kept_both import both
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.said import Read, Wrong
from openipt.rooms.filling.sheet import DO, Sheet, id_of, show
from openipt.rooms.filling.typed import Pairs, plant
from openipt.rooms.filling.writing import pairs_of
from openipt.rooms.workspace.agreeing.around import around
from openipt.rooms.workspace.agreeing.presets import Known, filled_in
from openipt.rooms.workspace.agreeing.standing import after_this
from openipt.rooms.workspace.agreeing.steps import STEPS, Step
from openipt.rooms.workspace.agreeing.understood import missing, understood
from openipt.rooms.workspace.courses import Course
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.sheets.beside_session import of_session, way_back
from openipt.therapy.forms import open_form
from openipt.therapy.record import Entry, Record

TOLD = {
    "saved": "In the record.",
    "unfinished": "In the record. The diagnosis is still missing in the intake; what it holds back is said below.",
    "again": "This was in the record already, with the same answers. It stands there once.",
    "newer": "In the record, under the newer version of its form.",
}


class Paper(Desk):
    """One request about one step of the first phase."""

    def __init__(self, request: HttpRequest, course_id: str, step: Step, actor: Actor) -> None:
        face = Face(step.template, self._gather)
        back = partial(self._back_to, course_id)
        super().__init__(request, course_id, open_form(step.form), actor, self._find, self._shown, face, back)
        self.step, self.turned = step, False
        self._course: Course | None = None

    def _find(self, course_id: str) -> Record:
        self._course = find_course(self.request, course_id)
        return self._course.record

    def _back_to(self, course_id: str, record: Record) -> WayBack | None:
        return way_back(course_id, record, self.request.GET.get("back"))

    def _shown(self, entry_id: str) -> str:
        return reverse("entry", args=[self.course, entry_id])

    @property
    def one(self) -> Course:
        """The course, opened once; whoever may not write this sheet gets no further."""
        self.record()
        if self._course is None:
            raise Http404("No such course.")
        return self._course

    @property
    def stands(self) -> Entry | None:
        """The sheet that a new one takes the place of; None where each time is a sheet of its own."""
        found = self.record().newest(self.form.id) if self.step.renews else None
        return found if found is not None and found.kind == "answers" else None

    def known(self) -> Known:
        """What a new page may be filled in from."""
        return Known(self.one, self.at.astimezone(self.here).date(), str(getattr(self.request.user, "name", "")))

    def sheet(self, pairs: Pairs, made: UUID | None = None) -> Sheet:
        """Return the page: its questions with what was typed, and what stands around them."""
        plain = super().sheet(pairs, made)
        return plain if pairs or plain.asked.replaces is not None else replace(plain, pairs=self._opening())

    def _gather(self, sheet: Sheet, fields: tuple[Field, ...], found: Read) -> Mapping[str, Any]:  # noqa: ARG002
        told = TOLD.get(self.request.GET.get("told", ""), "") if self.request.method != "POST" else ""
        return {**around(self.step, sheet, self.known()), "done_words": told}

    def _opening(self) -> Pairs:
        answers = filled_in(self.step.id, self.known())
        return pairs_of(self.form, answers, list(names_of(self.record())))

    def open(self) -> HttpResponse:
        """Show the page; where a sheet stands, as its newer version."""
        older = self.stands
        if older is not None and not self.request.GET.get("replaces"):
            asked = self.request.GET.copy()
            asked["replaces"] = older.id
            return redirect(f"{self.request.path}?{asked.urlencode()}")
        return super().open()

    def answer(self, pairs: Pairs) -> HttpResponse:
        """Do what the pressed button says; a page that is saved leads back to what is agreed."""
        if dict(pairs).get(DO) != "save":
            return super().answer(pairs)
        empty = self.sheet([])
        pairs, wrong = understood(self.step, pairs, empty, self.known())
        if wrong:
            return self._again(pairs, wrong)
        if (faster := self._faster(pairs)) is not None:
            return faster
        return self._on(super().answer(pairs), unfinished=missing(self.step, pairs))

    def _again(self, pairs: Pairs, wrong: list[Wrong]) -> HttpResponse:
        return show(self.request, self.sheet(pairs, id_of(pairs)), status=422, wrong=wrong)

    def _faster(self, pairs: Pairs) -> HttpResponse | None:
        """Show both where a first version came in from elsewhere while this one was being written."""
        older, made = self.stands, id_of(pairs)
        if older is None or made is None or self.request.GET.get("replaces") or older.id == str(made):
            return None
        self._keep(pairs)
        found = read(self.form, plant(pairs)[0])
        return both(self, pairs, found, Replaced(UUID(older.id), uuid5(made, "beside")))

    def _on(self, answered: HttpResponse, *, unfinished: tuple[str, ...]) -> HttpResponse:
        """Lead to what comes next: in a session the page that follows or the session, else the page of what is agreed.

        A sheet that is not in the record yet stays where it is.
        """
        if answered.status_code != 303:
            return answered
        told = answered["Location"].rpartition("told=")[2].partition("#")[0]
        told = "saved" if told == "sheet" else told
        if unfinished and told == "saved":
            return _see(f"{reverse('agreed', args=[self.course])}?told=unfinished#{self.step.id}")
        back = self.back(self.record()) if self.came_from else None
        if back is None or self.step.then != "agreed":
            asked = f"&{urlencode({'back': back.session})}" if back else ""
            return _see(f"{reverse(self.step.then, args=[self.course])}?told={told}{asked}#{self.step.id}")
        following = after_this(self.step.id, find_course(self.request, self.course), self.known().today)
        if following:
            page = reverse(f"agreed-{following}", args=[self.course])
            return _see(f"{page}?{of_session(STEPS[following].form, back.session)}&told={told}")
        return _see(f"{back.address}?told=sheet#h-sheets")


def _see(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=303)

"""One request about the service: who asks, which service, the moment, the clock of the service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import wraps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from openipt.accounts.governing import ANSWERING, NUMBERS, STAFF, MayNot, ask, may_put_forward, may_see
from openipt.accounts.keeping_changes import Act
from openipt.accounts.models import Organisation
from openipt.casebook.queries.modules import may_switch
from openipt.casebook.queries.visible import NotAllowed, NotVisible
from openipt.policy import Actor
from openipt.rooms.filling.signing_in import LastingDoor, ask_to_sign_in, come_back, forget, made_for
from openipt.rooms.programme.typed import Pairs, Typed

View = Callable[..., HttpResponse]


def lasting(kind: str, action: str) -> Callable[[View], View]:
    """Give a view a door behind which what was typed outlasts a sign-in that ran out."""

    def hang(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            if request.actor is None:  # type: ignore[attr-defined]
                return ask_to_sign_in(request, list(_posted(request)))
            return view(request, *args, **named)

        answer.door = LastingDoor(kind, action)  # type: ignore[attr-defined]
        return answer

    return hang


def _posted(request: HttpRequest) -> Pairs:
    return [(name, str(text)) for name, texts in request.POST.lists() for text in texts]


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page of this room starts from."""

    request: HttpRequest
    actor: Actor
    organisation: Organisation
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the service."""
        return ZoneInfo(self.organisation.zone)

    @property
    def today(self) -> date:
        """The day where the service is."""
        return self.now.astimezone(self.zone).date()

    def begins(self, day: date) -> datetime:
        """Return when a day begins where the service is; today has begun already, so it means now."""
        return self.now if day == self.today else datetime.combine(day, time(), self.zone)

    def is_over(self, day: date) -> datetime:
        """Return when a day is over where the service is."""
        return datetime.combine(day + timedelta(days=1), time(), self.zone)

    def act(self, id: UUID, why: str = "") -> Act:  # noqa: A002 - the word of the field
        """Return what an act of whoever asks is told."""
        return Act(self.actor.id, self.now, self.organisation, why, id)

    def typed(self, given: dict[str, str] | Pairs = ()) -> Typed:
        """Return what is on the page: what was posted; what waited while somebody signed in; else what is given."""
        if self.request.method == "POST":
            return Typed(_posted(self.request))
        back = come_back(self.request, self.actor.id)
        return Typed(back if back is not None else list(given.items()) if isinstance(given, dict) else given)

    def show(self, template: str, said: Typed | None = None, status: int = 0, **more: Any) -> HttpResponse:
        """Show a page of this room with everything that was typed on it."""
        said = said or Typed()
        made = said.id()
        page = {
            "here": "service",
            "organisation": self.organisation,
            "zone": self.organisation.zone,
            "now": self.now,
            "today": self.today,
            "may": {
                "staff": may_see(self.actor, STAFF),
                "answering": may_see(self.actor, ANSWERING),
                "numbers": may_see(self.actor, NUMBERS),
                "put_forward": may_put_forward(self.actor),
                "switch": may_switch(self.actor),
            },
            "typed": said.said,
            "ticked": [f"{name}={text}" for name, text in said.every],
            "wrong": said.wrong,
            "made_id": str(made),
            "made_for": made_for(self.actor.id, self.request.path),
            **more,
        }
        shown = render(self.request, f"programme/{template}.html", page, status=status or (422 if said.wrong else 200))
        return forget(self.request, shown) if self.request.method == "GET" else shown


def ask_leave(desk: Desk, kind: str) -> None:
    """Ask the table for leave to change something of this kind, alone.

    Raises:
        NotAllowed: it says no; who only reads gets no sheet to write on.
    """
    try:
        ask(desk.actor, kind)
    except MayNot as refused:
        raise NotAllowed(refused.ruling) from refused


def open_desk(request: HttpRequest, kind: str = STAFF) -> Desk:
    """Open the service for whoever asks.

    Raises:
        NotVisible: the table lets them see nothing of this kind: there is no such page for them.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not may_see(actor, kind):
        raise NotVisible(kind)
    return Desk(request, actor, Organisation.objects.get(id=actor.organisation), timezone.now())

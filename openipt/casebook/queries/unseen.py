"""What clients wrote since whoever treats them last opened their course: how much, for lists, without opening it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, When

from openipt.accounts.models import Account
from openipt.audit.models import AuditEvent
from openipt.casebook.models import Entry, Tie
from openipt.casebook.queries.visible import live
from openipt.policy import Actor
from openipt.tables.asking import Question

TREATS = ("assigned", "cover", "group")
OPENED = "course.open"
NEWEST = 20  # facts of a course that are looked at: whoever has more waiting than that is told of these
PRIVATE = "client_private"
CUTS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))  # between the hyphens of an id


class AsText(Func):
    """An id as the audit writes it, whatever the database makes of one."""

    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:  # noqa: ARG002 - Django's
        """Put the hyphens in."""
        sql, values = compiler.compile(self.source_expressions[0])
        return " || '-' || ".join(f"substr({sql}, {start}, {n})" for start, n in CUTS), [*values] * len(CUTS)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:  # noqa: ARG002 - Django's
        """Let it write the id."""
        sql, values = compiler.compile(self.source_expressions[0])
        return f"({sql})::text", values


class Unseen:
    """What waits to be looked at, of some forms.

    Args:
        forms: The forms that are counted.
        as_one: Those of them that are one thing to look at, however often they were changed: the circle.
    """

    def __init__(self, forms: Collection[str], as_one: Collection[str]) -> None:
        self._question = Question(partial(_asked, sorted(forms), sorted(as_one)))

    def by_course(self, actor: Actor, at: datetime) -> dict[str, int]:
        """Return how many sheets came in from the client and wait, by course. One query, however many.

        Args:
            actor: Who asks. Only those who treat the client are told.
            at: The moment: who treats whom changes.
        """
        return dict(self._question.ask(account=UUID(actor.id), looker=actor.id, at=at))


def _asked(forms: list[str], as_one: list[str], *, account: UUID, looker: str, at: datetime) -> QuerySet[Any, Any]:
    client = Account.objects.filter(client=OuterRef("client_id")).values("id")
    looked = AuditEvent.objects.filter(chain=AsText(OuterRef("client_id")), by=looker, act=OPENED)
    treated = Tie.objects.filter(live(at), account_id=account, kind__in=TREATS)
    waits = (
        Entry.objects.filter(
            enrolment__in=treated.values("enrolment"),
            seq__gt=F("enrolment__standing__seq") - NEWEST,
            form__in=forms,
            by=Subquery(client[:1]),
        )
        .exclude(visibility=PRIVATE)
        .filter(~Exists(Entry.objects.filter(replaces=OuterRef("pk"))))
        .annotate(opened=Subquery(looked.order_by("-place").values("at")[:1]))
        .filter(Q(opened=None) | Q(recorded_at__gt=F("opened")))
    )
    thing = Case(When(form__in=as_one, then=F("enrolment_id")), default=F("id"))
    return waits.order_by().values_list("enrolment__label").annotate(n=Count(thing, distinct=True))

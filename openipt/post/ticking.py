"""The tick: run every minute. It tells people of flags, passes on what is overdue, and tidies the house.

Each part can be run twice at the same time, by two machines, and does its work once. A part that breaks does not keep
the others from theirs: what reaches people comes first.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from openipt.casebook.operations.new_day import purge_drafts, reckon, stale
from openipt.casebook.operations.no_longer_known import make_a_task, no_longer_known
from openipt.casebook.operations.passing_on import pass_on, to_pass_on
from openipt.post import housekeeping
from openipt.post.clock import TICK, ran
from openipt.post.models import EXPIRED, FAILED, SENT
from openipt.post.outgoing import outgoing
from openipt.post.reminding.following import follow
from openipt.post.reminding.making import plan
from openipt.post.reminding.sending import send_due
from openipt.post.telling import nobody_knows, tell_flags
from openipt.post.telling_devices import tell_devices

logger = logging.getLogger(__name__)
Row = TypeVar("Row")
Watched = Callable[[int, int], None]  # how many rows are reckoned, of how many


@dataclass
class Ticked:
    """What one tick did, by number; `broken` names the parts that could not be done."""

    told: int = 0
    passed_on: int = 0
    nobody: int = 0  # flags for which there is nobody
    sent: int = 0
    failed: int = 0
    expired: int = 0
    planned: int = 0  # courses whose reminders were planned anew
    reminded: int = 0
    not_reminded: int = 0  # reminders that were given up, each with its reason
    followed: int = 0
    reckoned: int = 0
    drafts: int = 0
    sign_ins: int = 0
    broken: list[str] = field(default_factory=list)

    @property
    def well(self) -> bool:
        """Whether all of it was done, and every flag is somebody's task."""
        return not self.broken and not self.nobody and not self.failed


def tick(at: datetime, watched: Watched | None = None) -> Ticked:
    """Do one round.

    Args:
        at: Now.
        watched: Called after each course that is reckoned for a new day, for a progress bar.
    """
    did = Ticked()
    parts: dict[str, Callable[[], object]] = {
        # The owner is called before a flag is passed on, also where its time was over before anybody looked.
        "telling": lambda: _count(did, "told", tell_flags(at)),
        "telling of devices": lambda: _count(did, "told", tell_devices(at)),
        "known no more": lambda: _no_longer_known(did, at),
        "passing on": lambda: _pass_on(did, at),
        "telling the next": lambda: _count(did, "told", tell_flags(at) if did.passed_on else 0),
        "flags of nobody": lambda: _count(did, "nobody", nobody_knows(at)),
        "post": lambda: _post(did, at),
        "planning reminders": lambda: _count(did, "planned", plan(at)),
        "reminders": lambda: _remind(did, at),
        "following reminders": lambda: _count(did, "followed", follow(at)),
        "caseload": lambda: _caseload(did, at, watched),
        "drafts": lambda: _count(did, "drafts", purge_drafts(at)),
        "sign-ins": lambda: _count(did, "sign_ins", housekeeping.clear_sign_ins(at)),
        "anchor": lambda: housekeeping.anchor_of_today(at),
        "logs": housekeeping.empty_logs,
    }
    for name, part in parts.items():
        _do(did, name, part)
    ran(TICK, at, did.well)
    return did


def _do(did: Ticked, name: str, part: Callable[[], object]) -> None:
    try:
        part()
    except Exception as problem:  # its message may hold anything; its kind is enough to look for it
        logger.error("the part %r of the tick broke: %s", name, type(problem).__name__)
        did.broken.append(name)


def _each(did: Ticked, name: str, rows: Iterable[tuple[UUID, Row]], work: Callable[[Row], object]) -> int:
    """Do one piece of work for each row; one that cannot be done is named, and the others are done."""
    done = 0
    for row_id, row in rows:
        try:
            done += bool(work(row))
        except Exception as problem:
            logger.error("%s of %s broke: %s", name, row_id, type(problem).__name__)
            did.broken.append(f"{name} of {row_id}")
    return done


def _pass_on(did: Ticked, at: datetime) -> None:
    rows = [(one.flag.id, one.flag.id) for one in to_pass_on(at)]
    did.passed_on += _each(did, "passing on", rows, lambda flag: pass_on(flag, at))


def _no_longer_known(did: Ticked, at: datetime) -> None:
    rows = [(flag, flag) for flag in no_longer_known(at)]
    did.passed_on += _each(did, "known no more", rows, lambda flag: make_a_task(flag, at))


def _post(did: Ticked, at: datetime) -> None:
    became = outgoing(at)
    did.sent, did.failed, did.expired = became[SENT], became[FAILED], became[EXPIRED]


def _remind(did: Ticked, at: datetime) -> None:
    became = send_due(at)
    did.reminded, did.not_reminded = became[SENT], became[EXPIRED]
    did.failed += became[FAILED]


def _caseload(did: Ticked, at: datetime, watched: Watched | None) -> None:
    courses = stale(at)

    def one(row: tuple[int, UUID]) -> bool:
        done, course = row
        if watched:
            watched(done, len(courses))
        return reckon(course, at)

    did.reckoned = _each(did, "the row", [(course, (n, course)) for n, course in enumerate(courses, 1)], one)


def _count(did: Ticked, name: str, n: int) -> None:
    setattr(did, name, getattr(did, name) + n)

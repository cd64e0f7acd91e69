"""Write down what was decided at a decision point. Nothing changes by itself; a second person may be asked to look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from openipt.casebook.operations.acting import Act
from openipt.casebook.operations.saving import Saved
from openipt.casebook.operations.sheet import Sheet
from openipt.casebook.operations.together import begin_thing_in, write_together
from openipt.casebook.queries.signing import DECISION, SIGN_OFF, asks_for_another
from openipt.policy import Actor
from openipt.therapy.course import recorded_decision


class WordsForAnother(ValueError):  # noqa: N818
    """A second person signs this decision, and nothing was written for them. Nothing was stored."""


def decide(
    *,
    by: Actor,
    at: datetime,
    enrolment: str,
    answers: Mapping[str, Any],
    id: UUID,  # noqa: A002 - the word of the field
    replaces: UUID | None = None,
    asked: str = "",
) -> Saved:
    """Write a decision record, and put it before a second person where one signs it.

    Args:
        by: Who decides, with the client.
        at: The server's time.
        enrolment: The enrolment's label.
        answers: Of the decision record: `point`, `state`, `client_says`, `action`, `reason` ...
        id: The entry's id, made with the page: sent twice it is one decision.
        replaces: The decision that stood when the page was opened; None where there was none.
        asked: For the second person, without names; empty where nobody is asked.

    Raises:
        WordsForAnother: the manual asks for a second person, and nothing was written for them.
        NotVisible, NotAllowed, Invalid, SameIdOtherBody, Replaced: as for `save_entry`.
    """
    point = str(answers.get("point") or "")
    wanted = asks_for_another(point, str(answers.get("action") or ""))
    if wanted and not asked.strip():
        raise WordsForAnother("a second person signs this: write in a few sentences, without names, what they need")
    sheets = [Sheet(DECISION, answers, at, id, replaces=replaces)]
    if asked.strip():
        said = {"says": "asked", "words": asked.strip()}
        sheets.append(Sheet(SIGN_OFF, said, at, uuid5(id, SIGN_OFF), about=str(id)))

    def put_before_another(it: Act) -> None:
        if asked.strip():
            begin_thing_in(it, "decision", uuid5(id, "decision"), str(id), by)

    return write_together(
        "decide",
        sheets,
        by=by,
        at=at,
        enrolment=enrolment,
        in_its_place=lambda known: recorded_decision(known, point),
        then=put_before_another,
        facts=("author",) if asked.strip() else (),
    )

"""Where nothing may be computed: a fact of violence or coercion stands in the record (INSIGHT 4.5)."""

from __future__ import annotations

from openipt.therapy.record import Record, violence_checks
from openipt.therapy.record.views import FEARED

_RULE = "R7"  # violence or coercion now, a child or adult at risk


def violence_stands(record: Record) -> bool:
    """Whether anything in a record speaks of violence or coercion: a check, a person's sheet, a flag.

    A later "none" does not lift it: who is controlled may have to say so. Retracting or replacing what was wrong does.
    A pattern between mood and contact with somebody feared is no question for a session, and they may read the screen.
    """
    checks = any(check.result in FEARED or check.safe_to_raise == "no" for check in violence_checks(record))
    return checks or _of_people(record) or _flagged(record)


def _of_people(record: Record) -> bool:
    sheets = (record.says("interpersonal-inventory", person.id) for person in record.people)
    return any(said.get("safety") in FEARED for said in sheets)


def _flagged(record: Record) -> bool:
    raised = [flag for flag in record.flags if flag.rule == _RULE]
    if not raised:
        return False
    standing = {entry.id for form in {entry.form for entry in record.entries} for entry in record.of(form)}
    return any(flag.entry is None or flag.entry in standing for flag in raised)

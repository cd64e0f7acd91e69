"""Who is in the client's life now: one rule for the page of people and for what speaks for an area."""

from __future__ import annotations

from openipt.therapy.record.facts import Entry
from openipt.therapy.record.record import Record

GONE = ("deceased", "lost_contact")  # statuses of whoever is no longer part of this life


def no_longer_here(status: str | None, *, met_again: bool) -> bool:
    """Whether somebody is no longer part of this life: a newer circle may show them in touch again, unless they died.

    Args:
        status: As their own sheet says; None where it does not say, or there is no sheet.
        met_again: Whether a circle newer than the sheet shows them in touch.
    """
    return status in GONE and not (met_again and status != "deceased")


def met_again(record: Record, person: str) -> bool:
    """Whether a circle that is newer than somebody's own sheet shows them in touch."""
    sheet, circle = record.newest("interpersonal-inventory", person), _newest_circle(record)
    if sheet is None or circle is None or circle.recorded_at <= sheet.recorded_at:
        return False
    placed = {row.get("person") for row in circle.answers.get("places") or ()}
    return person in placed and person not in (circle.answers.get("lost_or_out") or ())


def people_now(record: Record) -> tuple[str, ...]:
    """Return the people who are in this life now, in the order they were named."""
    return tuple(thing.id for thing in record.people if not gone(record, thing.id))


def gone(record: Record, person: str) -> bool:
    """Whether a person of the record is no longer part of this life."""
    status = record.says("interpersonal-inventory", person).get("status")
    return no_longer_here(status, met_again=met_again(record, person))


def _newest_circle(record: Record) -> Entry | None:
    drawn = [entry for entry in record.of("closeness-circle") if entry.kind == "answers"]
    return drawn[-1] if drawn else None

"""Sealed texts in the real tables, put where they do not belong, and every way by which the program reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import models

from openipt.casebook.models import Draft, Entry, FlagStep, Mark, Standing
from openipt.casebook.models.sealed import read_body
from openipt.casebook.queries.record import record
from openipt.casebook.sealing import Tampered

# model -> the column, and the name under which it is sealed
COLUMNS: dict[type[models.Model], tuple[str, str]] = {
    Entry: ("body", "entry"),
    FlagStep: ("body", "flagstep"),
    Mark: ("why", "mark"),
    Draft: ("body", "draft"),
    Standing: ("told", "standing"),
}


@dataclass(frozen=True)
class Place:
    """Where one sealed text lies."""

    model: type[models.Model]
    key: Any

    @property
    def row(self) -> Any:
        """The row as it is now."""
        return self.model._base_manager.get(pk=self.key)

    @property
    def blob(self) -> bytes:
        """What lies there now."""
        return bytes(getattr(self.row, COLUMNS[self.model][0]))

    def put(self, blob: bytes, **columns: Any) -> None:
        """Put something there."""
        self.model._base_manager.filter(pk=self.key).update(**{COLUMNS[self.model][0]: blob}, **columns)


def places() -> list[Place]:
    """Return every sealed text of the record, in a fixed order."""
    return [Place(model, key) for model in COLUMNS for key in model.objects.order_by("pk").values_list("pk", flat=True)]


def swap(rng: Random, every: list[Place]) -> tuple[list[Place], str]:
    """Let two texts trade places, or copy one over another, with or without the name of its key."""
    one, two = rng.sample(every, 2)
    mine, theirs = one.row, two.row
    with_key = rng.random() < 0.5
    texts = one.blob, two.blob
    one.put(texts[1], **({"scope": theirs.scope} if with_key else {}))
    if rng.random() < 0.3:
        return [one], f"{two} was copied over {one}, key {with_key}"
    two.put(texts[0], **({"scope": mine.scope} if with_key else {}))
    return [one, two], f"{one} and {two} traded, key {with_key}"


def opened(place: Place) -> Iterator[str]:
    """Yield every way by which the text at a place could still be read."""
    row = place.row
    if not _refuses(lambda: read_body(row.scope, COLUMNS[place.model][1], place.key, place.blob)):
        yield "by itself"
    if _is_read_with_the_record(row) and not _refuses(lambda: _from_record(row)):
        yield "in the record"


def _is_read_with_the_record(row: Any) -> bool:
    if isinstance(row, Entry):
        return row.enrolment_id is not None
    return isinstance(row, Mark) or (isinstance(row, FlagStep) and row.kind == "outcome")


def _from_record(row: Any) -> None:
    found = record(row.enrolment)
    said = [dict(entry.answers) for entry in found.entries if entry.id == str(row.pk)]
    if isinstance(row, Entry) and not said:  # an older sheet of the course or a session: nobody asked for it
        raise Tampered("not read")


def _refuses(read: Any) -> bool:
    """Whether a text is refused as what it is. Any other error would mean that it was opened, and made no sense."""
    try:
        read()
    except Tampered:
        return True
    except Exception:
        return False
    return False

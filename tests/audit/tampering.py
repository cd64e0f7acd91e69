"""Everything that somebody with all rights on the database might do to the record, each told as one act."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from django.db import connection, models
from django.db.models import Model
from service import BEGAN, CAROL, DAN, EVE, SERVICE, name
from sheets import Sheet

from openipt.audit.anchors import _text, cover
from openipt.audit.canonical import digest
from openipt.audit.chaining import GENESIS, event_text, hash_of
from openipt.audit.models import Anchor, Appearance, AuditEvent, Head

CHAINS = (CAROL, DAN, EVE, SERVICE)
AWAY = 1000  # far enough that no place is there


def chain_anew(chain: str) -> None:
    """Make all places and hashes of a chain fit what its events say now."""
    prev = GENESIS
    for place, event in enumerate(AuditEvent.objects.filter(chain=chain).order_by("place"), start=1):
        event.place, event.prev = place, prev
        event.hash = prev = hash_of(event_text(event))
        event.save()


def all_anew() -> None:
    """Make every chain, head and anchor fit."""
    for chain in AuditEvent.objects.values_list("chain", flat=True).distinct():
        chain_anew(chain)
    prev = GENESIS
    for made in Anchor.objects.order_by("id"):
        heads = list(Head.objects.filter(anchor=made.id))
        for head in heads:
            last = AuditEvent.objects.filter(chain=head.chain, id__lte=made.upto).order_by("place").last()
            assert last
            head.place, head.hash = last.place, last.hash
            head.save()
        covered = cover(made.upto)
        made.events, made.chains, made.heads, made.prev = covered.events, covered.chains, covered.heads, prev
        made.hash = prev = hash_of(_text(made, sorted((head.chain, head.place, head.hash) for head in heads)))
        made.save()


# ---- single acts; each returns what it did, for the one who reads a failure


def any_of(rng: Random, rows: Any) -> Any:
    return rng.choice(list(rows.order_by("pk")))


def own(rng: Random) -> list[AuditEvent]:
    """The events of some chain, by place."""
    return list(AuditEvent.objects.filter(chain=rng.choice(CHAINS)).order_by("place"))


def other(rng: Random, field: Any, value: Any) -> Any:
    """Another value that the column can hold."""
    if isinstance(field, models.DateTimeField):
        return (value or BEGAN) + timedelta(microseconds=rng.choice([-1, 1, 10**9, 10**13]))
    if isinstance(field, models.JSONField) or field.get_internal_type() == "TextField":
        changed = rng.choice([[], [name("nobody")], [["casebook_entry", name("x"), "0" * 64]]])
        return changed if changed != value else [*changed, "x"]
    if isinstance(field, models.BinaryField):
        return bytes(value or b"") + b"\x00"
    if isinstance(field, models.UUIDField):
        return name(f"other {rng.random()}")
    if isinstance(field, models.CharField):
        return rng.choice([name("nobody"), f"{value}x"[-64:], "0" * 64])
    return (value or 0) + AWAY + rng.choice([1, 7])


def edit(rng: Random, model: type[Model], keep: tuple[str, ...] = ()) -> str:
    """Change one column of one row."""
    row = any_of(rng, model._default_manager)
    field = rng.choice([field for field in model._meta.concrete_fields if field.name not in keep])
    value = other(rng, field, getattr(row, field.attname))
    if isinstance(field, models.CharField) and value == getattr(row, field.attname):
        value = "x"
    model._default_manager.filter(pk=row.pk).update(**{field.attname: value})
    return f"{model.__name__}.{field.name} of {row} is {value!r}"


def edit_event(rng: Random) -> str:
    return edit(rng, AuditEvent, keep=("id",))


def edit_row(rng: Random) -> str:
    return edit(rng, Sheet, keep=("yes", "share", "day", "hour", "lasting"))


def edit_anchor(rng: Random) -> str:
    return edit(rng, Anchor, keep=("id",)) if rng.random() < 0.5 else edit(rng, Head, keep=("id",))


def edit_appearance(rng: Random) -> str:
    return edit(rng, Appearance, keep=("id",))


def write_rubbish(rng: Random) -> str:
    """Put something into a column that it was never made for; only SQLite takes that."""
    column = rng.choice(["at", "place", "shown", "rows", "by", "chain"])
    event = any_of(rng, AuditEvent.objects)
    value = rng.choice(["rubbish", "[1]", '{"a":']) if connection.vendor == "sqlite" else "77"
    column = column if connection.vendor == "sqlite" else rng.choice(["shown", "rows", "by"])
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE audit_auditevent SET {column} = %s WHERE id = %s", [value, event.pk])  # noqa: S608
    return f"{column} of {event} is {value}"


def delete(rng: Random) -> str:
    """Take out one row: an event, a row of the record, a head, an anchor between others, an appearance."""
    model = rng.choice([AuditEvent, AuditEvent, Sheet, Head, Anchor, Appearance])
    rows = model.objects.exclude(pk=Anchor.objects.latest("id").pk) if model is Anchor else model.objects
    row = any_of(rng, rows)
    text = f"{model.__name__} {row} is gone"
    row.delete()
    return text


def swap(rng: Random) -> str:
    """Let two events of a chain trade their contents; their places, and sometimes their links, stay."""
    one, two = sorted(rng.sample(own(rng), 2), key=lambda event: event.place)
    kept = rng.choice([("id", "chain", "place"), ("id", "chain", "place", "prev", "hash")])
    for_one, for_two = (
        {field.name: getattr(event, field.name) for field in AuditEvent._meta.fields if field.name not in kept}
        for event in (two, one)
    )
    AuditEvent.objects.filter(pk=one.pk).update(**for_one)
    AuditEvent.objects.filter(pk=two.pk).update(**for_two)
    return f"{one} and {two} traded"


def swap_across(rng: Random) -> str:
    """Let two events of two chains trade places."""
    one, two = (any_of(rng, AuditEvent.objects.filter(chain=chain)) for chain in rng.sample(CHAINS, 2))
    AuditEvent.objects.filter(pk=one.pk).update(place=one.place + AWAY)
    AuditEvent.objects.filter(pk=two.pk).update(chain=one.chain, place=one.place)
    AuditEvent.objects.filter(pk=one.pk).update(chain=two.chain, place=two.place)
    return f"{one} and {two} traded chains"


def swap_ids(rng: Random) -> str:
    """Let two events of a chain trade the order in which they came."""
    one, two = rng.sample(own(rng), 2)
    AuditEvent.objects.filter(pk=one.pk).update(id=one.pk + AWAY)
    AuditEvent.objects.filter(pk=two.pk).update(id=one.pk)
    AuditEvent.objects.filter(pk=one.pk + AWAY).update(id=two.pk)
    return f"{one} and {two} traded ids"


def shift(events: list[AuditEvent], by: int) -> None:
    for event in sorted(events, key=lambda event: event.place, reverse=by > 0):
        AuditEvent.objects.filter(pk=event.pk).update(place=event.place + by)


def insert(rng: Random) -> str:
    """Slip in an event between others, or at the end with a link that is made up."""
    events = own(rng)
    place = rng.randint(1, len(events) + 1)
    shift([event for event in events if event.place >= place], 1)
    like = rng.choice(events)
    forged = AuditEvent.objects.get(pk=like.pk)
    forged.pk, forged.place = None, place
    forged.prev = events[place - 2].hash if place > 1 else GENESIS
    forged.hash = hash_of(event_text(forged))
    if place == len(events) + 1:  # with the right link it would be an event like any other
        forged.prev = rng.choice([GENESIS, like.hash, "f" * 64]) if len(events) > 1 else "f" * 64
        forged.prev = "e" * 64 if forged.prev == events[-1].hash else forged.prev
    forged.save(force_insert=True)
    return f"forged {forged}"


def insert_row(rng: Random) -> str:
    """Slip in a row of the record that nobody noted."""
    like = any_of(rng, Sheet.objects)
    like.pk = name(f"forged {rng.random()}")
    like.save(force_insert=True)
    return f"forged row {like.pk}"


def reorder(rng: Random) -> str:
    """Give the events of a chain each other's places."""
    events = own(rng)
    places = [event.place for event in events]
    while places == [event.place for event in events]:
        rng.shuffle(places)
    shift(events, AWAY)
    for event, place in zip(events, places, strict=True):
        AuditEvent.objects.filter(pk=event.pk).update(place=place)
    return f"{events[0].chain} is {places}"


def cut_tail(rng: Random) -> str:
    """Cut off the end of a chain, up to all of it."""
    events = own(rng)
    lost = rng.randint(1, len(events))
    AuditEvent.objects.filter(pk__in=[event.pk for event in events[-lost:]]).delete()
    return f"{events[0].chain} lost its last {lost} of {len(events)}"


def cut_head(rng: Random) -> str:
    """Cut off the beginning of a chain, and sometimes make the rest fit."""
    events = own(rng)
    lost = rng.randint(1, len(events) - 1)
    AuditEvent.objects.filter(pk__in=[event.pk for event in events[:lost]]).delete()
    if rng.random() < 0.5:
        chain_anew(events[0].chain)
    return f"{events[0].chain} lost its first {lost} of {len(events)}"


def rewrite(rng: Random) -> str:
    """Change one event and make all hashes of its chain fit again."""
    event = any_of(rng, AuditEvent.objects)
    column, value = rng.choice([("by", name("nobody")), ("act", "record.close"), ("at", BEGAN), ("why", "other")])
    AuditEvent.objects.filter(pk=event.pk).update(**{column: value})
    chain_anew(event.chain)
    return f"{column} of {event} is {value}, and its chain anew"


def rewrite_note(rng: Random) -> str:
    """Change a row, its note, and all hashes of the chain."""
    event = any_of(rng, AuditEvent.objects.exclude(rows=[]))
    sheet = Sheet.objects.get(pk=event.rows[0][1])
    sheet.words = "never said"
    sheet.save()
    AuditEvent.objects.filter(pk=event.pk).update(
        rows=json.dumps([["audit_tests_sheet", str(sheet.pk), digest(sheet)]])
    )
    chain_anew(event.chain)
    return f"row, note and chain of {event} anew"


ACTS: dict[str, tuple[Callable[[Random], str], set[str]]] = {
    "edit an event": (edit_event, {"hash", "link", "order", "missing"}),
    "edit a row": (edit_row, {"row_differs", "row_gone"}),
    "edit an anchor": (edit_anchor, {"anchor"}),
    "edit an appearance": (edit_appearance, {"appearances"}),
    "write rubbish": (write_rubbish, {"hash"}),
    "delete": (delete, {"missing", "cut", "row_gone", "anchor", "appearances"}),
    "swap": (swap, {"hash", "link"}),
    "swap across chains": (swap_across, {"hash"}),
    "swap ids": (swap_ids, {"missing", "order"}),
    "insert": (insert, {"hash", "link", "order", "missing"}),
    "insert a row": (insert_row, {"row_unnoted"}),
    "reorder": (reorder, {"hash", "order", "missing"}),
    "cut the tail": (cut_tail, {"cut"}),
    "cut the head": (cut_head, {"missing", "cut", "rewritten"}),
    "rewrite the chain": (rewrite, {"rewritten"}),
    "rewrite row, note and chain": (rewrite_note, {"rewritten"}),
}

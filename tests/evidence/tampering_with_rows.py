"""What somebody with all rights on the database might do to a record, each told as one act. The guards are lifted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import models

from openipt.audit.canonical import digest
from openipt.audit.chaining import GENESIS, event_text, hash_of
from openipt.audit.models import Anchor, AuditEvent, Head
from openipt.casebook.models import (
    Client,
    Definition,
    Enrolment,
    Entry,
    Flag,
    FlagStep,
    Mark,
    Score,
    Thing,
    Tie,
    TieEnd,
)
from openipt.casebook.queries.verifying import NOTED

SEALED: dict[type[models.Model], str] = {Entry: "body", FlagStep: "body", Mark: "why"}
OF_THE_RECORD = (Entry, Entry, Score, Flag, FlagStep, Thing, Mark, Client, Enrolment, Tie, TieEnd)
AWAY = 1_000


# ---- rows of the record


def edit(rng: Random) -> str:
    """Change one column of one row, the id included."""
    row = _any(rng, rng.choice(OF_THE_RECORD))
    field = rng.choice(row._meta.concrete_fields)
    before = getattr(row, field.attname)
    after = _other(rng, field, before)
    _set(row, **{field.attname: after})
    return f"{type(row).__name__}.{field.name} of {row.pk}: {before!r} is {after!r}"


def swap_ciphertexts(rng: Random) -> str:
    """Let two sealed texts trade places: between rows, between columns of different tables, between clients."""
    one, two = (_any(rng, rng.choice(list(SEALED))) for _ in range(2))
    while one.pk == two.pk:
        two = _any(rng, Entry)
    mine, theirs = (getattr(row, SEALED[type(row)]) for row in (one, two))
    _set(one, **{SEALED[type(one)]: theirs})
    _set(two, **{SEALED[type(two)]: mine})
    return f"{type(one).__name__} {one.pk} and {type(two).__name__} {two.pk} traded texts"


def swap_whole_texts(rng: Random) -> str:
    """Let two entries trade texts with their keys and fingerprints."""
    one, two = rng.sample(list(Entry.objects.order_by("pk")), 2)
    for row, other in ((one, two), (two, one)):
        _set(row, body=other.body, scope=other.scope, mark=other.mark)
    return f"entries {one.pk} and {two.pk} traded all that was said"


def swap_scores(rng: Random) -> str:
    """Let two different scores trade values."""
    one, two = rng.sample(list(Score.objects.order_by("pk")), 2)
    while one.value == two.value:
        one, two = rng.sample(list(Score.objects.order_by("pk")), 2)
    _set(one, value=two.value)
    _set(two, value=one.value)
    return f"scores {one.pk} and {two.pk} traded values"


def delete(rng: Random) -> str:
    row = _any(rng, rng.choice(OF_THE_RECORD))
    _gone(type(row).objects.filter(pk=row.pk))
    return f"{type(row).__name__} {row.pk} is gone"


def insert(rng: Random) -> str:
    """Slip in a row that looks like another one."""
    row = _any(rng, rng.choice(OF_THE_RECORD))
    row.pk = UUID(int=rng.getrandbits(128))
    for name in ("label", "code"):
        if hasattr(row, name):
            setattr(row, name, f"forged-{rng.getrandbits(32):x}")
    for name in ("scope", "target"):
        if isinstance(row, (Client, Mark)) and hasattr(row, name):
            setattr(row, name, UUID(int=rng.getrandbits(128)))
    if isinstance(row, TieEnd):  # the base itself refuses a second end of the same tie
        row.tie = rng.choice(list(Tie.objects.filter(end=None).order_by("pk")))
    row.save(force_insert=True)
    return f"forged {type(row).__name__} {row.pk}"


def quiet_a_flag(rng: Random) -> str:
    """Make a flag look as if it had been known, or answered by somebody."""
    flag = _any(rng, Flag)
    if rng.random() < 0.5:
        _set(flag, state="known" if flag.state != "known" else "new")
        return f"flag {flag.pk} has another state"
    step = _any(rng, FlagStep)
    step.pk, step.flag_id, step.seq = UUID(int=rng.getrandbits(128)), flag.pk, step.seq + AWAY
    step.save(force_insert=True)
    return f"flag {flag.pk} was answered by nobody"


def bring_back_what_was_retracted(rng: Random) -> str:
    mark = _any(rng, Mark)
    _gone(Mark.objects.filter(pk=mark.pk))
    return f"{mark} is no longer said"


def edit_a_definition(rng: Random) -> str:
    """Change what a form asked, or which form it was."""
    one = _any(rng, Definition)
    column, value = rng.choice(
        [("text", one.text.replace('"id"', '"ID"', 1)), ("text", one.text + " "), ("version", "9.9"), ("name", "other")]
    )
    _set(one, **{column: value})
    return f"{column} of definition {one.pk} changed"


def take_away_a_definition(rng: Random) -> str:
    used = sorted(set(Entry.objects.exclude(definition=None).values_list("definition", flat=True)))
    sha = rng.choice(used)
    _gone(Definition.objects.filter(pk=sha))
    return f"definition {sha} is gone"


# ---- the audit


def edit_an_event(rng: Random) -> str:
    event = _any(rng, AuditEvent)
    field = rng.choice([field for field in event._meta.concrete_fields if field.name != "id"])
    before = getattr(event, field.attname)
    after = _other(rng, field, before)
    _set(event, **{field.attname: after})
    return f"{field.name} of {event}: {before!r} is {after!r}"


def delete_an_event(rng: Random) -> str:
    event = _any(rng, AuditEvent)
    _gone(AuditEvent.objects.filter(pk=event.pk))
    return f"{event} is gone"


def swap_events(rng: Random) -> str:
    """Let two events of a chain trade what they say."""
    one, two = rng.sample(_chain(rng, least=2), 2)
    kept = ("id", "chain", "place", "prev", "hash")
    names = [field.attname for field in AuditEvent._meta.concrete_fields if field.name not in kept]
    for event, other in ((one, two), (two, one)):
        _set(event, **{name: getattr(other, name) for name in names})
    return f"{one} and {two} traded what they say"


def insert_an_event(rng: Random) -> str:
    """Slip in an event with a link that is made up."""
    like = _any(rng, AuditEvent)
    last = AuditEvent.objects.filter(chain=like.chain).latest("place")
    like.pk, like.place, like.prev = None, last.place + 1, "f" * 64
    like.hash = hash_of(event_text(like))
    like.save(force_insert=True)
    return f"forged {like}"


def cut_a_tail(rng: Random) -> str:
    events = _chain(rng)
    lost = events[-rng.randint(1, len(events)) :]
    _gone(AuditEvent.objects.filter(pk__in=[event.pk for event in lost]))
    return f"{events[0].chain} lost its last {len(lost)} of {len(events)}"


def rewrite_a_chain(rng: Random) -> str:
    """Change one event and make every link of its chain fit."""
    event = _any(rng, AuditEvent)
    column, value = rng.choice([("by", "nobody"), ("act", "nothing"), ("at", event.at - timedelta(days=1))])
    _set(event, **{column: value})
    _chain_anew(event.chain)
    return f"{column} of {event} changed, its chain anew"


def rewrite_a_row_with_its_note(rng: Random) -> str:
    """Change a score, the note of it, and every link of the chain."""
    score = _any(rng, Score)
    score.value += 1
    _set(score, value=score.value)
    event = next(one for one in AuditEvent.objects.order_by("pk") if str(score.pk) in {row for _, row, _ in one.rows})
    rows = [[table, row, digest(score) if row == str(score.pk) else was] for table, row, was in event.rows]
    _set(event, rows=rows)
    _chain_anew(event.chain)
    return f"score {score.pk}, its note and its chain anew"


def take_away_a_row_with_its_note(rng: Random) -> str:
    """Take out an entry as if it had never been: row, scores, flags, notes, and every link of the chain."""
    entry = _any(rng, Entry)
    gone = {str(entry.pk)}
    for model in (Score, Flag):
        found = model.objects.filter(entry=entry)
        gone |= {str(row.pk) for row in found}
        _gone(found)
    _gone(Entry.objects.filter(pk=entry.pk))
    for event in AuditEvent.objects.order_by("pk"):
        left = [note for note in event.rows if note[1] not in gone]
        if len(left) < len(event.rows):
            _set(event, rows=left)
            _chain_anew(event.chain)
    return f"entry {entry.pk} was never there"


def move_an_anchor(rng: Random) -> str:
    """Change an anchor or one of its heads."""
    row = _any(rng, rng.choice([Anchor, Head]))
    field = rng.choice([field for field in row._meta.concrete_fields if field.name != "id"])
    _set(row, **{field.attname: _other(rng, field, getattr(row, field.attname))})
    return f"{field.name} of {row} changed"


ACTS: tuple[Callable[[Random], str], ...] = (
    *(edit, edit, edit, edit, swap_ciphertexts, swap_whole_texts, swap_scores, delete, delete, insert, insert),
    *(quiet_a_flag, bring_back_what_was_retracted, edit_a_definition, take_away_a_definition),
    *(edit_an_event, delete_an_event, swap_events, insert_an_event, cut_a_tail, rewrite_a_chain),
    *(rewrite_a_row_with_its_note, take_away_a_row_with_its_note, move_an_anchor),
)
TABLES = [model._meta.db_table for model in (*NOTED, Definition, AuditEvent, Anchor, Head)]


# ---- how


def _any(rng: Random, model: type[models.Model]) -> Any:
    return rng.choice(list(model._base_manager.order_by("pk")))


def _set(row: models.Model, **columns: Any) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**columns)


def _gone(rows: Any) -> None:
    rows._raw_delete(rows.db)  # the framework would refuse, or take along what hangs on it


def _chain(rng: Random, least: int = 1) -> list[AuditEvent]:
    chains = sorted(set(AuditEvent.objects.values_list("chain", flat=True)))
    while True:
        events = list(AuditEvent.objects.filter(chain=rng.choice(chains)).order_by("place"))
        if len(events) >= least:
            return events


def _chain_anew(chain: str) -> None:
    prev = GENESIS
    for event in AuditEvent.objects.filter(chain=chain).order_by("place"):
        event.prev = prev
        event.hash = prev = hash_of(event_text(event))
        _set(event, prev=event.prev, hash=event.hash)


def _other(rng: Random, field: Any, value: Any) -> Any:
    """Return another value that the column can hold."""
    if field.is_relation or isinstance(field, models.UUIDField):
        return UUID(int=rng.getrandbits(128)) if not _of_text(field) else "0" * 64
    if isinstance(field, models.DateTimeField):
        return value + timedelta(microseconds=1) if value else timezone_of(rng)
    if isinstance(field, models.BinaryField):
        return _flip(rng, bytes(value))
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.CharField):
        return ("x" if not value or value[0] != "x" else "y") + (value or "")[1:]
    if isinstance(field, models.TextField):
        return [["casebook_entry", "x", "0" * 64]] if value != [["casebook_entry", "x", "0" * 64]] else []
    return (value or 0) + AWAY + rng.randint(1, 9)


def _of_text(field: Any) -> bool:
    return field.is_relation and isinstance(field.target_field, models.CharField)


def timezone_of(rng: Random) -> Any:
    """Return some moment."""
    return Enrolment.objects.earliest("created_at").created_at + timedelta(seconds=rng.randint(1, 10**6))


def _flip(rng: Random, blob: bytes) -> bytes:
    """Flip one bit, cut the end, or add to it."""
    place, kind = rng.randrange(len(blob)), rng.randrange(3)
    if kind == 0:
        return blob[:place] + bytes([blob[place] ^ 1 << rng.randrange(8)]) + blob[place + 1 :]
    return blob[:-1] if kind == 1 else blob + b"\x00"

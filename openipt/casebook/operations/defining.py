"""Keep a definition when it is first used, and give it back when the shelf no longer has it (RULINGS 4)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction

from openipt.casebook.models import Definition
from openipt.casebook.queries.definitions import forget_texts
from openipt.therapy.forms import Form, open_form
from openipt.therapy.manuals import Manual

_texts: dict[int, tuple[Form | Manual, str, str]] = {}  # by identity: the shelf opens each definition once


def _canonical(definition: Form | Manual) -> tuple[str, str]:
    known = _texts.get(id(definition))
    if known is None or known[0] is not definition:
        text = definition.model_dump_json()
        known = _texts[id(definition)] = (definition, hashlib.sha256(text.encode()).hexdigest(), text)
    return known[1], known[2]


def sha_of(definition: Form | Manual) -> str:
    """Return the sha256 of a definition's canonical text."""
    return _canonical(definition)[0]


def keep_definition(definition: Form | Manual, at: datetime) -> str:
    """Keep a form's or manual's text, once; return its sha256."""
    sha, text = _canonical(definition)
    if sha in _kept:
        return sha
    kind = "form" if isinstance(definition, Form) else "manual"
    if not Definition.objects.filter(sha=sha).exists():
        kept = Definition(
            sha=sha, kind=kind, name=definition.id, version=definition.version, text=text, first_used_at=at
        )
        try:
            with transaction.atomic():
                kept.save(force_insert=True)
        except IntegrityError:  # another worker kept the same text at this moment
            pass
    transaction.on_commit(lambda: _kept.add(sha))
    return sha


_kept: set[str] = set()  # what this process knows to be stored; a transaction that fails adds nothing


def forget_kept() -> None:
    """Forget what is known to be stored: another database is about to be opened."""
    _kept.clear()
    forget_texts()


def keep_form(form: str, at: datetime) -> tuple[str, str]:
    """Keep the form of an id as it stands on the shelf; return its sha256 and version."""
    found = open_form(form)
    return keep_definition(found, at), found.version

"""Write the crisis numbers of the service onto their page, whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from openipt.accounts.keeping_changes import Act, What, keep
from openipt.accounts.models import Organisation
from openipt.rooms.ui.crisis_numbers import NAME, Number, Numbers

HEAD = """# Crisis numbers of this service: who answers when somebody is in danger, day and night.
# Ring each number before you write it here, and again every half year: a wrong number does harm.
"""


class ChangedMeanwhile(ValueError):  # noqa: N818
    """Somebody else changed the numbers since the page was opened."""


def place() -> Path:
    """Return where the page of numbers lies."""
    return Path(getattr(settings, "CRISIS_NUMBERS", "") or settings.HOME.path / NAME)


def mark() -> str:
    """Return a mark of the page as it stands, for noticing that somebody else was faster."""
    try:
        return sha256(place().read_bytes()).hexdigest()
    except OSError:
        return "none"


def plain(numbers: Sequence[Number]) -> list[dict[str, Any]]:
    """Return numbers as they are kept in a change."""
    return [one.model_dump(mode="json") for one in numbers]


def write(act: Act, before: Numbers, after: Sequence[Number], seen: str) -> None:
    """Keep the change and write the page; the page is written last, so that neither stands without the other.

    Raises:
        ChangedMeanwhile: the page is not what it was when it was opened.
    """
    with transaction.atomic():
        Organisation.objects.select_for_update().get(id=act.organisation.id)  # one writer at a time
        keep(act, What("numbers", None, {"numbers": plain(after)}, {"numbers": plain(before.every)}))
        if mark() != seen:
            raise ChangedMeanwhile
        _replace(place(), as_page(after))


def as_page(numbers: Sequence[Number]) -> str:
    """Return the text of the page."""
    if not numbers:
        return HEAD + "numbers: []\n"
    lines = [HEAD + "numbers:"]
    for one in plain(numbers):
        for n, (name, value) in enumerate(one.items()):
            lines.append(f"  {'-' if n == 0 else ' '} {name}: {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def _replace(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)

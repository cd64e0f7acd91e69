"""Sign-in names. A client's is two plain words and a number, made by the clinic: it says nothing about the client."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "data"
LONGEST = 64
_GAP = re.compile(r"[\s_‐-―-]+")
_STAFF = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")


class NameRefusedError(ValueError):
    """A sign-in name that staff cannot have."""


def plain(typed: str) -> str:
    """Return a sign-in name as it is kept: lower case, one hyphen for any gap. "Quiet River 47" is quiet-river-47."""
    folded = unicodedata.normalize("NFKC", typed).strip().lower()
    return _GAP.sub("-", folded)


def staff_name(typed: str) -> str:
    """Return a sign-in name chosen for staff in its kept form.

    Raises:
        NameRefusedError: It is empty, longer than 64, or holds more than letters, digits, dots and hyphens.
    """
    name = plain(typed)
    if len(name) > LONGEST or not _STAFF.fullmatch(name):
        raise NameRefusedError(
            f"a sign-in name has 1 to {LONGEST} plain letters, digits, dots or hyphens, such as m.okoye; "
            f"this one has {len(name)} characters"
        )
    return name


def made_name() -> str:
    """Return a new name for a client, such as quiet-river-47: over a million are possible, none is anybody's."""
    first, second = (secrets.choice(_words(file)) for file in ("first.txt", "second.txt"))
    return f"{first}-{second}-{10 + secrets.randbelow(90)}"


@cache
def _words(file: str) -> tuple[str, ...]:
    lines = (WORDS / file).read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())

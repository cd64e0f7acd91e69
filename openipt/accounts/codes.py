"""One-time codes for a printed slip: short enough to type from paper, long enough that nobody guesses one."""

from __future__ import annotations

import secrets
from datetime import timedelta

# No vowels, so that no word appears; nothing that looks like something else on paper (0 O, 1 I L, 5 S, 8 B, 2 Z).
LETTERS = "BCDFGHJKMPQRTVWXY34679"
LENGTH = 10  # 22 to the 10th: 44 bits, tried a few times a minute at most (RATE_LIMITS) and for two weeks
LIFETIME = timedelta(days=14)  # from one appointment to the next


def made_code() -> str:
    """Return a new code as it is printed: `BCDF-GHJ-KMP`."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return f"{drawn[:4]}-{drawn[4:7]}-{drawn[7:]}"


def bare(typed: str) -> str:
    """Return a code without what people add or leave out when they type it: case, spaces, hyphens."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())

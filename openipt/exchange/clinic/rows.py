"""Small shapes that many sheets share."""

from __future__ import annotations

from datetime import date, timedelta

DAYS_A_MONTH = 30.4


def texts(values: list[str]) -> list[dict[str, str]]:
    """Turn sentences into rows with one item `text`."""
    return [{"text": value} for value in values]


def months_before(day: date, months: float) -> str:
    """Return the month so long before a day, as the client would name it."""
    return (day - timedelta(days=months * DAYS_A_MONTH)).isoformat()[:7]

"""How a young person's consent stands, for the card on the course page and the page it leads to."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template

from openipt.therapy.course.young import Consent, caregivers, consent
from openipt.therapy.record import Record
from openipt.therapy.record.views import day_of
from openipt.therapy.words import Sentence, say

register = template.Library()


@register.filter
def young_way(way: str) -> Sentence:
    """Say the way in which somebody consented."""
    return say(f"young.way.{way}")


@register.filter
def answered_day(text: Any) -> date | None:
    """Return the day that an answer names."""
    return day_of(text)


@register.filter
def young_consent(record: Record, today: date) -> Consent | None:
    """Return how consent stands; None for an adult."""
    return consent(record, today)


@register.filter
def watching(record: Record, today: date) -> int:
    """Count the caregivers whose list is open."""
    return sum(one.is_open for one in caregivers(record, today))

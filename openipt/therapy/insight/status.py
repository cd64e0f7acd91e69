"""The status of a person or a kind (CLINICAL-RULES 7 over INSIGHT 1.5 and 1.6). Each threshold stands here once."""

from __future__ import annotations

from statistics import pstdev

from openipt.therapy.insight.diary import Diary
from openipt.therapy.insight.result import Caution, Lack, Status

LEAST_ENTRIES = 14
LEAST_DAYS = 10
LEAST_MOOD_SD = 0.5
LEAST_CONTACT_DAYS = 5
LEAST_KIND_DAYS = 4
TOLERANCE = 0.20  # valence points per mood point


def person_status(pd: float, sceptical_pd: float, tolerance: float, least: float = TOLERANCE) -> Status:
    """Return the status of a person whose numbers may be looked at."""
    if sceptical_pd >= 0.95 and pd >= 0.975 and tolerance >= least:
        return "worth asking about"
    return "too early" if pd >= 0.95 and sceptical_pd >= 0.85 else "nothing seen so far"


def kind_status(pd: float, sceptical_pd: float) -> Status:
    """Return the status of a kind whose numbers may be looked at; a kind is no rating, so no tolerance is asked."""
    if sceptical_pd >= 0.95:
        return "worth asking about"
    return "too early" if pd >= 0.975 and sceptical_pd >= 0.85 else "nothing seen so far"


def diary_lack(diary: Diary) -> Lack | None:
    """Return why a diary as a whole is too short or too even to be looked at."""
    entries, days = diary.entries, len(set(diary.days))
    if len(entries) < LEAST_ENTRIES:
        return Lack("entries", LEAST_ENTRIES - len(entries))
    if days < LEAST_DAYS:
        return Lack("days", LEAST_DAYS - days)
    if pstdev(entry.mood for entry in entries) < LEAST_MOOD_SD:
        return Lack("mood_same")
    return None


def person_lack(diary: Diary, person: str) -> Lack | None:
    """Return why one person cannot be looked at yet."""
    days = diary.contact_days[person]
    if days < LEAST_CONTACT_DAYS:
        return Lack("contact_days", LEAST_CONTACT_DAYS - days)
    if len({sums[person] for sums in diary.sums if person in sums}) < 2:
        return Lack("valence_same")
    return None


def kind_lack(entries_with: int, entries: int, days: int) -> Lack | None:
    """Return why one kind cannot be looked at yet."""
    if days < LEAST_KIND_DAYS:
        return Lack("kind_days", LEAST_KIND_DAYS - days)
    return Lack("kind_same") if entries_with == entries else None


def warnings_of(diary: Diary, ends: tuple[float, float] = (0.0, 10.0)) -> tuple[Caution, ...]:
    """Return what makes all numbers of a diary less sure; it holds one entry or more."""
    entries = diary.entries
    found: list[Caution] = []
    if sum(entry.mood <= ends[0] or entry.mood >= ends[1] for entry in entries) > 0.15 * len(entries):
        found.append("moods_at_the_ends")
    days = set(diary.days)
    if len(days) < 0.5 * ((max(days) - min(days)).days + 1):
        found.append("days_missing")
    valences = [one.valence for entry in entries for one in entry.interactions if one.person is not None]
    if valences and max(map(valences.count, set(valences))) > 0.8 * len(valences):
        found.append("one_valence")
    return tuple(found)

"""What an insight says, as sentences: a question for the session. Every size has its range, its days and its status.

The lines stand in the catalogue under `insight`; a test keeps words of cause, blame and verdict out of all languages.
"""

from __future__ import annotations

from collections.abc import Iterator

from openipt.therapy.insight.kinds import kind_label
from openipt.therapy.insight.result import Caution, Count, Estimate, Insight, KindInsight, Lack, PersonInsight, Status
from openipt.therapy.words import Sentence, say

_WEEKS = 4  # a trend is told over four weeks: in one, most are too small to be said with one decimal

_STATUS: dict[Status, Sentence] = {
    "worth asking about": say("insight.status.worth_asking_about"),
    "too early": say("insight.status.too_early"),
    "nothing seen so far": say("insight.status.nothing_seen_so_far"),
    "not enough entries": say("insight.status.not_enough_entries"),
}
_WARNING: dict[Caution, Sentence] = {
    "moods_at_the_ends": say("insight.warning.moods_at_the_ends"),
    "days_missing": say("insight.warning.days_missing"),
    "one_valence": say("insight.warning.one_valence"),
}


def status_words(status: Status) -> Sentence:
    """Say a status."""
    return _STATUS[status]


def warning_words(found: Insight) -> tuple[Sentence, ...]:
    """Say what makes the numbers of this diary less sure."""
    return tuple(_WARNING[warning] for warning in found.warnings)


def person_words(one: PersonInsight, entries: int, name: str = "") -> tuple[Sentence, ...]:
    """Say to a therapist what was seen with a person; where it is worth asking about, also what else it could be.

    Args:
        one: The person.
        entries: How many entries were looked at.
        name: What the person is called on this page; their id otherwise.
    """
    name = name or one.person
    if one.lack:
        return (lack_words(one.lack, name),)
    if one.status == "too early":
        return (say("insight.person.too_early", name=name),)
    contrast = one.contrast
    if one.status != "worth asking about" or contrast is None or one.tolerance is None:
        return (say("insight.person.nothing", name=name),)
    higher = contrast.mean > 0
    line = "insight.person.worth_higher" if higher else "insight.person.worth_lower"
    colouring = "insight.person.tolerance_higher" if higher else "insight.person.tolerance_lower"
    said = say(line, n=entries, name=name, k=one.contact_days, **_away_from_zero(contrast))
    return (said, say(colouring, points=shown(one.tolerance)))


def kind_words(one: KindInsight, entries: int) -> Sentence:
    """Say to a therapist what was seen with a kind of event."""
    kind = kind_label(one.kind)
    if one.lack:
        return lack_words(one.lack, kind)
    if one.status == "too early":
        return say("insight.kind.too_early", kind=kind)
    if one.status != "worth asking about" or one.effect is None:
        return say("insight.kind.nothing", kind=kind)
    line = "insight.kind.worth_higher" if one.effect.mean > 0 else "insight.kind.worth_lower"
    return say(line, n=entries, kind=kind, k=one.days, **_away_from_zero(one.effect))


def client_words(one: PersonInsight | KindInsight, entries: int, name: str = "") -> Sentence:
    """Say the same to the client, once the therapist has released it: no size, and that it cannot tell what came first.

    Args:
        one: A person or a kind of event.
        entries: How many entries were looked at.
        name: What the client calls the person.
    """
    if one.status != "worth asking about" or one.effect is None:
        return person_words(one, entries, name)[0] if isinstance(one, PersonInsight) else kind_words(one, entries)
    higher = one.effect.mean > 0
    if isinstance(one, PersonInsight):
        line = "insight.client.worth_higher" if higher else "insight.client.worth_lower"
        return say(line, n=entries, name=name or one.person)
    line = "insight.client.kind_higher" if higher else "insight.client.kind_lower"
    return say(line, n=entries, kind=kind_label(one.kind))


def lack_words(lack: Lack, name: str) -> Sentence:
    """Say what is needed before somebody or something can be looked at."""
    return say(f"insight.lack.{lack.what}", name=name, more=lack.more)


def count_words(count: Count, name: str = "") -> Sentence:
    """Say a plain count: Rui was there on 3 of the 4 better days and on 1 of the 5 other days."""
    return say(
        "insight.count.there",
        name=name or count.person,
        better=say("insight.count.better", k=count.better, n=count.of_better),
        other=say("insight.count.other", k=count.other, n=count.of_other),
    )


def trend_words(found: Insight) -> Sentence | None:
    """Say where mood went over the entries; None of an empty diary."""
    trend = found.trend_per_week
    if trend is None:
        return None
    trend = trend.times(_WEEKS)
    if trend.lo <= 0 <= trend.hi:
        return say("insight.trend.level", n=found.entries, lo=shown(trend.lo), hi=shown(trend.hi))
    line = "insight.trend.up" if trend.mean > 0 else "insight.trend.down"
    return say(line, n=found.entries, **_away_from_zero(trend))


def basis_words(found: Insight) -> Iterator[Sentence]:
    """Say what an insight rests on."""
    if not found.entries:
        yield say("insight.basis.empty")
        return
    yield say("insight.basis.diary", n=found.entries, days=found.days, first=found.first_on, last=found.last_on)
    if found.belief.clients:
        yield say("insight.basis.earlier", n=found.belief.clients)


def left_out_words(found: Insight) -> Sentence | None:
    """Say how many people are left out; None where nobody is."""
    return say("insight.room.left_out", n=found.left_out) if found.left_out else None


def shown(value: float) -> float:
    """Round to one decimal, the most that is ever shown; never a minus before a zero."""
    return round(value, 1) + 0.0


def _away_from_zero(size: Estimate) -> dict[str, float]:
    """Return a size and its range without the sign, nearest limit first."""
    lo, hi = sorted((abs(size.lo), abs(size.hi)))
    return {"size": shown(abs(size.mean)), "lo": shown(lo), "hi": shown(hi)}

"""What goes along with mood, as pictures of ranges: for the page of a course and the page of a table of diaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openipt.pictures import Picture
from openipt.pictures.ranges import Range, ranges
from openipt.therapy.insight.kinds import kind_label
from openipt.therapy.insight.result import Estimate, KindInsight, PersonInsight, Status
from openipt.therapy.insight.words import shown, status_words
from openipt.therapy.words import Sentence, render, say

WORTH: Status = "worth asking about"
NOT_ENOUGH: Status = "not enough entries"


def draw_people(people: Sequence[PersonInsight], names: Mapping[str, str], width: float, prefix: str) -> Picture:
    """Draw the ranges of people in the order they are given: nobody is ranked.

    Args:
        people: In the order of the page.
        names: What they are called there; their ids otherwise.
        width: In pixels.
        prefix: For the ids inside.
    """
    rows = [_range(one, names.get(one.person, one.person), one.contrast, one.contact_days) for one in people]
    ends = (render(say("insight.picture.people_low")), render(say("insight.picture.people_high")))
    head = _head("insight.picture.person", "insight.picture.days")
    return _drawn("insight.picture.people_title", rows, ends, head, width, prefix)


def draw_kinds(kinds: Sequence[KindInsight], width: float, prefix: str) -> Picture:
    """Draw the ranges of kinds of events in the order they are given."""
    rows = [_range(one, kind_label(one.kind), one.effect, one.days) for one in kinds]
    ends = (render(say("insight.picture.kinds_low")), render(say("insight.picture.kinds_high")))
    head = _head("insight.picture.kind", "insight.picture.kind_days")
    return _drawn("insight.picture.kinds_title", rows, ends, head, width, prefix)


def _drawn(
    title: str, rows: Sequence[Range], ends: tuple[str, str], head: Sequence[str], width: float, prefix: str
) -> Picture:
    """Draw ranges under the finding: whoever is worth asking about, in the order of the rows."""
    worth = tuple(row.name for row in rows if row.strong)
    finding = say("insight.picture.worth", names=worth) if worth else say("insight.picture.none")
    return ranges(
        f"{render(say(title))}. {render(finding)}.",
        rows,
        ends=ends,
        zero=render(say("insight.picture.same")),
        head=head,
        description=render(say("insight.picture.description", who=tuple(row.name for row in rows))),
        width=width,
        id_prefix=prefix,
    )


def _head(first: str, days: str) -> tuple[str, ...]:
    ids = (first, "insight.picture.middle", "insight.picture.between", days, "insight.picture.status")
    return tuple(render(Sentence(name)) for name in ids)


def _range(one: PersonInsight | KindInsight, name: str, size: Estimate | None, days: int) -> Range:
    word = render(status_words(one.status))
    if size is None or one.status == NOT_ENOUGH:
        return Range(name, word, cells=("", "", str(days), word))
    between = render(say("insight.picture.range", lo=shown(size.lo), hi=shown(size.hi)))
    cells = (f"{shown(size.mean):g}", between, str(days), word)
    return Range(name, word, size.mean, size.lo, size.hi, one.status == WORTH, cells)

"""Young people: who has to agree, by law and age; when that is looked at again; until when others see something.

The laws are data (`library/young-people.yaml`). A service puts its own page in front of ours, names the law that holds
there, and may write laws of its own. What is decided here is what is asked for and shown, never what is right in law.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from openipt.therapy import shelf
from openipt.therapy.record import Entry, Record
from openipt.therapy.record.views import day_of
from openipt.therapy.words import Sentence, say

PAGE = "young-people.yaml"
CONSENT, ASSENT, BORN, CAREGIVER, STOP = "consent", "assent", "birth-date", "caregiver", "caregiver-stop"
UNSAID = "unsaid"  # the law where nobody named one
OWN, HOLDERS, NOT_SAFE = "own", "holders", "not_safe"
USUALLY_SEEN = ("next_session", "clinic")  # what a new list begins with


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Law(_Strict):
    """What one law asks for, age by age."""

    id: str = Field(pattern=r"^[a-z][a-z-]{1,39}$")
    name: str = Field(min_length=1, max_length=120)
    adult_from: int = Field(ge=1, le=25)
    alone_from: int = Field(ge=1, le=25)
    able_from: int | None = Field(default=None, ge=0, le=25)
    holders: int = Field(ge=1, le=2)
    source: str = Field(min_length=1, max_length=300)
    as_of: str = Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")
    certainty: Literal["checked", "secondary", "recalled"]

    @model_validator(mode="after")
    def _in_order(self) -> Law:
        if not (self.able_from or 0) <= self.alone_from <= self.adult_from:
            raise ValueError(f"the ages of {self.id} are not in order; expected able_from <= alone_from <= adult_from")
        return self

    @property
    def limits(self) -> tuple[int, ...]:
        """The ages at which what was agreed is looked at again."""
        return tuple(sorted({self.alone_from, self.adult_from}))


class Laws(_Strict):
    """A page of laws, and which of them holds here."""

    grammar: Literal["openipt-young/1"]
    here: str
    laws: tuple[Law, ...] = ()


@dataclass(frozen=True, slots=True)
class Consent:
    """How consent to a young person's course stands on one day.

    Attributes:
        law: By which it is asked for.
        age: On that day; the least it can be where no date of birth is known.
        ways: The ways that law and age leave open.
        way: The way that was taken; empty where none was.
        on: The day of the newest consent.
        assent: The young person's own word, given by themself.
        wants: What is still missing, in sentences.
        again: Why it is to be looked at again; None where it is not.
    """

    law: Law
    age: int
    ways: tuple[str, ...]
    way: str
    on: date | None
    assent: Entry | None
    wants: tuple[Sentence, ...]
    again: Sentence | None

    @property
    def stands(self) -> bool:
        """Whether nothing is missing."""
        return not self.wants


@dataclass(frozen=True, slots=True)
class Seeing:
    """What one caregiver sees on one day.

    Attributes:
        account: The account that they sign in with.
        called: What the young person calls them.
        sees: What stands on the list, whether or not it is open.
        until: The last day on which it can be open.
        over: Why nothing is shown any more; None where the list is open.
        entry: The list as it stands.
    """

    account: str
    called: str
    sees: tuple[str, ...]
    until: date | None
    over: Sentence | None
    entry: Entry

    @property
    def lines(self) -> tuple[Sentence, ...]:
        """What stands on the list, as the young person reads it."""
        return tuple(say(f"young.sees.{item}") for item in self.sees)

    @property
    def is_open(self) -> bool:
        """Whether what stands on the list is shown."""
        return self.over is None


# ---- law and age


@cache
def laws() -> tuple[dict[str, Law], str]:
    """Return every law by its id, a service's own first, and the id of the one that holds here.

    Raises:
        Refused: a page that is not sound, or that names a law nobody wrote.
    """
    pages = [
        shelf.read_definition(one, f"library/{PAGE}") for place in shelf.shelves() if (one := place / PAGE).is_file()
    ]
    read = [shelf.to_model(page, Laws) for page in pages]
    found = {one.id: one for each in reversed(read) for one in each.laws}
    here = read[0].here
    if here not in found:
        raise shelf.Refused(pages[0].problem(("here",), f"no law {here!r}", f"one of {', '.join(sorted(found))}"))
    return found, here


def law_here() -> Law:
    """Return the law that holds where this service is."""
    every, here = laws()
    return every[here]


def age_on(born: date, day: date) -> int:
    """Return how old somebody born on one day is on another, as birthdays are counted."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def birthday(born: date, age: int) -> date:
    """Return the first day on which somebody is so old; who was born on 29 February is on 1 March, in most years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def born_on(record: Record) -> date | None:
    """Return the date of birth, where it is known."""
    return day_of(record.says(BORN).get("born_on"))


def age_now(record: Record, today: date) -> int | None:
    """Return the age on a day; without a date of birth, the least it can be by the age at the start."""
    born = born_on(record)
    if born is not None:
        return age_on(born, today)
    if record.age is None:
        return None
    began = record.began_on or today
    return record.age + max(0, age_on(began, today))


def is_young(record: Record, today: date) -> bool:
    """Whether the law here still asks for more than an adult's consent."""
    age = age_now(record, today)
    return age is not None and age < law_here().adult_from


def ways(law: Law, age: int) -> tuple[str, ...]:
    """Return the ways to consent that a law leaves open at an age."""
    if age >= law.alone_from:
        return (OWN,)
    able = law.able_from is not None and age >= law.able_from
    return (HOLDERS, *((OWN,) if able else ()), NOT_SAFE)


# ---- consent as it stands


def consent(record: Record, today: date) -> Consent | None:
    """Return how consent to a young person's course stands; None for an adult, or where no age is known."""
    age = age_now(record, today)
    if age is None or not _matters(record, today):
        return None
    law = law_here()
    given = record.newest(CONSENT)
    way = _way(record)
    return Consent(
        law=law,
        age=age,
        ways=ways(law, age),
        way=way,
        on=given.happened_at.date() if given else None,
        assent=record.newest(ASSENT),
        wants=tuple(_wants(record, law, age, way)),
        again=_again(record, law, given, today),
    )


def _matters(record: Record, today: date) -> bool:
    """Whether the client is young, or came of age since consent was given."""
    given = record.newest(CONSENT)
    then = age_now(record, min(given.happened_at.date(), today)) if given else None
    return is_young(record, today) or (then is not None and then < law_here().adult_from and bool(_way(record)))


def _way(record: Record) -> str:
    """Return the way that was taken, also where the sheet is older than the question."""
    said = record.says(CONSENT)
    if said.get("parent_not_safe"):
        return NOT_SAFE
    return str(said.get("way") or (HOLDERS if said.get("caregivers") else ""))


def assented(record: Record) -> date | None:
    """Return the day on which the young person agreed: by themself, or as it was written down; None where they did not.

    Their own word stands above what somebody wrote of it.
    """
    own = record.newest(ASSENT)
    if own is not None:
        return own.happened_at.date() if own.answers.get("agrees") == "yes" else None
    return day_of(record.says(CONSENT).get("assent_on"))


def word_against(record: Record) -> bool:
    """Whether the young person's own newest word is not a yes."""
    own = record.newest(ASSENT)
    return own is not None and own.answers.get("agrees") != "yes"


def _wants(record: Record, law: Law, age: int, way: str) -> Iterator[Sentence]:
    said = record.says(CONSENT)
    if not way:
        yield say("young.wants.way")
        return
    if age < law.adult_from and way not in ways(law, age):
        yield say("young.wants.other_way", law=law.name, age=age)
    if way == OWN and age < law.alone_from and not said.get("found_able"):
        yield say("young.wants.able")
    if way == HOLDERS:
        agreed = len(said.get("caregivers") or ())
        if not agreed or (agreed < law.holders and not said.get("fewer_because")):
            yield say("young.wants.holders", n=law.holders, agreed=agreed)
        if not said.get("caregivers_see"):
            yield say("young.wants.list")
    if way == NOT_SAFE and not said.get("decided_with"):
        yield say("young.wants.decided")
    if assented(record) is None:
        own = record.newest(ASSENT)
        yield say(f"young.wants.{own.answers.get('agrees') or 'assent'}" if own else "young.wants.assent")


def _again(record: Record, law: Law, given: Entry | None, today: date) -> Sentence | None:
    """Say why consent is looked at again: an age was reached since, or the day that was set has come."""
    if given is None:
        return None
    since, born = given.happened_at.date(), born_on(record)
    for limit in law.limits:
        if born is not None and since < birthday(born, limit) <= today:
            return say("young.again.age", age=limit, on=birthday(born, limit))
    on = day_of(given.answers.get("look_again_on"))
    return say("young.again.day", on=on) if on is not None and on <= today else None


def asks_own_word(record: Record, today: date) -> bool:
    """Whether the young person is asked for their own word: it was never given, or an age was reached since."""
    if record.ended_on is not None or not is_young(record, today):
        return False
    own = record.newest(ASSENT)
    given = own.happened_at.date() if own else None
    born = born_on(record)
    if given is None:
        return day_of(record.says(CONSENT).get("assent_on")) is None
    return born is not None and any(given < birthday(born, limit) <= today for limit in law_here().limits)


# ---- what caregivers see


def may_invite(record: Record, today: date) -> Sentence | None:
    """Say what stands against letting a caregiver see anything now; None where nothing does."""
    age, law = age_now(record, today), law_here()
    if record.ended_on is not None and record.ended_on <= today:
        return say("young.closed.ended")
    if age is None or age >= law.adult_from:
        return say("young.closed.adult")
    if born_on(record) is None:
        return say("young.closed.born")
    return _shut_for_all(record, law, age)


def _shut_for_all(record: Record, law: Law, age: int) -> Sentence | None:
    if _way(record) == NOT_SAFE:
        return say("young.closed.not_safe")
    own = record.newest(ASSENT)
    if word_against(record):
        return say("young.closed.no")
    if age < law.alone_from:
        return say("young.closed.consent") if assented(record) is None else None
    born = born_on(record)
    agreed = assented(record) if own is not None else None
    if agreed is None or born is None or agreed < birthday(born, law.alone_from):
        return say("young.closed.own_word", age=law.alone_from)
    return None


def last_day(record: Record, since: date) -> date | None:
    """Return the day on which seeing ends by age, for a list made on a day; None where no date of birth is known."""
    born = born_on(record)
    if born is None:
        return None
    law = law_here()
    return birthday(born, law.alone_from if age_on(born, since) < law.alone_from else law.adult_from)


def caregivers(record: Record, today: date) -> tuple[Seeing, ...]:
    """Return every caregiver who was ever let in, in the order in which they were, with how it stands on a day."""
    lists = [one for one in record.entries if one.form == CAREGIVER and one.about and one.retracted_at is None]
    first: dict[str, Entry] = {}
    for one in lists:
        first.setdefault(str(one.about), one)
    return tuple(_seeing(record, account, one.happened_at.date(), today) for account, one in first.items())


def _seeing(record: Record, account: str, since: date, today: date) -> Seeing:
    lists = record.of(CAREGIVER, account)
    entry = lists[-1]
    said = entry.answers
    ends = [one for one in (last_day(record, since), day_of(said.get("until"))) if one is not None]
    return Seeing(
        account=account,
        called=str(said.get("called") or ""),
        sees=tuple(map(str, said.get("sees") or ())),
        until=min(ends) if ends else None,
        over=_over(record, account, entry, since, today),
        entry=entry,
    )


def _over(record: Record, account: str, entry: Entry, since: date, today: date) -> Sentence | None:
    stopped = record.newest(STOP, account)
    if stopped is not None and stopped.answers.get("stop"):
        return say("young.over.stopped", on=stopped.happened_at.date())
    if entry.answers.get("ended"):
        return say("young.over.clinic", on=entry.happened_at.date())
    until = day_of(entry.answers.get("until"))
    if until is not None and today > until:
        return say("young.over.day", on=until)
    age_limit = last_day(record, since)
    if age_limit is not None and today >= age_limit:
        return say("young.over.age", on=age_limit)
    return may_invite(record, today)

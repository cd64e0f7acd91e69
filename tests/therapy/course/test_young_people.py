"""Who has to agree, by law and age; until when others see something. Counted on the day, never guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from factories import Course
from hypothesis import given
from hypothesis import strategies as st

from openipt.therapy import shelf
from openipt.therapy.course import young
from openipt.therapy.course.young import (
    HOLDERS,
    NOT_SAFE,
    OWN,
    Law,
    age_on,
    birthday,
    caregivers,
    consent,
    law_here,
    laws,
    may_invite,
    ways,
)

days = st.dates(date(1990, 1, 1), date(2040, 12, 31))
TODAY = date(2026, 3, 10)
SHELF = sorted(laws()[0])


@given(born=days, age=st.integers(0, 25))
def test_somebody_is_so_old_from_their_birthday_on_and_not_the_day_before(born, age) -> None:
    day = birthday(born, age)

    assert age_on(born, day) == age
    assert age_on(born, day - timedelta(days=1)) == age - 1


@given(born=days, day=days, more=st.integers(0, 4000))
def test_nobody_grows_younger(born, day, more) -> None:
    assert age_on(born, day + timedelta(days=more)) >= age_on(born, day)


@pytest.mark.parametrize("name", SHELF)
@given(age=st.integers(0, 30))
def test_in_every_law_there_is_a_way_at_every_age_and_never_a_parent_from_the_limit_on(name, age) -> None:
    law = laws()[0][name]

    found = ways(law, age)

    assert found
    assert (found == (OWN,)) == (age >= law.alone_from)
    assert (NOT_SAFE in found) == (age < law.alone_from), "the route without a parent is open as long as one is asked"
    assert (HOLDERS in found) == (age < law.alone_from)


@pytest.mark.parametrize("name", SHELF)
def test_every_law_says_where_it_was_read_and_when(name) -> None:
    law = laws()[0][name]

    assert len(law.source) > 20
    assert law.as_of >= "2026"


def test_where_nobody_named_a_law_the_most_is_asked_for() -> None:
    every, here = laws()

    assert here == "unsaid"
    for law in every.values():
        assert every[here].alone_from >= law.alone_from
        assert every[here].holders >= law.holders


OF_A_SERVICE = """grammar: openipt-young/1
here: north
laws:
  - {id: north, name: "The North", adult_from: 18, alone_from: 15, able_from: null, holders: 1,
     source: "Act on Health, section 9", as_of: "2026-11", certainty: checked}
"""


@pytest.fixture
def own_page(tmp_path, monkeypatch):
    def write(text: str) -> None:
        (tmp_path / "young-people.yaml").write_text(text)
        monkeypatch.setenv("OPENIPT_LIBRARY", str(tmp_path))
        laws.cache_clear()

    yield write
    monkeypatch.undo()
    laws.cache_clear()


def test_a_service_adds_its_own_law_and_says_that_it_holds(own_page) -> None:
    own_page(OF_A_SERVICE)

    assert law_here().name == "The North"
    assert "scotland" in laws()[0]


def test_a_service_may_name_one_of_ours(own_page) -> None:
    own_page("grammar: openipt-young/1\nhere: netherlands\n")

    assert law_here().holders == 2


@pytest.mark.parametrize(
    "page",
    [
        "grammar: openipt-young/1\nhere: atlantis\n",
        OF_A_SERVICE.replace("alone_from: 15", "alone_from: 19"),
        OF_A_SERVICE.replace("holders: 1", "holders: 0"),
        OF_A_SERVICE.replace("alone_from: 15,", ""),
    ],
)
def test_a_page_that_is_not_sound_is_refused(own_page, page) -> None:
    own_page(page)

    with pytest.raises(shelf.Refused):
        law_here()


# ---- consent as it stands


@pytest.fixture
def law(monkeypatch):
    monkeypatch.setattr(young, "laws", lambda: (every, "england-and-wales"))
    every = laws.__wrapped__()[0]
    return every["england-and-wales"]


def course(born: str | None = "2012-01-01", age: int | None = 14) -> Course:
    one = Course("ipt-a", began=TODAY, age=age)
    if born:
        one.write("birth-date", 0, {"born_on": born})
    return one


def wants(one: Course, today: date = TODAY) -> set[str]:
    return {line.id.removeprefix("young.wants.") for line in consent(one.record, today).wants}


def test_an_adult_has_no_such_consent(law) -> None:
    assert consent(course("2000-01-01", 26).record, TODAY) is None


def test_without_a_date_of_birth_the_least_age_counts(law) -> None:
    assert consent(course(None, 15).record, TODAY).age == 15
    assert consent(course(None, 15).record, TODAY + timedelta(days=800)).age == 17


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({}, {"way"}),
        ({"way": HOLDERS}, {"holders", "list", "assent"}),
        ({"way": HOLDERS, "caregivers": [{"person": "Mother"}], "assent_on": "2026-03-10"}, {"list"}),
        ({"way": OWN, "assent_on": "2026-03-10"}, {"able"}),
        ({"way": OWN, "found_able": "Said it back", "assent_on": "2026-03-10"}, set()),
        ({"way": NOT_SAFE, "parent_not_safe": "Seen", "assent_on": "2026-03-10"}, {"decided"}),
        ({"parent_not_safe": "Seen", "decided_with": "Lead", "assent_on": "2026-03-10"}, set()),
    ],
)
def test_what_is_missing_is_said(law, said, missing) -> None:
    one = course()
    one.write("consent", 0, {"treatment": True, **said})

    assert wants(one) == missing


def test_two_who_have_to_agree_are_two_or_the_reason_why_not(monkeypatch) -> None:
    every = laws()[0]
    monkeypatch.setattr(young, "laws", lambda: (every, "netherlands"))
    said = {
        "way": HOLDERS,
        "caregivers": [{"person": "Mother"}],
        "caregivers_see": [{"text": "Days"}],
        "assent_on": "2026-03-10",
    }
    one = course()
    one.write("consent", 0, said)
    assert wants(one) == {"holders"}

    one.write("consent", 0, {**said, "fewer_because": "The other parent has died"})

    assert wants(one) == set()


@pytest.mark.parametrize("word", ["no", "not_sure"])
def test_their_own_word_stands_above_what_was_written_of_it(law, word) -> None:
    one = course()
    one.write("consent", 0, {"way": OWN, "found_able": "Said it back", "assent_on": "2026-03-10"})
    assert wants(one) == set()

    one.write("assent", 0, {"agrees": word})

    assert wants(one) == {word}


def test_it_is_looked_at_again_when_an_age_was_reached_since(law) -> None:
    one = course("2010-04-01", 15)
    one.write("consent", 0, {"way": HOLDERS})

    assert consent(one.record, date(2026, 3, 31)).again is None
    assert consent(one.record, date(2026, 4, 1)).again.id == "young.again.age"


def test_it_is_looked_at_again_on_the_day_that_was_set(law) -> None:
    one = course()
    one.write("consent", 0, {"way": HOLDERS, "look_again_on": "2026-05-01"})

    assert consent(one.record, date(2026, 4, 30)).again is None
    assert consent(one.record, date(2026, 5, 1)).again.id == "young.again.day"


# ---- what caregivers see


def shared(born: str = "2012-01-01", **said) -> Course:
    one = course(born)
    one.write("consent", 0, {"way": HOLDERS, "caregivers": [{"person": "Mother"}], "assent_on": "2026-03-10"})
    one.write("caregiver", 0, {"called": "Mum", "sees": ["clinic"], **said}, about="a1")
    return one


@given(born=st.dates(date(2008, 3, 11), date(2016, 1, 1)), after=st.integers(0, 4000))
def test_seeing_ends_by_age_and_never_goes_on_beyond_it(born, after) -> None:
    one = shared(born.isoformat())
    day = TODAY + timedelta(days=after)

    seeing = caregivers(one.record, day)[0]

    law: Law = law_here()
    assert not (seeing.is_open and age_on(born, day) >= law.alone_from)
    assert seeing.until == birthday(born, law.alone_from)


@pytest.mark.parametrize(
    ("form", "said", "about", "why"),
    [
        ("caregiver-stop", {"stop": True}, "a1", "young.over.stopped"),
        ("caregiver", {"called": "Mum", "ended": True}, "a1", "young.over.clinic"),
        ("caregiver", {"called": "Mum", "until": "2026-03-09"}, "a1", "young.over.day"),
        ("consent", {"way": NOT_SAFE, "parent_not_safe": "Seen"}, None, "young.closed.not_safe"),
        ("assent", {"agrees": "no"}, None, "young.closed.no"),
        ("assent", {"agrees": "not_sure"}, None, "young.closed.no"),
    ],
)
def test_each_thing_that_ends_it_ends_it(law, form, said, about, why) -> None:
    one = shared()
    assert caregivers(one.record, TODAY)[0].is_open

    one.write(form, 0, said, about=about)

    assert caregivers(one.record, TODAY)[0].over.id == why


def test_nothing_but_that_is_asked_of_a_violence_answer(law) -> None:
    one = shared()
    before = caregivers(one.record, TODAY), consent(one.record, TODAY), may_invite(one.record, TODAY)

    one.write("violence-check", 0, {"asked_alone": True, "about": ["all_current"], "result": "fear"})

    assert before == (caregivers(one.record, TODAY), consent(one.record, TODAY), may_invite(one.record, TODAY))

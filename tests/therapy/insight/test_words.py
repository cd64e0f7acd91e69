"""What an insight says: a question, with its size, its range and its other reading; no word of cause or verdict."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from banned import BANNED, banned_in, texts_in
from golden import golden_diary

import openipt
from openipt.therapy.insight import Belief, Count, Estimate, Insight, KindInsight, Lack, PersonInsight, look
from openipt.therapy.insight.words import (
    basis_words,
    client_words,
    count_words,
    kind_words,
    lack_words,
    person_words,
    shown,
    status_words,
    trend_words,
    warning_words,
)
from openipt.therapy.words import catalogue, render, render_all

LANGUAGES = sorted(path.stem for path in (Path(openipt.__file__).parent / "library" / "words").glob("*.yaml"))
BEA = PersonInsight("p1", 21, "worth asking about", Estimate(0.41, 0.26, 0.57), 0.999, 0.99, 0.9, 0.31)
KIND = KindInsight("conflict", 9, "worth asking about", Estimate(-0.81, -1.2, -0.36), 0.99, 0.97, 0.8)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_banned_words(language: str) -> None:
    assert BANNED.get(language), f"say in banned.py which words no insight may use in {language}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_insight_text_in_any_language_uses_a_banned_word(language: str) -> None:
    lines = {name: line for name, line in catalogue(language).lines.items() if name.startswith("insight.")}
    assert len(lines) > 60
    found = {name: banned_in(text, language) for name, line in lines.items() for text in texts_in(line)}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Contact with Bea affects your mood.", ["affects"]),
        ("Mood rose because of it, and this proves it.", ["because", "proves"]),
        ("You should see less of him; he is bad for you.", ["bad for you", "should"]),
        ("A significant risk factor (p < .05).", ["significant", "risk factor", "p < .05"]),
        ("What moves mood; what triggers it; what leads to it.", ["leads to", "triggers", "moves"]),
        ("It removes the dishes and improves the mood of the causeway.", []),
        ("In these entries better days and good contact tended to go together.", []),
    ],
)
def test_the_reader_knows_a_banned_word_when_it_sees_it(text: str, words: list[str]) -> None:
    assert banned_in(text) == words


def test_to_the_therapist_size_range_days_and_another_reading() -> None:
    assert render_all(person_words(BEA, 60, "Bea")) == (
        "In 60 entries, days with good contact with Bea had mood about 1.6 points higher than days with difficult "
        "contact (90% range 1 to 2.3; 21 contact days). It could also be that low mood colours how contact is rated. "
        "If contact was rated about 0.3 points worse, on its scale from -3 to 3, for each point of lower mood, that "
        "alone would be enough to show this."
    )


def test_a_pattern_the_other_way_round_is_said_the_other_way_round() -> None:
    turned = replace(BEA, effect=Estimate(-0.41, -0.57, -0.26))
    said = render_all(person_words(turned, 60, "Bea"))
    assert "about 1.6 points lower" in said
    assert "90% range 1 to 2.3 lower" in said
    assert "points better" in said
    assert "lower days and good contact with Bea" in render(client_words(turned, 60, "Bea"))


def test_to_the_client_no_size_and_the_caution() -> None:
    assert render(client_words(BEA, 60, "Bea")) == (
        "In your last 60 entries, better days and good contact with Bea tended to go together. This does not tell us "
        "which came first. On low days contact can also feel harder. You may want to talk about it in session."
    )


@pytest.mark.parametrize("one", [BEA, replace(BEA, effect=Estimate(-0.41, -0.57, -0.26)), KIND])
def test_every_sentence_for_a_client_has_the_caution(one) -> None:
    said = render(client_words(one, 60, "Bea"))
    assert "On low days contact can also feel harder." in said
    assert "which came first" in said
    assert not any(sign.isdigit() for sign in said.replace("60", ""))


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("too early", "There may be a pattern with Bea, but it is too early to be sure."),
        ("nothing seen so far", "Nothing seen so far with Bea. That does not mean Bea is unimportant."),
    ],
)
def test_less_is_said_where_less_is_seen(status, says: str) -> None:
    one = replace(BEA, status=status)
    assert render_all(person_words(one, 60, "Bea")) == says
    assert render(client_words(one, 60, "Bea")) == says


@pytest.mark.parametrize(
    ("lack", "says"),
    [
        (Lack("entries", 1), "1 more entry is needed before we can look at Bea."),
        (Lack("entries", 5), "5 more entries are needed before we can look at Bea."),
        (Lack("days", 2), "Entries on 2 more days are needed before we can look at Bea."),
        (Lack("contact_days", 1), "Entries with Bea on 1 more day are needed before we can look."),
        (Lack("mood_same"), "Mood was nearly the same in all entries, so there is nothing to compare with Bea yet."),
        (Lack("valence_same"), "Contact with Bea was rated the same each time, so there is nothing to compare yet."),
        (Lack("kind_days", 2), "Entries with “Bea” on 2 more days are needed before we can look."),
        (Lack("kind_same"), "“Bea” is in every entry, so there is nothing to compare yet."),
    ],
)
def test_what_is_lacking_is_said_with_its_number(lack: Lack, says: str) -> None:
    assert render(lack_words(lack, "Bea")) == says
    few = replace(BEA, status="not enough entries", lack=lack)
    assert render_all(person_words(few, 60, "Bea")) == render(client_words(few, 60, "Bea")) == says


def test_the_ninth_person_is_told_where_they_went() -> None:
    assert "counted together with others" in render(lack_words(Lack("not_among"), "Bea"))


def test_a_kind_is_told_by_its_own_words() -> None:
    assert render(kind_words(KIND, 60)) == (
        "In 60 entries, those with “Conflict” had mood about 0.8 points lower than those without (90% range 0.4 to "
        "1.2 lower; 9 days). This does not tell which came first."
    )
    assert "too early" in render(kind_words(replace(KIND, status="too early"), 60))
    assert "unimportant" in render(kind_words(replace(KIND, status="nothing seen so far"), 60))
    assert "“Conflict” on 1 more day" in render(kind_words(replace(KIND, lack=Lack("kind_days", 1)), 60))


def test_plain_counts_are_plain() -> None:
    said = render(count_words(Count("p1", 3, 4, 1, 5), "Rui"))
    assert said == "Rui was there on 3 of the 4 better days and on 1 of the 5 other days."
    assert "1 of the 1 better day and" in render(count_words(Count("p1", 1, 1, 0, 2), "Rui"))


@pytest.mark.parametrize(
    ("trend", "says"),
    [
        (Estimate(0.2, 0.1, 0.3), "up by about 0.8 points in four weeks (90% range 0.4 to 1.2)"),
        (Estimate(-0.2, -0.3, -0.1), "down by about 0.8 points in four weeks (90% range 0.4 to 1.2)"),
        (Estimate(0.1, -0.1, 0.3), "cannot be said whether mood went up or down (90% range -0.4 to 1.2"),
    ],
)
def test_a_trend_is_told_over_four_weeks(trend: Estimate, says: str) -> None:
    assert says in render(trend_words(Insight(20, "", trend_per_week=trend)))


def test_an_empty_diary_says_so_and_has_no_trend() -> None:
    empty = look(())
    assert trend_words(empty) is None
    assert render_all(basis_words(empty)) == "No entries yet."


def test_what_an_insight_rests_on_names_earlier_clients() -> None:
    found = look(golden_diary(), belief=Belief(clients=31))
    assert render_all(basis_words(found)) == (
        "14 entries on 14 days, 2 March 2026 to 19 March 2026. Based also on 31 earlier clients."
    )


def test_each_status_and_warning_has_words() -> None:
    words = [render(status_words(status)) for status in
             ("worth asking about", "too early", "nothing seen so far", "not enough entries")]  # fmt: skip
    assert words == ["worth asking about", "too early", "nothing seen so far", "not enough entries"]
    every = Insight(20, "", warnings=("moods_at_the_ends", "days_missing", "one_valence"))
    assert len({render(one) for one in warning_words(every)}) == 3


def test_one_decimal_is_the_most_that_is_shown() -> None:
    assert [str(shown(value)) for value in (1.25, -0.04, 0.449, 2.0)] == ["1.2", "0.0", "0.4", "2.0"]

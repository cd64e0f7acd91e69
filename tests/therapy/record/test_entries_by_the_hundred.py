"""An entry that was put together quickly is an entry like every other."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openipt.therapy.record import Entry
from openipt.therapy.record.by_the_hundred import entry

WORDS, MOMENTS = st.text(max_size=5), st.datetimes(timezones=st.just(UTC))
PERHAPS = st.none() | WORDS
SAID = st.tuples(
    *(WORDS, WORDS, MOMENTS, MOMENTS, st.dictionaries(WORDS, st.integers(), max_size=2), PERHAPS, PERHAPS),
    *(st.sampled_from(["answers", "total_only", "without_content"]), st.none() | st.floats(allow_nan=False)),
    *(PERHAPS, WORDS, PERHAPS, st.none() | MOMENTS, PERHAPS),
)


@given(SAID)
def test_it_is_the_same_entry(said):
    quick, usual = entry(*said), Entry(*said)

    assert type(quick) is Entry
    assert quick == usual
    assert repr(quick) == repr(usual)
    assert [getattr(quick, one.name) for one in fields(Entry)] == list(said)
    assert replace(quick, form="other") == replace(usual, form="other")


@given(SAID)
def test_nobody_changes_it(said):
    with pytest.raises(FrozenInstanceError):
        entry(*said).form = "other"
    with pytest.raises(FrozenInstanceError):
        del entry(*said).form


def test_all_of_it_has_to_be_given():
    with pytest.raises(TypeError):
        entry("id", "form")

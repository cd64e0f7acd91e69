"""Crisis numbers: written on a page, rung before, never half written, never over somebody else's."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from openipt.accounts.changes import Change
from openipt.rooms.programme.numbers_page import as_page, mark
from openipt.rooms.ui.crisis_numbers import Number, crisis_numbers

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

FIELDS = ("name", "call", "hours", "region", "source", "checked_on")


def line(n: int, **more: str) -> dict[str, str]:
    made = {"name": "Night line", "call": "+44 20 7946 0123", "hours": "day and night", "region": "the town"}
    made |= {"source": "their own page", "checked_on": timezone.now().date().isoformat(), **more}
    return {f"n{n}-{name}": text for name, text in made.items()}


def page(rows: int = 0, **typed: str) -> dict[str, str]:
    return {"rows": str(rows), "seen": mark(), **typed}


def test_a_number_is_written_and_stands_where_clients_are_sent(lead, said, sent, settings) -> None:
    answer = lead.post("/service/numbers/", sent(**page(**line(0))))

    assert answer.status_code == 302
    (one,) = crisis_numbers().every
    assert (one.name, one.dial) == ("Night line", "+442079460123")
    assert Path(settings.CRISIS_NUMBERS).stat().st_mode & 0o777 == 0o600
    assert "Marta changed the crisis numbers." in said(lead.get("/service/changes/"))
    assert "Night line: added, +44 20 7946 0123." in said(lead.get("/service/changes/"))


def test_a_number_is_mended_and_one_is_taken_away(lead, said, sent) -> None:
    lead.post("/service/numbers/", sent(**page(**line(0))))
    lead.post("/service/numbers/", sent(**page(1, **line(0), **line(1, name="Emergency", call="112"))))
    assert [one.call for one in crisis_numbers().every] == ["+44 20 7946 0123", "112"]

    lead.post(
        "/service/numbers/", sent(**page(2, **line(0), **{"n0-gone": "yes"}, **line(1, name="Emergency", call="999")))
    )

    assert [one.call for one in crisis_numbers().every] == ["999"]
    told = said(lead.get("/service/changes/"))
    assert "Night line: taken away." in told
    assert "Emergency: 112, now 999." in told


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"call": "ring us"}, "Write the number as it is dialled"),
        ({"name": ""}, "Write who answers there."),
        ({"checked_on": ""}, "Write the day on which you rang it."),
        ({"checked_on": (timezone.now() + timedelta(days=9)).date().isoformat()}, "This takes a day up to"),
        ({"region": "x" * 121}, "Write for which region"),
    ],
)
def test_a_number_that_nobody_could_ring_is_refused_in_words_and_kept(lead, said, sent, wrong, words) -> None:
    answer = lead.post("/service/numbers/", sent(**page(**line(0, **wrong))))

    assert answer.status_code == 422
    assert words in said(answer)
    assert "their own page" in answer.content.decode()
    assert crisis_numbers().every == ()
    assert not Change.objects.exists()


def test_whoever_is_slower_sees_both_and_overwrites_nothing(lead, operator, said, sent) -> None:
    seen = mark()
    lead.post("/service/numbers/", sent(**page(**line(0))))

    answer = operator.post("/service/numbers/", sent(**{**page(**line(0, name="Another line")), "seen": seen}))

    assert answer.status_code == 409
    assert "Night line" in said(answer)
    assert "Another line" in answer.content.decode()
    assert [one.name for one in crisis_numbers().every] == ["Night line"]
    assert Change.objects.filter(what="numbers").count() == 1


def test_lines_that_cannot_be_read_are_never_lost(lead, said, sent, settings) -> None:
    text = "numbers:\n  - name: Half a line\n"
    Path(settings.CRISIS_NUMBERS).write_text(text)

    answer = lead.post("/service/numbers/", sent(**page(**line(0))))

    assert answer.status_code == 422
    assert "have to be mended there first" in said(answer)
    assert Path(settings.CRISIS_NUMBERS).read_text() == text


def test_a_page_that_cannot_be_written_leaves_no_change_behind(lead, sent, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr("openipt.rooms.programme.numbers_page._replace", full)
    lead.raise_request_exception = False

    answer = lead.post("/service/numbers/", sent(**page(**line(0))))

    assert answer.status_code == 507
    assert not Change.objects.exists()
    assert "Night line" in answer.content.decode()


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)


@given(
    st.lists(
        st.builds(
            Number, name=texts, call=st.just("112"), hours=texts, region=texts, source=texts, checked_on=st.dates()
        ),
        max_size=4,
    )
)
def test_what_is_written_is_read_back_as_it_was(tmp_path_factory, numbers) -> None:
    place = tmp_path_factory.mktemp("numbers") / "crisis-numbers.yaml"
    place.write_text(as_page(numbers), encoding="utf-8")

    assert list(crisis_numbers(place).every) == numbers

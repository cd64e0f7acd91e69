"""A table with a wrong name or a cell that cannot be read is refused whole, with its line."""

from __future__ import annotations

import pytest

from openipt.policy.cells import parse
from openipt.policy.table import PAGE, Table
from openipt.therapy.shelf import Refused, read_text, to_model

TEXT = PAGE.read_text(encoding="utf-8")


def read(text: str) -> Table:
    return to_model(read_text(text, "table.yaml"), Table)


def test_the_page_itself_is_sound() -> None:
    assert next(iter(read(TEXT).kinds)) == "identity"


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("      operator: metadata\n", "", "identity has cells for .* expected, in order, client, proxy"),
        ("      operator: metadata\n", "      operators: metadata\n", "identity has cells for"),
        ("through: [own]", "through: [owner]", "the tie 'owner' is not on this page; expected one of own, proxy"),
        ("through: [own]", "through: [none]", "the tie 'none' is not on this page"),
        ("write if author", "write if writer", "the fact 'writer' is not on this page; expected one of author"),
        ("read via assigned", "read via friend", "the tie 'friend' is not on this page"),
        ("with second_person but", "with third_person but", "the need 'third_person' is not on this page"),
        ("but no_address", "but no_adress", "the bound 'no_adress' is not on this page"),
        ("client: read, write\n", "client: read write\n", r"'read write' cannot be read; expected 'none', or 'words"),
        ("client: read, write\n", "client: red, write\n", r"the word 'red' in a cell; expected read, write, shared"),
        ("client: read, write\n", "client: read but x if shared\n", "cannot be read"),
        ("client: read, write\n", "client: \"\"\n", "cannot be read"),
        ("solo: [delay,", "solo: [wait,", "the need 'wait' is not on this page"),
        ("leaves: never", "leaves: nevr", "the way of leaving 'nevr' is not on this page; expected one of freely"),
        ("forms: [medication]", "forms: [medication, intake]", "intake belongs to two kinds; expected each"),
        ("things: [person]", "things: [goal]", "goal belongs to two kinds; expected each of the things once"),
        ("therapist_only: session_records", "therapist_only: sessions", "the kind 'sessions' is not on this page"),
        ("limited: true", "limitd: true", "'limitd' is not known here"),
        ("least_group: 10", "least_group: ten", "does not fit"),
        ("step_up: before", "step_up: sometime", "'sometime' does not fit"),
        ("notes:\n      facilitator:", "notes:\n      fascilitator:", "the role 'fascilitator' is not on this page"),
    ],
)  # fmt: skip
def test_a_slip_is_refused_with_what_was_expected(was: str, becomes: str, said: str) -> None:
    assert was in TEXT
    with pytest.raises(Refused, match=said):
        read(TEXT.replace(was, becomes, 1))


def test_a_cell_says_through_what_if_what_with_what_and_how_far() -> None:
    one, other = parse("read, shared via own, proxy if agreed with step_up, reason but aliases", ())
    assert (one.action, one.extent, one.via, one.needs, one.bounds) == (
        "read",
        "full",
        ("own", "proxy"),
        ("step_up", "reason"),
        ("aliases",),
    )
    assert (one.wants, other.wants) == ({"agreed"}, {"agreed", "shared"})
    assert other.extent == "shared"


def test_breaking_the_glass_stands_for_reading_with_all_it_asks_for() -> None:
    (grant,) = parse("break_glass with notice_lead but last_two", ("reauthenticate", "reason"))
    assert (grant.action, grant.extent) == ("read", "full")
    assert grant.needs == ("reauthenticate", "reason", "notice_lead")


def test_nothing_is_nothing() -> None:
    assert parse("none", ()) == ()

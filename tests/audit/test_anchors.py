"""An anchor shows that a chain lost its end or was written anew; its line shows it also where anchors were too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from service import BEGAN, BEN, CAROL, DAN, EVE, SERVICE, Service
from sheets import Sheet
from tampering import all_anew, chain_anew

from openipt.audit import anchors
from openipt.audit.anchors import anchor, as_line, check_against
from openipt.audit.models import Anchor, AuditEvent, Head
from openipt.audit.verifying import verify

DAY = timedelta(days=1)


@pytest.fixture
def day(service: Service, unguarded: None) -> Service:
    return service.works_a_day()


def kinds() -> set[tuple[str, str]]:
    return {(fault.kind, fault.where) for fault in verify([Sheet]) if fault.kind != "guard"}


def test_an_anchor_covers_every_chain_and_keeps_only_what_moved(day: Service) -> None:
    first = anchor(BEGAN)
    assert (first.id, first.events, first.chains) == (1, AuditEvent.objects.count(), 4)
    assert set(Head.objects.values_list("chain", flat=True)) == {CAROL, DAN, EVE, SERVICE}
    day.opens(CAROL)
    day.opens(CAROL)
    second = anchor(BEGAN + DAY)
    assert (second.id, second.events, second.chains, second.prev) == (2, first.events + 2, 4, first.hash)
    assert [(head.chain, head.place) for head in Head.objects.filter(anchor=2)] == [(CAROL, 6)]
    assert kinds() == set()


def test_an_anchor_of_nothing_and_an_anchor_without_news_are_anchors(db: None) -> None:
    empty, same = anchor(BEGAN), anchor(BEGAN + DAY)
    assert (empty.events, empty.chains, empty.upto, same.id) == (0, 0, 0, 2)
    assert empty.heads == same.heads
    assert str(same) == "anchor 2"
    assert not list(verify())
    assert check_against(as_line(empty)) == []


def test_a_line_fits_on_a_label_and_stays_true_while_the_service_works_on(day: Service) -> None:
    line = as_line(anchor(BEGAN))
    assert line.startswith("openipt anchor 1 | 2025-09-01T09:00:00.000000+00:00 | up to ")
    assert len(line) <= 200
    day.opens(CAROL)
    anchor(BEGAN + DAY)
    day.lists([CAROL, EVE])
    assert check_against(line) == []
    assert check_against(f"  {line}\n") == []


def test_a_cut_tail_is_found_and_the_chain_is_named(day: Service) -> None:
    line = as_line(anchor(BEGAN))
    AuditEvent.objects.filter(chain=CAROL, place=4).delete()
    assert ("cut", f"{CAROL}:4") in kinds()
    assert {fault.kind for fault in check_against(line)} == {"line", "cut"}


def test_a_whole_chain_that_is_gone_is_found(day: Service) -> None:
    anchor(BEGAN)
    AuditEvent.objects.filter(chain=EVE).delete()
    assert ("cut", f"{EVE}:2") in kinds()


def test_a_chain_that_was_written_anew_is_found_and_named(day: Service) -> None:
    anchor(BEGAN)
    AuditEvent.objects.filter(chain=CAROL, place=1).update(by=BEN)
    chain_anew(CAROL)
    assert kinds() == {("rewritten", f"{CAROL}:4"), ("line", "anchor:1")}


def test_without_anchors_a_chain_that_was_written_anew_would_not_be_seen(day: Service) -> None:
    """The saboteur: it is the anchors that find it."""
    AuditEvent.objects.filter(chain=CAROL, place=1).update(by=BEN)
    chain_anew(CAROL)
    assert kinds() == set()


def test_when_everything_was_written_anew_only_the_line_tells(day: Service) -> None:
    """Somebody with all the rights here changes who looked, and makes all hashes, heads and anchors fit."""
    anchor(BEGAN)
    day.opens(DAN)
    line = as_line(anchor(BEGAN + DAY))
    AuditEvent.objects.filter(chain=CAROL, by=BEN).update(by=EVE)
    all_anew()
    assert kinds() == set()
    assert [(fault.kind, fault.where) for fault in check_against(line)] == [
        ("line", "anchor:2"),
        ("anchor", "anchor:2"),
    ]


def test_when_the_end_was_cut_and_the_anchors_were_written_anew_only_the_line_tells(day: Service) -> None:
    line = as_line(anchor(BEGAN))
    AuditEvent.objects.filter(chain=CAROL, place=4).delete()
    all_anew()
    assert kinds() == set()
    assert {fault.kind for fault in check_against(line)} == {"line", "anchor"}


def test_when_the_anchors_are_gone_the_line_still_vouches_for_the_events(day: Service) -> None:
    line = as_line(anchor(BEGAN))
    Anchor.objects.all().delete()
    Head.objects.all().delete()
    assert kinds() == set()
    assert [fault.kind for fault in check_against(line)] == ["anchor"]


def test_a_restored_older_record_does_not_pass_for_the_newer_one(day: Service) -> None:
    anchor(BEGAN)
    older = {model: list(model.objects.all()) for model in (AuditEvent, Anchor, Head)}
    day.opens(CAROL)
    line = as_line(anchor(BEGAN + DAY))
    for model, rows in older.items():
        model.objects.exclude(pk__in=[row.pk for row in rows]).delete()
    assert kinds() == set()
    assert {fault.kind for fault in check_against(line)} == {"line", "anchor"}


@pytest.mark.parametrize("column", ["at", "upto", "events", "chains", "heads", "prev", "hash"])
def test_an_anchor_that_was_changed_is_found(day: Service, column: str) -> None:
    anchor(BEGAN)
    day.opens(CAROL)
    anchor(BEGAN + DAY)
    changed = {"at": F("at") + DAY}.get(column, "0" * 63 + "1" if column in ("heads", "prev", "hash") else 1)
    Anchor.objects.filter(id=1).update(**{column: changed})
    assert ("anchor", "anchor:1") in kinds()


@pytest.mark.parametrize("lost", [1, 2])
def test_an_anchor_that_is_missing_between_others_is_found(day: Service, lost: int) -> None:
    for n in range(3):
        day.opens(CAROL)
        anchor(BEGAN + n * DAY)
    Anchor.objects.filter(id=lost).delete()
    assert ("anchor", f"anchor:{lost}") in kinds()


def test_heads_after_the_last_anchor_are_strange(day: Service) -> None:
    anchor(BEGAN)
    Head.objects.create(anchor=7, chain=CAROL, place=1, hash=AuditEvent.objects.get(chain=CAROL, place=1).hash)
    assert kinds() == {("anchor", "anchor:7")}


def test_of_two_who_anchor_at_once_the_one_who_saw_less_takes_the_others(
    day: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = anchor(BEGAN)
    monkeypatch.setattr(anchors, "_newest", lambda: made.upto - 1)
    assert anchor(BEGAN + DAY) == made
    assert Anchor.objects.count() == 1


@pytest.mark.parametrize("line", ["", "openipt anchor 1", "x openipt anchor", "openipt anchor 1 | | | | | "])
def test_what_is_not_a_line_of_an_anchor_is_refused(db: None, line: str) -> None:
    with pytest.raises(ValueError, match="Expected one whole line"):
        check_against(line)


def test_a_line_with_one_letter_changed_does_not_pass(day: Service) -> None:
    line = as_line(anchor(BEGAN))
    wrong = line[:-1] + ("0" if line[-1] != "0" else "1")
    assert {fault.kind for fault in check_against(wrong)} == {"line", "anchor"}

"""A manual may carry another one over, and then lets go of no gate of it; a gate that nobody knows is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from openipt.cli.shelf_new import new_folder
from openipt.therapy.manuals import open_manual, read_manual
from openipt.therapy.manuals.opening import CARRIED, KEPT
from openipt.therapy.shelf import Page, Refused, read_page


def page(tmp_path: Path, *changes: tuple[str, str], more: str = "") -> Page:
    place = new_folder("manual", "our-way", tmp_path) / "manual.yaml"
    text = place.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    place.write_text(text + more, encoding="utf-8")
    return read_page(place, "manual.yaml")


@pytest.mark.parametrize(
    ("key", "written"), [("gates", "gates: [consent, open_flag]"), ("decision_points", "decision_points: []")]
)
def test_an_unknown_id_is_refused_with_its_line_and_the_known_ones(key: str, written: str, tmp_path: Path) -> None:
    made = page(tmp_path, (written, f"{key}: [consnt]"))
    with pytest.raises(Refused) as refused:
        read_manual(made)
    (problem,) = refused.value.problems
    assert (problem.file, problem.line) == ("manual.yaml", made.lines[(key, 0)])
    assert problem.key == f"{key}[0]"
    assert "'consnt' is not known" in problem.wrong
    assert ("consent" if key == "gates" else "DP4") in problem.expected


def test_what_is_left_out_is_carried_over_from_the_base(tmp_path: Path) -> None:
    base = open_manual("ipt-classic")
    without = ("gates: [consent, open_flag]", "base: ipt-classic #"), ("decision_points: []", "#"), ("forbid: []", "#")
    made = read_manual(page(tmp_path, *without))
    for key in set(CARRIED) - {"measures", "safety", "endings", "offers"}:
        assert getattr(made, key) == getattr(base, key), key
    assert len(made.offers) > 20
    assert {offer.task for offer in made.offers} <= {offer.task for offer in base.offers}


def test_no_gate_of_the_base_may_be_let_go(tmp_path: Path) -> None:
    made = page(tmp_path, ("gates: [consent", "base: ipt-classic\ngates: [consent"))
    with pytest.raises(Refused, match="'violence' of ipt-classic is left out"):
        read_manual(made)


def test_a_base_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="'ipt-nowhere' is not known"):
        read_manual(page(tmp_path, more="base: ipt-nowhere\n"))


@pytest.mark.parametrize("name", ["ipt-phone", "ipt-blended"])
def test_the_manuals_with_a_base_hold_its_gates(name: str) -> None:
    manual = open_manual(name)
    base = open_manual(str(manual.base))
    for key in KEPT:
        assert {getattr(one, "id", one) for one in getattr(base, key)} <= {
            getattr(one, "id", one) for one in getattr(manual, key)
        }

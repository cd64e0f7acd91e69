"""A course follows the text it began with; two texts of one version are refused; one being mended hides no other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from factories import Course

from openipt.cli.shelf_new import new_folder
from openipt.therapy.course import choose
from openipt.therapy.manuals import differences, manual_ids, open_manual
from openipt.therapy.shelf import Refused, kept
from openipt.therapy.shelf.places import OWN

CLASSIC = (OWN / "manuals" / "ipt-classic" / "manual.yaml").read_text(encoding="utf-8")
ANOTHER = CLASSIC.replace("least: 12", "least: 10")


def put(shelf: Path, name: str, text: str) -> Path:
    folder = shelf / "manuals" / name
    folder.mkdir(parents=True)
    (folder / "manual.yaml").write_text(text, encoding="utf-8")
    return shelf


def stand(monkeypatch: pytest.MonkeyPatch, *shelves: Path) -> None:
    monkeypatch.setenv("OPENIPT_LIBRARY", os.pathsep.join(map(str, shelves)))


# ---- two texts of one version ----


def test_the_same_id_and_version_with_another_text_is_refused_with_both_files(tmp_path: Path, monkeypatch) -> None:
    stand(monkeypatch, put(tmp_path / "ours", "ipt-classic", ANOTHER))
    with pytest.raises(Refused) as refused:
        open_manual("ipt-classic")
    (problem,) = refused.value.problems
    assert (problem.file, problem.key) == ("manuals/ipt-classic/manual.yaml", "version")
    assert "ipt-classic 1.0.0 says something else than library/manuals/ipt-classic/manual.yaml" in problem.wrong
    assert problem.expected == "another version, or the same text"
    assert "ipt-classic" not in manual_ids()
    assert "ipt-b" in manual_ids()


def test_the_same_text_twice_and_another_version_are_taken(tmp_path: Path, monkeypatch) -> None:
    stand(monkeypatch, put(tmp_path / "same", "ipt-classic", CLASSIC))
    assert open_manual("ipt-classic").dose.least == 12
    newer = ANOTHER.replace("version: 1.0.0", "version: 1.1.0", 1)
    stand(monkeypatch, put(tmp_path / "newer", "ipt-classic", newer))
    assert (open_manual("ipt-classic").version, open_manual("ipt-classic").dose.least) == ("1.1.0", 10)


# ---- the text a course began with ----


def test_a_running_course_follows_the_text_that_was_kept_when_it_began(tmp_path: Path, monkeypatch) -> None:
    began_with = open_manual("ipt-classic")
    texts = {("manual", "ipt-classic", "1.0.0"): began_with.model_dump_json()}
    monkeypatch.setattr(kept, "_finders", [lambda kind, name, version: texts.get((kind, name, version))])
    newer = ANOTHER.replace("version: 1.0.0", "version: 1.1.0", 1)
    stand(monkeypatch, put(tmp_path / "newer", "ipt-classic", newer))

    assert open_manual("ipt-classic", "1.0.0") == began_with
    assert open_manual("ipt-classic").dose.least == 10  # for courses that begin now
    parts = [part for part, _ in differences(open_manual("ipt-classic", "1.0.0"), open_manual("ipt-classic"))]
    assert parts == ["version", "dose"]


def test_it_follows_it_also_where_the_page_was_changed_under_the_same_version(monkeypatch) -> None:
    began_with = open_manual("ipt-classic").model_copy(update={"silent_days": 14})
    texts = {("manual", "ipt-classic", "1.0.0"): began_with.model_dump_json()}
    monkeypatch.setattr(kept, "_finders", [lambda kind, name, version: texts.get((kind, name, version))])
    assert open_manual("ipt-classic", "1.0.0").silent_days == 14
    assert open_manual("ipt-classic").silent_days == 21


def test_where_nothing_was_kept_the_shelf_speaks(monkeypatch) -> None:
    monkeypatch.setattr(kept, "_finders", [lambda *_: None])
    assert open_manual("ipt-classic", "0.9.0").version == "1.0.0"
    with pytest.raises(Refused):
        open_manual("ipt-nowhere", "1.0.0")


# ---- one being mended ----


def test_a_manual_being_mended_hides_no_other(tmp_path: Path, monkeypatch) -> None:
    new_folder("manual", "our-way", tmp_path)
    stand(monkeypatch, put(tmp_path, "broken", "id: broken\n"))
    assert "broken" not in manual_ids()
    assert {"our-way", "ipt-classic"} <= set(manual_ids())
    with pytest.raises(Refused, match="'grammar' is missing"):
        open_manual("broken")
    course = Course()
    assert "our-way" in [one.manual.id for one in choose(course.record, course.day(0))]


def test_a_manual_whose_base_is_being_mended_is_left_out_with_it(tmp_path: Path, monkeypatch) -> None:
    stand(monkeypatch, put(tmp_path, "ipt-classic", "id: ipt-classic\n"))
    assert not {"ipt-classic", "ipt-phone", "ipt-blended"} & set(manual_ids())
    assert "ipt-b" in manual_ids()

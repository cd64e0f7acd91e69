"""Words and their rights: a text pack is merged where it may be, and nowhere stands a text that may not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openipt.therapy import shelf
from openipt.therapy.forms import Form, open_form, score
from openipt.therapy.forms.items import GroupItem, NoteItem
from openipt.therapy.forms.opening import open_folder
from openipt.therapy.forms.texts import SWITCH, TextPack
from openipt.therapy.shelf import Refused, read_page, to_model
from openipt.therapy.shelf.places import OWN

QUESTIONNAIRES = sorted(place.name for place in (OWN / "questionnaires").iterdir() if place.is_dir())
PACK = """\
grammar: openipt-text/1
form: {form}
licence: Licence 4711
attribution: The owner, by licence 4711
items: {{{items}}}
"""


@pytest.fixture(autouse=True)
def _no_switch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SWITCH, raising=False)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OPENIPT_LIBRARY", str(tmp_path))
    return tmp_path


def put(root: Path, form_id: str, text: str) -> None:
    folder = root / "questionnaires" / form_id
    folder.mkdir(parents=True)
    (folder / "text.en.yaml").write_text(text, encoding="utf-8")


def every(items: Any) -> Iterator[Any]:
    for item in items:
        yield item
        if isinstance(item, GroupItem):
            yield from every(item.items)


def ours(form_id: str) -> Form:
    """The definition alone, as it stands on our shelf."""
    return open_folder(OWN / "questionnaires" / form_id)


@pytest.mark.parametrize("form_id", QUESTIONNAIRES)
def test_no_item_text_stands_where_its_status_forbids_it(form_id: str) -> None:
    form, folder = ours(form_id), OWN / "questionnaires" / form_id
    status = form.terms.text_status
    packs = sorted(place.name for place in folder.glob("text.*.yaml"))

    if status == "ship":
        assert form.may_ship
        assert packs == []
        return
    for item in every(form.items):
        assert item.topic, f"{item.id} has no topic in our words"
        assert (item.label, item.help, item.example) == (None, None, None), item.id
    assert form.instructions is None
    assert not form.may_ship
    assert packs == ([] if status == "structure-only" else ["text.en.yaml"])
    for name in packs:
        pack = to_model(read_page(folder / name), TextPack)
        assert pack.noncommercial == (status == "ship-noncommercial")
        assert (pack.licence, pack.attribution) == (form.terms.name, form.terms.attribution)
    assert {place.name for place in folder.iterdir()} == {"form.yaml", "RIGHTS.md", "examples.yaml", *packs}


@pytest.mark.parametrize("form_id", QUESTIONNAIRES)
def test_a_questionnaire_says_truly_whether_it_has_its_words(form_id: str) -> None:
    form = open_form(form_id)
    worded = all(item.label for item in every(form.items) if not isinstance(item, (GroupItem, NoteItem)))

    assert form.may_ship == worded
    assert form.may_ship == (form.terms.text_status in ("ship", "ship-verbatim"))
    kinds = {"ship-noncommercial": "noncommercial_only", "structure-only": "licence_needed"}
    assert form.wording == kinds.get(form.terms.text_status, "here")
    assert form.terms.attribution


@pytest.mark.parametrize("form_id", QUESTIONNAIRES)
def test_the_page_of_rights_says_what_the_form_says(form_id: str) -> None:
    form = ours(form_id)
    page = (OWN / "questionnaires" / form_id / "RIGHTS.md").read_text(encoding="utf-8")

    assert f"`{form.terms.text_status}`" in page
    assert form.terms.attribution in page


def test_the_verbatim_pack_is_merged_and_names_its_owner() -> None:
    form = open_form("core-10")
    assert (form.may_ship, form.wording) == (True, "here")
    assert form.items[5].label == "I made plans to end my life"
    assert form.answers["freq5"][4].label == "Most or all of the time"
    assert form.instructions
    assert "CC BY-ND 4.0" in form.terms.attribution
    assert score(form, {f"q{n}": 2 for n in range(1, 11)}).scores == {"total": 20}


@pytest.mark.parametrize("form_id", ["audit", "who-5"])
def test_the_noncommercial_pack_waits_for_its_switch(form_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    off = open_form(form_id)
    assert (off.may_ship, off.wording) == (False, "noncommercial_only")
    assert all(item.label is None for item in off.items)
    for word in ("", "0", "true", "yes"):
        monkeypatch.setenv(SWITCH, word)
        assert not open_form(form_id).may_ship, "only 1 says that the use is not for trade"
    monkeypatch.setenv(SWITCH, "1")
    on = open_form(form_id)
    assert (on.may_ship, on.wording) == (True, "here")
    assert on.terms.attribution == off.terms.attribution
    assert score(on, {"q1": 3}) == score(off, {"q1": 3})


def test_a_service_adds_licensed_words_to_our_definition(own: Path) -> None:
    items = ", ".join(f"q{n}: Words {n}" for n in range(1, 5))
    put(own, "ors", PACK.format(form="ors", items=items) + "ends: {q1: {low: left, high: right}}\n")

    form = open_form("ors")

    assert form.may_ship
    assert [item.label for item in form.items] == ["Words 1", "Words 2", "Words 3", "Words 4"]
    assert (form.items[0].low, form.items[0].high) == ("left", "right")
    assert form.terms.attribution == "The owner, by licence 4711"
    assert form.terms.text_status == "structure-only"
    assert score(form, {f"q{n}": 6.3 for n in range(1, 5)}).scores == {"total": 25.2}
    assert "ors" in shelf.ids("questionnaires")


def test_words_reach_into_the_rows_of_a_group(own: Path) -> None:
    events = ("out_of_bed", "first_contact", "start_work", "dinner", "to_bed")
    put(own, "srm-5", PACK.format(form="srm-5", items=", ".join(f"days.{event}: At what time?" for event in events)))

    form = open_form("srm-5")

    assert form.may_ship
    assert form.items[0].items[4].label == "At what time?"


def test_a_services_own_words_come_before_ours_and_need_no_switch(own: Path) -> None:
    put(own, "who-5", PACK.format(form="who-5", items=", ".join(f"q{n}: Ours {n}" for n in range(1, 6))))

    assert [item.label for item in open_form("who-5").items][:2] == ["Ours 1", "Ours 2"]


def test_a_services_own_definition_takes_no_words_from_our_shelf(own: Path) -> None:
    folder = own / "questionnaires" / "core-10"
    folder.mkdir(parents=True)
    text = (OWN / "questionnaires" / "core-10" / "form.yaml").read_text(encoding="utf-8")
    (folder / "form.yaml").write_text(text, encoding="utf-8")

    assert not open_form("core-10").may_ship


WRONG = {
    "words for another form": (PACK.format(form="srs-3", items="q1: a"), "the id of the form"),
    "an item that is not asked": (PACK.format(form="ors", items="q1: a, q2: b, q3: c, q4: d, q9: e"), "'q9'"),
    "an item without words": (PACK.format(form="ors", items="q1: a, q2: b, q3: c"), "'q4' has no words"),
    "no licence": ("grammar: openipt-text/1\nform: ors\nattribution: x\nitems: {q1: a}\n", "'licence' is missing"),
    "ends of no scale": (
        PACK.format(form="ors", items="q1: a, q2: b, q3: c, q4: d") + "ends: {q7: {low: a, high: b}}\n",
        "'q7' is no scale",
    ),
    "an answer nobody can give": (
        PACK.format(form="ors", items="q1: a, q2: b, q3: c, q4: d") + "answers: {vas: {1: a}}\n",
        "has no answer '1'",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_words_that_do_not_belong_are_refused(own: Path, case: str) -> None:
    text, expected = WRONG[case]
    put(own, "ors", text)

    with pytest.raises(Refused) as refused:
        open_form("ors")

    assert expected in str(refused.value)
    assert "questionnaires/ors/text.en.yaml" in str(refused.value)


LABELS = re.compile(r"\brisk|\bdanger|\bhazard", re.IGNORECASE)
BARE = re.compile(r"(low|medium|high)\Z", re.IGNORECASE)


@pytest.mark.parametrize("form_id", QUESTIONNAIRES)
def test_no_label_of_risk_reaches_a_screen(form_id: str) -> None:
    form = ours(form_id)
    bands = [band.label for band in form.bands.set] if form.bands else []
    shown = [
        form.purpose,
        *bands,
        *(one.meaning for one in form.cutoffs),
        *(one.label for one in form.scores),
        *(way.label for one in form.algorithms for way in one.outcomes),
        *(one.note or "" for one in form.algorithms),
        *(one.action for one in form.findings),
    ]

    assert [text for text in shown if LABELS.search(text)] == []
    # A bare "High" does not say what is high. One form publishes it as the name of a stretch of scores.
    assert [label for label in bands if BARE.match(label)] == (["High"] if form_id == "sdq-s11-17" else [])


@pytest.mark.parametrize("form_id", ["audit", "audit-c", "dast-10"])
def test_bands_of_drinking_and_drugs_are_zones_or_scores(form_id: str) -> None:
    labels = [band.label for band in ours(form_id).bands.set]

    assert all(re.match(r"Zone [IV]+\Z|Score \d|No problems reported", label) for label in labels)


@pytest.mark.parametrize("form_id", ["asq", "c-ssrs-screener"])
def test_the_outcomes_of_a_triage_say_what_was_answered(form_id: str) -> None:
    for one in ours(form_id).algorithms:
        for way in one.outcomes:
            assert way.id.replace("_", " ") not in way.label.casefold() or way.id == "none"
            assert "answered" in way.label.casefold() or "blank" in way.label

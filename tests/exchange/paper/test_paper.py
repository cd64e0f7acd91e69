"""Any form on paper: tagged, titled, with its owner named; and nothing in a form is ever read as markup."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from openipt.cli import app
from openipt.exchange.paper import form_pdf, manual_pdf
from openipt.therapy.forms import form_ids, open_form, read_form
from openipt.therapy.manuals import manual_ids, open_manual
from openipt.therapy.shelf import read_text
from openipt.therapy.vocabulary import drawings


def words(made: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages).split())


def plain(text: str) -> str:
    """Without what breaking it into lines adds or takes away."""
    return re.sub(r"[\s\u00ad\u2010-]", "", text)


def a_third(names: list[str]) -> list[Any]:
    """All names; `make test` sets each third on paper, `make test-all` every one."""
    return [pytest.param(name, marks=[pytest.mark.long] if n % 3 else []) for n, name in enumerate(names)]


@pytest.mark.parametrize("name", a_third(form_ids()))
def test_every_form_becomes_a_tagged_pdf_with_its_owner_named(name):
    form = open_form(name)

    made = form_pdf(form)

    reader = PdfReader(BytesIO(made))
    assert reader.metadata is not None
    assert reader.metadata.title == form.title
    assert str(reader.trailer["/Root"]["/MarkInfo"]["/Marked"]) == "True"
    assert "/StructTreeRoot" in reader.trailer["/Root"]
    assert b"pdfuaid" in made
    assert plain(form.terms.attribution) in plain(words(made))
    assert plain(form.terms.name) in plain(words(made))


def test_a_form_without_its_words_says_so_on_paper_too():
    assert "The wording is not on this shelf" in words(form_pdf(open_form("wsas")))


def test_a_filled_sheet_prints_what_was_chosen():
    made = words(form_pdf(open_form("between-session-step"), {"text": "Ask Rui for a walk", "status": "not_now"}))

    assert "Ask Rui for a walk" in made
    assert "Not now" in made


def test_what_only_staff_may_ask_stays_off_the_clients_paper():
    form = open_form("interpersonal-inventory")

    assert "Safety, asked alone" not in words(form_pdf(form))
    assert "Safety, asked alone" in words(form_pdf(form, staff=True))


def test_markup_in_a_form_is_set_as_text():
    page = """
grammar: openipt-form/1
id: odd
version: 1.0.0
kind: worksheet
title: "#panic(1) *bold* $x$ \\\\ <b>"
purpose: "p"
filled_by: [client]
rights: ours
items: [{id: a, kind: text, label: "#read(\\"/etc/passwd\\") [x] @y"}]
"""
    made = words(form_pdf(read_form(read_text(page, "odd.yaml"))))

    assert "#panic(1) *bold* $x$" in made
    assert "#read(" in made


def test_the_pack_of_a_manual_is_a_part_for_the_client_and_one_for_staff_each_with_its_contents():
    manual = open_manual("ipt-classic")
    client, staff = (words(manual_pdf(manual, for_staff=part)) for part in (False, True))

    for said in ("Patient Health Questionnaire-9", "Closeness circle", "Safety plan"):
        assert said in client
    for said in ("Share the formulation", "Violence and coercion check", "Safety, asked alone"):
        assert said in staff
        assert said not in client
    for pack in (client, staff):
        assert "Contents" in pack
        title = "Closeness circle" if pack is client else "Violence and coercion check"
        assert re.search(rf"{title}[ .]+[0-9]+", pack), "the contents name no page"


@pytest.mark.parametrize("name", a_third(manual_ids()))
def test_both_parts_of_every_pack_are_tagged(name):
    for part in (False, True):
        made = manual_pdf(open_manual(name), for_staff=part)
        assert b"pdfuaid" in made
        assert "/StructTreeRoot" in PdfReader(BytesIO(made)).trailer["/Root"]


def test_the_command_writes_two_files(tmp_path):
    done = CliRunner().invoke(app, ["paper", "ipt-est", "--out", str(tmp_path / "pack.pdf")])

    assert done.exit_code == 0, done.output
    assert sorted(place.name for place in tmp_path.iterdir()) == ["pack-client.pdf", "pack-staff.pdf"]


def test_drawn_faces_are_on_paper_with_their_words():
    reader = PdfReader(BytesIO(form_pdf(open_form("nonverbal-practice"))))

    said = [str(one.get("/Alt")) for one in map(reader.get_object, range(1, len(reader.xref[0]))) if is_figure(one)]
    assert sorted(said) == sorted(drawings().values())


def is_figure(one):
    return isinstance(one, dict) and one.get("/S") == "/Figure"

"""Any form of the shelf can be filled in on a page: every question has its field, and what is sent is what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from casebooks import Service
from django.test import Client, RequestFactory
from uuid_utils.compat import uuid7

from openipt.accounts.actors import actor_of
from openipt.accounts.making import make_client_access
from openipt.casebook.models import Draft, Entry, Score
from openipt.casebook.models.sealed import read_body
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.queries.record import record
from openipt.policy import kind_of
from openipt.rooms.filling.fill import fill
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.typed import plant
from openipt.rooms.filling.writing import pairs_of
from openipt.therapy import shelf
from openipt.therapy.forms import Form, form_ids, open_form, score
from openipt.therapy.forms.items import GroupItem, NoteItem
from openipt.therapy.forms.opening import KINDS
from openipt.therapy.shelf import read_page

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

IN_A_GROUP, BY_A_SUPERVISOR, BY_THE_CLIENT = "group_records", "supervision", "diary"
# A second person signs on a page of its own, and nobody fills the sheet in otherwise (tests/rooms/deciding).
FILLED_IN = [one for one in form_ids() if kind_of(one, open_form(one).kind) != "sign_offs"]


def browser_of(service: Service, name: str) -> Client:
    """A browser in which somebody has signed in."""
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(service.staff[name], backend="openipt.accounts.backend.Backend")
    return browser


class Inputs(HTMLParser):
    """Everything on a page that can be filled in, what labels it, and what a browser would send of it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.sent: list[tuple[str, str]] = []
        self._select = self._text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.tags.append((tag, said))
        name, value = str(said.get("name")), str(said.get("value") or "")
        if said.get("id"):
            self.ids.append(str(said["id"]))
        if tag == "label":
            self.labelled.add(str(said.get("for")))
        elif tag == "input" and (said.get("type") not in ("radio", "checkbox") or "checked" in said):
            self.sent.append((name, value))
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in said:
            self.sent.append((self._select, value))
        elif tag == "textarea":
            self._text = name
            self.sent.append((name, ""))

    def handle_data(self, data: str) -> None:
        if self._text:
            self.sent[-1] = (self._text, self.sent[-1][1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.sent[-1] = (self._text, self.sent[-1][1].removeprefix("\n"))  # as every browser does
            self._text = ""

    @property
    def boxes(self) -> list[dict[str, str | None]]:
        found = [said for tag, said in self.tags if tag in ("input", "select", "textarea")]
        return [said for said in found if said.get("type") != "hidden"]

    @property
    def names(self) -> set[str]:
        return {str(box["name"]) for box in self.boxes}


def questions(items: Any, before: str = "") -> Iterator[str]:
    """The name under which each question stands on an empty page, in the first row of its group."""
    for item in items:
        name = f"{before}{item.id}"
        if isinstance(item, GroupItem):
            yield from questions(item.items, f"{name}.0." if item.repeat else f"{name}.")
        elif not isinstance(item, NoteItem):
            yield name


def without_blanks(value: Any) -> Any:
    """The answers without what says nothing: a blank is no answer, and a row of blanks no row."""
    if isinstance(value, dict):
        kept = {key: without_blanks(one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if one not in (None, "", [], {})}
    if isinstance(value, list):
        return [one for one in map(without_blanks, value) if one not in (None, "", {})]
    return value


def in_any_order(items: Any, value: Any) -> Any:
    """The same answers, with those that may be given in any order sorted: a page sends them in its own."""
    if isinstance(value, list):
        return [in_any_order(items, row) for row in value]
    asked = {item.id: item for item in items}
    return {key: _sorted(asked[key], one) for key, one in value.items()}


def _sorted(item: Any, value: Any) -> Any:
    if isinstance(item, GroupItem):
        return in_any_order(item.items, value)
    return sorted(map(str, value)) if item.kind in ("choices", "people") else value


def examples(form: Form, *, valid: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """The worked examples of a form whose answers can be typed on a page: what each is about, its answers."""
    for case, answers, given, typed in worked(form.id):
        if given is valid and (valid or not typed):
            yield case, answers


@cache
def worked(form_id: str) -> list[tuple[str, dict[str, Any], bool, bool]]:
    """Each worked example: what it is about, its answers, whether they are valid, and whether they are once typed."""
    form, found = open_form(form_id), []
    asked = [item.id for item in form.items if item.kind != "note"]
    folder = next(shelf.find(form.id, kind) for kind in KINDS if form.id in shelf.ids(kind))
    for example in read_page(folder / "examples.yaml").data:
        answers = example["answers"]
        if isinstance(answers, list):
            answers = dict(zip(asked, answers, strict=False))
        typed = read(form, plant(pairs_of(form, answers))[0])
        found.append((example["case"], answers, score(form, answers).valid, score(form, typed.answers).valid))
    return found


@pytest.fixture
def way_in(clinic: Service):
    """Who may write a form, and where: a group's sheet in a group, a rating by a supervisor, a diary by the client."""

    def of(form_id: str) -> tuple[Client, str]:
        kind = kind_of(form_id, open_form(form_id).kind)
        course = "C05-M1" if kind == IN_A_GROUP else "C02"
        if kind == BY_THE_CLIENT:
            sign_up_the_client_of(clinic, "C02")
        who = {BY_A_SUPERVISOR: "Watching", BY_THE_CLIENT: "client of C02"}.get(kind, "Everybody")
        return browser_of(clinic, who), f"/courses/{course}"

    return of


def sign_up_the_client_of(clinic: Service, course: str) -> None:
    """Let the client of a course sign in."""
    of = clinic.enrolment(course)
    access = make_client_access(client=of.client_id, organisation=clinic.organisation, by="somebody", at=clinic.at)
    take_charge(of, access.account.id, "own", clinic.at)
    clinic.staff[f"client of {course}"] = access.account


def opened(clinic: Service, way_in: Any, form_id: str) -> str:
    """The empty page of a form. Diaries are no therapist's to write: theirs is asked as a portal would ask."""
    browser, course = way_in(form_id)
    if kind_of(form_id, open_form(form_id).kind) != BY_THE_CLIENT:
        answer = browser.get(f"{course}/fill/{form_id}/?plain")
    else:
        request = RequestFactory().get(f"{course}/fill/{form_id}/?plain")
        request.user = clinic.staff["client of C02"]
        request.actor = actor_of(request.user, clinic.at)
        known = record(clinic.enrolment("C02"))
        answer = fill(request, "C02", form_id, find=lambda _: known, done=lambda entry: f"/entries/{entry}/")
    assert answer.status_code == 200
    return answer.content.decode()


def send(browser: Client, address: str, pairs: list[tuple[str, str]], **more: str):
    """Hand a sheet in as a browser does."""
    page = {"_id": str(uuid7()), "_do": "save", **more}
    return browser.post(address, urlencode([*page.items(), *pairs]), content_type="application/x-www-form-urlencoded")


@pytest.mark.parametrize("form_id", FILLED_IN)
def test_every_question_of_every_form_has_a_field_and_the_page_keeps_our_rules(clinic, way_in, form_id: str) -> None:
    form, text = open_form(form_id), opened(clinic, way_in, form_id)
    page = Inputs(text)

    for name in questions(form.items):
        assert any(one == name or one.startswith(f"{name}.") for one in page.names), name
    assert {"_day", "_time"} <= page.names
    assert [box for box in page.boxes if box.get("id") not in page.labelled] == []
    assert len(page.ids) == len(set(page.ids))
    assert not [said for _, said in page.tags if "required" in said or "maxlength" in said], "nothing is demanded"
    assert not [said for _, said in page.tags if any(name.startswith("on") or name == "style" for name in said)]
    assert {said.get("type") for tag, said in page.tags if tag == "script"} == {"module"}
    assert "Mateo" not in text.split("</title>")[0], "no name in a title"


@pytest.mark.parametrize("form_id", FILLED_IN)
def test_every_worked_example_typed_on_the_page_is_kept_as_it_is(clinic, way_in, form_id: str) -> None:
    form = open_form(form_id)
    browser, course = way_in(form_id)
    people = [thing.id for thing in record(clinic.enrolment(course.split("/")[-1])).people]
    tried = list(examples(form, valid=True))
    assert tried

    for case, answers in tried:
        sent = send(browser, f"{course}/fill/{form_id}/?plain", pairs_of(form, answers, people))

        assert sent.status_code == 303, case
        kept, told = newest(form_id), without_blanks(answers)  # where the page leads to depends on the form
        assert in_any_order(form.items, kept) == in_any_order(form.items, told), case
        assert score(form, kept).scores == score(form, told).scores, case


def newest(form: str) -> dict[str, Any]:
    """The answers of the entry of a form that came last; those of sheets that no record lists, too."""
    row = Entry.objects.filter(form=form).latest("recorded_at", "id")
    return read_body(row.scope, "entry", row.id, row.body)["answers"]


@pytest.mark.parametrize("form_id", [one for one in FILLED_IN if "diary" not in one])  # those only clients write
def test_what_was_typed_stands_on_the_page_again_whatever_button_was_pressed(clinic, way_in, form_id: str) -> None:
    form = open_form(form_id)
    browser, course = way_in(form_id)
    people = [thing.id for thing in record(clinic.enrolment(course.split("/")[-1])).people]

    fullest = max((answers for _, answers in examples(form, valid=True)), key=lambda one: len(pairs_of(form, one)))
    shown = send(browser, f"{course}/fill/{form_id}/?plain", pairs_of(form, fullest, people), _do="keep")

    assert shown.status_code == 200
    again = read(form, plant(Inputs(shown.content.decode()).sent)[0])
    assert in_any_order(form.items, again.answers) == in_any_order(form.items, without_blanks(fullest))
    assert (again.wrong, again.strange) == ([], [])


@pytest.mark.parametrize("form_id", [one for one in FILLED_IN if list(examples(open_form(one), valid=False))])
def test_an_impossible_example_is_shown_again_and_nothing_is_stored(clinic, way_in, form_id: str) -> None:
    form = open_form(form_id)
    browser, course = way_in(form_id)
    before = (Entry.objects.count(), Score.objects.count(), Draft.objects.count())

    for case, answers in examples(form, valid=False):
        sent = send(browser, f"{course}/fill/{form_id}/?plain", pairs_of(form, answers))

        assert (Entry.objects.count(), Score.objects.count(), Draft.objects.count()) == before, case
        if kind_of(form_id, form.kind) == BY_THE_CLIENT:
            assert sent.status_code == 403, "the workspace shows no page to a client"
            continue
        assert sent.status_code == 422, case
        page = Inputs(sent.content.decode())
        links = {said["href"] for tag, said in page.tags if tag == "a" and str(said.get("href")).startswith("#f-")}
        assert [said for _, said in page.tags if said.get("role") == "alert"], case
        assert {link[1:] for link in links} & set(page.ids) == {link[1:] for link in links} != set(), case


def test_most_forms_have_an_impossible_example_that_can_be_typed() -> None:
    assert sum(bool(list(examples(open_form(one), valid=False))) for one in form_ids()) > 60

"""What goes along with mood, in the rooms: a question with its range, read only, and the same page where feared."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from casebooks import Service, a_service, put_in_charge, worked_case
from diaries import keep_a_diary
from django.db import connections
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext

from openipt.casebook.models import Enrolment, Fit
from openipt.casebook.models.sealed import seal_body
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.changing import begin_thing
from openipt.casebook.operations.fitting import refit, switch
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.record import record
from openipt.therapy.insight import as_plain, look

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "therapy" / "insight"))
from banned import banned_in
from case_diaries import simulate, truths

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

MOST = 15  # DESIGN section 8
ALONE = {
    "date": "2026-03-02",
    "asked_alone": True,
    "about": ["all_current"],
    "result": "current_violence",
    "safe_to_raise": "no",
    "source": "INI.01",
    "by": "T-01",
}


class _Kept(TestCase):
    """Two open transactions, one in each store, that end with the page of tests."""

    databases = frozenset({"default", "keys"})


@dataclass
class World:
    """One service, and courses that differ in their diaries alone."""

    service: Service
    courses: dict[str, Enrolment]

    def address(self, name: str, more: str = "insight/") -> str:
        return f"/courses/{self.courses[name].label}/{more}"

    def browser(self, name: str = "T-01") -> Client:
        client = Client(HTTP_HOST="localhost")
        account = self.service.staff[name]
        client.force_login(account, backend="openipt.accounts.backend.Backend")
        return client

    def page(self, name: str, more: str = "insight/", who: str = "T-01") -> str:
        answer = self.browser(who).get(self.address(name, more))
        assert answer.status_code == 200
        return answer.content.decode()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        opened = _Kept._enter_atomics()
        try:
            yield _world()
        finally:
            _Kept._rollback_atomics(opened)


def _world() -> World:
    service = a_service(datetime(2026, 3, 2, 9, tzinfo=UTC))
    lead = service.account("Lead", ("lead",))
    switch(organisation=service.organisation, on=True, read_by=lead.id, read_on=service.at.date(), at=service.at)
    made = World(service, {})
    for name, days in {"plain": 40, "afraid": 40, "hardly": 2, "few": 6, "waiting": 6, "empty": 0}.items():
        made.courses[name] = course = _course(service)
        keep_a_diary(service, course, days)
        if name == "afraid":
            save_entry(by=service.actor(), at=service.at, enrolment=course.label, form="violence-check", answers=ALONE)
        if name != "waiting":
            refit(course, service.at)
    by, label = service.actor(), made.courses["plain"].label
    begin_thing(by=by, at=service.at, enrolment=label, kind="session", label="S01")
    held = {"number": 1, "kind": "attended", "uses": 1, "attended": True}
    save_entry(by=by, at=service.at, enrolment=label, form="session-sheet", answers=held, about="S01")
    for day, each in ((0, 2), (27, 2)):  # no change by the first decision point
        at, sheet = service.at + timedelta(days=day), {f"q{n}": each for n in range(1, 9)} | {"q9": 0}
        save_entry(by=by, at=at, enrolment=label, form="phq-9", answers=sheet)
    service.keep(worked_case("C02"))
    service.account("Outsider")
    watching = service.account("Watching", ("supervisor",))
    for one in Enrolment.objects.all():
        take_charge(one, watching.id, "supervision", service.at)
    made.courses["C02"] = service.enrolment("C02")
    put_in_charge(service, "Everybody")
    return made


def _course(service: Service) -> Enrolment:
    made = service.begin()
    begin_thing(by=service.actor(), at=service.at, enrolment=made.label, kind="person", label="P1")
    said = {"alias": "Lena", "relation": "partner", "closeness": 5}
    save_entry(
        by=service.actor(),
        at=service.at,
        enrolment=made.label,
        form="interpersonal-inventory",
        answers=said,
        about="P1",
    )
    return service.enrolment(made.label)


def words(page: str) -> str:
    """The words of the middle of a page, without its marks."""
    middle = page[page.index("<main") : page.index("</main>")]
    middle = re.sub(r"<(style|script)\b.*?</\1>", "", middle, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", middle))


def same(page: str, label: str) -> str:
    """A page without what differs for every course anyway."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
    return page.replace(label, "LABEL")


def test_a_finding_is_a_question_with_its_size_its_range_and_what_else_it_could_be(world: World) -> None:
    said = words(world.page("plain"))

    assert "A question for the session, not a finding." in said
    assert re.search(
        r"In 40 entries, days with good contact with Lena had mood about \d(\.\d)? points higher than days with "
        r"difficult contact \(90% range \d(\.\d)? to \d(\.\d)?; 40 contact days\)",
        said,
    )
    assert "It could also be that low mood colours how contact is rated." in said
    assert "Worth asking about" in said
    assert re.search(r"Lena was there on \d+ of the \d+ better days and on \d+ of the \d+ other days", said)
    assert "Over 40 entries" in said
    assert "Support for a clinician&#x27;s judgement. Not for emergencies." in said


def test_plain_counts_are_there_from_the_third_entry_on_and_the_rest_says_what_is_needed(world: World) -> None:
    said = words(world.page("few"))

    assert "Not enough entries" in said
    assert "8 more entries are needed before we can look at Lena." in said
    assert "of the" in said
    assert "better day" in said


def test_where_none_is_stored_yet_the_page_says_it_will_come(world: World) -> None:
    assert "will stand here shortly" in words(world.page("waiting"))


def test_where_a_violence_fact_stands_the_page_is_that_of_a_diary_with_hardly_an_entry(world: World) -> None:
    pages = {name: same(world.page(name), world.courses[name].label) for name in ("afraid", "hardly", "empty")}

    assert not Fit.objects.filter(enrolment=world.courses["afraid"]).exists()
    assert pages["afraid"] == pages["hardly"] == pages["empty"]
    assert "Not enough entries yet" in words(pages["afraid"])
    assert "40" not in words(pages["afraid"])


def test_a_fit_that_was_left_behind_is_not_shown_where_a_violence_fact_stands(world: World) -> None:
    course, found = world.courses["afraid"], look(simulate("C02", dict(truths())["C02"]).entries)
    row = _store(course, found, world.service)
    try:
        assert "Not enough entries yet" in words(world.page("afraid"))
    finally:
        row.delete()


def test_where_a_service_has_it_switched_off_no_page_speaks_of_it(world: World) -> None:
    organisation = world.service.organisation
    kept = organisation.promise
    organisation.promise = {}
    organisation.save()
    try:
        browser = world.browser()
        assert browser.get(world.address("plain")).status_code == 404
        for address in ("give/", "take-back/"):
            said = {"sentence": "person:P1", "entry": "x", "why": "y"}
            assert browser.post(world.address("plain", f"insight/{address}"), said).status_code == 404
        for more in ("", "people/", "treatment/", "sessions/1/"):
            page = world.page("plain", more)
            assert "/insight/" not in page
            assert "goes along with mood" not in page
            assert "One thing to ask about" not in page
    finally:
        organisation.promise = kept
        organisation.save()


@pytest.mark.parametrize("name", ["plain", "afraid", "hardly", "few", "waiting", "empty"])
@pytest.mark.parametrize("who", ["T-01", "Watching"])
def test_no_page_uses_a_banned_word(world: World, name: str, who: str) -> None:
    assert banned_in(words(world.page(name, who=who))) == []


def test_the_supervisor_reads_relations_and_codes_and_gives_nothing(world: World) -> None:
    page = world.page("plain", who="Watching")

    assert "Lena" not in page
    assert "Partner, husband, wife (P1)" in page
    assert "<form" not in page[page.index("<main") : page.index("</main>")]
    assert world.service.enrolment(world.courses["plain"].label).client.code in page


def test_an_outsider_meets_nothing_there(world: World) -> None:
    theirs = world.browser("Outsider").get(world.address("plain"))
    missing = world.browser("Outsider").get("/courses/K-NOBODY/insight/")

    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert same(theirs.content.decode(), world.courses["plain"].label) == same(missing.content.decode(), "K-NOBODY")
    for more in ("insight/give/", "insight/take-back/"):
        assert (
            world.browser("Outsider").post(world.address("plain", more), {"sentence": "person:P1"}).status_code == 404
        )


def test_a_facilitator_is_told_that_this_part_is_not_open_to_them(world: World) -> None:
    leading = world.service.account("Leading", ("facilitator",))
    take_charge(world.courses["few"], leading.id, "group", world.service.at)
    browser = world.browser("Leading")

    assert browser.get(world.address("few", "")).status_code == 200
    answer = browser.get(world.address("few"))
    assert answer.status_code == 403
    assert "Not open to you" in answer.content.decode()


def asked(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connections["default"]) as kept, CaptureQueriesContext(connections["keys"]) as keys:
        assert browser.get(address).status_code == 200
    silent = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return len([one for one in (*kept, *keys) if not one["sql"].startswith(silent)])


def test_the_page_asks_the_same_number_of_questions_for_two_entries_and_for_forty(world: World) -> None:
    browser = world.browser()
    counts = {name: asked(browser, world.address(name)) for name in ("plain", "hardly", "waiting")}

    assert len(set(counts.values())) == 1, counts
    assert counts["plain"] <= MOST


def test_it_is_one_question_more_than_the_page_of_people(world: World) -> None:
    browser = world.browser()

    assert asked(browser, world.address("plain")) == asked(browser, world.address("plain", "people/")) + 1


def test_a_session_page_asks_one_question_for_it_and_the_course_page_none(world: World) -> None:
    browser = world.browser("Everybody")

    def of_fits(address: str) -> int:
        with CaptureQueriesContext(connections["default"]) as kept:
            assert browser.get(address).status_code == 200
        return sum("casebook_fit" in one["sql"] for one in kept)

    assert of_fits("/courses/C02/sessions/16/") == 1
    assert of_fits("/courses/C02/") == 0


def test_a_sentence_is_given_and_taken_back(world: World) -> None:
    browser, course = world.browser(), world.courses["plain"]
    answer = browser.post(world.address("plain", "insight/give/"), {"sentence": "person:P1"})
    assert (answer.status_code, answer["Location"]) == (302, world.address("plain"))

    said = words(world.page("plain"))
    assert "better days and good contact with Lena tended to go together" in said
    assert "On low days contact can also feel harder." in said
    assert said.count("Give this sentence") < words(world.page("plain", who="T-01")).count("Worth asking about")

    entry = record(course).newest("released-sentence")
    without = browser.post(world.address("plain", "insight/take-back/"), {"entry": entry.id, "why": " "})
    assert without.status_code == 404
    browser.post(world.address("plain", "insight/take-back/"), {"entry": entry.id, "why": "talked it over"})
    assert "No sentence was given to the client. That is normal." in words(world.page("plain"))


@pytest.mark.parametrize("sentence", ["person:P9", "kind:loss", "", "<b>"])
def test_only_what_stands_there_can_be_given(world: World, sentence: str) -> None:
    answer = world.browser().post(world.address("plain", "insight/give/"), {"sentence": sentence})

    assert answer.status_code == 404


def test_giving_needs_a_hand_on_a_button_not_a_link(world: World) -> None:
    assert world.browser().get(world.address("plain", "insight/give/")).status_code == 405


def _store(course: Enrolment, found, service: Service) -> Fit:
    return Fit.objects.create(
        enrolment=course,
        organisation=service.organisation,
        scope=course.client.scope,
        inputs_hash=found.inputs_hash,
        model_version=found.model_version,
        made_at=service.at,
        body=seal_body(course.client.scope, "fit", course.id, as_plain(found)),
    )


@pytest.mark.parametrize("name", [name for name, _ in truths() if name == "C02"])
def test_the_page_of_a_worked_case_says_higher_and_lower_as_is_true(world: World, name: str) -> None:
    made = simulate(name, dict(truths())[name])
    row = _store(world.courses[name], look(made.entries), world.service)
    try:
        said = words(world.page(name, who="Everybody"))
        session = words(world.page(name, "sessions/16/", who="Everybody"))
    finally:
        row.delete()
    names = {
        thing.id: record(world.courses[name]).says("interpersonal-inventory", thing.id).get("alias")
        for thing in record(world.courses[name]).people
    }
    worth = [one for one in look(made.entries).people if one.status == "worth asking about"]
    assert worth
    for one in worth:
        way = "higher" if made.people.get(one.person, 0) > 0 else "lower"
        assert re.search(rf"good contact with {re.escape(names[one.person])} had mood about [\d.]+ points {way}", said)
    assert "One thing to ask about" not in session  # the course has ended


def test_people_stand_in_the_order_of_the_circle_whatever_was_found(world: World) -> None:
    from openipt.rooms.workspace.course.insight import in_order

    known = record(world.courses["C02"])
    found = look(simulate("C02", dict(truths())["C02"]).entries)
    circle = [row["person"] for row in known.says("closeness-circle")["places"]]
    shown = [one.person for one in in_order(known, tuple(reversed(found.people)), {})]

    assert [person for person in shown if person in circle] == [person for person in circle if person in shown]


def test_the_page_of_the_newest_session_has_one_thing_to_ask_about(world: World) -> None:
    said = words(world.page("plain", "sessions/1/"))

    assert said.count("One thing to ask about") == 1
    sentence = said[said.index("One thing to ask about") : said.index("All of it, with how sure it is")]
    assert re.search(r"In 40 entries, days with good contact with Lena had mood about [\d.]+ points higher", sentence)
    assert banned_in(sentence) == []


def test_on_a_session_page_stands_one_sentence_at_most_and_only_on_the_newest(world: World) -> None:
    from dataclasses import replace

    from openipt.casebook.queries.courses import open_course
    from openipt.casebook.queries.fits import Stored, stored_fit
    from openipt.rooms.workspace.sessions.since import since

    actor = world.service.actor("Everybody", ("therapist", "facilitator"))
    course = open_course(actor, "C02", world.service.at)
    running = replace(course, record=replace(course.record, ended_on=None, _memo={}))
    found = look(simulate("C02", dict(truths())["C02"]).entries)
    stored = Stored(stored_fit(actor, "C02", world.service.at).ruling, True, found, world.service.at)
    sessions = running.record.sessions

    newest = since(running, sessions[-1], sessions[-2], stored)
    assert newest.ask is not None
    assert since(running, sessions[-2], sessions[-3], stored).ask is None
    calm = replace(found, people=tuple(replace(one, status="too early") for one in found.people), kinds=())
    assert since(running, sessions[-1], sessions[-2], replace(stored, found=calm)).ask is None


def test_a_decision_that_is_due_is_written_on_its_sheet_with_the_point_chosen(world: World) -> None:
    course = world.page("plain", "?on=2026-04-01")
    link = re.search(rf'href="({world.address("plain", "fill/decision-record/")}[^"]+)"', course)
    assert link
    assert link[1].endswith("?point=DP4&amp;state=off_track")

    page = world.browser().get(link[1].replace("&amp;", "&")).content.decode()
    for value in ("DP4", "off_track"):
        assert re.search(rf'<(option|input)[^>]*value="{value}"[^>]*(selected|checked)', page), value


def test_a_link_chooses_nothing_that_the_sheet_does_not_offer(world: World) -> None:
    address = "/courses/C02/fill/decision-record/?point=DP99&client_says=words"
    page = world.browser("Everybody").get(address).content.decode()

    assert "DP99" not in page[page.index("<main") : page.index("</main>")].split("<form")[1].replace(address, "")
    assert ">words<" not in page


def test_less_change_than_hoped_for_asks_for_the_clients_view_and_three_things(world: World) -> None:
    said = words(world.page("plain", "?on=2026-04-01"))

    assert (
        "It needs four things: what the client says to it, that you have seen it, the reason as you see it, and the "
        "next step." in said
    )

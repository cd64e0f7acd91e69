"""What is being written is not lost: drafts every two seconds, a sign-in that runs out, a page open for too long."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from casebooks import Service
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from uuid_utils.compat import uuid7

from openipt.casebook.models import Draft, Entry
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.drafting import (
    StaysOnDevice,
    drop_drafts,
    forget_drafts,
    open_drafts,
    save_draft,
)
from openipt.casebook.queries.visible import NotAllowed, NotVisible
from openipt.rooms.filling import signing_in
from openipt.therapy.forms import form_ids, open_form

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

TALK = "/courses/C02/fill/communication-analysis/"
PHQ9 = "/courses/C02/fill/phq-9/"
PRIVATE = "We ate without talking about Vienna."
SHORT_TALK = {"lines.0.speaker": "me", "lines.0.said": "Right.", "outcome": PRIVATE}
BACKEND = "openipt.accounts.backend.Backend"


def send(browser: Client, address: str, typed: dict[str, str], *, mark: object = None, do: str = "save", **more: str):
    fields = {"_id": str(mark or uuid7()), "_do": do, **{f"_{name}": text for name, text in more.items()}, **typed}
    return browser.post(address, urlencode(fields), content_type="application/x-www-form-urlencoded")


def words_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def hidden(response) -> dict[str, str]:
    """The marks that a page carries."""
    return dict(
        re.findall(r'type="hidden" name="(_id|_for|csrfmiddlewaretoken)" value="([^"]+)"', response.content.decode())
    )


@pytest.fixture
def colleague(clinic: Service) -> Client:
    """Somebody else who works with the same course."""
    clinic.staff.pop("Colleague", None)  # of the test before: taken back with it
    account = clinic.account("Colleague")
    take_charge(clinic.enrolment("C02"), account.id, "cover", clinic.at)
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(account, backend=BACKEND)
    return browser


@pytest.fixture
def me(clinic: Service):
    return clinic.actor("Everybody", ("therapist", "facilitator"))


# ---- drafts ----


def test_a_draft_is_kept_and_stands_on_the_page_when_it_is_opened_again(visitor, clinic) -> None:
    mark = uuid7()
    kept = send(visitor, f"{TALK}draft", SHORT_TALK | {"mood_after": "eleven"}, mark=mark)
    again = visitor.get(TALK)

    assert re.fullmatch(r"\d\d:\d\d", kept.json()["kept"])
    assert f"Kept {kept.json()['kept']}. Not yet in the record." in words_of(again)
    assert all(text in again.content.decode() for text in (PRIVATE, "“eleven”", str(mark)))


def test_a_draft_is_its_authors_alone_and_nobody_can_read_it_in_the_store(visitor, colleague, outsider, clinic) -> None:
    mark = uuid7()
    send(visitor, f"{TALK}draft", SHORT_TALK, mark=mark)

    assert PRIVATE not in colleague.get(TALK).content.decode()
    assert send(colleague, f"{TALK}draft", {"outcome": "mine now"}, mark=mark).status_code == 404
    assert send(outsider, f"{TALK}draft", {"outcome": "mine now"}, mark=mark).status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM casebook_draft")
        assert not any(b"Vienna" in bytes(row[0]) for row in cursor.fetchall())
    assert PRIVATE in visitor.get(TALK).content.decode()


def test_a_draft_changes_in_place_and_goes_when_the_sheet_is_handed_in(visitor, clinic) -> None:
    mark = uuid7()
    for text in ("one", "one two", "one two three"):
        send(visitor, f"{TALK}draft", {"outcome": text}, mark=mark)
    assert Draft.objects.filter(id=mark).count() == 1
    assert "one two three" in visitor.get(TALK).content.decode()

    send(visitor, TALK, SHORT_TALK, mark=mark)

    assert not Draft.objects.filter(id=mark).exists()
    late = send(visitor, f"{TALK}draft", SHORT_TALK, mark=mark)
    assert late.json()["handed_in"] is True
    assert not Draft.objects.filter(id=mark).exists()


def test_a_draft_belongs_to_what_it_is_about_and_to_the_sheet_it_would_replace(visitor, clinic) -> None:
    older = Entry.objects.filter(enrolment__label="C02", form="communication-analysis").latest("seq").id
    send(visitor, f"{TALK}draft?person=P01", {"outcome": "about Lena"})
    send(visitor, f"{TALK}draft?replaces={older}", {"outcome": "in place of the older one"})

    assert "about Lena" not in visitor.get(TALK).content.decode()
    assert "about Lena" in visitor.get(f"{TALK}?about=P01").content.decode()
    assert "in place of the older one" in visitor.get(f"{TALK}?replaces={older}").content.decode()
    assert "about Lena" not in visitor.get(f"{TALK}?about=P01&fresh").content.decode()


def test_a_draft_can_be_thrown_away(visitor, clinic) -> None:
    mark = uuid7()
    send(visitor, f"{TALK}draft", SHORT_TALK, mark=mark)

    gone = send(visitor, TALK, SHORT_TALK, mark=mark, do="drop")

    assert gone.status_code == 302
    assert PRIVATE not in visitor.get(TALK).content.decode()


def test_without_a_script_a_button_and_the_enter_key_keep_a_draft(visitor, clinic) -> None:
    mark = uuid7()
    kept = send(visitor, TALK, SHORT_TALK, mark=mark, do="keep")

    assert kept.status_code == 200
    assert re.search(r"Kept \d\d:\d\d\. Not yet in the record\.", words_of(kept))
    first = re.search(r'<button[^>]*name="_do" value="(\w+)"', kept.content.decode().split("data-fill")[1])
    assert first[1] == "keep", "the Enter key presses the first button"
    assert Draft.objects.filter(id=mark).exists()


WITH_FINDINGS = [name for name in form_ids() if open_form(name).findings]


@pytest.mark.parametrize("form_id", ["phq-9", "safety-conversation", "violence-check"])
def test_what_may_need_a_person_is_not_left_lying_as_a_draft(visitor, clinic, form_id: str) -> None:
    assert form_id in WITH_FINDINGS
    before = Draft.objects.count()
    answer = send(visitor, f"/courses/C02/fill/{form_id}/draft", {"q9": "3"})

    assert answer.status_code == 409
    assert "kept on this device only" in answer.json()["say"]
    assert send(visitor, f"/courses/C02/fill/{form_id}/", {}, do="keep").status_code == 200
    assert 'data-keep="device"' in visitor.get(f"/courses/C02/fill/{form_id}/").content.decode()
    assert Draft.objects.count() == before


def test_a_draft_address_answers_calmly_to_anything(visitor, supervisor, clinic) -> None:
    assert visitor.get(f"{TALK}draft").status_code == 405
    assert send(visitor, f"{TALK}draft", {"_id": "x"}).status_code == 400
    assert send(visitor, f"{TALK}draft?about={'x' * 65}", SHORT_TALK).status_code == 400
    assert send(visitor, f"{TALK}draft?about=%00", SHORT_TALK).status_code == 400
    assert send(visitor, "/courses/C02/fill/nothing/draft", SHORT_TALK).status_code == 404
    assert send(supervisor, f"{TALK}draft", SHORT_TALK).status_code == 403
    assert send(Client(HTTP_HOST="localhost"), f"{TALK}draft", SHORT_TALK).status_code == 302


# ---- the same, as operations ----


def keep(by, mark, at, form: str = "communication-analysis", course: str = "C02", text: str = "x") -> bool:
    return save_draft(by=by, at=at, enrolment=course, form=form, about="", body={"pairs": [["outcome", text]]}, id=mark)


def test_an_author_finds_their_drafts_newest_first_with_both_times(clinic, me) -> None:
    at, first, second = timezone.now(), uuid7(), uuid7()
    keep(me, first, at)
    keep(me, second, at + timedelta(minutes=1))
    keep(me, first, at + timedelta(minutes=2), text="y")

    found = open_drafts(by=me, at=at, enrolment="C02", form="communication-analysis")

    assert [one.id for one in found] == [first, second]
    assert (found[0].started_at, found[0].saved_at) == (at, at + timedelta(minutes=2))
    assert found[0].body == {"pairs": [["outcome", "y"]]}


def test_whoever_may_not_write_the_sheet_may_not_keep_or_find_a_draft_of_it(clinic, me) -> None:
    at, outsider = timezone.now(), clinic.actor("Outsider")
    supervisor = clinic.actor("Watching", ("supervisor",))
    for by, refusal in ((outsider, NotVisible), (supervisor, NotAllowed)):
        with pytest.raises(refusal):
            keep(by, uuid7(), at)
        with pytest.raises(refusal):
            open_drafts(by=by, at=at, enrolment="C02", form="communication-analysis")
    with pytest.raises(StaysOnDevice):
        keep(me, uuid7(), at, form="phq-9")


def test_only_the_author_throws_a_draft_away_and_old_ones_are_forgotten(clinic, me) -> None:
    at, mark, older = timezone.now(), uuid7(), uuid7()
    keep(me, older, at - timedelta(days=40))
    keep(me, mark, at)

    assert drop_drafts(clinic.actor("Outsider"), [mark]) == 0
    assert forget_drafts(at - timedelta(days=30)) == 1
    assert [one.id for one in open_drafts(by=me, at=at, enrolment="C02", form="communication-analysis")] == [mark]
    assert drop_drafts(me, [mark]) == 1


# ---- a sign-in that runs out ----


def test_nobody_comes_to_a_sheet_without_signing_in_and_a_page_of_nobody_keeps_nothing(clinic) -> None:
    stranger = Client(HTTP_HOST="localhost")
    for answer in (
        stranger.get(TALK),
        send(stranger, TALK, SHORT_TALK),
        send(stranger, TALK, SHORT_TALK, **{"for": "x"}),
    ):
        assert answer.status_code == 302
        assert answer["Location"].startswith(f"/sign-in/?next={TALK}")
        assert signing_in.COOKIE not in answer.cookies


def runs_out(browser: Client, typed: dict[str, str], address: str = TALK):
    """A page is opened; its sign-in ends; the page is handed in."""
    marks = hidden(browser.get(address))
    del browser.cookies["openipt"]
    return send(browser, address, typed, mark=marks["_id"], **{"for": marks["_for"]}), marks


def test_a_sign_in_that_ran_out_loses_nothing_and_stores_nothing_that_can_be_read(visitor, clinic) -> None:
    before = Entry.objects.count(), Draft.objects.count()
    answer, marks = runs_out(visitor, SHORT_TALK | {"mood_after": "eleven"})

    assert answer.status_code == 403
    assert "Please sign in again" in words_of(answer)
    assert PRIVATE not in answer.content.decode()
    cookie = answer.cookies[signing_in.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (TALK, True, "Lax", 1800)
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM cache")
        stored = [row[0] for row in cursor.fetchall()]
    assert stored
    assert not any("Vienna" in text or cookie.value in text for text in stored)
    assert (Entry.objects.count(), Draft.objects.count()) == before

    visitor.force_login(clinic.staff["Everybody"], backend=BACKEND)
    back = visitor.get(TALK)
    assert "Your sign-in had run out. Everything you typed is here again." in words_of(back)
    assert all(text in back.content.decode() for text in (PRIVATE, "“eleven”", marks["_id"]))
    assert back.cookies[signing_in.COOKIE].value == ""
    assert "had run out" not in words_of(visitor.get(TALK)), "it comes back once"


def test_a_questionnaire_comes_back_as_well(visitor, clinic) -> None:
    runs_out(visitor, {"q1": "3", "q9": "2"}, PHQ9)
    visitor.force_login(clinic.staff["Everybody"], backend=BACKEND)

    page = visitor.get(PHQ9).content.decode()

    assert re.search(r'name="q9" value="2" checked', page)


def test_what_somebody_typed_comes_back_to_nobody_else_and_on_no_other_page(visitor, clinic, colleague) -> None:
    runs_out(visitor, SHORT_TALK)
    visitor.force_login(clinic.staff["Colleague"], backend=BACKEND)
    assert PRIVATE not in visitor.get(TALK).content.decode()

    visitor.force_login(clinic.staff["Everybody"], backend=BACKEND)
    assert PRIVATE in visitor.get(TALK).content.decode()


def test_a_mark_of_another_page_or_of_long_ago_keeps_nothing(visitor, clinic, settings) -> None:
    mine = hidden(visitor.get(PHQ9))["_for"]
    assert signing_in.marked_for(mine, PHQ9) == str(clinic.staff["Everybody"].id)
    assert signing_in.marked_for(mine, TALK) is None
    settings.SESSION_COOKIE_AGE = -1
    assert signing_in.marked_for(mine, PHQ9) is None


def test_a_key_that_opens_nothing_is_no_harm(visitor, clinic) -> None:
    for key in ("", "x", "é", "A" * 5000):
        visitor.cookies[signing_in.COOKIE] = key
        assert visitor.get(TALK).status_code == 200
    cache.set(signing_in._place(b"mine"), b"no envelope", 60)
    visitor.cookies[signing_in.COOKIE] = "mine"
    assert visitor.get(TALK).status_code == 200


# ---- a page that was open while somebody signed in again ----


def test_a_page_from_before_signing_in_again_is_shown_with_everything_on_it_and_stores_nothing(
    visitor, clinic, settings
) -> None:
    settings.CSRF_FAILURE_VIEW = "openipt.rooms.filling.refusals.page_too_old"
    marks = hidden(visitor.get(TALK))
    before = Entry.objects.count(), Draft.objects.count()
    visitor.handler.enforce_csrf_checks = True

    answer = send(visitor, TALK, SHORT_TALK, mark=marks["_id"], **{"for": marks["_for"]})

    assert answer.status_code == 403
    assert "press the button once more" in words_of(answer)
    assert PRIVATE in answer.content.decode()
    assert (Entry.objects.count(), Draft.objects.count()) == before
    fresh = {"csrfmiddlewaretoken": hidden(answer)["csrfmiddlewaretoken"]}
    assert send(visitor, TALK, SHORT_TALK | fresh, mark=marks["_id"]).status_code == 303


def test_a_page_made_for_somebody_else_or_by_nobody_is_not_shown_again(visitor, colleague, clinic, settings) -> None:
    settings.CSRF_FAILURE_VIEW = "openipt.rooms.filling.refusals.page_too_old"
    theirs = hidden(colleague.get(TALK))
    visitor.handler.enforce_csrf_checks = True
    for made_for in (theirs["_for"], "", "x:y:z"):
        answer = send(visitor, TALK, SHORT_TALK, **{"for": made_for})
        assert answer.status_code == 403
        assert PRIVATE not in answer.content.decode()


def test_nothing_of_a_sheet_is_in_what_the_module_is_told(visitor, clinic) -> None:
    page = visitor.get(TALK).content.decode()
    told = [
        json.loads(text.replace("&quot;", '"'))
        for text in re.findall(r'data-when="([^"]+)"', page.replace("&#x27;", "'"))
    ]
    assert told
    assert "Mateo" not in json.dumps(told)

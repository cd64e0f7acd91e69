"""A service says whether its clients see their own scores. Off, no page of theirs and no mail holds one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from evidence.address_book import BOOK, OWN
from rooms.portal.conftest import Phone

from openipt.audit.models import AuditEvent
from openipt.casebook.models import Flag
from openipt.casebook.operations.own_scores import show_scores
from openipt.casebook.queries.own_scores import shows_scores
from openipt.casebook.queries.visible import NotAllowed
from openipt.post.ticking import tick
from openipt.rooms.portal.questions.asking import key_of
from openipt.therapy.forms import open_form
from openipt.therapy.words import catalogue

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

KEY = key_of("phq-9")
MONTHS = "|".join(catalogue().months)
SCORES = (17, 21, 13)
BANDS = [band.label.lower() for band in open_form("phq-9").bands.set]


def answers(total: int) -> dict[str, int]:
    left, said = total, {}
    for n in range(1, 9):
        said[f"q{n}"] = min(3, left)
        left -= said[f"q{n}"]
    return said | {"q9": 0, "q10": 1}


@pytest.fixture
def followed(phone: Phone) -> Phone:
    """A client whose course has several scores, the newest of them from the phone."""
    for n, total in enumerate(SCORES[:-1]):
        phone.write("phq-9", answers(total), happened_at=timezone.now() - timedelta(days=20 - 7 * n))
    for number, (name, value) in enumerate(answers(SCORES[-1]).items(), 1):
        made = re.search(r'name="_id" value="([^"]+)"', phone.text(f"/my/q/{KEY}/{number}/"))[1]
        last = phone.browser.post(f"/my/q/{KEY}/{number}/", {"_id": made, name: str(value)})
    phone.sent_at = last["Location"]
    phone.send("/my/life/", text="Moved house", date="2026-01")
    return phone


@pytest.fixture
def lead(service):
    return service.actor("Ida", ("lead",))


@pytest.fixture
def lead_browser(service, lead) -> Client:
    made = Client(HTTP_HOST="localhost")
    made.force_login(service.staff["Ida"], backend="openipt.accounts.backend.Backend")
    return made


def off(by) -> None:
    show_scores(by=by, at=timezone.now(), on=False)


def words(html: str) -> str:
    """The words of a page, those in its pictures too."""
    text = re.sub(r"<(script|style|head)\b.*?</\1>|<[^>]+>", " ", html, flags=re.S)
    return re.sub(
        r"\d\d? (January|February|March|April|May|June|July|August|September|October|November|December)", "", text
    )


def tells_a_score(html: str) -> bool:
    """Whether a page says a score of the client's, or what is made of one: the form, its range, a curve."""
    return bool(_signs_of_a_score(html))


def _signs_of_a_score(html: str) -> list[str]:
    text = words(html)
    found = [str(score) for score in SCORES if re.search(rf"(?<![\d:.]){score}(?![\d:.%])", text)]
    found += [band for band in BANDS if re.search(rf"\b{band}\b", text.lower())]
    return found + [one for one in ("PHQ-9", "Low mood", "How my answers changed") if one in text]


def own_pages(phone: Phone) -> list[str]:
    entry = phone.entries("phq-9")[-1]
    known = [one.path for one in BOOK if one.needs == OWN]
    staff = [f"/courses/{phone.enrolment.label}/", f"/courses/{phone.enrolment.label}/entries/{entry.id}/"]
    filled = [path.format(c=phone.enrolment.label, s="S01", e=entry.id, f=NOTHING) for path in known]
    return [*filled, phone.sent_at, f"/my/q/{KEY}/", *staff]


NOTHING = "00000000-0000-7000-8000-000000000000"


# ---- where nobody has said anything, a score is the client's own


def test_a_client_reads_the_own_score_where_nobody_has_switched_it_off(followed) -> None:
    assert "Low mood: 13 today" in followed.text(followed.sent_at)
    assert "Low mood: 13 today" in followed.text("/my/more/")
    assert tells_a_score(followed.text("/my/more/"))
    assert tells_a_score(followed.text("/my/life/"))


# ---- off


def test_off_the_very_next_page_says_no_score(followed, lead) -> None:
    off(lead)

    assert not tells_a_score(followed.text(followed.sent_at))
    assert "Your therapist sees it before you meet." in followed.text(followed.sent_at)
    assert not tells_a_score(followed.text("/my/more/"))


def test_off_no_page_that_a_client_can_open_says_one(followed, lead) -> None:
    off(lead)

    opened = 0
    for address in own_pages(followed):
        answer = followed.browser.get(address)
        if "text" in answer.get("Content-Type", ""):
            opened += answer.status_code == 200
            assert _signs_of_a_score(answer.content.decode()) == [], address
    assert "Moved house" in followed.text("/my/life/")
    assert opened > 15, "pages that do not open prove nothing"


def test_off_no_mail_says_one(followed, lead) -> None:
    off(lead)
    followed.write("safe-contact", {"way": "phone", "channels": ["email"], "email": "robin@letters.example"})
    tick(timezone.now())
    tick(timezone.now() + timedelta(days=1))

    assert not any(tells_a_score(f"{one.subject} {one.body}") for one in mail.outbox)


def test_off_an_answer_about_danger_calls_a_person_as_before(followed, lead) -> None:
    off(lead)
    made = re.search(r'name="_id" value="([^"]+)"', followed.text(f"/my/q/{KEY}/9/"))[1]

    followed.browser.post(f"/my/q/{KEY}/9/", {"_id": made, "q9": "2"})

    assert Flag.objects.get(enrolment=followed.enrolment, rule="R2")


def test_off_those_who_treat_see_what_they_saw(followed, lead, service) -> None:
    off(lead)
    therapist = Client(HTTP_HOST="localhost")
    therapist.force_login(service.staff["T-01"], backend="openipt.accounts.backend.Backend")

    assert tells_a_score(therapist.get(f"/courses/{followed.enrolment.label}/").content.decode())


# ---- who switches it, and what is kept of that


def test_the_page_says_how_it_stands_and_who_said_so(lead_browser, followed) -> None:
    assert "On: clients see their own scores." in lead_browser.get("/service/scores/").content.decode()

    lead_browser.post("/service/scores/", {"to": "off"})
    page = lead_browser.get("/service/scores/").content.decode()

    assert "Off: clients see no score of theirs." in page
    assert "Ida said so on" in page
    assert not tells_a_score(followed.text("/my/more/"))
    lead_browser.post("/service/scores/", {"to": "on"})
    assert tells_a_score(followed.text("/my/more/"))


def test_the_same_twice_is_once_and_each_change_is_noted(service, lead) -> None:
    assert show_scores(by=lead, at=timezone.now(), on=False)
    assert not show_scores(by=lead, at=timezone.now(), on=False)
    assert show_scores(by=lead, at=timezone.now(), on=True)

    noted = AuditEvent.objects.filter(act="show_own_scores").order_by("at")
    assert [(one.by, one.why) for one in noted] == [(lead.id, "off"), (lead.id, "on")]


@pytest.mark.parametrize("name", ["T-01", "client"])
def test_who_does_not_decide_about_it_finds_no_page(service, phone, name) -> None:
    browser = phone.browser if name == "client" else Client(HTTP_HOST="localhost")
    if name != "client":
        browser.force_login(service.staff[name], backend="openipt.accounts.backend.Backend")

    assert browser.get("/service/scores/").status_code in (403, 404)
    assert browser.post("/service/scores/", {"to": "off"}).status_code in (403, 404)
    service.organisation.refresh_from_db()
    assert shows_scores(service.organisation.promise)


def test_nobody_else_can_ask_for_it_beside_the_page(service) -> None:
    with pytest.raises(NotAllowed):
        off(service.actor("T-01"))


@pytest.mark.parametrize("typed", ["", "maybe", "ON"])
def test_what_is_neither_on_nor_off_changes_nothing(lead_browser, service, typed) -> None:
    assert lead_browser.post("/service/scores/", {"to": typed}).status_code == 422
    service.organisation.refresh_from_db()
    assert service.organisation.promise == {}

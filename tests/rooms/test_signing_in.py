"""The pages of signing in: plain, readable by everybody, without scripts; and what their answers let a browser keep."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from signing import (
    CHEAP_HASHER,
    PASSWORD,
    WRONG,
    a_client_with_a_slip,
    a_service,
    browser,
    shown_code,
    sign_in,
    somebody,
    with_telephone,
    words_of,
)

pytestmark = pytest.mark.django_db
BEFORE = [
    "/sign-in/",
    "/sign-in/forgotten/",
    "/sign-in/forgotten/sent/",
    "/sign-in/forgotten/done/",
    "/sign-in/closed/",
]
OWN = [
    "/sign-in/out/",
    "/sign-in/again/",
    "/sign-in/again/code/",
    "/sign-in/yours/",
    "/sign-in/yours/password/",
    "/sign-in/yours/password/changed/",
    "/sign-in/yours/places/",
    "/sign-in/yours/telephone/take-off/",
    "/sign-in/yours/recovery-codes/",
    "/sign-in/yours/recovery-codes/new/",
]
AUTOCOMPLETE = {
    "login": "username",
    "password": "current-password",
    "oldpassword": "current-password",
    "password1": "new-password",
    "password2": "new-password",
    "email": "email",
    "code": "one-time-code",
}


@pytest.fixture(autouse=True)
def _quick(settings, monkeypatch):
    settings.PASSWORD_HASHERS = [CHEAP_HASHER]
    monkeypatch.setattr("openipt.accounts.afterwards.run_later", lambda work: work())


@pytest.fixture
def clinic():
    return a_service()


@pytest.fixture
def mira(clinic):
    account = somebody(clinic)
    with_telephone(account)
    return account


@pytest.fixture
def at_work(mira):
    visitor = browser()
    sign_in(visitor)
    visitor.post("/sign-in/code/", {"code": shown_code(later=-1)})
    return visitor


class Page(HTMLParser):
    """What stands on a page, as far as these tests ask."""

    def __init__(self, response) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.title = re.search(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)[1]
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag in names]

    @property
    def boxes(self) -> list[dict[str, str | None]]:
        return [one for one in self.all("input") if one.get("type") not in ("hidden", "submit")]


def check(page: Page) -> None:
    """Basic rules for any page: one heading, every box with its label, nothing that needs a script."""
    labelled = {one["for"] for one in page.all("label")}
    ids = [attrs["id"] for _tag, attrs in page.tags if "id" in attrs]
    assert len(page.all("h1")) == 1
    assert len(ids) == len(set(ids))
    for box in page.boxes:
        assert box["id"] in labelled
        assert box.get("autocomplete") == AUTOCOMPLETE[box["name"]]
        assert "placeholder" not in box
        for described in (box.get("aria-describedby") or "").split():
            assert described in ids
    assert not page.all("script", "iframe", "style")
    assert not [attrs for _tag, attrs in page.tags if any(name.startswith("on") or name == "style" for name in attrs)]
    assert all(one.get("type") == "submit" for one in page.all("button"))
    assert not [one for one in page.all("a") if (one.get("href") or "").startswith(("http", "javascript"))]


@pytest.mark.parametrize("address", BEFORE)
def test_pages_before_signing_in_stand_without_scripts_and_with_labels(clinic, address):
    answer = browser().get(address)

    assert answer.status_code == 200
    check(Page(answer))


@pytest.mark.parametrize("address", OWN)
def test_pages_of_ones_own_sign_in_stand_without_scripts_and_with_labels(at_work, address):
    answer = at_work.get(address)

    assert answer.status_code == 200
    check(Page(answer))


def test_the_page_that_sets_up_a_telephone_stands_without_scripts_and_with_labels(clinic):
    visitor = browser()
    somebody(clinic)
    sign_in(visitor)

    page = visitor.get("/sign-in/yours/telephone/")

    check(Page(page))
    assert "Type this key into the app" in words_of(page)


def test_the_second_step_stands_without_scripts_and_with_labels(mira):
    visitor = browser()
    sign_in(visitor)

    check(Page(visitor.get("/sign-in/code/")))


def test_the_page_with_the_new_password_stands_without_scripts_and_with_labels(mira, mailoutbox):
    visitor = browser()
    visitor.post("/sign-in/forgotten/", {"email": "mira@clinic.example"})
    link = re.search(r"https?://[^/]+(/\S+)", mailoutbox[0].body)[1]

    page = Page(visitor.get(link, follow=True))

    check(page)
    assert len(page.boxes) == 2


MISTAKES = {
    "a wrong password": ("/sign-in/", {"login": "m.okoye", "password": WRONG}),
    "nothing typed": ("/sign-in/", {}),
    "no address": ("/sign-in/forgotten/", {"email": ""}),
    "something that is no address": ("/sign-in/forgotten/", {"email": "mira"}),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_said_at_the_top_in_words_leads_to_its_box_and_keeps_what_was_typed(mira, mistake):
    address, typed = MISTAKES[mistake]

    answer = browser().post(address, typed)
    page = Page(answer)

    check(page)
    assert answer.status_code == 200
    [alert] = [attrs for _tag, attrs in page.tags if attrs.get("role") == "alert"]
    assert {"tabindex", "autofocus"} <= set(alert)
    assert "Please look at this again" in words_of(answer)
    assert not page.title.startswith("Sign in")
    wrong = [box for box in page.boxes if box.get("aria-invalid")]
    assert [f"#{box['id']}" for box in wrong] == [
        one["href"] for one in page.all("a") if (one.get("href") or "").startswith("#id_")
    ]
    for box in page.boxes:
        assert box.get("value", "") == ("" if box["type"] == "password" else typed.get(box["name"], ""))
        assert not box.get("aria-invalid") or f"{box['id']}_error" in (box["aria-describedby"] or "")


def test_a_password_typed_wrongly_is_never_sent_back(mira):
    assert WRONG not in browser().post("/sign-in/", {"login": "m.okoye", "password": WRONG}).content.decode()


def test_what_somebody_typed_stands_on_the_page_as_text_only(clinic):
    page = sign_in(browser(), '"><script>alert(1)</script>', WRONG).content.decode()

    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("address", [*BEFORE, *OWN])
def test_words_are_calm_and_blame_nobody(at_work, address):
    said = words_of((browser() if address in BEFORE else at_work).get(address))

    assert not re.search(
        r"\binvalid\b|\berror\b|\bfailed\b|\bmust\b|\bdenied\b|username|authenticator|!", said, re.IGNORECASE
    )


def test_looking_at_the_sign_out_page_signs_nobody_out(at_work):
    assert at_work.get("/sign-in/out/").status_code == 200
    assert at_work.head("/sign-in/out/").status_code == 200

    assert at_work.get("/sign-in/yours/").status_code == 200


def test_signing_out_clears_what_the_browser_kept(at_work):
    answer = at_work.post("/sign-in/out/")

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.headers["Location"] == "/sign-in/"
    assert at_work.get("/sign-in/yours/").status_code == 302


def test_a_clients_telephone_keeps_entries_that_were_not_sent_yet(clinic):
    access = a_client_with_a_slip(clinic)
    visitor = browser()
    visitor.force_login(access.account)

    assert visitor.post("/sign-in/out/").headers["Clear-Site-Data"] == '"cache"'


def test_a_form_from_elsewhere_signs_nobody_out_or_in(mira, at_work):
    at_work.handler.enforce_csrf_checks = True

    assert at_work.post("/sign-in/out/").status_code == 403
    assert at_work.get("/sign-in/yours/").status_code == 200


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "http://localhost.evil.example/",
    "http://127.0.0.1/",
    "\thttps://evil.example",
]


@pytest.mark.parametrize("there", ELSEWHERE)
def test_signing_in_and_out_never_leads_off_the_site(mira, there):
    visitor = browser()
    sign_in(visitor, next=there)

    assert visitor.post("/sign-in/code/", {"code": shown_code()}).headers["Location"] == "/"
    assert visitor.post("/sign-in/out/", {"next": there}).headers["Location"] == "/sign-in/"


def test_after_signing_in_one_comes_to_the_page_that_was_asked_for(mira):
    visitor = browser()
    asked = visitor.get("/sign-in/yours/places/")
    assert asked.headers["Location"] == "/sign-in/?next=/sign-in/yours/places/"
    form = visitor.get(asked.headers["Location"]).content.decode()
    assert '<input type="hidden" name="next" value="/sign-in/yours/places/">' in form

    sign_in(visitor, next="/sign-in/yours/places/")

    assert visitor.post("/sign-in/code/", {"code": shown_code()}).headers["Location"] == "/sign-in/yours/places/"


@pytest.mark.parametrize("address", [*OWN, "/manuals/", "/nowhere/"])
def test_no_page_of_somebody_signed_in_is_stored_anywhere(at_work, address):
    assert at_work.get(address).headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("address", BEFORE)
def test_no_page_of_signing_in_is_stored_anywhere(clinic, address):
    assert "no-store" in browser().get(address).headers["Cache-Control"]


def test_the_cookie_of_a_sign_in_is_kept_from_scripts_and_other_sites(at_work, settings):
    cookie = at_work.cookies[settings.SESSION_COOKIE_NAME]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert bool(cookie["secure"]) == (not settings.LOOPBACK_ONLY)
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert not cookie["max-age"]  # ends with the browser


def test_the_cookie_changes_when_somebody_signs_in(mira, settings):
    visitor = browser()
    sign_in(visitor)
    before = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    visitor.post("/sign-in/code/", {"code": shown_code()})

    assert visitor.cookies[settings.SESSION_COOKIE_NAME].value != before


@pytest.fixture
def elsewhere(mira, at_work):
    visitor = browser(HTTP_USER_AGENT="Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) FxiOS/131.0 Safari/605")
    sign_in(visitor)
    visitor.post("/sign-in/code/", {"code": shown_code()})
    return visitor


def test_the_list_of_places_shows_each_and_marks_this_one(at_work, elsewhere):
    page = at_work.get("/sign-in/yours/places/")

    assert "Firefox on iPad" in words_of(page)
    assert words_of(page).count(", here Since") == 1


def test_signing_out_everywhere_else_keeps_this_place(at_work, elsewhere):
    at_work.post("/sign-in/yours/places/")

    assert at_work.get("/sign-in/yours/").status_code == 200
    assert elsewhere.get("/sign-in/yours/").status_code == 302


def test_signing_out_everywhere_includes_this_place(at_work, elsewhere):
    answer = at_work.post("/sign-in/yours/places/", {"here_too": "1"})

    assert answer.headers["Clear-Site-Data"]
    assert at_work.get("/sign-in/yours/").status_code == 302
    assert elsewhere.get("/sign-in/yours/").status_code == 302


def test_nobody_sees_the_places_of_somebody_else(clinic, elsewhere):
    other = somebody(clinic, "j.ahmed", name="Jonas Ahmed", email="jonas@clinic.example")
    with_telephone(other)
    visitor = browser()
    sign_in(visitor, "j.ahmed", PASSWORD)
    visitor.post("/sign-in/code/", {"code": shown_code()})

    assert "Firefox" not in words_of(visitor.get("/sign-in/yours/places/"))


@pytest.mark.parametrize("address", OWN)
def test_nobody_reaches_a_page_of_their_own_without_being_signed_in(clinic, address):
    answer = browser().get(address)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")

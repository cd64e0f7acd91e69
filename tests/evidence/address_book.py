"""Every address of the service, with what it shows or does, typed by hand. One that is not here is a red test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from evidence.world import Life

SHELF, SIGN_IN, LIST = "shelf", "sign-in", "list"  # about nobody; about oneself; everything that one may see

Need = tuple[str, str]  # kind of record, action


@dataclass(frozen=True)
class Address:
    """One address: how it reads for a life, and what one needs to come in.

    `whole`: that it answers 200 to whoever may come in; else it may ask for more, or find nothing.
    """

    pattern: str
    path: str
    needs: tuple[Need, ...] | str = SHELF
    whole: bool = True

    def of(self, life: Life) -> str:
        """Write the address out."""
        return self.path.format(c=life.label, s=life.session, e=life.entry, f=life.flag)


READ = ("session_records", "read")
WRITE = ("session_records", "write")
_COURSE = "courses/<slug:course_id>/"
_MET = f"{_COURSE}meetings/<slug:session_id>/"


def _in_course(tail: str, path: str, *needs: Need, whole: bool = True) -> Address:
    return Address(f"{_COURSE}{tail}", f"/courses/{{c}}/{path}", (READ, *needs), whole)


def _of_meeting(tail: str, *needs: Need, whole: bool = True) -> Address:
    return Address(f"{_MET}{tail}", f"/courses/{{c}}/meetings/{{s}}/{tail}", (READ, *needs), whole)


BOOK = [
    # about nobody
    Address("forms/", "/forms/"),
    Address("forms/<slug:form_id>/", "/forms/phq-9/"),
    Address("forms/<slug:form_id>.pdf", "/forms/phq-9.pdf", whole=False),
    Address("lessons/", "/lessons/"),
    Address("lessons/<slug:lesson_id>/", "/lessons/no-such-lesson/", whole=False),
    Address("manuals/", "/manuals/"),
    Address("manuals/<slug:manual_id>/", "/manuals/ipt-classic/"),
    Address("ui/", "/ui/"),
    # about oneself
    *(
        Address(pattern, f"/{path or pattern}", SIGN_IN, whole=False)
        for pattern, path in {
            "sign-in/": "",
            "sign-in/code/": "",
            "sign-in/demo": "",
            "sign-in/demo/": "",
            "sign-in/out/": "",
            "sign-in/closed/": "",
            "sign-in/again/": "",
            "sign-in/again/code/": "",
            "sign-in/forgotten/": "",
            "sign-in/forgotten/sent/": "",
            "sign-in/forgotten/done/": "",
            "^sign-in/forgotten/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "sign-in/forgotten/1-set-password/",
            "sign-in/yours/": "",
            "sign-in/yours/password/": "",
            "sign-in/yours/password/changed/": "",
            "sign-in/yours/telephone/": "",
            "sign-in/yours/telephone/take-off/": "",
            "sign-in/yours/recovery-codes/": "",
            "sign-in/yours/recovery-codes/new/": "",
            "sign-in/yours/places/": "",
        }.items()
    ),
    # courses
    Address("", "/", LIST),
    Address("courses/new/", "/courses/new/", LIST, whole=False),
    _in_course("", ""),
    _in_course("", "?on=2025-08-02"),
    _in_course("treatment/", "treatment/"),
    _in_course("people/", "people/", ("inventory", "read")),
    _in_course("insight/", "insight/", ("insight", "read")),
    _in_course("insight/give/", "insight/give/", ("goals_homework", "write"), whole=False),
    _in_course("insight/take-back/", "insight/take-back/", ("goals_homework", "write"), whole=False),
    _in_course("move/", "move/", WRITE, whole=False),
    _in_course("sessions/new/", "sessions/new/", ("appointments", "write"), whole=False),
    _in_course("sessions/missed/", "sessions/missed/", ("appointments", "write"), whole=False),
    _in_course("sessions/<int:number>/", "sessions/1/"),
    _in_course("entries/<slug:entry_id>/", "entries/{e}/", ("questionnaires", "read")),
    _in_course("fill/<slug:form_id>/", "fill/phq-9/", ("questionnaires", "write"), whole=False),
    _in_course("fill/<slug:form_id>/", "fill/formulation/", WRITE, whole=False),
    _in_course("fill/<slug:form_id>/draft", "fill/formulation/draft", WRITE, whole=False),
    _in_course("flags/", "flags/", ("risk_flags", "read")),
    _in_course("flags/<slug:flag_id>/", "flags/{f}/", ("risk_flags", "read")),
    _in_course("flags/<slug:flag_id>/outcome/", "flags/{f}/outcome/", ("risk_flags", "write"), whole=False),
    _in_course("flags/<slug:flag_id>/hand-over/", "flags/{f}/hand-over/", ("risk_flags", "write"), whole=False),
    _of_meeting(""),
    _of_meeting("after/", WRITE, whole=False),
    _of_meeting("draft/", WRITE, whole=False),
    _of_meeting("drop/", WRITE, whole=False),
    _of_meeting("amend/", ("appointments", "write"), whole=False),
    _of_meeting("note/", whole=False),
    _of_meeting("note/sign/", WRITE, whole=False),
    _of_meeting("note/add/", WRITE, whole=False),
    _of_meeting("note.txt", whole=False),
]


def patterns(found: Any = None, before: str = "") -> Iterator[str]:
    """Yield every address that the resolver knows, as it is written there."""
    for one in found or get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield before + str(one.pattern)

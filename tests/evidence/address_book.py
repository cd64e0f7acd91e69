"""Every address of the service, with what it shows or does, typed by hand. One that is not here is a red test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from evidence.world import Life

SHELF, SIGN_IN, LIST = "shelf", "sign-in", "list"  # about nobody; about oneself; everything that one may see
OWN = "own"  # of the client whose own course it is, and of nobody else

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
_ACCOUNT = "<uuid:account_id>"
NOBODY = "00000000-0000-7000-8000-000000000000"
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
    Address("recordings/<slug:key>/<str:name>", "/recordings/none/q1.mp3", whole=False),
    Address("lessons/", "/lessons/"),
    Address("lessons/<slug:lesson_id>/", "/lessons/no-such-lesson/", whole=False),
    Address("service/insight/", "/service/insight/", whole=False),
    Address("service/scores/", "/service/scores/", whole=False),
    Address("manuals/", "/manuals/"),
    # administering a service: about those who work there, never about a client
    *(
        Address(f"service/{tail}", f"/service/{path or tail}", whole=False)
        for tail, path in {
            "": "",
            "people/": "",
            "people/add/": "",
            f"people/{_ACCOUNT}/": f"people/{NOBODY}/",
            f"people/{_ACCOUNT}/details/": f"people/{NOBODY}/details/",
            f"people/{_ACCOUNT}/role/": f"people/{NOBODY}/role/",
            f"people/{_ACCOUNT}/role/<uuid:role_id>/": f"people/{NOBODY}/role/{NOBODY}/",
            f"people/{_ACCOUNT}/way-in/": f"people/{NOBODY}/way-in/",
            f"people/{_ACCOUNT}/sign-out/": f"people/{NOBODY}/sign-out/",
            f"people/{_ACCOUNT}/close/": f"people/{NOBODY}/close/",
            "promise/": "",
            "alone/": "",
            "numbers/": "",
            "changes/": "",
            "changes/<uuid:change_id>/": f"changes/{NOBODY}/",
        }.items()
    ),
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
            "sign-in/first/": "",
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
    Address("find/", "/find/", LIST, whole=False),
    Address("courses/new/", "/courses/new/", LIST, whole=False),
    _in_course("", ""),
    _in_course("", "?on=2025-08-02"),
    _in_course("treatment/", "treatment/"),
    _in_course("people/", "people/", ("inventory", "read")),
    _in_course("people/add/", "people/add/", ("inventory", "write")),
    _in_course("people/circle/", "people/circle/", ("goals_homework", "write"), ("inventory", "read")),
    _in_course("people/ties/", "people/ties/", ("goals_homework", "write"), ("inventory", "read")),
    _in_course("people/compare/", "people/compare/", ("inventory", "read")),
    _in_course("people/<slug:person_id>/", "people/nobody/", ("inventory", "read"), whole=False),
    _in_course("people/<slug:person_id>/end/", "people/nobody/end/", ("inventory", "write"), whole=False),
    _in_course("insight/", "insight/", ("insight", "read")),
    _in_course("insight/give/", "insight/give/", ("goals_homework", "write"), whole=False),
    _in_course("insight/take-back/", "insight/take-back/", ("goals_homework", "write"), whole=False),
    _in_course("move/", "move/", WRITE, whole=False),
    _in_course("sessions/ahead/", "sessions/ahead/"),
    _in_course("sessions/new/", "sessions/new/", ("appointments", "write"), whole=False),
    _in_course("sessions/missed/", "sessions/missed/", ("appointments", "write"), whole=False),
    _in_course("sessions/<int:number>/", "sessions/1/"),
    _in_course("entries/<slug:entry_id>/", "entries/{e}/", ("questionnaires", "read")),
    _in_course("fill/<slug:form_id>/", "fill/phq-9/", ("questionnaires", "write"), whole=False),
    _in_course("fill/<slug:form_id>/", "fill/formulation/", WRITE, whole=False),
    _in_course("fill/<slug:form_id>/draft", "fill/formulation/draft", WRITE, whole=False),
    _in_course("flags/", "flags/", ("risk_flags", "read")),
    _in_course("flags/<slug:flag_id>/", "flags/{f}/", ("risk_flags", "read")),
    _in_course("flags/<slug:flag_id>/draft/", "flags/{f}/draft/", ("risk_flags", "write"), whole=False),
    _in_course("flags/<slug:flag_id>/outcome/", "flags/{f}/outcome/", ("risk_flags", "write"), whole=False),
    _in_course("flags/<slug:flag_id>/hand-over/", "flags/{f}/hand-over/", ("risk_flags", "write"), whole=False),
    # measures, care, safety, who looked
    _in_course("measures/", "measures/", ("questionnaires", "read")),
    _in_course("measures/paper/", "measures/paper/", ("questionnaires", "write"), whole=False),
    _in_course("measures/paper/<slug:form_id>/", "measures/paper/phq-9/", ("questionnaires", "write"), whole=False),
    _in_course("care/", "care/"),
    _in_course("care/medicine/", "care/medicine/", ("medication", "write"), whole=False),
    _in_course("care/other/", "care/other/", WRITE, whole=False),
    _in_course("safety/", "safety/"),
    _in_course("looks/", "looks/"),
    # deciding and ending
    Address("sign-off/", "/sign-off/", LIST),
    Address("leave/", "/leave/", LIST, whole=False),
    _in_course("decisions/<slug:point_id>/", "decisions/DP4/", WRITE, whole=False),
    Address(
        f"{_COURSE}sign-off/<uuid:decision_id>/",
        "/courses/{c}/sign-off/{e}/",
        (("sign_offs", "read"),),
        whole=False,
    ),
    _in_course("review/", "review/", WRITE, whole=False),
    _in_course("ending/", "ending/", WRITE, whole=False),
    _in_course("ending/letter/", "ending/letter/", WRITE, whole=False),
    _in_course("keeping-well/", "keeping-well/", whole=False),
    _in_course("going-on/", "going-on/", WRITE, whole=False),
    _in_course("missed/", "missed/", WRITE, whole=False),
    _in_course("handing-over/", "handing-over/", WRITE, whole=False),
    # what is agreed in the first phase
    _in_course("agreed/", "agreed/"),
    _in_course("agreed/consent/", "agreed/consent/", ("consent", "write"), whole=False),
    _in_course("agreed/intake/", "agreed/intake/", WRITE, whole=False),
    _in_course("agreed/safety/", "agreed/safety/", ("safety_conversation", "write"), whole=False),
    _in_course("agreed/medical/", "agreed/medical/", WRITE, whole=False),
    _in_course("agreed/alone/", "agreed/alone/", ("violence_check", "write"), whole=False),
    _in_course("agreed/recover/", "agreed/recover/", ("goals_homework", "write"), whole=False),
    _in_course("agreed/timeline/", "agreed/timeline/", ("goals_homework", "write"), whole=False),
    _in_course("agreed/medication/", "agreed/medication/", ("medication", "write"), whole=False),
    _in_course("agreed/focus/", "agreed/focus/", WRITE, whole=False),
    _in_course("agreed/formulation/", "agreed/formulation/", WRITE, whole=False),
    _in_course("agreed/contract/", "agreed/contract/", WRITE, whole=False),
    _in_course("agreed/goal/", "agreed/goal/", ("goals_homework", "write"), whole=False),
    _in_course("agreed/goal/<slug:goal_id>/", "agreed/goal/nothing/", ("goals_homework", "write"), whole=False),
    _of_meeting(""),
    _of_meeting("after/", WRITE, whole=False),
    _of_meeting("draft/", WRITE, whole=False),
    _of_meeting("drop/", WRITE, whole=False),
    _of_meeting("amend/", ("appointments", "write"), whole=False),
    _of_meeting("note/", whole=False),
    _of_meeting("note/sign/", WRITE, whole=False),
    _of_meeting("note/add/", WRITE, whole=False),
    _of_meeting("note/draft/", WRITE, whole=False),
    _of_meeting("note/drop/", WRITE, whole=False),
    _of_meeting("note.txt", whole=False),
]


# the client's room: no label of a course stands in an address, so each shows whoever asks their own, or nothing
BOOK += [
    Address("in/", "/in/"),
    Address("in/first/", "/in/first/"),
    Address("in/forgotten/", "/in/forgotten/"),
    Address("help/", "/help/"),
    Address("away/", "/away/"),
    Address("my/leave/", "/my/leave/", SIGN_IN, whole=False),
    Address("my/everywhere/", "/my/everywhere/", SIGN_IN, whole=False),
    Address("my/", "/my/", OWN),
    Address("my/pause/", "/my/pause/", OWN, whole=False),
    Address("my/help/", "/my/help/", OWN),
    Address("my/tell/", "/my/tell/", OWN),
    Address("my/talk/", "/my/talk/", OWN),
    Address("my/reach/", "/my/reach/", OWN),
    Address("my/steps/<slug:step_id>/", "/my/steps/nobody/", OWN, whole=False),
    Address("my/diary/", "/my/diary/", OWN),
    Address("my/begun/", "/my/begun/", OWN),
    Address("my/q/<slug:key>/", "/my/q/ed001844/", OWN, whole=False),
    Address("my/q/<slug:key>/<int:number>/", "/my/q/ed001844/1/", OWN, whole=False),
    Address("my/sent/<slug:entry_id>/", "/my/sent/{e}/", OWN, whole=False),
    Address("my/more/", "/my/more/", OWN),
    Address("my/looked/", "/my/looked/", OWN),
    # the client's own material
    Address("my/sheets/", "/my/sheets/", OWN),
    Address("my/sheets/<slug:key>/", "/my/sheets/none/", OWN, whole=False),
    Address("my/sheets/<slug:key>/<int:number>/", "/my/sheets/none/1/", OWN, whole=False),
    Address("my/sheets/<slug:key>/all/", "/my/sheets/none/all/", OWN, whole=False),
    Address("my/people/", "/my/people/", OWN),
    Address("my/people/add/", "/my/people/add/", OWN, whole=False),
    Address("my/people/lines/", "/my/people/lines/", OWN, whole=False),
    Address("my/people/<slug:person_id>/", "/my/people/nobody/", OWN, whole=False),
    Address("my/people/<slug:person_id>/place/", "/my/people/nobody/place/", OWN, whole=False),
    Address("my/people/<slug:person_id>/between/", "/my/people/nobody/between/", OWN, whole=False),
    Address("my/read/", "/my/read/", OWN),
    Address("my/read/<slug:key>/", "/my/read/none/", OWN, whole=False),
    Address("my/life/", "/my/life/", OWN),
    Address("my/goals/", "/my/goals/", OWN),
    Address("my/goals/<slug:goal_id>/now/", "/my/goals/none/now/", OWN, whole=False),
    Address("my/goals/<slug:goal_id>/went/", "/my/goals/none/went/", OWN, whole=False),
    Address("my/well/", "/my/well/", OWN),
    Address("my/well/now/", "/my/well/now/", OWN),
    Address("my/day/", "/my/day/", OWN),
    Address("my/kept/<slug:entry_id>/", "/my/kept/{e}/", OWN, whole=False),
    Address("my/written/<slug:entry_id>/", "/my/written/{e}/", OWN, whole=False),
    Address("my/written/<slug:entry_id>/words/", "/my/written/{e}/words/", OWN, whole=False),
    _in_course("invite/", "invite/", ("identity", "read")),
    # keys and locks of the client's room, sessions, notes that remind, the way back
    Address("my/lock/", "/my/lock/", SIGN_IN, whole=False),
    Address("my/keys/", "/my/keys/", OWN),
    Address("my/keys/pin/", "/my/keys/pin/", OWN),
    Address("my/keys/secret/", "/my/keys/secret/", OWN),
    Address("my/session/", "/my/session/", OWN),
    Address("my/notes/", "/my/notes/", OWN),
    Address("my/back/", "/my/back/", OWN, whole=False),
    Address("n/<str:token>/", "/n/nothing.here/", whole=False),
    _in_course("reminders/", "reminders/", ("identity", "read")),
    # young people: consent, their own word, what caregivers see
    _in_course("agreed/young/", "agreed/young/", ("consent", "write"), whole=False),
    _in_course("young/", "young/", ("proxy_settings", "read")),
    Address("my/agree/", "/my/agree/", OWN, whole=False),
    Address("my/seen/", "/my/seen/", OWN, whole=False),
    Address("near/", "/near/", OWN, whole=False),  # a caregiver with a list, who is in another test
]


def patterns(found: Any = None, before: str = "") -> Iterator[str]:
    """Yield every address that the resolver knows, as it is written there."""
    for one in found or get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield before + str(one.pattern)

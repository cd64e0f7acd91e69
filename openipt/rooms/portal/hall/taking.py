"""Take a small sheet of the client's room in: whole into the record, or back onto the page with every word on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Protocol
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openipt.casebook.operations.drafting import drop_drafts, may_wait, open_drafts, save_draft
from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody, Saved, save_entry
from openipt.casebook.queries.own import Own
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.said import Wrong
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.sheet import AGAIN, DO, id_of, unknown
from openipt.rooms.filling.signing_in import come_back, forget, made_for
from openipt.rooms.filling.typed import Pairs, plant
from openipt.rooms.filling.wrong import by_name, in_words
from openipt.rooms.portal.hall.doors import leave, page
from openipt.rooms.portal.hall.noting import Answers, read_small
from openipt.therapy.forms import Form, open_form, score
from openipt.therapy.record import Entry

LEAVE = "leave"
KEEP, DROP = "keep", "drop"  # a script keeps what is being written; somebody throws it away
EMPTY = "Nothing is on this page yet. One word is enough."
BACK = "You had been signed out. Your words are here again. They are not sent yet."
ANEW = "You signed in again while this page was open. Your words are here. Press the button once more."
LEFT = "You began this before. It is not sent yet."
THROWN = "Thrown away. Nothing of it was sent."


@dataclass
class Sheet:
    """One small sheet: its form, how it is shown, and what it is about.

    Args:
        form: The form's id.
        template: Its page.
        about: The label of what it is about.
        replaces: The entry that it is a newer version of; its answers stay where the page does not ask.
        more: What the template shows besides.
        kept: Whether what was left unsent comes back when the page is opened again.
        alone: Whether a newer version says all there is: nothing of the older one stays.
        stood: What stands in its fields before anybody types: as long as no more is there, nothing is kept.
    """

    form: str
    template: str
    tab: str = "today"
    about: str | None = None
    replaces: Entry | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    kept: bool = True
    alone: bool = False
    stood: Pairs = field(default_factory=list)

    @property
    def definition(self) -> Form:
        """The form as it stands on the shelf."""
        return open_form(self.form)

    @property
    def older(self) -> UUID | None:
        """The id of the entry it replaces."""
        return UUID(self.replaces.id) if self.replaces else None


class Shows(Protocol):
    """What shows the page of a sheet: with what was typed, what of it cannot be taken, and a notice above it."""

    def __call__(
        self, pairs: Pairs = ..., /, *, status: int = 200, wrong: Sequence[Wrong] = (), notice: str = ""
    ) -> HttpResponse:
        """Show it; without anything typed, as it stands."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a sheet that was sent says: its answers, whatever of them cannot be taken, and the words as they came."""

    typed: Pairs
    made: UUID
    answers: Answers
    wrong: tuple[Wrong, ...] = ()


def show(
    request: HttpRequest,
    own: Own,
    sheet: Sheet,
    pairs: Pairs = (),  # type: ignore[assignment]
    *,
    status: int = 200,
    wrong: Sequence[Wrong] = (),
    notice: str = "",
) -> HttpResponse:
    """Show a sheet, with what was typed."""
    typed: dict[str, list[str]] = {}
    for name, text in pairs:
        typed.setdefault(name, []).append(text)
    return page(
        request,
        own,
        sheet.template,
        status=status,
        tab=sheet.tab,
        form=sheet.definition,
        typed={name: texts[-1] for name, texts in typed.items()},
        ticked={f"{name}={text}" for name, text in pairs},
        wrong=by_name(wrong),
        **marks(request, own, sheet, list(pairs), notice),
        **sheet.more,
    )


def marks(request: HttpRequest, own: Own, sheet: Sheet, pairs: Pairs, notice: str) -> dict[str, Any]:
    """Return what the page of each sheet carries: its id, whom it was made for, its notice, whether it is kept."""
    return {
        "made_id": id_of(pairs) or uuid4(),
        "made_for": made_for(own.actor.id, request.path),
        "notice": notice,
        "left": notice == LEFT,
        "keeps": sheet.kept and may_wait(sheet.definition),
    }


def open_sheet(request: HttpRequest, own: Own, sheet: Sheet) -> HttpResponse:
    """Show a sheet as it was left: before a sign-in ran out, before somebody left in a hurry, or empty."""
    return _as_left(request, own, sheet, partial(show, request, own, sheet))


def _as_left(request: HttpRequest, own: Own, sheet: Sheet, shows: Shows) -> HttpResponse:
    back = come_back(request, own.actor.id)
    if back is not None:
        return forget(request, shows(back, notice=BACK))
    before = left_before(own, sheet)
    if before is not None:
        return shows(before, notice=LEFT)
    return shows(notice=THROWN if request.GET.get("told") == DROP else "")


def before_sending(request: HttpRequest, own: Own, sheet: Sheet, shows: Shows) -> HttpResponse | None:
    """Answer for a sheet that is opened, left, kept, thrown away or shown anew; None where it is sent.

    Args:
        request: What was asked.
        own: Whose course.
        sheet: The sheet.
        shows: Shows its page.
    """
    if request.method != "POST":
        return _as_left(request, own, sheet, shows)
    pairs = typed_in(request)
    act, made = dict(pairs).get(DO, ""), id_of(pairs)
    if act == LEAVE:
        return leave_with(request, own, sheet, pairs)
    if act == KEEP:
        keep_typed(own, sheet, pairs)
        return HttpResponse(status=204)
    if act == DROP:
        drop_drafts(own.actor, [made] if made else [])
        return redirect(f"{request.path}?told={DROP}")
    if act == AGAIN or made is None:
        return shows(pairs, notice=ANEW)
    return None


def answered(
    request: HttpRequest, own: Own, sheet: Sheet, shows: Shows, asked: Sequence[str], needed: Mapping[str, str]
) -> Answered | HttpResponse:
    """Read a sheet that stands on a page beside other things; where there is nothing to keep yet, answer for it.

    Args:
        request: What was asked.
        own: Whose course.
        sheet: The sheet.
        shows: Shows its page.
        asked: The questions of the page.
        needed: Questions without which there is nothing to keep, each with the words that say so.
    """
    answer = before_sending(request, own, sheet, shows)
    if answer is not None:
        return answer
    typed = typed_in(request)
    answers, wrong = read_small(sheet.form, typed, asked, needed)
    return shows(typed, status=422, wrong=wrong) if wrong else Answered(typed, sent_id(typed), answers)


def take(
    request: HttpRequest,
    own: Own,
    sheet: Sheet,
    *,
    happened_at: datetime | None = None,
    given: Mapping[str, Any] | None = None,
    visibility: str | None = None,
    loose: Sequence[str] = (),
    done: str = "portal-today",
) -> HttpResponse:
    """Take a sheet in.

    Args:
        request: What was sent.
        own: Whose course.
        sheet: The sheet.
        happened_at: When it was, where it was earlier than now.
        given: Answers that the page works out, and nobody types.
        visibility: Who may read it, where the client chose.
        loose: Answers that may differ when the same sheet comes twice: made by the page, not by a person.
        done: The name of the page that it leads to.
    """
    answer = before_sending(request, own, sheet, partial(show, request, own, sheet))
    if answer is not None:
        return answer
    said = _read_sheet(sheet, typed_in(request), given or {})
    if said.wrong:
        return show(request, own, sheet, said.typed, status=422, wrong=said.wrong)
    if _same(own, said.made, said.answers, loose):
        return _on(done, "again", said.made)
    saved = _write(request, own, sheet, said, happened_at=happened_at, visibility=visibility)
    if isinstance(saved, HttpResponse):
        return saved
    drop_drafts(own.actor, [said.made])
    return _after(saved, done)


def _read_sheet(sheet: Sheet, pairs: Pairs, given: Mapping[str, Any]) -> Answered:
    """Read what was sent, onto what the older version says where the page does not ask."""
    root, strange = plant([one for one in pairs if not one[0].startswith("_")])
    found = read(sheet.definition, root)
    stays = sheet.replaces.answers if sheet.replaces and not sheet.alone else {}
    answers = {**stays, **found.answers, **given}
    wrong = [*found.wrong, *unknown([*strange, *found.strange])]
    wrong += in_words(score(sheet.definition, answers).errors, found, root)
    if not found.answers and not wrong:
        wrong = [Wrong("_empty", EMPTY)]
    return Answered(pairs, sent_id(pairs), answers, tuple(wrong))


def sent_id(pairs: Pairs) -> UUID:
    """Return the id of a sheet that is sent: one without an id was shown anew before."""
    made = id_of(pairs)
    assert made is not None  # noqa: S101 - see `before_sending`
    return made


def _write(request: HttpRequest, own: Own, sheet: Sheet, said: Answered, **chosen: Any) -> Saved | HttpResponse:
    """Write a sheet into the record, or show what stands in its way."""
    more: dict[str, Any] = {"about": sheet.about, "replaces": sheet.older, **chosen}
    try:
        return save_entry(
            by=own.actor,
            at=own.at,
            enrolment=own.label,
            form=sheet.form,
            answers=said.answers,
            id=said.made,
            zone=str(own.zone),
            **{name: one for name, one in more.items() if one is not None},
        )
    except Invalid as refused:
        root, _ = plant([one for one in said.typed if not one[0].startswith("_")])
        wrong = in_words(refused.troubles, read(sheet.definition, root), root)
        return show(request, own, sheet, said.typed, status=422, wrong=wrong)
    except (SameIdOtherBody, Replaced) as both:
        return page(request, own, "both", status=409, tab=sheet.tab, stored=both.entry)


def _after(saved: Saved, done: str) -> HttpResponse:
    if saved.flags:  # somebody is called: say when they come
        return redirect("portal-sent", saved.id)
    return _on(done, "sent" if saved.made else "again", saved.id)


def _on(done: str, told: str, made: UUID) -> HttpResponse:
    if done == "portal-sent":
        return redirect(f"{reverse(done, args=[made])}?told={told}")
    return redirect(f"{reverse(done)}?told={told}")


def _same(own: Own, made: UUID, answers: Mapping[str, Any], loose: Sequence[str]) -> bool:
    """Whether the same sheet came before: a button was pressed twice."""
    known = next((one for one in own.record.entries if one.id == str(made)), None)
    if known is None or not loose:
        return False
    return all(known.answers.get(name) == answers.get(name) for name in {*known.answers, *answers} - {*loose})


def leave_with(request: HttpRequest, own: Own, sheet: Sheet, pairs: Pairs) -> HttpResponse:
    """Keep what was typed, and leave."""
    keep_typed(own, sheet, pairs)
    return leave(request)


def keep_typed(own: Own, sheet: Sheet, pairs: Pairs) -> None:
    """Keep what was typed so far, where it may wait here; what was emptied again, or only stood there, is not kept."""
    made = id_of(pairs)
    if made is None or not may_wait(sheet.definition):
        return
    if _said(pairs) == _said(sheet.stood):
        drop_drafts(own.actor, [made])
        return
    typed = [one for one in pairs if one[0] not in (DO, "_for")]
    body = {"pairs": typed, "replaces": str(sheet.older) if sheet.older else None}
    how: dict[str, Any] = {"by": own.actor, "at": own.at, "enrolment": own.label, "form": sheet.form}
    save_draft(**how, about=sheet.about or "", body=body, id=made)


def _said(pairs: Pairs) -> list[tuple[str, str]]:
    """Return the words on a page, in one order and with one kind of line end."""
    return sorted((name, "\n".join(text.splitlines())) for name, text in pairs if name[0] != "_" and text.strip())


def left_before(own: Own, sheet: Sheet) -> Pairs | None:
    """Return what was typed on a sheet and left, under its own id; None where nothing was, or may not be read here."""
    if not (sheet.kept and own.reads and may_wait(sheet.definition)):
        return None
    left = open_drafts(by=own.actor, at=own.at, enrolment=own.label, form=sheet.form, about=sheet.about or "")
    found = next((one for one in left if one.body.get("replaces") == (str(sheet.older or "") or None)), None)
    if found is None:
        return None
    return [*((name, text) for name, text in found.body["pairs"] if name != "_id"), ("_id", str(found.id))]

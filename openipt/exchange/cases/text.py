"""A replay as lines of plain text: what a terminal, a pipe and a page of paper can show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from openipt.exchange.cases.comparing import Compared, compare
from openipt.exchange.cases.replay import Enrolment, Replay, note_text
from openipt.therapy.course import DerivedFlag, DueItem, PointDue
from openipt.therapy.forms import has_form, open_form
from openipt.therapy.vocabulary import label, vocabulary
from openipt.therapy.words import render
from openipt.therapy.writing import Told
from openipt.therapy.writing.naming import task_name, unnamed
from openipt.therapy.writing.note import action_words
from openipt.therapy.writing.telling import Scored

Style = Literal["title", "heading", "label", "plain", "quiet", "look"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line, and what it is."""

    text: str
    style: Style = "plain"


def lines(told: Replay) -> Iterator[Line]:
    """Tell a replay from its first session to its ending, then what the file claims beside what follows."""
    yield Line(f"{told.case.id}: {told.case.title}", "title")
    if told.case.group:
        group = told.case.group
        yield Line(f"{group.name}: {len(group.members)} people, {len(group.sessions)} meetings", "quiet")
    for one in told.enrolments:
        for line in _enrolment(one):
            yield line if told.people else Line(unnamed(one.record, line.text), line.style)
    yield from _claims(compare(told))


def _enrolment(one: Enrolment) -> Iterator[Line]:
    yield Line("")
    yield Line(f"{one.record.enrolment}, {one.manual.title}", "title")
    if not one.manual.known:
        yield Line("This manual is not on this shelf: nothing is offered; the record is told all the same.", "look")
    for told in one.sessions:
        yield Line("")
        yield from _session(told, told is one.sessions[-1])
    yield Line("")
    yield from ending_lines(one)


def _session(told: Told, last: bool) -> Iterator[Line]:
    yield Line(session_title(told), "heading")
    yield from _part("State", [f"{state_words(told.state.id)}. {render(told.state.why)}"])
    yield from _part("Scores", [score_words(one) for one in told.scores if one.value is not None])
    yield from _part("Due", [due_words(item) for item in told.due])
    yield from _part("Offered", [_offered(told)])
    yield from _part("Done", [", ".join(task_name(task) for task in told.done)])
    yield from _part("Done, not offered", [", ".join(task_name(task) for task in told.done_unoffered)])
    yield from _part("With a warning", held_words(told, "warned"))
    yield from _part("Held back", held_words(told, "held_back"))
    yield from _part("Gates closed", closed_gates(told, last))
    yield from _part("Flags", [flag_words(flag) for flag in told.flags], "look")
    yield from _part("Decision", [text for point in told.decision for text in decision_words(point)])
    yield from _part("Note", note_text(told.note).splitlines())


def _part(name: str, texts: list[str], style: Style = "plain") -> Iterator[Line]:
    texts = [text for text in texts if text]
    if not texts:
        return
    yield Line(f"  {name}", "label")
    for text in texts:
        yield Line(f"    {text}", style)


def session_title(told: Told) -> str:
    """Name a session: its number, kind, day and phase."""
    session = told.session
    kind = label("session_kinds", session.kind)
    number = f"{kind} {session.number}" if session.number else kind
    return f"{number}, {session.day.isoformat()}, {(told.phase.label or label('phase_kinds', told.phase.kind)).lower()}"


def state_words(state: str) -> str:
    """Return a state as it is shown to people."""
    text = str(vocabulary()["states"].get(state, {}).get("shown", state))
    return text[0].upper() + text[1:]


def score_words(one: Scored) -> str:
    """Return a score with its band in words."""
    form = open_form(one.entry.form) if has_form(one.entry.form) else None
    name = form.name if form else one.entry.form
    band = form.band_label(one.result.band) if form and one.result and one.result.band else None
    told = "" if one.result else " (reported score, no answers)"
    return f"{name} {one.value:g}{f', {band.lower()}' if band else ''}{told}"


def due_words(item: DueItem) -> str:
    """Say what is due and why."""
    why = render(item.why)
    if item.kind != "measure":
        return why
    name = open_form(item.id).name if has_form(item.id) else item.id
    return f"{name}: {why}{' (ask on paper)' if item.on_paper else ''}"


def _offered(told: Told) -> str:
    done = set(told.done)
    return ", ".join(f"{task_name(item.task)}{' [done]' if item.task in done else ''}" for item in told.agenda.offered)


def held_words(told: Told, status: str) -> list[str]:
    """Say what is held back (or offered with a warning), once for each reason."""
    by_reason: dict[str, list[str]] = {}
    for item in told.agenda.items:
        if item.status == status:
            by_reason.setdefault(render(item.why) if item.why else "", []).append(task_name(item.task))
    return [f"{', '.join(tasks)}: {why}" for why, tasks in by_reason.items()]


def closed_gates(told: Told, last: bool) -> list[str]:
    """Say which gates were closed; what closing the course still wants is said at its last session only."""
    closed = [gate for gate in told.gates if not gate.open and (last or gate.id != "silent_discharge")]
    return [f"{gate.id.replace('_', ' ')}: {render(gate.why)}" for gate in closed]


def flag_words(flag: DerivedFlag) -> str:
    """Say what was answered, whether it is new, and what a person did about it."""
    known = "known, asked and recorded" if flag.state == "known" else "new"
    done = "; ".join(f"{outcome.words} ({outcome.by})" for outcome in flag.handled.outcomes) if flag.handled else ""
    return (
        f"{render(flag.why)} {flag.rule}, {known}. {f'Done: {done}' if done else 'Nobody has written an outcome yet'}."
    )


def decision_words(point: PointDue) -> list[str]:
    """Say a decision point: where the course stood, what was decided and why, in the words of the record."""
    said = point.recorded.answers if point.recorded else {}
    texts = [f"{point.point.label}, due {point.on.isoformat()}: {state_words(point.state.id).lower()}"]
    if point.shown_pct is not None:
        texts.append(f"Better by {point.shown_pct} %")
    if said.get("action"):
        texts.append(f"Decided: {action_words(said['action'])}")
    else:
        texts.append("Nothing is decided yet")
    return [*texts, *(f"Reason: {said[key]}" for key in ("reason",) if said.get(key))]


def ending_lines(one: Enrolment) -> Iterator[Line]:
    """Tell how a course ended, what became of its measure, and what closing it still wants."""
    end = one.closing
    yield Line("Ending", "heading")
    if end.ending:
        yield Line(f"  {label('endings', end.ending)}: {_many(end.sessions, 'session')} in {_many(end.weeks, 'week')}")
    else:
        yield Line(f"  Not ended: {_many(end.sessions, 'session')} in {_many(end.weeks, 'week')}")
    made = end.outcome
    if made:
        yield Line(f"  {open_form(made.form).name} {made.first:g} to {made.last:g}: {change_words(one)}")
    for sentence in end.wanting if end.ending else ():
        yield Line(f"  Still wanted: {render(sentence)}", "look")


def _many(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def change_words(one: Enrolment) -> str:
    """Say the reliable change, response, remission and recovery of a course in words."""
    made = one.closing.outcome
    if made is None:
        return "no score"
    words = [
        label("reliable_change_words", made.reliable).lower() if made.reliable else "no number for reliable change"
    ]
    shown = (("response", made.response), ("remission", made.remission), ("recovered", made.recovered))
    return ", ".join([*words, *(f"{name} {'yes' if value else 'no'}" for name, value in shown if value is not None)])


def _claims(found: tuple[Compared, ...]) -> Iterator[Line]:
    if not found:
        return
    other = [one for one in found if not one.agrees]
    yield Line("")
    yield Line("What the file says, and what follows from its facts", "heading")
    yield Line(f"  {len(found) - len(other)} of {len(found)} agree.")
    for one in other:
        yield Line(f"  {difference(one)}", "look")


def difference(one: Compared) -> str:
    """Name a difference between a file and what follows."""
    return f"{one.enrolment}, {one.place}: the file says {_value(one.says)}; it follows {_value(one.follows)}"


def _value(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)

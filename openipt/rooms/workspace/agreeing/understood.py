"""From the chips of a page to the fields of its form: areas marked one by one, a number of sessions, a review."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from openipt.rooms.filling.said import Wrong
from openipt.rooms.filling.sheet import Sheet
from openipt.rooms.filling.typed import Pairs
from openipt.rooms.workspace.agreeing.presets import Known, last_day, session_now
from openipt.rooms.workspace.agreeing.steps import Step
from openipt.therapy.course.chosen import areas_of
from openipt.therapy.record import Entry
from openipt.therapy.record.views import day_of

ROLE, NUMBER, NOW, STUCK, STUCK_WORDS = "_role_", "_sessions", "_now", "_stuck", "_stuck_words"
PLACES = {"primary": "area_primary", "secondary": "area_secondary", "runner_up": "runner_up"}
ANEW = ("link_statement", "plan_sentence", "client_fit", "client_words", "disagrees", "shared_copy")
_NEEDED = {
    "scope": "Say for whom: for the client alone, or with one person.",
    "statement": "Write what one would see.",
}
CHANGES = ("goal", "plan", "expectation", "nothing")

Understood = tuple[Pairs, list[Wrong]]


def understood(step: Step, pairs: Pairs, sheet: Sheet, known: Known) -> Understood:
    """Return the fields that a page means, and what cannot be meant.

    Args:
        step: The page.
        pairs: What was sent, as it came; what is the page's own (`_role_PA_GRIEF`) stays among it.
        sheet: The page as it was opened: what it is about, and what it replaces.
        known: The course and the day.
    """
    reader = _READERS.get(step.id)
    return reader(pairs, sheet, known) if reader else (pairs, [])


def _focus(pairs: Pairs, sheet: Sheet, known: Known) -> Understood:
    """Read one mark an area; where the focus changes, its reason is asked and the formulation is said anew."""
    marked = {name.removeprefix(ROLE): text for name, text in pairs if name.startswith(ROLE) and text in PLACES}
    by_place = {place: [area for area, text in marked.items() if text == place] for place in PLACES}
    offered = {area.id for area in known.course.manual.areas}
    wrong = _areas_wrong(by_place, offered, known.course.manual.areas_most)
    chosen = {PLACES[place]: areas[0] for place, areas in by_place.items() if areas}
    older = sheet.asked.replaces
    before = areas_of(older.answers) if older else ()
    changed = bool(before) and areas_of(chosen) != before
    if changed and not wrong and not _text(pairs, "focus_changed_because"):
        wrong.append(Wrong("focus_changed_because", "Write why the focus changes: the reason stays with the old one."))
    drop = {"version", *PLACES.values(), *(ANEW if changed else ())}
    kept = [(name, text) for name, text in pairs if name.partition(".")[0] not in drop]
    return [*kept, *chosen.items(), *_version(older)], wrong


def _areas_wrong(by_place: Mapping[str, list[str]], offered: set[str], most: int) -> list[Wrong]:
    first, second = by_place["primary"], by_place["secondary"]
    wrong = []
    if not first:
        wrong.append(Wrong("area_primary", "Mark one area as the focus. A second one only beside a first."))
    if len(first) > 1:
        wrong.append(Wrong("area_primary", "Two areas are marked as the focus. Keep one; mark the other as second."))
    if len(second) > 1 or (second and most < 2):
        wrong.append(Wrong("area_secondary", f"This manual works on {most} at a time: mark fewer."))
    if len(by_place["runner_up"]) > 1:
        wrong.append(Wrong("runner_up", "Mark one area as considered and not chosen; name the others in words."))
    if not {area for areas in by_place.values() for area in areas} <= offered:
        wrong.append(Wrong("area_primary", "One of these areas is not among those of this manual."))
    return wrong


def _version(older: Entry | None) -> Pairs:
    """Count the versions of a formulation."""
    before = (older.answers.get("version") or 1) if older else 0
    return [("version", str(before + 1))]


def _formulation(pairs: Pairs, sheet: Sheet, known: Known) -> Understood:  # noqa: ARG001 - one signature
    kept = [(name, text) for name, text in pairs if name != "version"]
    return [*kept, *_version(sheet.asked.replaces)], []


def _contract(pairs: Pairs, sheet: Sheet, known: Known) -> Understood:  # noqa: ARG001 - one signature
    """Read the number of sessions from its chips, and count the last day where none was written for this number."""
    number = _text(pairs, NUMBER)
    kept = [(name, text) for name, text in pairs if name != "sessions_n" or not number.isdigit()]
    if number.isdigit():
        kept.append(("sessions_n", number))
    end = last_day(day_of(_text(kept, "start")), _whole(_text(kept, "sessions_n")), _text(kept, "cadence"))
    before = sheet.asked.replaces.answers if sheet.asked.replaces else {}
    renumbered = before.get("sessions_n") != _whole(_text(kept, "sessions_n"))
    left_over = renumbered and _text(kept, "planned_end") == before.get("planned_end")
    if end and (left_over or not _text(kept, "planned_end")):
        kept = [*((name, text) for name, text in kept if name != "planned_end"), ("planned_end", end.isoformat())]
    return kept, []


def _goal(pairs: Pairs, sheet: Sheet, known: Known) -> Understood:
    """Read a review, and what is changed where two of them found a goal where it was."""
    wrong = []
    older = sheet.asked.replaces
    said = older.answers if older else {}
    number = str(session_now(known.course, known.today))
    reviewed, altered = len(said.get("ratings") or ()), len(said.get("changes") or ())
    pairs = [pair for pair in pairs if not _row_beyond(pair[0], {"ratings": reviewed, "changes": altered})]
    now, changed = _text(pairs, NOW), _text(pairs, STUCK)
    more: Pairs = []
    if now:
        more += [(f"ratings.{reviewed}.session", number), (f"ratings.{reviewed}.value", now)]
    if changed and changed not in CHANGES:
        wrong.append(Wrong("changes", f"“{changed[:40]}” is not one of the answers here."))
    if changed in CHANGES:
        words = _text(pairs, STUCK_WORDS)
        more += [(f"changes.{altered}.session", number), (f"changes.{altered}.what", changed)]
        more += [(f"changes.{altered}.words", words)] if words else []
    if not changed and _text(pairs, STUCK_WORDS):
        wrong.append(Wrong("changes", "Say what changes, too: the goal, the plan, or what is hoped for."))
    wrong += [Wrong(name, words) for name, words in _NEEDED.items() if not _text(pairs, name)]
    return [*pairs, *more], wrong


def _row_beyond(name: str, kept: Mapping[str, int]) -> bool:
    """Whether a field stands in a row that the page itself writes: rows of the older sheet stay as they are."""
    group, _, rest = name.partition(".")
    row = rest.partition(".")[0]
    return group in kept and row.isdigit() and int(row) >= kept[group]


def _timeline(pairs: Pairs, sheet: Sheet, known: Known) -> Understood:  # noqa: ARG001 - one signature
    """Say how exactly a date is known from how it was written; "about" stays what it is."""
    if _text(pairs, "precision") == "approx":
        return pairs, []
    how = "day" if _text(pairs, "date.day") else "month" if _text(pairs, "date.month") else "year"
    kept = [(name, text) for name, text in pairs if name != "precision"]
    wrong = [] if _text(pairs, "date.year") else [Wrong("date", "Write at least the year.")]
    if _text(pairs, "mark") == "event" and not _text(pairs, "text"):
        wrong.append(Wrong("text", "Write what happened, in a few words."))
    return [*kept, ("precision", how)], wrong


def missing(step: Step, pairs: Pairs) -> tuple[str, ...]:
    """Return the fields without which a saved page still holds something back; saving is never refused for them."""
    return tuple(name for name in step.waits_for if not _text(pairs, name))


def _text(pairs: Pairs, name: str) -> str:
    return next((text.strip() for one, text in reversed(pairs) if one == name and text.strip()), "")


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


_READERS: Mapping[str, Callable[[Pairs, Sheet, Known], Understood]] = {
    "focus": _focus,
    "formulation": _formulation,
    "contract": _contract,
    "goal": _goal,
    "timeline": _timeline,
}

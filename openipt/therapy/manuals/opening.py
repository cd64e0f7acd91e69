"""Open a manual from the shelf, proving that everything it names exists."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from openipt.therapy import shelf
from openipt.therapy.forms import form_ids, open_form
from openipt.therapy.manuals.definition import DecisionPoint, Dose, Due, Manual, Phase
from openipt.therapy.shelf import Page, Problem, Refused
from openipt.therapy.vocabulary import vocabulary


def manual_ids() -> list[str]:
    """List the ids of the manuals that can be used; one being mended hides no other (`library check` names it)."""
    return [name for name in shelf.ids("manuals") if _opens(name)]


def _opens(manual_id: str) -> bool:
    try:
        _open(manual_id, shelf.shelves())
    except Refused:
        return False
    return True


def open_manual(manual_id: str, version: str | None = None) -> Manual:
    """Open a manual by its id (`ipt-classic`); raise Refused naming the manuals that are on the shelf.

    Args:
        manual_id: The manual's id.
        version: The version a course is pinned to. The text that was kept when the course began is opened, whatever
            stands on the shelf by now; where none was kept, the shelf's.
    """
    kept = None if version is None else _kept(manual_id, version)
    if kept is not None:
        return kept
    try:
        return _open(manual_id, shelf.shelves())
    except Refused:
        kept = _kept(manual_id, None)
        if kept is None:
            raise
        return kept


def _kept(manual_id: str, version: str | None) -> Manual | None:
    text = shelf.remembered("manual", manual_id, version)
    return None if text is None else _from_text(text)


@lru_cache(maxsize=128)
def _from_text(text: str) -> Manual:
    return Manual.model_validate_json(text)


def _open(manual_id: str, shelves: tuple[Path, ...]) -> Manual:
    found = _opened(manual_id, shelves)
    if isinstance(found, Manual):
        return found
    raise Refused(*found)


@cache
def _opened(manual_id: str, shelves: tuple[Path, ...]) -> Manual | tuple[Problem, ...]:
    """Return a manual, or why it is refused: a list of all asks again and again for the one that is being mended."""
    try:
        place = shelf.find(manual_id, "manuals") / "manual.yaml"
        page = shelf.read_definition(place, f"manuals/{manual_id}/manual.yaml")
        manual = read_manual(page)
        if manual.id != manual_id:
            wrong = f"{manual.id!r} in the folder {manual_id!r}"
            return (Problem(str(place), 1, "id", wrong, "the folder's name"),)
        return tuple(_other_texts(manual, page, place, shelves)) or manual
    except Refused as refused:
        return refused.problems


def _other_texts(manual: Manual, page: Page, place: Path, shelves: tuple[Path, ...]) -> Iterator[Problem]:
    """The same id and version on another shelf, with another text: a course would not know which it follows."""
    for one in shelves:
        other = one / "manuals" / manual.id / "manual.yaml"
        if other == place or not other.is_file():
            continue
        try:
            data = shelf.read_definition(other).data
        except Refused:
            continue  # said where that page is read
        if isinstance(data, dict) and str(data.get("version")) == manual.version and data != page.data:
            wrong = f"{manual.id} {manual.version} says something else than {one.name}/manuals/{manual.id}/manual.yaml"
            yield page.problem(("version",), wrong, "another version, or the same text")


def read_manual(page: Page) -> Manual:
    """Turn a page into a manual; raise Refused with file, line, key, expected.

    Decision points and gates may be named by their id alone; their numbers and words then come from the vocabulary,
    where each stands once. With `base`, whatever the manual leaves out is carried over from that manual.
    """
    unknown = list(_unknown_short_names(page))
    if unknown:
        raise Refused(*unknown)
    whole = _spelt_out(_carried_over(page))
    manual = shelf.to_model(Page(page.file, whole, page.lines), Manual)
    problems = [*_unknown_names(manual, page), *_impossible(manual, page), *_let_go(manual, page)]
    problems = problems or list(_unknown_facts(manual, page))
    if problems:
        raise Refused(*problems)
    return manual


def bare_manual(manual_id: str, version: str, group: bool) -> Manual:
    """Return a stand-in for a manual that is not on this shelf: it offers nothing and holds nothing back.

    The default decision points still stand, so that scores, states and flags of such a course can be told.
    """
    points = tuple(_point(name) for name in ("DP4", "DP8", "DP12", "END"))
    return Manual(
        grammar="openipt-manual/1",
        id=manual_id,
        version=version,
        title=manual_id,
        summary=manual_id,
        purpose="treatment",
        format="group" if group else "individual",
        provider="",
        dose=Dose(least=1, usual=16, most=16, minutes=50, cadence="weekly"),
        baseline="pregroup" if group else "session_1",
        outcome=("phq-9", "phq-a"),
        phases=(Phase(id="middle", kind="middle", label="", goal=""),),
        decision_points=points,
        known=False,
    )


# What makes up the way of working; who a manual is for, its dose and its evidence are always its own.
CARRIED = (
    "frame",
    "openers",
    "offers",
    "areas",
    "areas_most",
    "measures",
    "gates",
    "decision_points",
    "safety",
    "endings",
)
KEPT = ("gates", "forbid")  # a manual that carries another over may add to these, never let go


def _carried_over(page: Page) -> Any:
    """Return a manual's data with what it leaves out taken from its base."""
    data = page.data
    if not isinstance(data, dict) or not isinstance(data.get("base"), str):
        return data
    base = _base_of(data["base"], page)
    if "base" in base:
        raise Refused(page.problem(("base",), f"{data['base']!r} has a base of its own", "a manual without a base"))
    carried = {key: base[key] for key in CARRIED if key in base}
    phases = data.get("phases") or ()
    kinds = {one.get("kind") for one in phases if isinstance(one, dict) and not one.get("then")}
    return {**carried, "offers": list(_offers_within(carried.get("offers") or (), kinds)), **data}


def _offers_within(offers: Any, kinds: set[Any]) -> Iterator[dict[str, Any]]:
    """Yield the base's offers as far as they lie in phases that this manual has."""
    for offer in offers:
        phases = [kind for kind in offer["phases"] if kind in kinds]
        if phases:
            yield {**offer, "phases": phases}


def _base_of(name: str, page: Page) -> dict[str, Any]:
    known = shelf.ids("manuals")
    if name not in known:
        raise Refused(page.problem(("base",), f"{name!r} is not known", "one of " + ", ".join(known)))
    found: dict[str, Any] = shelf.read_definition(shelf.find(name, "manuals") / "manual.yaml").data
    return found


def _let_go(manual: Manual, page: Page) -> Iterator[Problem]:
    """What keeps people safe in the base and is missing here."""
    if manual.base is None:
        return
    base = open_manual(manual.base)
    for key in KEPT:
        own = {getattr(one, "id", one) for one in getattr(manual, key)}
        for one in getattr(base, key):
            if (name := getattr(one, "id", one)) not in own:
                expected = f"every one of the {key} of {manual.base}; more may be added"
                yield page.problem((key,), f"{name!r} of {manual.base} is left out", expected)


def _unknown_short_names(page: Page) -> Iterator[Problem]:
    """Gates and decision points named by an id that the vocabulary does not have."""
    for key in ("gates", "decision_points"):
        known = vocabulary()[key]
        named = page.data.get(key) if isinstance(page.data, dict) else None
        for place, one in enumerate(named if isinstance(named, list) else ()):
            if isinstance(one, str) and one not in known:
                yield page.problem((key, place), f"{one!r} is not known", "one of " + ", ".join(sorted(known)))


def _spelt_out(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    words = vocabulary()
    full = dict(data)
    for key, kind in (("decision_points", "decision_points"), ("gates", "gates")):
        named = full.get(key)
        if isinstance(named, list):
            full[key] = [
                _entry(kind, one, words[kind]) if isinstance(one, str) and one in words[kind] else one for one in named
            ]
    return full


def _entry(kind: str, name: str, table: dict[str, Any]) -> dict[str, Any]:
    entry = table[name]
    if kind == "decision_points":
        return {"id": name, **entry}
    kept = ("strength", "hard_from_session", "holds_back", "fact")
    return {"id": name, **{key: entry[key] for key in kept if key in entry}}


def _point(name: str) -> DecisionPoint:
    entry = vocabulary()["decision_points"][name]
    return DecisionPoint(**{**entry, "id": name, "due": Due(**entry["due"]), "actions": tuple(entry["actions"])})


def _unknown_names(manual: Manual, page: Page) -> Iterator[Problem]:
    tables = _tables(manual)
    for kind, name, way in _names(manual):
        if name not in tables[kind]:
            yield page.problem(way, f"{name!r} is not known", "one of " + ", ".join(sorted(tables[kind])))


def _tables(manual: Manual) -> dict[str, set[str]]:
    """Return what may be named, by kind."""
    words = vocabulary()
    kinds = ("tasks", "problem_areas", "techniques", "timeline_event_types", "decision_actions", "gates")
    return {
        **{kind: set(words[kind]) for kind in kinds},
        "forms": set(form_ids()),
        "manuals": set(shelf.ids("manuals")) - {manual.id},
        "parts": {part.id for part in manual.frame},
        "forbidden": set(words["tasks"]) | set(words["worksheets"]),
    }


def _names(manual: Manual) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
    """Every name a manual uses: of what kind, the name, and its place on the page."""
    for n, phase in enumerate(manual.phases):
        yield from (("tasks", name, ("phases", n, "exit")) for name in (*phase.exit, *phase.exit_if_not_recovered))
        yield from (("manuals", name, ("phases", n, "then")) for name in (phase.then,) if name)
    for n, area in enumerate(manual.areas):
        yield "problem_areas", area.id, ("areas", n, "id")
        yield from (("tasks", name, ("areas", n, "steps")) for name in area.steps)
        yield from (("techniques", name, ("areas", n, "techniques")) for name in area.techniques)
        yield from (("timeline_event_types", name, ("areas", n, "look_for")) for name in area.look_for)
    for n, offer in enumerate(manual.offers):
        yield "tasks", offer.task, ("offers", n, "task")
        yield from (("parts", name, ("offers", n, "part")) for name in (offer.part,) if name)
    for n, measure in enumerate(manual.measures):
        yield from (("forms", name, ("measures", n, "first_of")) for name in measure.first_of)
    yield from (("forms", name, ("outcome",)) for name in manual.outcome)
    for n, point in enumerate(manual.decision_points):
        yield from (("decision_actions", name, ("decision_points", n, "actions")) for name in point.actions)
    yield from (("gates", gate.id, ("gates", n)) for n, gate in enumerate(manual.gates))
    yield from (("forbidden", name, ("forbid",)) for name in manual.forbid)
    for n, meeting in enumerate(manual.meetings):
        yield from (("tasks", name, ("meetings", n, "tasks")) for name in meeting.tasks)
    for kind, rule in manual.rules():
        yield from (("forms", known.form, ("eligibility", kind)) for known in rule.known_from)


def _unknown_facts(manual: Manual, page: Page) -> Iterator[Problem]:
    """Facts of eligibility that no form can give."""
    for kind, rule in manual.rules():
        for known in rule.known_from:
            form = open_form(known.form)
            offered = {
                "finding": {one.id for one in form.findings},
                "cutoff": {one.id for one in form.cutoffs},
                "item": {one.id for one in form.items},
            }
            for way, names in offered.items():
                name = getattr(known, way)
                if name is not None and name not in names:
                    expected = f"one of {', '.join(sorted(names)) or 'none'}"
                    yield page.problem(("eligibility", kind), f"{form.id} has no {way} {name!r} ({rule.id})", expected)


def _impossible(manual: Manual, page: Page) -> Iterator[Problem]:
    """Phases nobody can reach, offers in phases that do not exist, an outcome without numbers for change."""
    ranges = sorted((phase.sessions, n) for n, phase in enumerate(manual.phases) if phase.sessions)
    before = 0
    for (first, last), n in ranges:
        if first != before + 1:
            expected = f"the sessions to go on at {before + 1}, each session in one phase"
            yield page.problem(("phases", n, "sessions"), f"[{first}, {last}] leaves a gap or overlaps", expected)
        before = last
    if ranges and before != manual.dose.usual:
        n = ranges[-1][1]
        wrong = f"the phases reach session {before} of {manual.dose.usual}"
        yield page.problem(("phases", n, "sessions"), wrong, f"the last phase to end at session {manual.dose.usual}")
    yield from _out_of_reach(manual, page)
    for name in manual.outcome:
        if name in form_ids() and open_form(name).change.reliable is None:
            yield page.problem(("outcome",), f"{name!r} has no number for reliable change", "a measure with one")


def _out_of_reach(manual: Manual, page: Page) -> Iterator[Problem]:
    """What no course of this manual comes to: a phase without its time, an offer or opener without its phase."""
    for n, phase in enumerate(manual.phases):
        if phase.before_the_first and n:
            expected = "its sessions, or in `then` the manual in which it is a course of its own"
            yield page.problem(("phases", n), f"{phase.id!r} is reached by no session", expected)
    kinds = {phase.kind for phase in manual.phases if not phase.then}
    for n, offer in enumerate(manual.offers):
        for kind in offer.phases:
            if kind not in kinds:
                wrong = f"no phase of the kind {kind!r}"
                yield page.problem(("offers", n, "phases"), wrong, f"one of {', '.join(sorted(kinds))}")
    for name in manual.openers:
        if name not in {"first", "later", *kinds}:
            expected = f"first, later, or one of {', '.join(sorted(kinds))}"
            yield page.problem(("openers", name), f"no session begins with {name!r}", expected)

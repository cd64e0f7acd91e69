"""Add-ons: what may stand beside any manual and never alone, such as care for substance use (PROTOCOLS 2.15)."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from openipt.therapy import shelf
from openipt.therapy.forms import form_ids, open_form
from openipt.therapy.forms.items import Strict
from openipt.therapy.manuals.definition import Eligibility, Evidence, Measure, Rule
from openipt.therapy.shelf import Page, Refused
from openipt.therapy.vocabulary import vocabulary


class AddOn(Strict):
    """Something looked at beside a treatment: for whom, what it asks for first, what is measured, on what evidence."""

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    title: str
    summary: str
    gate: str  # closed, it keeps the add-on from being offered; the manual beside it goes on
    eligibility: Eligibility
    measures: tuple[Measure, ...] = ()
    sheets: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def rules(self) -> tuple[tuple[str, Rule], ...]:
        """Return every line of eligibility with its kind."""
        own = self.eligibility
        kinds = (
            ("exclude", own.exclude), ("elsewhere", own.elsewhere), ("caution", own.caution), ("include", own.include)
        )  # fmt: skip
        return tuple((kind, rule) for kind, rules in kinds for rule in rules)


@cache
def add_ons() -> dict[str, AddOn]:
    """Return every add-on of the shelf by its id; raise Refused where one names what does not exist."""
    page = shelf.read("add-ons.yaml")
    found = [_add_on(page, place, entry) for place, entry in enumerate(page.data)]
    return {one.id: one for one in found}


def _add_on(page: Page, place: int, entry: object) -> AddOn:
    lines = {way[1:]: line for way, line in page.lines.items() if way and way[0] == place}
    one = shelf.to_model(Page(page.file, entry, lines), AddOn)
    forms, gates = set(form_ids()), set(vocabulary()["gates"])
    named = [*one.sheets, *(name for measure in one.measures for name in measure.first_of)]
    named += [known.form for _, rule in one.rules() for known in rule.known_from]
    wrong = [name for name in named if name not in forms] + [name for name in (one.gate,) if name not in gates]
    cutoffs = [(known.form, known.cutoff) for _, rule in one.rules() for known in rule.known_from if known.cutoff]
    wrong += [name for form, name in cutoffs if form in forms and name not in {c.id for c in open_form(form).cutoffs}]
    if wrong:
        expected = "a form, cut-off or gate of this shelf"
        raise Refused(page.problem((place,), f"{wrong[0]!r} of {one.id} is not known", expected))
    return one

"""Which kind of record a filled-in form, or a row of its own, belongs to."""

from __future__ import annotations

from functools import cache

from openipt.policy.table import Unknown, table

ALWAYS = "process_note"  # a private note is one, whatever its form


@cache
def _of_forms() -> dict[str, str]:
    return {form: kind_id for kind_id, kind in table().kinds.items() for form in kind.forms}


@cache
def _of_things() -> dict[str, str]:
    return {thing: kind_id for kind_id, kind in table().kinds.items() for thing in kind.things}


def kind_of(form_id: str, form_kind: str, visibility: str = "") -> str:
    """Return the kind of record that a form's entries belong to.

    Args:
        form_id: The form, on our shelf or a service's own.
        form_kind: `questionnaire` or `worksheet`; decides for a questionnaire that no kind lists.
        visibility: The form's or entry's visibility; decides for a worksheet that no kind lists. Without it such a
            worksheet is the client's own work, so give it where a service's shelf may hold sheets of staff.

    Raises:
        Unknown: a form kind that is neither.
    """
    page = table()
    if form_kind not in page.default:
        raise Unknown("kind of form", form_kind, page.default)
    if visibility == ALWAYS:
        return page.visibilities[ALWAYS]
    if form_id in _of_forms():
        return _of_forms()[form_id]
    if form_kind == "worksheet" and visibility in page.visibilities:
        return page.visibilities[visibility]
    return page.default[form_kind]


def kind_of_thing(thing: str) -> str:
    """Return the kind of record of a row with a life of its own (`person`, `goal`, `session`); raise Unknown."""
    if thing not in _of_things():
        raise Unknown("kind of thing", thing, _of_things())
    return _of_things()[thing]

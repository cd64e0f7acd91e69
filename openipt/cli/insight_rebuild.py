"""`openipt insight --rebuild`: make anew what a service keeps of its diaries, where inputs or the model changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from openipt.cli.opening import bar, now, opened, print_json

if TYPE_CHECKING:
    from openipt.accounts.models import Organisation
    from openipt.cli.opening import Watched


def rebuild_fits(as_json: bool, learn: bool = False) -> None:
    """Go through every course of every service here that has switched this on; tell how many have something stored.

    A course where a violence fact stands has nothing stored, and is not told apart from one without entries.

    Args:
        as_json: JSON in place of words.
        learn: Learn first from the diaries of clients who agreed to research; too few of them change nothing.
    """
    with opened("insight --rebuild"):
        from openipt.accounts.models import Organisation

        with bar(as_json) as watched:
            told = [_rebuilt(one, learn, watched) for one in Organisation.objects.order_by("id")]
    if as_json:
        print_json({"services": told})
        return
    for one in told:
        made = f"{one['stored']} of {one['courses']} courses have something stored" if one["on"] else "switched off"
        learned = f" Learned from {one['learned_from']} earlier clients." if one["learned_from"] else ""
        typer.echo(f"Service {one['service']}: {made}.{learned}")


def _rebuilt(organisation: Organisation, learn: bool, watched: Watched) -> dict[str, Any]:
    from openipt.casebook.models import Enrolment
    from openipt.casebook.operations.fitting import rebuild
    from openipt.casebook.queries.fits import belief_of, is_on

    on = is_on(organisation.promise)
    if learn and on:
        _learn(organisation)
    courses = Enrolment.objects.filter(organisation=organisation).count()
    stored = 0
    for done, (_, has) in enumerate(rebuild(organisation.id, now())):
        stored += has
        watched("what goes along with mood", done + 1, courses)
    learned_from = belief_of(organisation.promise).clients
    told = {"on": on, "courses": courses, "stored": stored, "learned_from": learned_from}
    return {"service": str(organisation.id), **told}


def _learn(organisation: Organisation) -> None:
    from openipt.casebook.operations.learning import learn_belief

    try:
        learn_belief(organisation, now())
    except ValueError as few:
        typer.echo(f"Service {organisation.id}: nothing learned. {few}", err=True)

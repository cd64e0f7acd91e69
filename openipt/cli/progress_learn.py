"""`openipt progress --learn`, `--forget`: what a service may expect of its courses, learned from its finished ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from openipt.cli.opening import bar, now, opened, print_json

if TYPE_CHECKING:
    from openipt.accounts.models import Organisation
    from openipt.casebook.operations.expecting import Learned
    from openipt.cli.opening import Watched


def learn_or_forget(forget: bool, as_json: bool) -> None:
    """Learn from every service here, or give up what was learned; tell how many courses stand behind what."""
    with opened("progress --forget" if forget else "progress --learn"):
        from openipt.accounts.models import Organisation

        with bar(as_json) as watched:
            told = [_done(one, forget, watched) for one in Organisation.objects.order_by("id")]
    if as_json:
        print_json({"services": told})
        return
    for one in told:
        for line in _lines(one):
            typer.echo(f"Service {one['service']}: {line}")


def _done(organisation: Organisation, forget: bool, watched: Watched) -> dict[str, Any]:
    from openipt.casebook.operations.expecting import LEAST, forget_expected, learn_expected

    told: dict[str, Any] = {"service": str(organisation.id)}
    if forget:
        return told | {"given_up": forget_expected(organisation, now())}
    found = learn_expected(organisation, now(), lambda done: watched("finished courses", done, None))
    return told | {"least": LEAST, "learned": [_plain(one) for one in found]}


def _plain(one: Learned) -> dict[str, Any]:
    return {
        "manual": one.manual,
        "form": one.form,
        "finished_courses": one.courses,
        "version": one.version,
        "new": one.new,
    }


def _lines(told: dict[str, Any]) -> list[str]:
    if "given_up" in told:
        return [f"nothing is expected of any course from today on ({told['given_up']} given up)."]
    if not told["learned"]:
        return ["no finished course to learn from."]
    return [_line(one, told["least"]) for one in told["learned"]]


def _line(one: dict[str, Any], least: int) -> str:
    what = f"{one['manual']}, {one['form']}: {one['finished_courses']} finished courses"
    if one["new"]:
        return f"{what}; learned, version {one['version']}."
    if one["finished_courses"] < least:
        return f"{what}; {least} are needed, so nothing was learned and nothing is shown."
    return f"{what}; nothing has changed since the last time."

"""`openipt import-case`: a worked case into a service of invented people, to look at, teach with and try things on."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from openipt.policy import open_door

if TYPE_CHECKING:
    from openipt.accounts.models import Organisation
    from openipt.exchange.cases import Case
    from openipt.exchange.keeping import Keeper


@open_door("Takes invented cases only, and only into a service of invented people.")
def import_case(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A case file, or an id of the shelf (C01).")],
    shift_to: Annotated[
        datetime | None,
        typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="Begin on this day or within six days after it."),
    ] = None,
    until_session: Annotated[
        int | None, typer.Option(metavar="N", help="Only what was known by the end of the day of session N.")
    ] = None,
    lenient: Annotated[bool, typer.Option("--lenient", help="Take what can be read, and name the rest.")] = False,
    organisation: Annotated[
        str | None, typer.Option(metavar="NAME", help="Which service; one is made where none is there yet.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, for programs.")] = False,
) -> None:
    """Keep a worked case in the record of a service of invented people. Doing it twice changes nothing."""
    from openipt.cli.opening import opened, print_json

    with opened("import-case", new=organisation is not None, old_tables=True):
        from openipt.cli.case_reading import cut, moved, read
        from openipt.exchange.keeping import keep_case

        case, passed_over = read(file, lenient)
        if shift_to is not None:
            case = moved(case, shift_to.date())
        if until_session is not None:
            case = cut(case, until_session)
        service = _service(organisation)
        _refuse_other_days(case, service)
        kept = keep_case(case, _keeper(service))
    if as_json:
        print_json({"case": case.id, "kept": kept, "passed_over": passed_over})
    else:
        _tell(case.id, case.title, kept, passed_over)


def _service(name: str | None) -> Organisation:
    """Return the service of that name; the only one, where none is named; a new one where there is none.

    Raises:
        Refused: Its people are real, or it cannot be told which is meant.
    """
    from openipt.cli.opening import problem
    from openipt.site.home import home
    from openipt.site.making import services

    known = services()
    if not known and name:
        return _new_service(name)
    names = ", ".join(one.name for one in known)
    if not all(one.synthetic for one in known):
        wrong = f"{home().path} holds real people ({names})"
        raise problem("import-case", wrong, "a service of invented people: another OPENIPT_HOME")
    named = [one for one in known if name in (None, one.name)]
    if len(named) != 1:
        wrong = f"no service {name!r} is there" if name else "it is not said for which service"
        raise problem("import-case", wrong, f"--organisation with one of: {names}" if names else "--organisation NAME")
    return named[0]


def _new_service(name: str) -> Organisation:
    """Make a service of invented people."""
    from openipt.accounts.making import make_organisation
    from openipt.cli.opening import now
    from openipt.site.home import home
    from openipt.site.making import make_home, make_tables

    make_home(home(), now())
    make_tables()
    return make_organisation(name=name, zone="UTC", by=None, at=now(), synthetic=True)


def _refuse_other_days(case: Case, organisation: Organisation) -> None:
    """Refuse a case that is kept already and began on another day: its facts would stand there at two times."""
    from openipt.casebook.models import Enrolment
    from openipt.cli.case_reading import first_known
    from openipt.cli.opening import problem

    for record in case.records:
        known = Enrolment.objects.filter(organisation=organisation, label=record.enrolment).first()
        if known and known.created_at != first_known(record):
            wrong = f"{record.enrolment} is kept already, its first facts of {known.created_at.date()}"
            raise problem("import-case", wrong, f"the same days, not {first_known(record).date()} (see --shift-to)")


def _keeper(organisation: Organisation) -> Keeper:
    """Return who keeps the case: the staff of the service, made as the case names them."""
    from openipt.cli.opening import now
    from openipt.exchange.keeping import Keeper
    from openipt.policy import Actor
    from openipt.site.demo import Staff

    staff = Staff(organisation, now())
    staff.made.update(
        {account.username: account for account in organisation.accounts.filter(client=None, proxy_of=None)}
    )
    operator = staff.person("operator")
    return Keeper(Actor(str(operator.id), str(organisation.id), frozenset({"operator"})), now(), staff.account_of)


def _tell(case: str, title: str, kept: dict[str, int], passed_over: list[str]) -> None:
    from openipt.cli.ending import printable

    for line in passed_over:
        typer.echo(printable(f"Passed over: {line}"), err=True)
    new = sum(kept.values())
    if not new:
        typer.echo(f"{case} was kept before; nothing has changed.")
        return
    typer.echo(printable(f"{case}, {title}"))
    for enrolment, facts in kept.items():
        typer.echo(f"  {printable(enrolment)}: {facts} new facts")

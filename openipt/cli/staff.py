"""`openipt staff list|add|end`: who works here, for whoever has the machine in hand. No client is in it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import typer

from openipt.policy import door

if TYPE_CHECKING:
    from openipt.accounts.colleagues import Colleague
    from openipt.accounts.keeping_changes import Act
    from openipt.accounts.models import Account, Organisation
    from openipt.policy import Actor

app = typer.Typer(name="staff", help="The people who work here.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="JSON, for programs.")]
Service = Annotated[str | None, typer.Option(metavar="NAME", help="Which service, where there are several.")]
SignInName = Annotated[str, typer.Argument(metavar="SIGN-IN-NAME")]


@app.command("list")
@door("staff", "read")
def everybody(organisation: Service = None, as_json: AsJson = False) -> None:
    """Show who works here: roles and since when, last sign-in, whether the second step is set."""
    from openipt.cli.opening import now, opened, print_json

    with opened("staff list"):
        from openipt.accounts.colleagues import colleagues

        here = _service("staff list", organisation)
        told = [_told(one) for one in colleagues(here, now())]
    if as_json:
        print_json({"service": here.name, "people": told})
        return
    for one in told:
        typer.echo(_line(one, ZoneInfo(here.zone)))


@app.command("add")
@door("staff", "write")
def add(
    username: SignInName,
    name: Annotated[str, typer.Option(help="As clients and colleagues see it.")],
    role: Annotated[list[str], typer.Option(help="A role; may be given more than once.")],
    email: Annotated[str, typer.Option(help="Their work address.")] = "",
    asked_by: Annotated[
        str | None,
        typer.Option("--asked-by", metavar="SIGN-IN-NAME", help="The lead who asks for a role that answers."),
    ] = None,
    why: Annotated[str, typer.Option(help="About the service, never about a client.")] = "",
    organisation: Service = None,
    as_json: AsJson = False,
) -> None:
    """Make an account for a colleague, or give more roles to one; a new one gets a one-time code, printed here once.

    The roles lead, operator and emergency are asked for by a lead, named by --asked-by; you are the second person.
    """
    from openipt.cli.opening import now, opened, print_json

    with opened("staff add"):
        from openipt.accounts.keeping_changes import COMMAND_LINE, Act
        from openipt.accounts.staffing import account_named

        here = _service("staff add", organisation)
        act = Act(COMMAND_LINE, now(), here, why)
        known = account_named(here, username)
        slip = _given(act, known, role, asked_by) if known else _added(act, username, name, email, role, asked_by)
    if as_json:
        print_json({"sign_in_name": slip["sign_in_name"], "code": slip.get("code"), "until": slip.get("until")})
        return
    typer.echo(f"{slip['sign_in_name']} works here as {', '.join(role)}.")
    if "code" in slip:
        typer.echo(f"Code: {slip['code']}, once, until {slip['until']}. It is kept nowhere: hand it over yourself.")
        typer.echo("They open /sign-in/first/ at the address of the service, and choose a password there.")


@app.command("end")
@door("staff", "write")
def end(
    username: SignInName,
    why: Annotated[str, typer.Option(help="About the service, never about a client.")],
    role: Annotated[str | None, typer.Option(help="Only this role. Without it the account is closed.")] = None,
    organisation: Service = None,
) -> None:
    """End a role now, or close an account with every role and sign-in. The last lead stays."""
    from openipt.cli.opening import now, opened, problem

    with opened("staff end"):
        from openipt.accounts.keeping_changes import COMMAND_LINE, Act
        from openipt.accounts.staffing import LastLead, account_named, close

        here = _service("staff end", organisation)
        account = account_named(here, username)
        if account is None:
            raise problem("staff end", f"nobody signs in as {username!r} here", "a name of openipt staff list")
        act = Act(COMMAND_LINE, now(), here, why)
        try:
            if role:
                _end_role(act, account, role)
            else:
                close(act, account)
        except LastLead:
            raise problem(
                "staff end", "nobody would answer for the service", "somebody else to be lead first"
            ) from None
    typer.echo(f"{account.username} is {role} no longer." if role else f"The account {account.username} is closed.")


def _service(command: str, name: str | None) -> Organisation:
    from openipt.accounts.models import Organisation
    from openipt.cli.opening import problem

    every = list(Organisation.objects.order_by("created_at"))
    found = [one for one in every if name is None or one.name == name]
    if len(found) != 1:
        names = ", ".join(one.name for one in every) or "none"
        raise problem(command, f"{len(found)} services fit", f"one of them, named by --organisation: {names}")
    return found[0]


def _told(one: Colleague) -> dict[str, Any]:
    account = one.account
    return {
        "sign_in_name": account.username,
        "name": account.name,
        "roles": [{"role": held.role, "since": held.since.isoformat()} for held in one.now],
        "last_sign_in": account.last_login.isoformat() if account.last_login else None,
        "second_step": one.second_factor,
        "open": account.is_active,
    }


def _line(one: dict[str, Any], zone: ZoneInfo) -> str:
    from openipt.cli.ending import printable

    roles = ", ".join(f"{held['role']} since {_day(held['since'], zone)}" for held in one["roles"])
    last = f"last sign-in {_day(one['last_sign_in'], zone)}" if one["last_sign_in"] else "never signed in"
    second = "second step set" if one["second_step"] else "no second step"
    state = roles or "no role now" if one["open"] else "closed"
    return printable(f"{one['sign_in_name']} ({one['name']}): {state}; {last}; {second}")


def _day(moment: str, zone: ZoneInfo) -> str:
    return datetime.fromisoformat(moment).astimezone(zone).date().isoformat()


def _added(act: Act, username: str, name: str, email: str, roles: list[str], asked_by: str | None) -> dict[str, str]:
    """Make the account, confirm what a lead asked for, and make a slip: all of it or nothing."""
    from django.db import transaction

    from openipt.accounts.letting_in import give_slip_to_staff
    from openipt.accounts.making import NameTakenError
    from openipt.accounts.names import NameRefusedError
    from openipt.accounts.staffing import Term, add_colleague, takes_another
    from openipt.cli.opening import problem

    at_once = [one for one in roles if not takes_another(one, None, act.by)]
    try:
        with transaction.atomic():
            terms = [Term(one, act.at) for one in _known(at_once)]
            made = add_colleague(act, username=username, name=name, email=email, terms=terms)
            _answering(act, made, [one for one in roles if one not in at_once], asked_by)
            slip = give_slip_to_staff(act, made)
    except (NameTakenError, NameRefusedError) as refused:
        raise problem("staff add", str(refused), "another sign-in name") from None
    return {"sign_in_name": slip.username, "code": slip.code, "until": slip.expires_at.isoformat(timespec="minutes")}


def _given(act: Act, account: Account, roles: list[str], asked_by: str | None) -> dict[str, str]:
    """Give more roles to somebody who works here already."""
    from django.db import transaction

    from openipt.accounts.roles import RoleRefusedError
    from openipt.accounts.staffing import Term, give_role, takes_another
    from openipt.cli.opening import problem

    at_once = [one for one in roles if not takes_another(one, None, act.by)]
    try:
        with transaction.atomic():
            for one in _known(at_once):
                give_role(act, account, Term(one, act.at))
            _answering(act, account, [one for one in roles if one not in at_once], asked_by)
    except RoleRefusedError as refused:
        raise problem("staff add", str(refused), "a role that they do not hold") from None
    return {"sign_in_name": account.username}


def _known(roles: list[str]) -> list[str]:
    from openipt.accounts.staffing import ROLES
    from openipt.cli.opening import problem

    for one in roles:
        if one not in ROLES:
            raise problem("staff add", f"{one!r} is no role of staff", f"one of {', '.join(ROLES)}")
    return roles


def _answering(act: Act, account: Account, roles: list[str], asked_by: str | None) -> None:
    """Let roles stand that answer for the service: a lead asks, whoever has the machine is the second person."""
    from openipt.accounts.answering import confirm_without_asking, put_lead_forward
    from openipt.accounts.changes import Change
    from openipt.accounts.keeping_changes import Act
    from openipt.accounts.staffing import Term

    if not roles:
        return
    lead = _lead(act.organisation, asked_by, act.at)
    for one in roles:
        name = uuid4()
        put_lead_forward(Act(lead.id, act.at, act.organisation, act.why, name), lead, account, Term(one, act.at))
        confirm_without_asking(act, Change.objects.select_related("account").get(id=name))


def _lead(organisation: Organisation, name: str | None, at: datetime) -> Actor:
    from openipt.accounts.actors import actor_of
    from openipt.accounts.governing import may_put_forward
    from openipt.accounts.staffing import account_named
    from openipt.cli.opening import problem

    expected = "--asked-by with the sign-in name of a lead of this service"
    account = account_named(organisation, name) if name else None
    if account is None:
        raise problem("staff add", "a role that answers for the service is asked for by a lead", expected)
    actor = actor_of(account, at)
    if not may_put_forward(actor):
        raise problem("staff add", f"{name} does not lead here", expected)
    return actor


def _end_role(act: Act, account: Account, role: str) -> None:
    from openipt.accounts.models import Membership
    from openipt.accounts.staffing import end_role
    from openipt.cli.opening import problem

    held = Membership.objects.live(act.at).filter(account=account, role=role).first()
    if held is None:
        raise problem("staff end", f"{account.username} is not {role} now", "a role of openipt staff list")
    end_role(act, held, act.at)

"""Who changed what about the service, as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from openipt.accounts.changes import TAKEN_BACK, Change
from openipt.accounts.models import Account
from openipt.accounts.what_was_changed import Line
from openipt.therapy.course.promise import DAYS
from openipt.therapy.words import catalogue

COMMAND_LINE = "The command line"
ROLE_WORDS = {
    "therapist": "therapist",
    "facilitator": "group facilitator",
    "supervisor": "supervisor",
    "lead": "lead",
    "researcher": "researcher",
    "operator": "operator",
    "emergency": "on the emergency list",
}
ACTS = {
    "organisation.make": "The service was set up.",
    "account.make": "{who} made an account for {whom}.",
    "role.give": "{who} gave {whom} a role.",
    "role.end": "{who} ended a role of {whom}.",
    "account.close": "{who} closed the account of {whom}.",
    "switch_insight": "{who} switched insight {why}.",
}
SERVICE_ITSELF = {"service": "Set-up", "command-line": COMMAND_LINE}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the page: when, the sentence, what was said about it, and what became of it."""

    at: datetime
    sentence: str
    details: tuple[str, ...] = ()
    why: str = ""
    after: str = ""
    change: Change | None = None


def told(line: Line, zone: ZoneInfo) -> Told:
    """Say one line of what was changed."""
    if line.change is None:
        who = SERVICE_ITSELF.get(line.who, line.who)
        words = ACTS[line.act].format(who=who, whom=line.whom or "somebody", why=line.why)
        return Told(line.at, words)
    return told_change(line.change, zone)


def told_change(change: Change, zone: ZoneInfo) -> Told:
    """Say one change, and what became of it."""
    words, details = _SAID[change.what](change, zone)
    return Told(change.at, words, tuple(details), change.why, _after(change, zone), change)


def _after(change: Change, zone: ZoneInfo) -> str:
    end = getattr(change, "end", None)
    if end is None:
        return "Waits for a second person."
    if (end.by_id, end.at) == (change.by_id, change.at):
        return ""
    who = name_of(end.by)
    on = f"{end.at.astimezone(zone):%H:%M} on {catalogue().spell(end.at.astimezone(zone).date())}"
    did = "took it back" if end.how == TAKEN_BACK else "confirmed it"
    return f"{who} {did} at {on}."


def name_of(account: Account | None) -> str:
    """Return how somebody who acted is called."""
    return (account.name or account.username) if account else COMMAND_LINE


def _waits(change: Change) -> bool:
    end = getattr(change, "end", None)
    return end is None or end.how == TAKEN_BACK


def day_of(moment: str | None, zone: ZoneInfo, last: bool = False) -> str:
    """Return the day of a kept moment; of an end, the last day before it."""
    if not moment:
        return ""
    at = datetime.fromisoformat(moment).astimezone(zone) - (timedelta(microseconds=1) if last else timedelta())
    return str(catalogue().spell(at.date()))


def _role(change: Change, zone: ZoneInfo) -> tuple[str, list[str]]:
    said = change.says
    role = ROLE_WORDS.get(said["role"], said["role"])
    until = f" to {day_of(said['until'], zone, last=True)}" if said.get("until") else ""
    verb = "asked that" if _waits(change) else "gave a role:"
    whom = name_of(change.account)
    words = f"{name_of(change.by)} {verb} {whom} {'be' if _waits(change) else 'is'} {role}"
    return f"{words} from {day_of(said['since'], zone)}{until}.", []


def _role_end(change: Change, zone: ZoneInfo) -> tuple[str, list[str]]:
    role = ROLE_WORDS.get(change.says["role"], change.says["role"])
    on = day_of(change.says["until"], zone, last=True)
    return f"{name_of(change.by)} ended a role: {name_of(change.account)} is {role} up to {on}.", []


def _colleague(change: Change, zone: ZoneInfo) -> tuple[str, list[str]]:  # noqa: ARG001 - all take both
    roles = [ROLE_WORDS.get(one, one) for one in change.says.get("roles", [])]
    as_what = f" as {', '.join(roles)}" if roles else ""
    return f"{name_of(change.by)} added {name_of(change.account)}{as_what}.", []


def _close(change: Change, zone: ZoneInfo) -> tuple[str, list[str]]:  # noqa: ARG001
    return f"{name_of(change.by)} closed the account of {name_of(change.account)}.", []


def _signed_out(change: Change, zone: ZoneInfo) -> tuple[str, list[str]]:  # noqa: ARG001
    return f"{name_of(change.by)} signed {name_of(change.account)} out everywhere.", []


def _way_in(change: Change, zone: ZoneInfo) -> tuple[str, list[str]]:  # noqa: ARG001
    how = "a link by mail" if change.says["how"] == "mail" else "a printed slip"
    return f"{name_of(change.by)} gave {name_of(change.account)} a way in: {how}.", []


def _details(change: Change, zone: ZoneInfo) -> tuple[str, list[str]]:  # noqa: ARG001
    before, after = change.stood, change.says
    details = [f"Name: {before['name']}, now {after['name']}."] if before["name"] != after["name"] else []
    if before["email"] != after["email"]:
        details.append(f"Work address: {before['email'] or 'none'}, now {after['email'] or 'none'}.")
    return f"{name_of(change.by)} mended how {after['name']} is known here.", details


def _promise(change: Change, zone: ZoneInfo) -> tuple[str, list[str]]:  # noqa: ARG001
    did = "asked for other hours" if _waits(change) else "changed the hours"
    return f"{name_of(change.by)} {did}.", list(hours_differ(change.stood, change.says))


def hours_differ(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Say each day whose hours differ, and the duty where it does."""
    for day in DAYS:
        was, is_now = before["hours"].get(day), after["hours"].get(day)
        if was != is_now:
            yield f"{day.capitalize()}: {_span(is_now)} in place of {_span(was)}."
    if before["duty"] != after["duty"]:
        who, nobody = ("somebody", "nobody") if after["duty"] else ("nobody", "somebody")
        yield f"Outside the hours: {who} on duty in place of {nobody}."


def _span(span: list[str] | None) -> str:
    return f"{span[0]} to {span[1]}" if span else "closed"


def _solo(change: Change, zone: ZoneInfo) -> tuple[str, list[str]]:  # noqa: ARG001
    who = name_of(change.by)
    if not change.says["solo"]:
        return f"{who} noted that more than one clinician works here.", []
    return f"{who} {'asked to note' if _waits(change) else 'noted'} that one clinician works here alone.", []


def _numbers(change: Change, zone: ZoneInfo) -> tuple[str, list[str]]:  # noqa: ARG001
    before = {one["name"]: one for one in change.stood.get("numbers", [])}
    after = {one["name"]: one for one in change.says.get("numbers", [])}
    details = [f"{name}: taken away." for name in before if name not in after]
    for name, one in after.items():
        if name not in before:
            details.append(f"{name}: added, {one['call']}.")
        elif one["call"] != before[name]["call"]:
            details.append(f"{name}: {before[name]['call']}, now {one['call']}.")
        elif one != before[name]:
            details.append(f"{name}: looked at again, last rung on {one['checked_on']}.")
    return f"{name_of(change.by)} changed the crisis numbers.", details


_SAID: dict[str, Callable[[Change, ZoneInfo], tuple[str, list[str]]]] = {
    "role": _role,
    "role_end": _role_end,
    "colleague": _colleague,
    "close": _close,
    "signed_out": _signed_out,
    "way_in": _way_in,
    "details": _details,
    "promise": _promise,
    "solo": _solo,
    "numbers": _numbers,
}

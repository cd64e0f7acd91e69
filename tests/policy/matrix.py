"""The matrix of who may do what once more, typed by hand from the requirements, sharing no line with openipt.policy.

R read, W write, S shared items only, P pseudonymous, A aggregate, M metadata, B break-glass, - nothing.
[facts] must be true, {needs} are asked for, (bounds) say how far, @ties replace the role's own. One cell may hold
several, one after the other. Rows beyond the requirements' own: violence, safety conversation; the column: proxy.
Column by column: client, proxy, therapist, facilitator, supervisor, lead, researcher, operator, emergency.
"""

from __future__ import annotations

import re
from typing import Any

COLUMNS = ["client", "proxy", "therapist", "facilitator", "supervisor", "lead", "researcher", "operator", "emergency"]

WORKS_THROUGH = {
    "client": {"own"},
    "proxy": {"proxy"},
    "therapist": {"assigned", "cover"},
    "facilitator": {"group"},
    "supervisor": {"supervision"},
    "lead": {"programme"},
    "researcher": {"programme"},
    "operator": {"programme"},
    "emergency": {"emergency"},
}
ALL_TIES = ["none", "own", "proxy", "assigned", "cover", "group", "supervision", "programme", "emergency"]
ALL_FACTS = [
    "author",
    "shared",
    "agreed",
    "group_course",
    "sud_group",
    "escalated",
    "about_self",
    "age_allows",
    "unbarred",
]

GROUP = "RW[group_course]"
BREAKING = ["reauthenticate", "reason", "time_limit", "banner", "notices", "client_told", "review"]

# fmt: off
MATRIX = {
    "identity":        ["RW", "S", "RW", "RW(no_address)", "P", "R", "-", "M", "B"],
    "consent":         ["RW", "S", "RW", GROUP, "R", "R", "-", "M", "B"],
    "appointments":    ["R", "S", "RW", GROUP, "P", "R", "A", "-", "B"],
    "questionnaires":  ["RW", "S", "RW", GROUP, "P", "A", "A", "-", "B"],
    "risk_flags":      ["R(own_answers)", "S", "RW", "RW", "R[escalated] P", "R[escalated] A(open_count)", "A",
                        "M(delivery_state)", "B"],
    "safety_plan":     ["RW", "S", "RW", "S W[shared]", "P[shared]", "-", "-", "-", "B"],
    "diary":           ["RW", "-", "R", "-", "S", "-", "A(no_text)", "-", "-"],
    "inventory":       ["R(client_version) W", "-", "RW", GROUP, "P(names_masked)", "-", "-", "-",
                        "B(emergency_contacts)"],
    "goals_homework":  ["RW", "S", "RW", GROUP, "P", "A", "A", "-", "-"],
    "session_records": ["S", "-", "RW", GROUP, "P", "-", "-", "-", "B(last_two)"],
    # not in the requirements' matrix: decision 0045
    "sign_offs":       ["-", "-", "R W[author] W{second_person}", "R W[author] W{second_person}", "R W{second_person}",
                        "-", "-", "-", "-"],
    "process_notes":   ["-", "-", "RW[author]", "RW[author]", "S[agreed]", "-", "-", "-", "-"],
    "group_records":   ["R(own_part,aliases)", "-", "RW@group", "RW", "P", "M", "A", "M", "-"],
    "supervision":     ["-", "-", "R[about_self]", "R[about_self]", "RW", "R[agreed](scores_only) A", "A", "-", "-"],
    "recordings":      ["R[agreed]", "-", "RW[agreed](auto_delete)", "RW[agreed](auto_delete)",
                        "S[agreed](time_limited)", "-", "-", "M", "-"],
    "insight":         ["S", "-", "R", "-", "P", "-", "A", "-", "-"],
    "medication":      ["R", "S", "RW", "-", "P", "A", "A", "-", "B"],
    "substance_use":   ["R", "-", "RW", "RW[sud_group]", "P", "A", "A(label_filtered)", "-", "B{redisclosure_notice}"],
    "proxy_settings":  ["R[age_allows]", "-", "RW", "-", "-", "R", "-", "M", "-"],
    "legal_ledger":    ["R[unbarred]", "-", "R", "-", "-", "R W{second_person}", "-", "M", "-"],
    "audit_trail":     ["R(who_looked)", "-", "R(own_caseload)", "-", "R[author]", "RW(review_only)", "-",
                        "M(verify_chain)", "-"],
    "manuals":         ["R(lessons_only)", "S(lessons_only)", "R@assigned,cover,programme", "R@group,programme",
                        "R@supervision,programme", "R W{second_person}", "R", "M W(install_only)", "-"],
    "cube":            ["-", "-", "R(own_caseload)", "R(own_groups)", "A(own_team)", "A", "A", "-", "-"],
    "backups":         ["-", "-", "-", "-", "-", "W{second_person}(one_key_share)", "-",
                        "M W(run_only,one_key_share)", "-"],
    "full_export":     ["RW{step_up}", "-", "R{step_up,second_person,notice_lead} W{step_up,notice_lead}", "-", "-",
                        "W(approve_only)", "-", "-", "-"],
    "violence_check":  ["-", "-", "RW", GROUP, "P[shared](names_masked)", "-", "-", "-", "-"],
    "safety_conversation": ["-", "-", "RW", GROUP, "R[escalated] P", "-", "-", "-", "B"],
    # not in the requirements' matrix: switching a part of the program on (docs/reference/policy.md)
    "modules":         ["-", "-", "-", "-", "-", "RW", "-", "M W(run_only)", "-"],
    # nor is administering a service (decision 0050)
    "staff":           ["-", "-", "-", "-", "-", "RW", "-", "RW", "-"],
    "answering":       ["-", "-", "-", "-", "-", "R W{second_person}", "-", "R W{second_person}(second_only)", "-"],
    "crisis_numbers":  ["-", "-", "-", "-", "-", "RW", "-", "RW", "-"],
}
# fmt: on

KEPT_BACK_BY_CLIENTS = {"diary", "goals_homework"}
WRITE_ONLY_ON_A_PHONE = {"diary"}
LEAVING_ASKS = {"violence_check": "step_up", "safety_conversation": "step_up", "recordings": "step_up"}
LEAVING_ASKS |= {"substance_use": "redisclosure_notice"}
NEVER_LEAVES = {"process_notes"}
# Written and never read back: a share of a key, the yes to an export.
WRITES_BLIND = {("lead", "backups"), ("lead", "full_export")}

EXTENT = {"R": "full", "B": "full", "S": "shared", "P": "pseudonymous", "A": "aggregate", "M": "metadata"}
ORDER = ["full", "shared", "pseudonymous", "aggregate", "metadata"]
REFUSED: tuple[bool, str, list[str], list[str]] = (False, "none", [], [])

_PART = re.compile(r"([RWSPAMB-]+)(?:@([\w,]+))?(?:\[([\w,]+)\])?(?:\{([\w,]+)\})?(?:\(([\w,]+)\))?")


def _names(text: str | None) -> list[str]:
    return text.split(",") if text else []


def expected(
    role: str, tie: str, kind: str, action: str, true: set[str] | frozenset[str], **moment: Any
) -> tuple[bool, str, list[str], list[str]]:
    """What the requirements say: allowed, extent, needs, bounds. `moment`: limited, write_only, leaving, solo."""
    asks_leaving = LEAVING_ASKS.get(kind) if moment.get("leaving") else None
    if moment.get("leaving") and kind in NEVER_LEAVES:
        return REFUSED
    if moment.get("write_only") and kind in WRITE_ONLY_ON_A_PHONE and (role, action) == ("client", "read"):
        return REFUSED
    kept_back = bool(moment.get("limited")) and kind in KEPT_BACK_BY_CLIENTS and role != "client"
    if kept_back and "shared" not in true:
        return REFUSED
    found = []
    for part in MATRIX[kind][COLUMNS.index(role)].split():
        letters, through, facts, needs, bounds = _PART.fullmatch(part).groups()  # type: ignore[union-attr]
        if tie == "none" or tie not in (set(_names(through)) or WORKS_THROUGH[role]):
            continue
        if any(fact not in true for fact in _names(facts)):
            continue
        for letter in letters:
            if letter == "-" or (letter == "W") != (action == "write") or (letter == "S" and "shared" not in true):
                continue
            asked = (BREAKING if letter == "B" else []) + _names(needs)
            if asks_leaving and asks_leaving not in asked:
                asked = [*asked, asks_leaving]
            if moment.get("solo") and "second_person" in asked:
                at = asked.index("second_person")
                asked = [*asked[:at], "delay", "written_reason", *asked[at + 1 :]]
            extent = EXTENT.get(letter, "full")
            found.append((True, "shared" if kept_back and extent == "full" else extent, asked, _names(bounds)))
    return min(found, key=lambda one: ORDER.index(one[1])) if found else REFUSED

"""Files that keep the schema: a worked case, changed at random in ways that real courses differ."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from openipt.therapy import shelf

AREAS = (
    "PA_GRIEF", "PA_DISPUTE", "PA_TRANSITION", "PA_DEFICIT", "PA_ROLE_INSECURITY", "PA_COMPLICATED_PREGNANCY",
    "PA_LOST_HEALTHY_SELF", "PA_SELF_IMAGE",
)  # fmt: skip
PROTOCOLS = ("ipt-classic", "ipt-a", "ipt-b", "ipt-m", "ipc", "ipsrt", "rose", "ipt-group-who", "ipt-nowhere")
KINDS = ("attended", "joint", "double", "late_cancel", "no_show", "phone_check", "pre_group")
HIGHEST = {"PHQ9": 3, "PHQA": 3, "GAD7": 3, "WSAS": 8, "ALLIANCE5": 4}
OTHERS = ("CSSRS", "ASQ", "SRM5", "EPDS", "GDS15", "CESD", "PCL5", "ASRM", "EDE_Q", "MOSSSS", "RSES", "CORE10", "WHO5")
ATTENDANCE = ("present", "late", "left_early", "absent_notice", "absent_no_notice", "dropped_out")
ENDINGS = ("finished", "stopped_coming", "referred", "moved", "died")
# Taking these away breaks references or sums, or another key of the schema or of the facts asks for them.
KEPT = {"inventory", "events", "members", "sessions", "items", "mood", "mood_thermometer", "rule", "reason", "kind"}


@cache
def schema() -> dict[str, Any]:
    path: Path = shelf.shelves()[-1] / "case.schema.json"
    return json.loads(path.read_text(encoding="utf-8"))


def changed(data: dict[str, Any], random: Random, *, bare: bool = False) -> dict[str, Any]:
    """Return a lawful neighbour of a file; `bare` takes away everything that is optional."""
    data = copy.deepcopy(data)
    _sessions(data, random)
    _dates(data, random)
    _scores(data, random)
    data["case"]["protocol"] = random.choice(PROTOCOLS)
    if "group" in data:
        _group(data, random)
    else:
        _individual(data, random)
    _prune(data, schema()["then" if "group" in data else "else"], random, 1.0 if bare else random.choice((0, 0.1, 0.5)))
    return data


def _sessions(data: dict[str, Any], random: Random) -> None:
    rows = data["sessions"]
    keep = random.choice((1.0, 1.0, 0.7, 0.2))
    chosen = [row for row in rows if random.random() < keep] or ([] if "group" in data and keep < 0.5 else rows[:1])
    data["sessions"] = chosen
    for row in chosen:
        if "group" not in data and random.random() < 0.3:
            row["kind"] = random.choice(KINDS)
            row.pop("joint_with", None)
        if random.random() < 0.1:
            row["tasks"] = []


def _dates(data: dict[str, Any], random: Random) -> None:
    if random.random() < 0.5:
        return
    day = date(random.choice((1990, 2024, 2031)), random.randint(1, 12), random.randint(1, 28))
    for row in data["sessions"]:
        day += timedelta(random.choice((0, 1, 6, 7, 7, 8, 14, 23, 90)))
        row["date"] = day.isoformat()


def _scores(value: Any, random: Random, key: str = "") -> None:
    if isinstance(value, dict):
        if key in HIGHEST and isinstance(value.get("items"), list) and random.random() < 0.7:
            low, high = sorted((random.randint(0, HIGHEST[key]), random.randint(0, HIGHEST[key])))
            value["items"] = [random.randint(low, high) for _ in value["items"]]
            value["total"] = sum(value["items"])
        elif key in HIGHEST and "total" in value and random.random() < 0.2:
            value.pop("items", None)
        for name, part in value.items():
            _scores(part, random, name)
    elif isinstance(value, list):
        for part in value:
            _scores(part, random, key)


def _individual(data: dict[str, Any], random: Random) -> None:
    area = random.choice(AREAS)
    data["case"]["problem_area"] = data["formulation"]["area_primary"] = data["contract"]["focus"] = area
    data["formulation"]["area_secondary"] = random.choice((None, *AREAS))
    data["formulation"]["client_fit"] = random.randint(0, 10)
    data["formulation"]["session"] = random.randint(1, 20)
    data["client"]["age"] = random.randint(8, 110)
    contract = data["contract"]
    contract["sessions_n"] = random.choice((1, 3, 8, 12, 14, 16, 30))
    if random.random() < 0.4:
        extension = {"sessions": random.randint(1, 4), "agreed_session": random.randint(1, 20), "until": "2026-03-01"}
        contract["extension"] = extension
    for row in data["sessions"]:
        if random.random() < 0.2:
            short = random.choice(OTHERS)
            row["measures"][short] = {"total": random.randint(0, 9)}
            if short in ("CSSRS", "ASQ", "SRM5"):
                items = [random.randint(0, 1) for _ in range(7 if short == "CSSRS" else 5)]
                row["measures"][short] = {"items": items, "total": sum(items)}
        if random.random() < 0.1:
            row["measures"] = {"GAD7": {"total": 4}}
    data["outcome"]["ending"] = random.choice(ENDINGS)
    if "dispute_map" in data and random.random() < 0.3:
        data["dispute_map"]["stage_history"] = []
    if random.random() < 0.3:
        data["closeness_snapshots"] = []
    if random.random() < 0.3:
        data["timeline"] = {"events": [], "symptom_points": []}
        data["formulation"]["precipitants"] = []


def _group(data: dict[str, Any], random: Random) -> None:
    for row in data["sessions"]:
        for line in row["attendance"]:
            if random.random() < 0.3:
                line["status"] = random.choice(ATTENDANCE)
        if random.random() < 0.2:
            row["attendance"] = row["attendance"][: random.randint(0, 4)]
    for member in data["members"]:
        member["age"] = random.randint(8, 110)
        member["problem_area"] = random.choice(AREAS)
        member["outcome"]["ending"] = random.choice(ENDINGS)
        if random.random() < 0.2:
            member["pregroup"].pop("PHQ9", None)


def _prune(value: Any, rule: dict[str, Any], random: Random, share: float) -> None:
    """Take away optional keys at random."""
    rule = _resolved(rule)
    if isinstance(value, dict):
        required = set(rule.get("required", ()))
        for key in list(value):
            free = key in rule.get("properties", {}) and key not in required and key not in KEPT
            free = free and not (key == "member" and "action" in value)  # a flag in a group has an owner
            if free and random.random() < share:
                del value[key]
            elif key in rule.get("properties", {}):
                _prune(value[key], rule["properties"][key], random, share)
    elif isinstance(value, list):
        for part in value:
            _prune(part, rule.get("items", {}), random, share)


def _resolved(rule: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in rule:
        rule = schema()["$defs"][rule["$ref"].rsplit("/", 1)[1]]
    return rule

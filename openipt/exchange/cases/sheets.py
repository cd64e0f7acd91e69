"""From the sheets of a case file to answers of our forms: the same facts under the forms' own names."""

from __future__ import annotations

from typing import Any

from openipt.exchange.cases.taking import Tree, texts


def communication(incident: Tree) -> dict[str, Any]:
    """Answers of the communication analysis."""
    lines = []
    for line in incident.rows("lines"):
        said = line.some("speaker", "said", "delivery", "felt", "guess_other_felt", "missed_cue", "turning_point")
        if "unspoken_wish" in line:
            said["thought_wanted"] = line.take("unspoken_wish")
        lines.append(said)
    return {
        **incident.some(
            "when",
            "where",
            "channel",
            "with_person",
            "aim_before",
            "outcome",
            "mood_before",
            "mood_after",
            "got_what_wanted",
            "other_side",
            "rewrite",
        ),
        "lines": lines,
        "assumptions_unchecked": _texts(incident, "assumptions_unchecked"),
    }


def decision(sheet: Tree) -> dict[str, Any]:
    """Answers of the decision analysis."""
    options = [
        {**row.some("text", "feasible"), "pros": _texts(row, "pros"), "cons": _texts(row, "cons")}
        for row in sheet.rows("options")
    ]
    options = [{key: value for key, value in option.items() if value is not None} for option in options]
    return {**sheet.some("problem", "choice", "confidence"), "options": options}


def recovery(sheet: Tree) -> dict[str, Any]:
    """Answers of time to recover."""
    return {**sheet.some("until", "told", "ended"), "duties_reduced": _texts(sheet, "duties_reduced")}


def relapse(sheet: Tree) -> dict[str, Any]:
    """Answers of the relapse plan."""
    levels = sheet.into("levels")
    return {
        "my_early_signs": _texts(sheet, "early_signs"),
        "triggers": _texts(sheet, "triggers"),
        "what_worked": _texts(sheet, "what_worked"),
        "levels": {colour: {"actions": levels.take(colour)} for colour in levels.data} or None,
        "check_in_dates": [{"date": day} for day in sheet.take("check_in_dates", [])],
        **sheet.some("people_plan", "measure_rule", "come_back_route"),
    }


def safety_plan(sheet: Tree) -> dict[str, Any]:
    """Answers of the safety plan."""
    return {
        "warning_signs": _texts(sheet, "warning_signs"),
        "alone": _texts(sheet, "alone"),
        **sheet.some(
            "version",
            "made_with",
            "people_places_distract",
            "people_i_can_tell",
            "professionals",
            "emergency_number",
            "safer_surroundings",
            "reason_to_live",
            "confidence_can_use",
            "review_by",
        ),
    }


def formulation(sheet: Tree) -> dict[str, Any]:
    """Answers of the formulation."""
    return {
        "precipitants": [{"event": event} for event in sheet.take("precipitants", [])],
        "strengths": _texts(sheet, "strengths"),
        **sheet.some(
            "version",
            "condition_label",
            "plain_name",
            "area_primary",
            "area_secondary",
            "why_now",
            "link_statement",
            "vulnerability",
            "client_fit",
            "client_words",
        ),
    }


def contract(sheet: Tree) -> dict[str, Any]:
    """Answers of the contract, without an extension: that was agreed later."""
    return {
        "review_points": [{"session": number} for number in sheet.take("review_points", [])],
        **sheet.some(
            "sessions_n",
            "minutes",
            "cadence",
            "start",
            "planned_end",
            "modality",
            "focus",
            "recording_consent",
            "between_contact_rule",
            "crisis_plan_ack",
            "who_else_involved",
        ),
    }


def goal(sheet: Tree) -> dict[str, Any]:
    """Answers of a goal, without the ratings: those came later."""
    limit = sheet.into("boundary")
    boundary = {**limit.some("how_i_say_it", "if_crossed"), "not_ok": _texts(limit, "not_ok")} if limit.data else None
    return {**sheet.some("scope", "statement", "unit", "baseline", "target"), "boundary": boundary}


def transition(sheet: Tree) -> dict[str, Any]:
    """Answers of the role transition, without what was added in later sessions."""
    old, new = sheet.into("old_role"), sheet.into("new_role")
    return {
        **sheet.some("change_name", "wanted", "lost", "skills_needed"),
        "old_role": {**old.some("how_it_felt"), **{key: texts(old.take(key)) for key in ("good", "bad") if key in old}},
        "new_role": {key: texts(new.take(key)) for key in ("good", "bad", "demands", "chances", "fears") if key in new},
    }


def dispute(sheet: Tree) -> dict[str, Any]:
    """Answers of the dispute map, without its stages: those were seen in different sessions."""
    return {
        **sheet.some(
            "person",
            "issue_one_line",
            "since",
            "open",
            "expectations_mine",
            "expectations_theirs",
            "kept_going_by",
            "alternatives",
            "safety_check",
        ),
        "guesses_to_check": _texts(sheet, "guesses_to_check"),
        "parallels": _texts(sheet, "parallels"),
    }


def pattern(sheet: Tree) -> dict[str, Any]:
    """Answers of one line of the pattern log."""
    said = sheet.some("date", "person", "trigger", "i_did", "they_did", "after_mood", "caught_when")
    return {**said, "i_told_myself_about_them": sheet.take("i_told_myself")}


def _texts(sheet: Tree, key: str) -> list[dict[str, str]] | None:
    return texts(sheet.take(key)) if key in sheet else None

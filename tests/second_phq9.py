"""The PHQ-9 once more, written from the published form and sharing no line with the engine.

Nine questions about the last two weeks, each answered 0 (not at all) to 3 (nearly every day). A tenth question about
difficulty is not scored. Source: Kroenke, Spitzer and Williams 2001 (total, bands, the two syndromes). Up to two
blanks are made up with the mean of the answers given, rounded half up. A blank (absent, or None) is never zero.
"""

QUESTIONS = ["q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9"]


def second_opinion(sheet):
    """Score one sheet of possible answers; None stands for "not known"."""
    given = {question: sheet[question] for question in QUESTIONS if sheet.get(question) is not None}
    blank = [question for question in QUESTIONS if question not in given]
    total = total_of(list(given.values()))
    core_sure, core_open = present(given, ["q1", "q2"]), sum(question in ("q1", "q2") for question in blank)
    sure, still_open = present(given, QUESTIONS), len(blank)
    return {
        "status": "unscored" if total is None else "prorated" if blank else "scored",
        "total": total,
        "n_core": None if core_open else core_sure,
        "n_symptoms": None if still_open else sure,
        "band": band_of(total),
        "ten_or_more": None if total is None else total >= 10,
        "major": major(core_sure, core_sure + core_open, sure, sure + still_open),
        "other": other(core_sure, core_sure + core_open, sure, sure + still_open),
        "findings": findings(given),
        "blank": blank,
    }


def total_of(points):
    """Add up; make up for one or two blanks with the mean of the rest. In whole numbers, so that nothing gets lost."""
    if len(points) < 7:
        return None
    return (2 * 9 * sum(points) + len(points)) // (2 * len(points))


def band_of(total):
    """Name the published stretch a total lies in."""
    if total is None:
        return None
    if total <= 4:
        return "minimal"
    if total <= 9:
        return "mild"
    if total <= 14:
        return "moderate"
    if total <= 19:
        return "moderately_severe"
    return "severe"


def present(given, questions):
    """Count the symptoms that are there: more than half the days; for question 9 several days are enough."""
    return sum(given.get(question, -1) >= (1 if question == "q9" else 2) for question in questions)


def major(core_least, core_most, least, most):
    """Tell whether there is a core symptom among five or more: yes or no once it is certain, else None."""
    if core_least >= 1 and least >= 5:
        return True
    if core_most == 0 or most < 5:
        return False
    return None


def other(core_least, core_most, least, most):
    """Tell whether there is a core symptom among two to four."""
    if core_least >= 1 and least >= 2 and most <= 4:
        return True
    if core_most == 0 or most < 2 or least > 4:
        return False
    return None


def findings(given):
    """Name what a person must see in question 9."""
    if "q9" not in given:
        return ["risk_item_skipped"]
    found = []
    if given["q9"] >= 1:
        found.append("suicidal_ideation")
    if given["q9"] >= 2:
        found.append("suicidal_ideation_frequent")
    return found

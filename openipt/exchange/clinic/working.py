"""The sheets of the work in a made-up course: dispute, change of role, grief, few ties; one story told further."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from openipt.exchange.clinic.chance import likely, some, whole
from openipt.exchange.clinic.rows import months_before, texts
from openipt.exchange.clinic.story import Story

STAGES = ("impasse", "renegotiation")


def done_so_far(story: Story, at: datetime) -> float:
    """Return how much of the planned course has passed, 0 to 1."""
    begun = story.calendar.slots[0].day
    return min(1.0, max(0.0, (at.date() - begun).days / story.illness.days))


OFTEN = 0.45


def area_sheet(story: Story, tasks: list[str], at: datetime, number: int, path: str) -> str | None:
    """Write the sheet of the focus where one of its steps was worked on and the sheet was out; return its code."""
    forbidden = set(story.manual.forbid)
    for family, (code, form, fill) in _SHEETS.items():
        if (
            any(task.startswith(family) and task != "DSP.08" for task in tasks)
            and code not in forbidden
            and _is_focus(story, family)
        ):
            if story.newest(form) and not likely(story.chance.of("sheet", number), OFTEN):
                return None
            about = story.cast.who.id if form == "dispute-map" else None
            story.write(form, fill(story, at, number), at, f"{path}/{form}", about=about)
            return code
    return None


def _is_focus(story: Story, family: str) -> bool:
    return family in _FAMILIES.get(story.cast.area, ())


def _dispute(story: Story, at: datetime, number: int) -> dict[str, Any]:
    stream, plot, words = story.chance.of("dispute", number), story.cast.plot, story.words
    before = story.newest("dispute-map")
    moved = done_so_far(story, at) > story.chance.of("dispute").uniform(0.4, 0.8) and story.illness.kind != "worsens"
    stage = STAGES[moved]
    evidence = "First talk about it in months, loud and honest" if moved else "We only speak about what has to be done"
    history = list(before.get("stage_history", []))
    if not history or history[-1]["stage"] != stage:
        history.append({"session": number, "date": at.date().isoformat(), "stage": stage, "evidence": evidence})
    said_aloud = done_so_far(story, at) * 1.2
    mine = [
        {
            "text": text,
            "importance": 5 - n,
            "said_aloud": n < said_aloud * 3 - 0.5,
            "met": whole(3 * said_aloud - n, 0, 4),
        }
        for n, text in enumerate(plot["mine"])
    ]
    told = ("guess", "told_me")
    theirs = before.get("expectations_theirs") or [
        {"text": text, "source": stream.choice(told), "importance": 4} for text in plot["theirs"]
    ]
    return {
        "person": story.cast.who.id,
        "issue_one_line": words.fill(plot["issue"]),
        "since": months_before(story.calendar.slots[0].day, plot["before"]),
        "open": "spoken" if moved else "hidden",
        "expectations_mine": mine,
        "expectations_theirs": theirs,
        "guesses_to_check": texts([words.fill(text) for text in plot["guesses"]]),
        "stage": stage,
        "stage_evidence": evidence,
        "stage_history": history,
        "kept_going_by": words.fill(plot["kept"]),
        "alternatives": [{"text": "Leave it as it is"}, {"text": "Talk it through, one point at a time"}],
        "hope_0_10": whole(3 + 5 * done_so_far(story, at), 0, 10),
    }


def _transition(story: Story, at: datetime, number: int) -> dict[str, Any]:
    stream, plot, words = story.chance.of("transition", number), story.cast.plot, story.words
    before, gone = story.newest("role-transition"), done_so_far(story, at)
    managed = list(before.get("mastery_log", []))
    if gone > 0.35 and len(managed) < len(plot["managed"]) and likely(stream, 0.7):
        what = words.fill(plot["managed"][len(managed)])
        managed.append({"date": at.date().isoformat(), "what": what, "pride": stream.randint(4, 9)})
    look = {"session": number, "balance_old": whole(8 - 2 * gone, 0, 10), "balance_new": whole(2 + 5 * gone, 0, 10)}
    return {
        "change_name": plot["change"],
        "date": months_before(story.calendar.slots[0].day, plot["before"]),
        "wanted": plot["wanted"],
        "old_role": {key: texts(list(map(words.fill, plot[f"old_{key}"]))) for key in ("good", "bad")},
        "lost": [{**row, "what": words.fill(row["what"]), "intensity": stream.randint(5, 9)} for row in plot["lost"]],
        "new_role": {
            "bad": texts(list(map(words.fill, plot["hard"]))),
            "fears": texts(list(map(words.fill, plot["fears"]))),
            "good": texts(list(map(words.fill, plot["good"]))) if gone > 0.3 else None,
            "demands": texts(list(map(words.fill, plot["demands"]))),
        },
        "skills_needed": [{"skill": words.fill(text), "have": whole(2 + 5 * gone, 0, 10)} for text in plot["skills"]],
        "mastery_log": managed or None,
        "balance": [*before.get("balance", []), look],
    }


def _grief(story: Story, at: datetime, number: int) -> dict[str, Any]:
    stream, plot, words = story.chance.of("grief", number), story.cast.plot, story.words
    parts = ["story", "relationship", "feelings", "reminders", "reengage"]
    opened = parts[: max(1, whole(5.6 * done_so_far(story, at), 1, 5))]
    upset = stream.randint(3, 7)
    said: dict[str, Any] = {
        "sections_open": opened,
        "distress_now_before": upset,
        "person": story.cast.who.id,
        "relation": story.cast.who.relation,
        "date_of_death": months_before(story.calendar.slots[0].day, plot["before"]),
        "cause_kind": plot["cause"],
        "timeline_of_death": plot["story"],
        "funeral_ritual": plot["ritual"],
        "said_unsaid": plot["unsaid"],
        "distress_now_after": max(0, upset + stream.choice((-2, -1, 0, 1))),
    }
    if "relationship" in opened:
        loved, hard = texts(plot["loved"]), texts(plot["difficult"])
        said["relationship"] = {"loved": loved, "found_hard": hard, "unfinished": plot["unfinished"]}
    if "feelings" in opened:
        named = some(stream, ["grief", "guilt", "anger", "relief", "longing"], 2, 3)
        said["feelings"] = [{"emotion": one, "intensity": stream.randint(4, 9)} for one in named]
    if "reminders" in opened:
        avoided = whole(9 - 7 * done_so_far(story, at), 0, 10)
        said["reminders"] = [{"what": what, "avoided": avoided} for what in plot["reminders"]]
    if "reengage" in opened:
        said["reengage"] = [{"activity": words.fill(what)} for what in plot["back"]]
    return said


def _isolation(story: Story, at: datetime, number: int) -> dict[str, Any]:
    stream, plot, words = story.chance.of("isolation", number), story.cast.plot, story.words
    before, gone = story.newest("isolation"), done_so_far(story, at)
    climbed = whole((len(plot["ladder"]) + 0.5) * gone * (0.5 if story.illness.kind == "unchanged" else 1), 0, 9)
    rungs = [
        {
            "text": words.fill(text),
            "size": 2 + n,
            "rehearsed": n <= climbed,
            "status": "done" if n < climbed else "planned",
        }
        for n, text in enumerate(plot["ladder"])
    ]
    contacts = whole(stream.gauss(1.5 + 4 * gone, 1), 0, 30)
    week = {"week_of": at.date().isoformat(), "contacts": contacts, "begun_by_me": contacts // 2}
    return {
        "best_tie": {"what_it_was_like": words.fill(plot["best"])},
        "worst_tie": {"what_it_was_like": words.fill(plot["worst"])},
        "what_repeats": plot["repeats"],
        "wish": plot["wish"],
        "ladder": rungs,
        "setting": {"what": plot["setting"], "times_been": whole(6 * gone - 1.5, 0, 20)},
        "weeks": [*before.get("weeks", []), week],
    }


_SHEETS = {
    "DSP": ("WS_DISPUTE", "dispute-map", _dispute),
    "TRN": ("WS_TRANSITION", "role-transition", _transition),
    "GRF": ("WS_GRIEF", "grief-reconstruction", _grief),
    "DEF": ("WS_ISOLATION", "isolation", _isolation),
}
_FAMILIES = {
    "PA_DISPUTE": ("DSP",),
    "PA_TRANSITION": ("TRN",),
    "PA_GRIEF": ("GRF",),
    "PA_DEFICIT": ("DEF",),
    "PA_COMPLICATED_PREGNANCY": ("TRN",),
}

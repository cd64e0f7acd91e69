"""How a made-up course ends: what is prepared in the last sessions, the ending, the check-ins after it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from openipt.exchange.cases.clock import on
from openipt.exchange.clinic.chance import likely
from openipt.exchange.clinic.rows import texts
from openipt.exchange.clinic.story import Story
from openipt.exchange.clinic.wording import page
from openipt.therapy.record import Record

MONTH = timedelta(days=28)
LETTER = 10  # hour at which a closing letter is written


def prepare(story: Story, known: Record, tasks: list[str], at: datetime, path: str) -> list[str]:
    """Write the plan for staying well the first time it is spoken about; return the codes of sheets used."""
    if "END.05" not in tasks or known.of("relapse-plan") or story.newest("relapse-plan"):
        return []
    words, last = story.words, story.calendar.slots[-1].day
    drawn = [words.draw("signs", page("talk")["signs"]) for _ in range(3)]
    signs = [{**sign, "text": words.fill(sign["text"])} for sign in drawn]
    said = {
        "my_early_signs": signs,
        "triggers": texts(words.several("triggers", 2)),
        "what_worked": texts(words.several("worked", 3)),
        "people_plan": [{"person": story.cast.other.id, "does": "Is told when the signs are there", "agreed": True}],
        "levels": {colour: {"actions": words.phrase(f"levels.{colour}")} for colour in ("green", "amber", "red")},
        "measure_rule": words.phrase("measure_rule"),
        "come_back_route": words.phrase("way_back"),
        "check_in_dates": [{"date": (last + MONTH * n).isoformat()} for n in (1, 3)],
    }
    story.write("relapse-plan", said, at, f"{path}/relapse-plan")
    return ["WS_RELAPSE"]


def end(story: Story) -> None:
    """Close the course: after its last session, or by a letter to somebody who has stopped coming."""
    calendar, phrase = story.calendar, story.words.phrase
    said: dict[str, Any] = {"ending": calendar.ending, "on": calendar.ended_on.isoformat()}
    at = calendar.slots[-1].at + timedelta(minutes=58)
    if calendar.ending == "stopped_coming":
        at = on(calendar.ended_on).replace(hour=LETTER)
        said |= {
            "who_was_told": phrase("who_told"),
            "way_back": phrase("way_back"),
            "next_step": phrase("stopped_next"),
        }
    elif calendar.ending == "referred":
        said |= {
            "next_step": phrase("next_step.switch_or_refer"),
            "referred_to": phrase("referred_to"),
            "arrived": True,
        }
    else:
        said |= {"next_step": _next_step(story), "way_back": phrase("way_back")}
    story.ended_on = calendar.ended_on
    story.write("ending", said, at, "ending")


def _next_step(story: Story) -> str:
    if story.calendar.ending == "moved":
        return story.words.phrase("moved_next")
    decided = story.newest("decision-record").get("action")
    return story.words.phrase(f"next_step.{decided if decided in page('talk')['next_step'] else 'check_ins'}")


def look_back(story: Story, until: datetime) -> None:
    """Write the check-ins after the ending, with a questionnaire, for those who came to the end."""
    if story.calendar.ending != "finished" or story.manual.purpose != "treatment":
        return
    for months in (1, 3, 6):
        day = story.calendar.ended_on + MONTH * months
        at = on(day).replace(hour=15)
        if at > until or not likely(story.chance.of("check-in", months), 0.75):
            continue
        said = {"date": day.isoformat(), "months": months, "note": story.words.phrase("check_in_note")}
        story.write("check-in", said, at, f"check-in/{months}")
        form = story.manual.outcome[0]
        answers = story.answering.depression(form, day, thoughts=0)
        story.write(form, answers, at - timedelta(minutes=9), f"check-in/{months}/{form}", by_client=True)

"""What a made-up course begins with: the intake some weeks before, the consent, medication taken already."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from openipt.exchange.cases.clock import DOOR, on
from openipt.exchange.clinic.chance import likely
from openipt.exchange.clinic.people import caregivers
from openipt.exchange.clinic.rows import months_before, texts
from openipt.exchange.clinic.story import Story
from openipt.exchange.clinic.timeline import ONSET
from openipt.exchange.clinic.wording import page
from openipt.therapy.course.flags import ADULT


def intake(story: Story) -> None:
    """Write the intake: who comes, from where, with what. It lies some weeks before the first session."""
    stream, phrase, cast = story.chance.of("intake"), story.words.phrase, story.cast
    first = story.calendar.slots[0].day
    day = first - timedelta(days=stream.randint(6, 40))
    teen = cast.stage == "teen"
    kind = {"ipt-m": "maintenance", "ipt-perinatal": "perinatal"}.get(story.manual.id, "teen" if teen else "adult")
    taking = likely(stream, 0.3)
    thoughts = story.answering.depression(story.manual.outcome[0], day, thoughts=None).get("q9", 0)
    said = {
        "alias": cast.alias,
        "age": cast.age,
        "pronouns": cast.pronouns,
        "occupation": story.words.draw("occupation", page("people")["occupations"][_work(story)]),
        "household": _household(story),
        "language": "en",
        "referral": {"from": phrase("referral_from"), "date": day.isoformat(), "reason": phrase("referral_reason")},
        "diagnosis": phrase(f"diagnosis.{kind}"),
        "assessed_by": phrase("assessed_by"),
        "onset_approx": months_before(first, cast.plot["before"] * ONSET),
        "medical": phrase("medical"),
        "medication": {
            "status": "taking" if taking else "none",
            "offered": True,
            "decision": phrase("medication_decision"),
        },
        "substances": None if teen else {"note": phrase("substances")},
        "risk": {
            "suicidal_thoughts": phrase("some_thoughts" if thoughts else "no_thoughts"),
            "protective": texts(story.words.several("protective", 2)),
        },
        "strengths": texts(story.words.several("strengths", 3)),
        "trigger": story.words.fill(cast.plot["why_now"]),
        "barriers": phrase("barriers"),
        "goal": phrase("client_goals"),
    }
    at = on(day, DOOR) + timedelta(hours=2)
    story.write("intake", said, at, "intake")
    if taking:
        medicate(story, on(day - timedelta(days=stream.randint(20, 120)), DOOR), "Begun before the referral", told=at)


def _work(story: Story) -> str:
    if story.cast.stage != "adult":
        return story.cast.stage
    return "young" if story.cast.age < 26 else "adult"


def _household(story: Story) -> str:
    homes, cast = page("people")["households"], story.cast
    partner = next((one for one in cast.living if one.relation == "partner"), None)
    if cast.stage == "teen":
        return str(story.words.draw("household", homes["parents"]))
    if partner:
        return str(story.words.draw("household", homes["family"])).format(who=partner.alias)
    return str(story.words.draw("household", homes["shared" if cast.age < 30 else "alone"]))


def consent(story: Story, at: datetime) -> None:
    """Write what was agreed to; for a young person also who agreed, and what they will see."""
    stream = story.chance.of("consent")
    said: dict[str, Any] = {
        "text_version": "1",
        "treatment": True,
        "research": likely(stream, 0.6),
        "recording": stream.choice(("none", "none", "supervision")),
    }
    if story.cast.age < ADULT:
        day = at.date().isoformat()
        said |= {
            "caregivers": [{"person": one.id, "date": day} for one in caregivers(story)],
            "assent_on": day,
            "assent_words": story.words.phrase("assent_words"),
            "caregivers_see": texts(story.words.several("caregivers_see", 2)),
        }
    story.write("consent", said, at, "consent")


def medicate(story: Story, moment: datetime, why: str, *, told: datetime | None = None) -> None:
    """Write a change of medication: begun, or raised where some is taken already; `told` is when we heard of it."""
    taken, day = story.newest("medication"), moment.date()
    drug = story.words.draw("drugs", page("talk")["drugs"])
    if taken:
        drug = next(one for one in page("talk")["drugs"] if one["drug"] == taken["drug"])
    said = {
        "date": day.isoformat(),
        "drug": drug["drug"],
        "action": "increase" if taken else "start",
        "dose_mg": drug["doses"][1 if taken else 0],
        "prescriber": story.words.phrase("prescribers"),
        "reason": why,
    }
    story.write("medication", said, moment, f"medication/{day}", told=told)

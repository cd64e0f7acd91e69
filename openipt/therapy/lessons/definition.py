"""A lesson as it stands on the shelf: the head of `lesson.md` and the text below it, frozen and strict."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from openipt.therapy.lessons.markdown import Block

# The parts of the shelf, in the order in which a reader meets them.
Part = Literal["start", "areas", "feelings", "talking", "choices", "care", "background", "group"]
Reader = Literal["everyone", "young people", "facilitators"]


class Strict(BaseModel):
    """A piece of a lesson: frozen, and a key it does not know is refused by name."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Answer(Strict):
    """One answer to a check question, and what is said to somebody who chose it."""

    words: str = Field(min_length=1)
    right: bool
    reply: str = Field(min_length=1)


class Check(Strict):
    """A question to check oneself. More than one answer may be right; nothing is counted or kept."""

    ask: str = Field(min_length=1)
    picture: str | None = None  # a drawn face or posture: a name of library/pictures.yaml
    see: str | None = None  # what there is to see or hear, in words, so that nobody needs a picture
    answers: tuple[Answer, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _can_be_answered(self) -> Check:
        if not any(answer.right for answer in self.answers):
            raise ValueError("no answer is right; expected at least one with `right: true`")
        if self.picture and not self.see:
            raise ValueError("a picture without words; expected `see`, for whoever does not see it")
        words = [answer.words for answer in self.answers]
        if len(set(words)) < len(words):
            raise ValueError("the same answer stands twice; expected each answer once")
        return self


class Activity(Strict):
    """One part of a group meeting: what it is called, how long it takes, how it is done."""

    name: str = Field(min_length=1)
    minutes: int = Field(ge=1, le=240)
    how: str = Field(min_length=1)


class Group(Strict):
    """What a facilitator needs to hold one meeting of a course for groups."""

    course: str
    session: int = Field(ge=1)
    aim: str = Field(min_length=1)
    materials: tuple[str, ...]
    strategies: tuple[str, ...]
    activities: tuple[Activity, ...] = Field(min_length=1)


class Lesson(Strict):
    """A lesson: who it is for, its text, its questions, one small step, and on what sources it rests."""

    grammar: Literal["openipt-lesson/1"]
    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    title: str = Field(min_length=1)
    summary: str = Field(min_length=1)
    part: Part
    order: int = Field(ge=1)  # within its part
    minutes: int = Field(ge=1, le=240)
    readers: Reader = Field(alias="for")
    areas: tuple[str, ...] = ()  # problem areas it belongs to; none where it suits them all
    adjunct: bool = False  # useful beside IPT and no part of it
    stop_if: str | None = None
    worksheets: tuple[str, ...] = ()
    sources: tuple[str, ...] = Field(min_length=1)
    check: tuple[Check, ...] = Field(min_length=1)
    step: str = Field(alias="try", min_length=1)
    audio: str | None = None  # a note for whoever records it
    group: Group | None = None
    text: tuple[Block, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Lesson:
        if self.adjunct and not self.stop_if:
            raise ValueError("an adjunct without `stop_if`; expected words that say when to stop")
        if (self.readers == "facilitators") != (self.group is not None):
            raise ValueError("`for: facilitators` and `group` belong together; expected both or neither")
        if self.group and sum(one.minutes for one in self.group.activities) != self.minutes:
            raise ValueError(f"the activities do not last {self.minutes} minutes; expected the minutes of the lesson")
        return self

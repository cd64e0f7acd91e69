"""The words of the made-up clinic: pages of short sentences, and how a course draws from them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from openipt.exchange.clinic.chance import Chance
from openipt.therapy.shelf import read_definition

PAGES = Path(__file__).parent / "words"
PLOTS = {
    "PA_DISPUTE": "disputes",
    "PA_TRANSITION": "transitions",
    "PA_GRIEF": "griefs",
    "PA_DEFICIT": "lonely",
    "PA_COMPLICATED_PREGNANCY": "births",
}


@cache
def page(name: str) -> Any:
    """Return one page of words, read once."""
    return read_definition(PAGES / f"{name}.yaml", f"clinic/words/{name}.yaml").data


class Wording:
    """The words one course draws. A list is gone through in an order of its own before anything is said twice."""

    def __init__(self, chance: Chance, stage: str, **slots: str) -> None:
        self.chance = chance
        self.stage = stage  # of life: where a list has a sister for it (`referral_from_teen`), that one is taken
        self.slots = slots
        self._left: dict[str, list[Any]] = {}
        self._rounds: dict[str, int] = {}

    def draw(self, key: str, options: list[Any]) -> Any:
        """Return the next of these options; `key` names the pile they lie on."""
        if not self._left.get(key):
            self._rounds[key] = self._rounds.get(key, 0) + 1
            self._left[key] = self.chance.of("words", key, self._rounds[key]).sample(options, len(options))
        return self._left[key].pop()

    def phrase(self, key: str) -> str:
        """Return the next sentence of a list of the page `talk` (`"note_middle"`, `"reasons.adjust"`)."""
        return self.phrase_with(key)

    def phrase_with(self, key: str, **slots: str) -> str:
        """Return the next sentence of a list, with more slots than the names of this course."""
        options, (first, *rest) = page("talk"), key.split(".")
        options = options.get(f"{first}_{self.stage}") or options[first]
        for part in rest:
            options = options[part]
        return str(self.draw(key, options)).format(**self.slots, **slots)

    def several(self, key: str, n: int) -> list[str]:
        """Return so many different sentences of a list."""
        return list(dict.fromkeys(self.phrase(key) for _ in range(n)))

    def fill(self, text: str) -> str:
        """Put the names of this course into a sentence."""
        return text.format(**self.slots)


def order_of(matter: str, options: list[Any]) -> list[Any]:
    """Return options in an order that is the same for every course."""
    return Random(matter).sample(options, len(options))  # noqa: S311 - an order, nothing secret

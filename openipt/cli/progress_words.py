"""What a page says of a followed measure: sentences by id, each size in everyday units, none of them a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from openipt.therapy.progress import half_up_pct, is_clinical, rates
from openipt.therapy.progress.early import FIRST_DAY, HOPED_PCT, LAST_DAY
from openipt.therapy.vocabulary import vocabulary
from openipt.therapy.words import Sentence, render, say

if TYPE_CHECKING:
    from openipt.therapy.course.following import Followed


def state_phrase(one: Followed) -> str:
    """Return the state in words, with its reason."""
    if one.state is None:
        return render(say("progress.found.nothing"))
    shown = vocabulary()["states"][one.state.id]["shown"]
    return f"{shown[:1].upper()}{shown[1:]}. {render(one.state.why)}"


def findings(one: Followed) -> Iterator[Sentence]:
    """Yield what there is to say of one client, in the order of its weight."""
    if one.baseline is None or one.last is None:
        return
    shown = {"form": one.form.name, "first": one.baseline, "last": one.last, "n": one.n}
    yield say("progress.found.scores", **shown)
    if one.change is not None:
        yield _changed(one, abs(round(one.change, 2)))
    if one.clinically_significant:
        yield say("progress.found.recovered")
    if one.early_response:
        yield say("progress.found.early", percent=half_up_pct(HOPED_PCT), first=FIRST_DAY, last=LAST_DAY)
    if one.response:
        yield say("progress.found.response")
    if one.remission:
        yield say("progress.found.remission")
    for gain in one.sudden_gains:
        if gain.size is not None:
            yield say("progress.found.gain", on=gain.after, points=round(gain.size, 2))
    unknown = [gain.after for gain in one.sudden_gains if gain.size is None]
    if unknown:
        yield say("progress.found.gain_unknown", n=len(unknown), days=tuple(unknown))
    if one.predicted and one.predicted.shown and is_clinical(one.baseline, one.form.change) is not False:
        p = half_up_pct(100 * one.predicted.p_no_reliable_improvement)
        yield say("progress.found.predicted", on=one.predicted_on, p=p)


def _changed(one: Followed, points: float) -> Sentence:
    if one.reliable is None:
        return say("progress.found.no_number", form=one.form.name)
    if one.reliable == "improved":
        return say("progress.found.improved", points=points)
    if one.reliable == "deteriorated":
        return say("progress.found.deteriorated", points=points)
    return say("progress.found.unchanged", points=points)


def rows_of_rates(clients: Sequence[Followed]) -> Iterator[Sentence]:
    """Yield the rates over all clients, each with how many it could be told of."""
    facts = (
        {
            "improved": None if one.reliable is None else one.reliable == "improved",
            "deteriorated": None if one.reliable is None else one.reliable == "deteriorated",
            "recovered": one.clinically_significant,
            "response": one.response,
            "remission": one.remission if one.n > 1 else None,
        }
        for one in clients
    )
    yield say("progress.rate.clients", n=len(clients))
    for rate in rates(facts):
        name = say(f"progress.rate.{rate.name}")
        yield say("progress.rate.line", name=name, held=rate.held, told=rate.told, all=rate.all)

"""What each number of a followed measure means: every number that is printed carries its definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openipt.therapy.forms import Form
from openipt.therapy.forms.definition import Limit
from openipt.therapy.manuals import Manual
from openipt.therapy.progress import half_up_pct
from openipt.therapy.progress.change import worse_is_higher
from openipt.therapy.progress.gains import SHARE
from openipt.therapy.progress.measure import is_own_scale
from openipt.therapy.words import Sentence, say

if TYPE_CHECKING:
    from openipt.therapy.progress import Reference


def definitions(form: Form, manual: Manual, reference: Reference | None) -> dict[str, Sentence]:
    """Return number -> what it means for this measure, in the order they are told."""
    return {
        "baseline": say("progress.means.baseline"),
        "change": say("progress.means.change_down" if worse_is_higher(form) else "progress.means.change_up"),
        "reliable": _reliable(form),
        "clinically_significant": _recovered(form),
        "response": _response(form),
        "remission": _limit("progress.means.remission", form.change.remission, form),
        "sudden_gains": _gains(form),
        "predicted": _predicted(form, reference),
        "state": say("progress.means.state", manual=manual.title, days=manual.silent_days),
    }


def _unknown(form: Form) -> Sentence:
    return say("progress.means.unknown", form=form.name)


def _reliable(form: Form) -> Sentence:
    change = form.change
    if change.reliable is None:
        return _unknown(form)
    if is_own_scale(form):
        index = round(change.reliable, 3)
        return say("progress.means.reliable_index", points=index, sd=change.sd, reliability=change.reliability)
    source = next((one.source for one in change.reliable_from if one.value == change.reliable), None)
    if source is None:
        return say("progress.means.reliable", points=change.reliable)
    return say("progress.means.reliable_from", points=change.reliable, source=source)


def _recovered(form: Form) -> Sentence:
    if form.change.reliable is None:
        return _unknown(form)
    return _limit("progress.means.recovered", form.change.recovery, form)


def _response(form: Form) -> Sentence:
    fall = form.change.response_fall
    if fall is None or not worse_is_higher(form):
        return _unknown(form)
    return say("progress.means.response", percent=half_up_pct(100 * fall))


def _limit(line: str, limit: Limit | None, form: Form) -> Sentence:
    names = {
        "<": "progress.limit.below",
        "<=": "progress.limit.at_most",
        ">": "progress.limit.above",
        ">=": "progress.limit.at_least",
    }
    if limit is None or limit.op not in names:
        return _unknown(form)
    return say(line, limit=say(names[limit.op], value=limit.value))


def _gains(form: Form) -> Sentence:
    if form.change.reliable is None:
        return _unknown(form)
    points = round(form.change.reliable, 3)
    return say("progress.means.sudden_gains", points=points, percent=half_up_pct(100 * SHARE))


def _predicted(form: Form, reference: Reference | None) -> Sentence:
    if reference is None:
        return _unknown(form)
    if reference.is_placeholder:
        return say("progress.means.placeholder")
    line = "progress.means.local" if reference.shown else "progress.means.few_local"
    return say(line, n=reference.courses)

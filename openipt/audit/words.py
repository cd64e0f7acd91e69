"""What a client reads about who looked, as sentences of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from openipt.audit.reading import Look
from openipt.therapy.words import Sentence, say

_PURPOSES: Mapping[str, str] = {
    "supervision": "audit.purpose.supervision",
    "emergency": "audit.purpose.emergency",
    "research": "audit.purpose.research",
    "administration": "audit.purpose.administration",
}
# acts about an account: nothing of the record was touched
_SIGNING_IN = frozenset({"account", "client-access", "recovery-code", "role", "second-factor", "sign-in", "slip"})
_ACTS: Mapping[str, str] = {
    "record.export": "audit.look.copied",
    "record.print": "audit.look.printed",
}


def told(look: Look, who: str | Sentence) -> tuple[Sentence, ...]:
    """Say who looked, when, at what and how often, and what for where that was not the treatment.

    Args:
        look: The look; its time is shown as it stands, so ask `looks` for the zone of the service.
        who: The name as the client knows it; accounts.
    """
    reason = _PURPOSES.get(look.purpose)
    return (_deed(look, who), *([Sentence(reason)] if reason else []))


def _deed(look: Look, who: str | Sentence) -> Sentence:
    if look.listed:
        return say("audit.look.listed", who=who, on=look.at.date(), n=look.times)
    if look.act in _ACTS:
        return Sentence(_ACTS[look.act], {"who": who, "at": look.at})
    if look.act.partition(".")[0] in _SIGNING_IN:
        return say("audit.look.signing_in", who=who, at=look.at)
    if look.wrote:
        return say("audit.look.wrote", who=who, at=look.at)
    return say("audit.look.opened", who=who, at=look.at)

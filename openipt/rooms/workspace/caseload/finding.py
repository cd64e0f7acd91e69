"""Door to finding a client by part of a name. The name is posted: it stands in no address, no history, no log."""

from __future__ import annotations

import unicodedata
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from openipt.casebook.queries.caseload import caseload
from openipt.casebook.queries.deadlines import deadlines
from openipt.policy import door
from openipt.rooms.filling.asked_for import zone_of
from openipt.rooms.workspace.caseload.listing import Row, flagged, groups, rows
from openipt.rooms.workspace.courses import who

# Letters that Unicode takes apart into nothing plainer, as people type them who do not have them.
PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h"}
)
LONGEST = 80  # of what is looked for; nobody is called more


@door("session_records", "read")
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Show the courses whose client's name, as this actor sees it, has these letters; nothing of it is kept."""
    part = request.POST.get("part", "").strip()[:LONGEST]
    if request.method != "POST" or not part or who(request).client is not None:
        return redirect("caseload")
    now = timezone.now()
    listed = caseload(who(request), now)
    here = now.astimezone(ZoneInfo(zone_of(who(request).organisation)))
    found = having(part, rows(listed, deadlines(who(request), flagged(listed)), at=here))
    page = {
        "here": "caseload",
        "on": "",
        "zone": zone_of(who(request).organisation),
        "day": timezone.localdate(now),
        "part": part,
        "groups": list(groups(found)),
        "found": len(found),
    }
    return render(request, "workspace/found.html", page)


def having(part: str, rows: list[Row]) -> list[Row]:
    """Return the rows in whose name or group these letters stand, in any case, accents or none; or whose label it is.

    Args:
        part: What somebody typed.
        rows: What this actor may see: where names are closed to them, rows bear codes, and a name finds nothing.
    """
    wanted = plainly(part)
    return [row for row in rows if wanted in plainly(f"{row.name}\n{row.group or ''}") or wanted == plainly(row.id)]


def plainly(words: str) -> str:
    """Return letters as they are looked for: no capitals, no accents or strokes, one blank between words."""
    apart = unicodedata.normalize("NFKD", words.casefold()).translate(PLAIN)
    return " ".join("".join(one for one in apart if not unicodedata.combining(one)).casefold().split())

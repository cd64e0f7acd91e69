"""What can be heard on a page, and the door that plays it: files of the shelf, each by a name that is looked up."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from openipt.policy import open_door
from openipt.therapy.forms import Form, form_ids, open_form
from openipt.therapy.forms.spoken import INSTRUCTIONS, spoken_form
from openipt.therapy.lessons import Lesson, lesson_ids, open_lesson
from openipt.therapy.lessons.spoken import WHOLE, spoken_lesson
from openipt.therapy.shelf import Recording, Refused, Spoken

_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})\Z")


@dataclass(frozen=True, slots=True)
class Heard:
    """What can be heard on one page: the address of each recording by what it reads, and whose they are."""

    addresses: Mapping[str, str]
    attribution: str
    licence: str

    @property
    def instructions(self) -> str:
        """The address of the words above the first question."""
        return self.addresses.get(INSTRUCTIONS, "")

    @property
    def whole(self) -> str:
        """The address of a lesson."""
        return self.addresses.get(WHOLE, "")


def key_of(kind: str, name: str) -> str:
    """Return what stands for a form or lesson in an address: a phone's list of files tells nobody which one it is."""
    return hashlib.sha256(f"{kind}/{name}".encode()).hexdigest()[:12]


def heard_in_form(form: Form) -> Heard | None:
    """Return what can be heard of a form; None where nothing was recorded."""
    return _heard(spoken_form(form), key_of("form", form.id))


def heard_in_lesson(lesson: Lesson) -> Heard | None:
    """Return what can be heard of a lesson; None where it was not recorded."""
    return _heard(spoken_lesson(lesson), key_of("lesson", lesson.id))


def _heard(spoken: Spoken | None, key: str) -> Heard | None:
    if spoken is None or not spoken.recordings:
        return None
    found = {name: reverse("recording", args=[key, one.file.name]) for name, one in spoken.recordings.items()}
    return Heard(found, spoken.pack.attribution, spoken.pack.licence)


@open_door("What stands on the shelf is about nobody.")
@require_safe
def recording(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """Play one recording. Its name is looked up among those of the shelf; nothing of the address becomes a path."""
    found = next((one for one in _recordings(key) if one.file.name == name), None)
    if found is None:
        raise Http404("No such recording on this shelf.")
    answer = _part(request, found) or FileResponse(found.file.open("rb"), content_type=found.kind)
    answer["Accept-Ranges"] = "bytes"
    answer["Cache-Control"] = "no-store"  # a telephone that is shared keeps no file that tells what was asked
    return answer


def _recordings(key: str) -> Iterator[Recording]:
    try:
        form = next((name for name in form_ids() if key_of("form", name) == key), None)
        lesson = next((name for name in lesson_ids() if key_of("lesson", name) == key), None)
        spoken = spoken_form(open_form(form)) if form else spoken_lesson(open_lesson(lesson)) if lesson else None
    except Refused:
        return
    yield from spoken.recordings.values() if spoken else ()


def _part(request: HttpRequest, found: Recording) -> HttpResponse | None:
    """Answer a request for a part of a file, as players ask on some telephones; None where all of it is asked for."""
    asked = _RANGE.match(request.headers.get("Range", ""))
    if asked is None or asked[1] == asked[2] == "":
        return None
    size = found.file.stat().st_size
    first = int(asked[1]) if asked[1] else max(size - int(asked[2]), 0)
    last = min(int(asked[2]), size - 1) if asked[1] and asked[2] else size - 1
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    with found.file.open("rb") as opened:
        opened.seek(first)
        content = opened.read(last - first + 1)
    headers = {"Content-Range": f"bytes {first}-{last}/{size}"}
    return HttpResponse(content, status=206, content_type=found.kind, headers=headers)

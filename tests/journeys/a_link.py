"""Links without a sign-in, as mails bring them: one that waits, one that was answered, one that ran out.

Run as a program: `python a_link.py HOME COURSE`. It prints their addresses as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path


def make(place: Path, course: str) -> dict[str, str]:
    os.environ |= {
        "OPENIPT_HOME": str(place),
        "OPENIPT_LOOPBACK": "1",
        "DJANGO_SETTINGS_MODULE": "openipt.site.settings",
    }
    import django

    django.setup()
    from openipt.casebook.models import Enrolment
    from openipt.post.reminding.keeping import make as remind
    from openipt.post.reminding.keeping import move
    from openipt.post.reminding.mailing import token_of
    from openipt.post.reminding.planning import Wanted

    enrolment = Enrolment.objects.select_related("organisation").get(label=course)
    now = datetime.now(UTC)
    found = {}
    for name, began, ends in (("waits", 0, 1), ("again", 0, 1), ("over", -2, -1)):
        at = now + timedelta(days=began)
        wanted = Wanted("questions", name, at.replace(tzinfo=None), at, now + timedelta(days=ends), "phq-9")
        row = remind(wanted, enrolment.id, enrolment.organisation, "UTC", at)
        assert row is not None
        move(row.id, ("due",), "sent", at, sent_at=at)
        found[name] = f"/n/{token_of(row.id)}/"
    return found


if __name__ == "__main__":
    print(json.dumps(make(Path(sys.argv[1]), sys.argv[2])))

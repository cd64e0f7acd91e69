"""Build the clinic that journeys walk through: every worked case, and somebody in charge of all of them.

Run as a program: `python clinic.py HOME`. It prints where each entry of a case file can be read, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid5

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def build(place: Path) -> dict[str, str]:
    os.environ |= {
        "OPENIPT_HOME": str(place),
        "OPENIPT_LOOPBACK": "1",
        "DJANGO_SETTINGS_MODULE": "openipt.site.settings",
    }
    import django

    from openipt.site.home import home
    from openipt.site.making import make_home, make_tables

    make_home(home(), datetime.now(UTC))
    django.setup()
    make_tables()
    from casebooks import a_service, all_cases, put_in_charge

    from openipt.exchange.keeping import NAMESPACE

    service = a_service(datetime(2025, 8, 1, 9, tzinfo=UTC))
    for case in all_cases():
        service.keep(case)
    put_in_charge(service, "Everybody")
    service.account("Answering", ("lead",))  # administering the service
    entries = [
        (record.enrolment, entry.id) for case in all_cases() for record in case.records for entry in record.entries
    ]
    organisation = service.organisation.id
    return {name: str(uuid5(NAMESPACE, f"{organisation}/{label}/entry/{name}")) for label, name in entries}


if __name__ == "__main__":
    print(json.dumps(build(Path(sys.argv[1]))))

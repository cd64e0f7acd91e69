"""Crisis numbers of the demonstration clinic: one that is real wherever it is answered, one from a range that never is.

Nobody who looks around may reach a stranger: +44 20 7946 0xxx is kept free for stories (Ofcom).
"""

from __future__ import annotations

from datetime import date

from openipt.site.home import Home
from openipt.site.making import CRISIS, write_alone

_PAGE = """# Invented with the rest of this clinic. A service of real people rings each number before it writes it down.
numbers:
  - name: Emergency services
    call: "112"
    hours: day and night
    region: the European Union and many other countries
    source: the European emergency number
    checked_on: {today}
    demonstration: true
  - name: Night line of the demonstration clinic, invented
    call: "+44 20 7946 0123"
    hours: 18:00 to 08:00
    region: the demonstration clinic
    source: a range of numbers kept free for invented people
    checked_on: {today}
    demonstration: true
"""


def write_demo_numbers(home: Home, today: date) -> None:
    """Write the page of numbers of a demonstration clinic; one that is there stays as it is."""
    place = home.path / CRISIS
    if not place.exists():
        write_alone(place, _PAGE.format(today=today.isoformat()))

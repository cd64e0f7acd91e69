"""What can go wrong with keys and sealed fields. The words hold ids, never what was sealed and never a key."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID


class KeyFileProblem(Exception):  # noqa: N818 - the file is refused, that is no fault of the program
    """A key file or a recovery sheet that cannot be used: what is wrong, what was expected, what to do."""

    def __init__(self, wrong: str, expected: str, remedy: str) -> None:
        self.wrong, self.expected, self.remedy = wrong, expected, remedy
        super().__init__(f"{wrong}; expected {expected}. {remedy}")


class KeyGone(Exception):  # noqa: N818 - that it is gone may be just what was asked for
    """A scope has no key. `erased_at` says since when; None says that this store never had it."""

    def __init__(self, scope: UUID, erased_at: datetime | None) -> None:
        self.scope, self.erased_at = scope, erased_at
        super().__init__(
            f"the key of scope {scope} was erased at {erased_at.isoformat()}; what it sealed cannot be read by anybody"
            if erased_at
            else f"the key store has no scope {scope}; expected the key store that belongs to this record. "
            "If one of the two was restored, restore the other from the same backup"
        )


class Tampered(Exception):  # noqa: N818 - says what happened to the field
    """Something sealed does not open here: it was changed, cut, moved here, or sealed with another key."""

    def __init__(self, where: str) -> None:
        self.where = where
        super().__init__(
            f"{where} does not open; expected exactly what was sealed at this place. "
            "It was changed or moved outside OpenIPT: run `openipt verify`, and compare with a backup"
        )

"""A view or command says on itself what it asks of whoever comes."""

from __future__ import annotations

import pytest

from openipt.policy import Door, Unknown, door, open_door


def test_a_door_hangs_on_the_view_and_changes_nothing_else() -> None:
    def view(request: str) -> str:
        return f"seen {request}"

    hung = door("session_records", "read")(view)

    assert hung is view
    assert hung("x") == "seen x"
    assert hung.door == Door("session_records", "read", "")  # type: ignore[attr-defined]
    assert not hung.door.is_open  # type: ignore[attr-defined]


def test_an_open_door_says_why() -> None:
    @open_door("crisis numbers are for everybody")
    def view() -> None: ...

    assert view.door == Door(None, None, "crisis numbers are for everybody")  # type: ignore[attr-defined]
    assert view.door.is_open  # type: ignore[attr-defined]


def test_a_view_without_a_door_has_none() -> None:
    def view() -> None: ...

    assert not hasattr(view, "door")


def test_a_class_of_views_has_a_door_too_and_one_below_it_may_have_its_own() -> None:
    @door("diary", "read")
    class Diary: ...

    @door("diary", "write")
    class Writing(Diary): ...

    assert (Diary.door.action, Writing.door.action) == ("read", "write")  # type: ignore[attr-defined]


@pytest.mark.parametrize("why", ["", "   ", "\n"])
def test_an_open_door_without_a_reason_is_refused(why: str) -> None:
    with pytest.raises(ValueError, match="why anybody may come in"):
        open_door(why)


def test_a_door_to_what_does_not_exist_is_refused_when_the_module_is_read() -> None:
    with pytest.raises(Unknown, match="no kind of record 'diaries'"):
        door("diaries", "read")(lambda: None).door.prove()
    with pytest.raises(Unknown, match="no action 'peek'"):
        door("diary", "peek")(lambda: None).door.prove()


def test_a_second_door_is_refused() -> None:
    with pytest.raises(ValueError, match=r"view has a door already; expected one on each view"):

        @open_door("anybody")
        @door("diary", "read")
        def view() -> None: ...

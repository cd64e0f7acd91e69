"""Faces and postures to practise with. Nobody says what they mean: the words for each say what there is to see."""

from __future__ import annotations

from openipt.pictures import svg
from openipt.pictures.faces import FACES
from openipt.pictures.faces import parts_of as face_of
from openipt.pictures.picture import Picture, Table
from openipt.pictures.postures import POSTURES
from openipt.pictures.postures import parts_of as posture_of

DRAWN = (*FACES, *POSTURES)
_FACE, _POSTURE = (200.0, 220.0), (260.0, 240.0)


def drawn(name: str, seen: str, id_prefix: str | None = None) -> Picture:
    """Return a face or posture.

    Args:
        name: Which one, such as `face-tears`; `DRAWN` lists them.
        seen: What there is to see in it, for whoever does not see it (`library/pictures.yaml`).
        id_prefix: What its ids begin with, where it stands twice on a page.
    """
    is_face = name in FACES
    title = "A drawn face" if is_face else "Drawn people"
    parts = face_of(FACES[name]) if is_face else posture_of(*POSTURES[name])
    made = svg.drawing(*(_FACE if is_face else _POSTURE), title, seen, id_prefix or name, parts)
    return Picture(made, title, svg.clean(seen), Table(title, (), ()))

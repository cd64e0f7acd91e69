"""Writing: the note, the summary and the telling of a course, as sentences made from the record. Facts only."""

from openipt.therapy.writing.note import Note, NotePart, note
from openipt.therapy.writing.summary import summary
from openipt.therapy.writing.telling import Told, tell, tell_session

__all__ = ["Note", "NotePart", "Told", "note", "summary", "tell", "tell_session"]

"""Django's templates, in which a name is looked up by the short way where that way is plain.

Django finds `person.name` by trying what a template may mean: an entry, an attribute, a place in a list, a call. A page
of the workspace asks five hundred to twelve hundred times, nearly always for an attribute of an object or an entry of a
dictionary. Those are answered here. Wherever anything else could be meant, and wherever something goes wrong, Django
is asked as before, so a page says what it always said.
"""

from openipt.rooms.ui.looking_up.loading import Loader, QuickTemplate

__all__ = ["Loader", "QuickTemplate"]

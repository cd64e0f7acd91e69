"""OpenIPT: Interpersonal Psychotherapy as software.

The package works in a notebook and on the command line without any web framework::

    import openipt
    form = openipt.open_form("phq-9")
    openipt.score(form, {"q1": 2, "q2": 1}).missing.items
    manual = openipt.open_manual("ipt-classic")

Nothing heavy is imported until it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openipt.therapy.course.following import progress
    from openipt.therapy.forms import open_form, score
    from openipt.therapy.insight import insight
    from openipt.therapy.manuals import open_manual

__all__ = ["__version__", "insight", "open_form", "open_manual", "progress", "score"]
__version__ = "0.1.0"

_HOMES = {
    "insight": "openipt.therapy.insight",
    "open_form": "openipt.therapy.forms",
    "score": "openipt.therapy.forms",
    "open_manual": "openipt.therapy.manuals",
    "progress": "openipt.therapy.course.following",
}


def __getattr__(name: str) -> Any:
    """Fetch a public name from its home on first use, so that `import openipt` stays light."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'openipt' has no name {name!r}; it offers {', '.join(sorted(__all__))}")

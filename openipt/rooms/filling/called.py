"""What a sheet is called on pages of staff: by the field's own name; what the client sees it under stands below."""

from __future__ import annotations

from openipt.therapy.forms import Form


def field_name(form: Form) -> str:
    """Return what the field calls a sheet (`Communication analysis`); a questionnaire goes by its whole title."""
    return form.name if form.kind == "worksheet" else form.title


def client_sees(form: Form) -> str:
    """Return the title that a client sees, where it is another than the field's name; empty where it is not."""
    return form.title if "client" in form.filled_by and form.title != field_name(form) else ""

"""Paper: any form, or the whole pack of a manual, as an accessible PDF (tagged, PDF/UA-1)."""

from openipt.exchange.paper.making import NoPaperError, form_pdf, manual_pdf

__all__ = ["NoPaperError", "form_pdf", "manual_pdf"]

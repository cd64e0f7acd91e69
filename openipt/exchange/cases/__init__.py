"""Worked cases: a synthetic course as one YAML file, read completely into records, and replayed."""

from openipt.exchange.cases.case import Case, Claim
from openipt.exchange.cases.opening import case_files, open_case, read_case
from openipt.exchange.cases.replay import as_json, replay

__all__ = ["Case", "Claim", "as_json", "case_files", "open_case", "read_case", "replay"]

"""The made-up clinic: whole courses drawn from chance, lawful in every step, told as if they had been recorded."""

from openipt.exchange.clinic.demonstrating import demo_cases
from openipt.exchange.clinic.rota import clinic
from openipt.exchange.clinic.shifting import shift
from openipt.exchange.clinic.signing import sign_notes
from openipt.exchange.clinic.simulating import Twist, made_up_manuals, simulate

__all__ = ["Twist", "clinic", "demo_cases", "made_up_manuals", "shift", "sign_notes", "simulate"]

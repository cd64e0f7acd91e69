"""Why each page of signing in asks nothing of the policy: whoever comes is not known yet, or sees only their own."""

from __future__ import annotations

from openipt.policy import open_door

BEFORE = "Signing in comes before anybody is known."
OWN = "Shows and changes nothing but one's own way of signing in."

DOORS = {
    "account_login": open_door(BEFORE),
    "account_inactive": open_door(BEFORE),
    "account_reset_password": open_door(BEFORE),
    "account_reset_password_done": open_door(BEFORE),
    "account_reset_password_from_key": open_door(BEFORE),
    "account_reset_password_from_key_done": open_door(BEFORE),
    "mfa_authenticate": open_door(BEFORE),
    "demo": open_door("Invented people only, on this machine only; anywhere else there is no such page."),
    "account_logout": open_door("Anybody may leave."),
    "account_reauthenticate": open_door(OWN),
    "account_change_password": open_door(OWN),
    "account_password_changed": open_door(OWN),
    "mfa_index": open_door(OWN),
    "mfa_reauthenticate": open_door(OWN),
    "mfa_activate_totp": open_door(OWN),
    "mfa_deactivate_totp": open_door(OWN),
    "mfa_view_recovery_codes": open_door(OWN),
    "mfa_generate_recovery_codes": open_door(OWN),
    "usersessions_list": open_door(OWN),
}

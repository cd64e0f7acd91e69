"""Who is who: services, accounts, roles with a beginning and an end."""

"""One operation per clinical act: `by=`, `at=`, one transaction, the audit event inside."""

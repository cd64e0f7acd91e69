"""What every page of the client's room stands on: its doors, taking a sheet in, what is promised, help."""

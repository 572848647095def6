"""The server: one per district, owner of the truth."""

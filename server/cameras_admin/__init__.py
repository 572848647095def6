"""`./gridwarden cameras`: the registry of cameras for those who keep it, by a table and with a difference before anything."""

"""`./gridwarden boundaries`: the areas in files: brought in as a draft, written out of any day."""

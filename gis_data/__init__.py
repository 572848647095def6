"""Grid boundaries and towns as data; no database here."""

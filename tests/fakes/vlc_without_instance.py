"""Stands in for the binding of a libVLC that is installed and starts nothing, as after an option it does not know."""

from __future__ import annotations


def Instance(*_words: str) -> None:
    """No instance."""

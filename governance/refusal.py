"""A rule said no: a code with parameters; words are put at the edge, in the officer's language."""

from __future__ import annotations


class Refused(Exception):
    """A rule said no. Shown to the officer beside the field it concerns, never logged as an error.

    `code` says what was refused (`stale_version`, `not_your_area`, `reason_needed`), `about` the field or parameter
    concerned, `details` what the words need to be put.
    """

    def __init__(self, code: str, about: str = "", **details: str) -> None:
        """Keep the code, what it concerns and its parameters."""
        super().__init__(code, about, details)
        self.code = code
        self.about = about
        self.details = details

    def __str__(self) -> str:
        """The code with its parameters, for a log or a test."""
        shown = ", ".join(filter(None, (self.about, str(self.details) if self.details else "")))
        return f"{self.code}({shown})"

"""Says what was found and done, a line each, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TextIO

from governance.deadline import CHINA
from server.rules_admin.difference import Line
from server.rules_admin.gathering import Found
from server.rules_admin.words import DIFFERENCE, SAID, WRONG, Words


class Telling:
    """The output of one command."""

    def __init__(self, language: str, to: TextIO) -> None:
        """`language`: zh or en."""
        self.words = Words(language)
        self._to = to

    def say(self, code: str, params: Mapping[str, object] | None = None) -> None:
        """One sentence."""
        self.line(self.words(SAID, code, params))

    def line(self, text: str) -> None:
        """One line; what is no text for a terminal is left out of it."""
        self._to.write("".join(letter if letter.isprintable() else "·" for letter in text) + "\n")
        self._to.flush()

    def wrong(self, found: Iterable[Found]) -> None:
        """Every mistake as FILE:LINE:COLUMN: what is wrong, and how many there are."""
        count = 0
        for each in found:
            place = f":{each.place.line}:{each.place.column}" if each.place.line else ""
            params = each.mistake.params | ({"first": str(each.first)} if each.first else {})
            self.line(f"{each.file}{place}: {self.words(WRONG, each.mistake.code, params)}")
            count += 1
        self.say("wrong", {"count": count})

    def differs(self, version: int, lines: Iterable[Line]) -> None:
        """What differs from a version."""
        self.say("differs", {"version": version})
        for each in lines:
            self.line(f"  {self.words(DIFFERENCE, each.code, each.params)}")


def moment_shown(at: datetime) -> str:
    """A moment on the wall clock of the district."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"

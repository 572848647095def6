"""What the doctor says of one thing, in Chinese and English; standard library only."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum


class Health(Enum):
    """How one thing is; only WRONG counts against the machine."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True)
class Text:
    """The same words twice."""

    zh: str
    en: str

    def say(self, language: str) -> str:
        """In "zh", in "en", or both for any other language."""
        if language in ("zh", "en"):
            return self.zh if language == "zh" else self.en
        return self.zh if self.zh == self.en else f"{self.zh} / {self.en}"


@dataclass(frozen=True)
class Verdict:
    """One line of the doctor: the thing, how it is, and what to do about it."""

    thing: Text
    health: Health
    found: Text
    remedy: Text | None = None

    def line(self, language: str) -> str:
        """The verdict on one line."""
        mark = {Health.OK: "✓", Health.NOTE: "·", Health.WRONG: "✗"}[self.health]
        remedy = f" → {self.remedy.say(language)}" if self.remedy else ""
        return f"{mark} {self.thing.say(language)}: {self.found.say(language)}{remedy}".replace("\n", " ")


def ok(thing: Text, zh: str, en: str | None = None) -> Verdict:
    """It is as it should be; `en` is left out where both languages say the same."""
    return Verdict(thing, Health.OK, Text(zh, zh if en is None else en))


def note(thing: Text, found: Text, remedy: Text | None = None) -> Verdict:
    """Worth knowing, but not wrong."""
    return Verdict(thing, Health.NOTE, found, remedy)


def wrong(thing: Text, found: Text, remedy: Text) -> Verdict:
    """It will keep something from working."""
    return Verdict(thing, Health.WRONG, found, remedy)


def language_of(environment: os._Environ[str] | dict[str, str]) -> str:
    """ "zh" or "en" as the locale asks for, or "both" where it names neither."""
    asked = next((environment[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(key)), "")
    return asked[:2] if asked[:2] in ("zh", "en") else "both"

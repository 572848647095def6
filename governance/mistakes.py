"""Mistakes in what an administrator wrote, all of them: a row is read field by field, what is wrong is noted, reading goes on.

A mistake is a code with parameters, like a refusal; where it stands is a path into what was read, (root, 2, leaf, 0, nature).
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, time
from enum import Enum, IntEnum
from typing import Any, TypeVar

Path = tuple[str | int, ...]

E = TypeVar("E", bound=Enum)

LONGEST_TEXT = 500
MOST_WORDS = 100


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, and where; `first` is the path of what it clashes with, where it clashes."""

    path: Path
    code: str
    params: dict[str, str] = field(default_factory=dict)
    first: Path = ()


class Row:
    """One table of a TOML file or one line of a CSV file, and what was found wrong in it. Every method notes, none raises."""

    def __init__(self, raw: dict[str, Any], path: Path, mistakes: list[Mistake]) -> None:
        """`raw`: TOML's values, or texts; `mistakes` is added to."""
        self.raw = raw
        self.path = path
        self.mistakes = mistakes

    def wrong(self, code: str, name: str = "", first: Path = (), /, **params: object) -> None:
        """Note a mistake, of a field where one is named."""
        where = (*self.path, name) if name else self.path
        self.mistakes.append(Mistake(where, code, {key: str(value)[:200] for key, value in params.items()}, first))

    def only(self, allowed: Collection[str]) -> None:
        """Note words nobody knows."""
        for name in sorted(set(self.raw) - set(allowed)):
            self.wrong("field_unknown", name, field=name)

    def text(self, name: str, default: str = "", needed: bool = False) -> str:
        """A text; noted where it is none, too long, or empty and needed."""
        value = self.raw.get(name, default)
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            self.wrong("not_a_text", name, field=name)
            return default
        if needed and not value.strip():
            self.wrong("needed", name if name in self.raw else "", field=name)
        return value.strip()

    def flag(self, name: str, default: bool) -> bool:
        """A yes or no."""
        value = self.raw.get(name, default)
        if isinstance(value, bool):
            return value
        self.wrong("not_yes_or_no", name, field=name, value=value)
        return default

    def number(self, name: str, default: float, least: float = 0.0, most: float = 1e6, above: bool = False) -> float:
        """A number from least to most; with `above` it must be more than the least."""
        value = _number(self.raw.get(name, default))
        if value is None:
            self.wrong("not_a_number", name, field=name, value=self.raw.get(name))
            return default
        if value < least or value > most or (above and value == least):
            said = f"{value:g}"
            self.wrong("not_more_than" if above and value <= least else "out_of_range", name, field=name, value=said,
                       least=f"{least:g}", most=f"{most:g}")  # fmt: skip
            return default
        return value

    def whole(self, name: str, default: int, least: int = 0, most: int = 1_000) -> int:
        """A whole number from least to most."""
        value = self.number(name, default, least, most)
        if value != int(value):
            self.wrong("not_a_whole_number", name, field=name, value=value)
            return default
        return int(value)

    def member(self, kind: type[E], name: str, default: E) -> E:
        """The member of an enum a word names: by its value, or by its name where its values are numbers."""
        words = {(each.name.lower() if issubclass(kind, IntEnum) else str(each.value)): each for each in kind}
        if name not in self.raw:
            return default
        return words.get(self.one_of(name, words), default)

    def named(self, kind: type[E], name: str, default: E) -> E:
        """The same where it has to be named."""
        if not self.raw.get(name):
            self.wrong("needed", name if name in self.raw else "", field=name)
            return default
        return self.member(kind, name, default)

    def one_of(self, name: str, known: Collection[str]) -> str:
        """A word out of a list; empty where it is none of them."""
        value = self.raw.get(name, "")
        if isinstance(value, str) and value.strip() in known:
            return value.strip()
        self.wrong("not_one_of", name, field=name, value=value, known=", ".join(sorted(known)))
        return ""

    def words(self, name: str, known: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of texts, out of known ones where they are given."""
        value = self.raw.get(name, [])
        if not isinstance(value, list) or len(value) > MOST_WORDS or not all(isinstance(each, str) for each in value):
            self.wrong("not_a_list", name, field=name)
            return ()
        for each in value:
            if known is not None and each not in known:
                self.wrong("not_one_of", name, field=name, value=each, known=", ".join(sorted(known)))
        return tuple(value)

    def rows(self, name: str) -> list[Row]:
        """Tables inside this one."""
        value = self.raw.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.wrong("not_tables", name, field=name)
            return []
        return [Row(each, (*self.path, name, ordinal), self.mistakes) for ordinal, each in enumerate(value)]

    def row(self, name: str) -> Row | None:
        """The one table inside this one, if it is there."""
        value = self.raw.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong("not_tables", name, field=name)
            return None
        return Row(value, (*self.path, name), self.mistakes)

    def day(self, name: str) -> date | None:
        """A day: TOML's, or written 2026-02-28, or as spreadsheets write it, 2026/2/28."""
        value = self.raw.get(name, "")
        try:
            return value if isinstance(value, date) else _day(str(value).strip())
        except ValueError:
            self.wrong("not_a_day", name, field=name, value=value)
            return None

    def moment(self, name: str) -> time | None:
        """A time of the day: 08:30; None where the field is empty."""
        value = str(self.raw.get(name, "")).strip()
        if not value:
            return None
        found = time_of(value)
        if found is None:
            self.wrong("not_a_time", name, field=name, value=value)
        return found


def time_of(text: str) -> time | None:
    """The time a text like 08:30, 8:30 or 8:30:00 says; None where it says none, or seconds."""
    text = text.removesuffix(":00") if text.count(":") == 2 else text
    try:
        return time.fromisoformat(text.zfill(5)) if len(text) <= 5 and ":" in text else None
    except ValueError:
        return None


def _day(text: str) -> date:
    """The day a text says; ValueError where it says none."""
    year, month, day = text.replace("/", "-").split("-")
    return date(int(year), int(month), int(day))


def _number(value: object) -> float | None:
    """A finite number out of TOML's or a text; None where there is none."""
    if isinstance(value, bool):
        return None
    try:
        found = float(value.strip() if isinstance(value, str) else value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None

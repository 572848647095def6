"""Requests about the rules and their replies: which versions there are, what is wrong in a draft, a draft loaded for a day.

A draft travels as the files an administrator may also load from the command line: TOML for categories, settings and reasons,
CSV for limits, duties and days. Nothing of an incident is in any of them.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from wire.message import Message


class RulesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a draft; its name tells TOML from CSV by its ending."""

    name: str
    content: bytes


class ReadRules(Message, frozen=True, tag="read_rules"):
    """The versions, and what one of them holds; 0: the one in force."""

    version: int = 0


class CheckRules(Message, frozen=True, tag="check_rules"):
    """What is wrong in a draft, or what loading it for a day would make different; nothing is changed."""

    files: tuple[RulesFile, ...]
    day: str = ""
    """2026-12-01; empty: today."""


class LoadRules(Message, frozen=True, tag="load_rules"):
    """A draft becomes the next version, in force from a day. The same once more is answered the same and done once."""

    files: tuple[RulesFile, ...]
    day: str
    newest: int
    """The newest version its author has seen: where there is another by now, it is refused."""


RulesRequest = ReadRules | CheckRules | LoadRules


class VersionIs(msgspec.Struct, frozen=True):
    """One version: when it takes force, and who loaded it when (nobody: seeded)."""

    number: int
    since: datetime
    when: str
    """over, in_force, to_come."""
    who: str = ""
    at: datetime | None = None


class Different(msgspec.Struct, frozen=True):
    """One thing that differs: a code and its parameters."""

    code: str
    params: dict[str, str]


class Wrong(msgspec.Struct, frozen=True):
    """One mistake: the file with line and column (0: of the file as a whole), the path of the field, a code with parameters."""

    file: str
    line: int
    column: int
    path: tuple[str | int, ...]
    code: str
    params: dict[str, str]
    first: int = 0
    """The line of what it clashes with; 0 where it clashes with nothing."""


class RulesAre(Message, frozen=True, tag="rules_are"):
    """The versions, and one of them as the files it could be loaded from, as far as the post may read them."""

    version: int
    newest: int
    versions: tuple[VersionIs, ...]
    files: tuple[RulesFile, ...]
    base: int = 0
    """The version it was made on; 0 where it was seeded."""
    difference: tuple[Different, ...] = ()
    """What differed from that."""
    units: dict[str, str] = msgspec.field(default_factory=dict)
    """Code -> name, of the units there are today."""
    areas: dict[str, str] = msgspec.field(default_factory=dict)
    """The same of districts, streets and communities."""
    may_change: bool = False


class RulesChecked(Message, frozen=True, tag="rules_checked"):
    """What is wrong, or else what would differ from the version of that day."""

    since: datetime
    base: int
    newest: int
    wrong: tuple[Wrong, ...]
    difference: tuple[Different, ...]
    later: tuple[VersionIs, ...] = ()
    """Versions that take force after it, whatever it says."""


class RulesLoaded(Message, frozen=True, tag="rules_loaded"):
    """It is a version, and when it takes force."""

    version: int
    since: datetime


RulesReply = RulesAre | RulesChecked | RulesLoaded

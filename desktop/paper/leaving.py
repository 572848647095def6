"""What may leave the desk on paper or as a file, and what is left out of it; plain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from governance.incident import Case
from governance.people import Officer
from governance.roles import CONFIDENTIAL, clearances_of

NUMBERS = re.compile(r"(?<![\d-])(?:(?:\+?86[ -]?)?1\d{10}|\d{17}[\dXx]|0\d{2,3}[ -]?\d{7,8})(?!\d)")
"""Mobile phones, identity cards and telephones, as people write them."""
BLANK = "＊＊＊"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the officer asked for beyond what anybody may read."""

    confidential: bool = False
    people: bool = False
    """Where workers stand, what reporters said in their own words, their numbers."""


def may_ask_confidential(officer: Officer) -> bool:
    """Whether the post sees confidential incidents at all."""
    return max(clearances_of(officer), default=-1) >= CONFIDENTIAL


def is_confidential(case: Case) -> bool:
    """Whether an incident is left out unless it was asked for."""
    return case.incident.confidentiality >= CONFIDENTIAL


def told(cases: Iterable[Case], asked: Asked, officer: Officer) -> list[Case]:
    """The incidents that may be told of."""
    everything = asked.confidential and may_ask_confidential(officer)
    return [case for case in cases if everything or not is_confidential(case)]


def without_numbers(text: str) -> str:
    """A text in which nobody can be rung up or looked up."""
    return NUMBERS.sub(BLANK, text)
